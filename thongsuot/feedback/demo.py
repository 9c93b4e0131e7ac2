"""Tickets of a demo city: some sixty in the wards of the cast by the real commands, in every state, with drawn pictures; and
the thousands of the last two weeks that are over (`demo_past`). All people are invented, their numbers nobody has.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from random import Random

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageChops, ImageDraw

from thongsuot.feedback import actions, demo_past
from thongsuot.feedback.facts import PhotoUpload, PlaceFacts, ReportFacts, SenderFacts
from thongsuot.feedback.models import CategoryQuestion, FeedbackTicket
from thongsuot.feedback.rules.keys import key_made_from
from thongsuot.feedback.words import Channel
from thongsuot.kernel.actor import ANYONE, Actor, system
from thongsuot.people.demo import DemoInProduction, demo_units, email_of
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for
from thongsuot.units.queries import UnitRow

HOUSE = system("cli")
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
# How far each ticket of a ward has come: reported so many hours ago, and what happened to it until now.
_STORIES = (
    *(("new", "khac", hours) for hours in (1, 3)),
    ("validating", "truong-hoc", 5),
    ("asked", "den-duong", 30),
    ("refused", "khac", 50),
    *(("routed", code, hours) for code, hours in (("o-ga", 2), ("rac-thai", 4))),
    *(("accepted", code, hours) for code, hours in (("ngap-ung", 20), ("via-he", 26))),
    *(("in_progress", code, hours) for code, hours in (("cay-xanh", 49), ("den-tin-hieu", 73))),
    ("late", "dien-day", 75),
    ("answered", "o-ga", 98),
    ("approved", "rac-thai", 122),
    *(("published", code, hours) for code, hours in (("o-ga", 170), ("via-he", 218), ("den-duong", 242))),
    ("rated", "cay-xanh", 266),
    ("merged", "o-ga", 3),
    ("suspected", "khac", 8),
)
SAID = {
    "o-ga": ("Ổ gà sâu giữa làn xe máy, trời mưa không thấy.", "Đã vá mặt đường bằng bê tông nhựa nguội."),
    "via-he": ("Nắp cống trên vỉa hè vỡ, người đi bộ dễ hụt chân.", "Đã thay nắp cống mới."),
    "den-duong": ("Ba cột đèn liền nhau không sáng từ đầu tuần.", "Đã thay bóng, đèn sáng lại từ tối qua."),
    "den-tin-hieu": ("Đèn tín hiệu ở ngã tư chập chờn vào giờ đông xe.", "Đã thay bộ điều khiển đèn tín hiệu."),
    "rac-thai": ("Rác dồn thành đống ở đầu ngõ, ba ngày chưa ai gom.", "Đã thu gom và nhắc lại lịch gom rác."),
    "ngap-ung": ("Cống tắc, nước ngập đến mắt cá chân sau trận mưa.", "Đã nạo vét hố ga, nước rút hết."),
    "cay-xanh": ("Cành khô lớn treo trên lối đi, gió là rơi.", "Đã cắt cành khô, tỉa thấp tán cây."),
    "dien-day": ("Dây cáp đứt, thõng xuống ngang đầu người.", "Đã thu dây hỏng, buộc gọn phần còn lại."),
    "truong-hoc": ("Nhà vệ sinh của trường hỏng khóa nước đã lâu.", "Đã thay khóa nước."),
    "khac": ("Ghế đá ở vườn hoa gãy, cạnh sắc chìa ra ngoài.", "Đã thay ghế mới."),
    "tieng-on": ("Loa kéo hát rất to sau mười giờ đêm.", "Đã nhắc nhở, lập biên bản lần đầu."),
}


@dataclass(frozen=True, kw_only=True)
class _Ward:
    row: UnitRow
    place: tuple[float, float]
    handler: Actor
    approver: Actor
    operator: Actor


def load_demo(city_id: int, *, at: datetime) -> int:
    """Made once; how many tickets there are then. None without a cast. Raises DemoInProduction."""
    if settings.PRODUCTION:
        raise DemoInProduction
    if FeedbackTicket.objects.filter(key=key_made_from("demo:0:0")).exists():  # others make tickets of theirs
        return 0
    with transaction.atomic():
        made = demo_past.load(city_id, SAID, at=at)
        actions.recount(city_id, actor=HOUSE, at=at)
        for number, ward in enumerate(_wards(city_id, at)):
            made += _live(city_id, ward, number, at)
    return made


def _wards(city_id: int, at: datetime) -> Iterator[_Ward]:
    def somebody(who: str, unit: UnitRow | None) -> Actor | None:
        person = Person.objects.filter(email=email_of(who, unit)).first()
        return actor_for(person, at=at) if person else None

    operator, places = somebody("tongdai", None), demo_past.spots(city_id, at=at)
    for place, row in enumerate(demo_units(city_id, at=at)):
        unit = row if place else None
        handler, approver = somebody("quang", unit), somebody("hanh", unit)
        if operator and handler and approver:
            yield _Ward(row=row, place=places[row.id], handler=handler, approver=approver, operator=operator)


def _live(city_id: int, ward: _Ward, number: int, at: datetime) -> int:
    chance = Random(number)  # noqa: S311 - the same city each time
    first: FeedbackTicket | None = None
    for place, (until, category, hours) in enumerate(_STORIES):
        began = at - hours * _HOUR - timedelta(minutes=chance.randrange(50))
        words = SAID[category][0]
        if until == "suspected":
            words = "Đơn khiếu nại quyết định xử phạt của phường, đề nghị hủy quyết định."
        near = first is not None and until == "merged"
        point = (ward.place[0] + chance.uniform(-0.004, 0.004), ward.place[1] + chance.uniform(-0.004, 0.004))
        facts = ReportFacts(
            words=words,
            category=category,
            place=PlaceFacts(
                latitude=first.latitude if near and first else round(point[0], 6),
                longitude=first.longitude if near and first else round(point[1], 6),
                address=f"phố Mẫu {1 + place % 5}, {ward.row.full_name}",
                unit_id=ward.row.id,
            ),
            sender=SenderFacts(name=demo_past.name_of(chance), phone=f"0912000{100 + number * 30 + place}"),
            photos=[picture(chance, broken=True)] if until in _WITH_PHOTOS else (),
            urgent=until == "late",
            answers=_asked(city_id, category, timezone.localdate(began)),
            made_from=f"demo:{number}:{place}",
        )
        channel = _CHANNELS[place % len(_CHANNELS)]
        by = ward.operator if channel in {Channel.HOTLINE, Channel.COUNTER} else ANYONE
        ticket = actions.report(city_id, facts, channel=channel, actor=by, at=began)
        _tell(FeedbackTicket.objects.get(pk=ticket.pk), until, ward, first, chance, began, at)
        if until == "routed" and first is None:
            first = ticket
    return len(_STORIES)


def _asked(city_id: int, category: str, on: date) -> dict[str, object]:
    """What the category must be told."""
    must = CategoryQuestion.asked(on).filter(category__city_id=city_id, category__code=category, required=True)
    return {row.code: row.answers[0][0] if row.answers else "1" if row.kind == "number" else "Chưa rõ" for row in must}


_WITH_PHOTOS = frozenset({"routed", "in_progress", "answered", "published"})
_CHANNELS = (Channel.APP, Channel.HOTLINE, Channel.APP, Channel.COUNTER, Channel.EMAIL, Channel.APP)


def _tell(
    ticket: FeedbackTicket, until: str, ward: _Ward, first: FeedbackTicket | None, chance: Random, began: datetime, at: datetime
) -> None:
    """Its life up to where it stands, each step some time after the one before and none of them later than now."""

    def then(hours: float) -> datetime:
        return min(began + hours * _HOUR, at)

    category = ticket.category.code if ticket.category else "khac"
    if until in {"new", "suspected"}:
        return
    if until == "merged":
        if first is not None:
            actions.merge(first.pk, [ticket.pk], actor=ward.operator, at=at)
        return
    if until == "validating":
        actions.take(ticket.pk, actor=ward.operator, at=then(1))
        return
    if until == "refused":
        words = "Việc này thuộc tranh chấp giữa các hộ, xin gửi đến tổ hòa giải."
        actions.refuse(ticket.pk, "private_dispute", words=words, actor=ward.operator, at=then(2))
        return
    if ticket.unit_id is None:
        actions.route(ticket.pk, ward.row.id, actor=ward.operator, at=then(0.3))
    if until == "routed":
        return
    if ticket.urgent_claimed:
        actions.decide_urgency(ticket.pk, urgent=True, actor=ward.operator, at=then(0.5))
    actions.accept(ticket.pk, actor=ward.handler, at=then(1))
    if until in {"accepted", "late"}:
        return
    if until == "asked":
        actions.ask(ticket.pk, "Cột đèn nằm trước nhà số mấy?", actor=ward.handler, at=then(2))
        return
    actions.start(ticket.pk, actor=ward.handler, at=then(3))
    if until == "in_progress":
        actions.note(ticket.pk, "Đã hẹn đội duy tu chiều mai.", actor=ward.handler, at=then(4))
        return
    pictured = until == "published"
    answer = actions.submit_answer(
        ticket.pk,
        SAID[category][1],
        photos=[picture(chance, broken=False)] if pictured else (),
        before=[picture(chance, broken=True)] if pictured else (),
        actor=ward.handler,
        at=then(20),
    )
    if until == "answered":
        return
    actions.approve_answer(answer.pk, actor=ward.approver, at=then(26))
    if until == "approved":
        return
    for photo_id in ticket.photos.order_by("pk").values_list("pk", flat=True):
        actions.draw(photo_id, actor=HOUSE, at=then(26))
    actions.publish(
        ticket.pk,
        question=SAID[category][0],
        answer=SAID[category][1],
        address=f"{ward.row.full_name}",
        actor=ward.approver,
        at=then(30),
    )
    if until == "rated":
        actions.rate(ticket.pk, chance.choice((3, 4, 5)), secret=ticket.secret, actor=ANYONE, at=then(40))


@cache
def _road() -> Image.Image:
    """Its stones are drawn once."""
    chance = Random(480)  # noqa: S311 - the same road each time
    road = Image.new("RGB", (640, 480), (120, 120, 116))
    draw = ImageDraw.Draw(road)
    for _stone in range(500):
        x, y, shade = chance.randrange(640), chance.randrange(480), chance.randrange(70, 170)
        draw.ellipse((x, y, x + 3, y + 2), fill=(shade, shade, shade))
    draw.rectangle((600, 0, 612, 480), fill=(225, 225, 215))
    return road


def picture(chance: Random, *, broken: bool) -> PhotoUpload:
    """A road from above, with a hole or a fresh patch where it was. Drawn: nobody's photograph."""
    road = ImageChops.offset(_road(), 0, chance.randrange(480))  # another stretch of it
    draw = ImageDraw.Draw(road)
    x, y, wide = chance.randrange(120, 320), chance.randrange(100, 260), chance.randrange(120, 220)
    if broken:
        draw.ellipse((x, y, x + wide, y + wide * 2 // 3), fill=(58, 50, 44), outline=(86, 78, 70), width=9)
        draw.ellipse((x + 30, y + 25, x + wide - 40, y + wide * 2 // 3 - 30), fill=(84, 96, 104))
    else:
        draw.rectangle((x, y, x + wide, y + wide * 2 // 3), fill=(44, 44, 46), outline=(70, 70, 72), width=5)
    out = io.BytesIO()
    road.save(out, format="JPEG", quality=80)
    return PhotoUpload(name="anh-mau.jpg", content=out.getvalue())
