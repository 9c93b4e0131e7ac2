"""A fortnight of calls of a demo city, nearly 1,800, as an exchange of before would hand them over. Never in production."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from thongsuot.feedback.actions import report
from thongsuot.feedback.facts import PlaceFacts, ReportFacts, SenderFacts
from thongsuot.feedback.models import Category, FeedbackTicket
from thongsuot.feedback.words import Channel
from thongsuot.hotline import actions, exchange
from thongsuot.hotline.models import Call, CallBack, CallerNumber, HotlineLine
from thongsuot.hotline.rules import USUAL
from thongsuot.kernel.actor import system
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.people.demo import DemoInProduction, email_of
from thongsuot.people.models import Person
from thongsuot.units import queries as units

HOUSE = system("cli")
DAYS, A_DAY, TICKETS_A_DAY = 14, 128, 3
SECOND = timedelta(seconds=1)
# How many of a hundred calls come in each hour.
HOURS = (1, 0, 0, 0, 0, 1, 3, 6, 10, 11, 9, 6, 4, 5, 8, 8, 7, 6, 4, 3, 3, 2, 2, 1)
OUTCOMES = ((Call.Outcome.ANSWERED, 74), (Call.Outcome.TRANSFERRED, 10), (Call.Outcome.NO_WORDS, 5), (Call.Outcome.NUISANCE, 2))
OPERATORS = ("tongdai", "thoai", "truongdai")
SCRIPTS = (
    (
        "",
        "Tổng đài 1022 xin nghe. Tôi có thể giúp gì cho ông/bà?",
        (
            "Hỏi việc gì, ở đâu, từ bao giờ.",
            "Có người bị nạn: chuyển ngay 113, 114 hoặc 115.",
            "Tìm câu trả lời trong kho; có thì đọc đúng lời.",
            "Chưa có: xin họ tên, số liên hệ, lập phiếu rồi đọc số phiếu.",
        ),
    ),
    (
        "o-ga",
        "Cảm ơn ông/bà đã báo chỗ đường hỏng.",
        (
            "Hỏi tên đường, số nhà hoặc công trình gần nhất.",
            "Hỏi chỗ hỏng rộng cỡ nào, có rào chắn chưa.",
            "Có người ngã: ghi là khẩn.",
        ),
    ),
    (
        "den-duong",
        "Cảm ơn ông/bà đã báo đèn đường.",
        ("Hỏi tên đường, đoạn nào, mấy đèn không sáng.", "Hỏi số ghi trên cột đèn nếu nhìn thấy."),
    ),
)
MATTERS = (
    ("Mặt đường có ổ gà sâu trước cổng chợ, trời mưa đọng nước không nhìn thấy", "Cổng chợ"),
    ("Dãy đèn đường trước nhà văn hóa không sáng đã ba đêm", "Nhà văn hóa"),
    ("Rác thải xây dựng đổ tràn ra vỉa hè, chắn lối đi của học sinh", "Cổng trường tiểu học"),
)


@dataclass(frozen=True)
class _Scene:
    city_id: int
    line: HotlineLine
    people: list[Person]
    categories: list[Category]
    luck: random.Random


def load_demo(city_id: int, *, at: datetime) -> int:
    """Line, scripts and calls, once; how many calls came. Raises DemoInProduction."""
    if settings.PRODUCTION:
        raise DemoInProduction
    if not exchange.name() or HotlineLine.objects.filter(city=city_id).exists():
        return 0
    line = actions.open_line(city_id, code="1022", name="Đường dây 1022 (mẫu)", actor=HOUSE, at=at - timedelta(days=DAYS + 1))
    day = timezone.localdate(at)
    categories = list(Category.objects.filter(city=city_id, valid_to=None).order_by("place"))
    by_code = {one.code: one.pk for one in categories}
    for code, opening, steps in SCRIPTS:
        if not code or code in by_code:
            actions.write_script(city_id, category_id=by_code.get(code), opening=opening, steps=steps, actor=HOUSE, at=at)
    people = list(Person.objects.filter(email__in=[email_of(who, None) for who in OPERATORS]).order_by("pk"))
    scene = _Scene(city_id, line, people, categories, random.Random(1022))  # noqa: S311 - made-up calls, not secrets
    came = [one for back in range(DAYS, 0, -1) for one in _day(scene, day - timedelta(days=back), at=at)]
    Call.objects.bulk_create([call for call, _number in came])
    numbers = [CallerNumber(call=call, number=number) for call, number in came if number]
    CallerNumber.objects.bulk_create(numbers)
    _call_backs([call for call, number in came if number and call.outcome == Call.Outcome.ABANDONED], at=at)
    return len(came)


def _day(scene: _Scene, day: date, *, at: datetime) -> Iterator[tuple[Call, str]]:
    """The calls of a day, the earliest first, and whence they came; fewer at the end of the week."""
    luck = scene.luck
    wanted = A_DAY + luck.randrange(-9, 10) - (40 if day.weekday() > 4 else -16)
    hours = luck.choices(range(24), weights=HOURS, k=wanted)
    midnight = datetime.combine(day, datetime.min.time(), VIET_NAM)
    instants = sorted(midnight + timedelta(hours=hour, seconds=luck.randrange(3600)) for hour in hours)
    tickets = _tickets(scene, [one for one in instants if 8 <= one.hour < 17])
    for place, came_at in enumerate(instants):
        # No number that may be somebody's: the digits after the prefix begin with zeros.
        number = "" if luck.random() < 0.08 else f"09000{luck.randrange(40_000):05}"
        yield _call(scene, f"MAU-{day:%Y%m%d}-{place:03}", came_at, number, tickets.get(came_at)), number


def _tickets(scene: _Scene, instants: list[datetime]) -> dict[datetime, FeedbackTicket]:
    """A few calls of the day became tickets."""
    city, found = units.unit_row(scene.city_id, as_of=instants[0].date()) if instants else None, {}
    communes = (
        [row for row in units.units_under(scene.city_id, as_of=instants[0].date()) if row.level == "commune"] if city else []
    )
    by_code = {one.code: one for one in scene.categories}
    if not communes or not scene.people:
        return {}
    for came_at in scene.luck.sample(instants, min(TICKETS_A_DAY, len(instants))):
        place, code = scene.luck.choice(communes), scene.luck.choice(["o-ga", "den-duong", "rac-thai"])
        words, where = MATTERS[["o-ga", "den-duong", "rac-thai"].index(code)]
        facts = ReportFacts(
            words=words,
            category=code if code in by_code else "",
            place=PlaceFacts(address=f"{where}, {place.full_name}", unit_id=place.id),
            sender=SenderFacts(name="Người gọi mẫu", phone=f"09000{scene.luck.randrange(40_000):05}"),
        )
        found[came_at] = report(scene.city_id, facts, channel=Channel.HOTLINE, actor=HOUSE, at=came_at + 200 * SECOND)
    return found


def _call(scene: _Scene, name: str, came_at: datetime, number: str, ticket: FeedbackTicket | None) -> Call:
    luck = scene.luck
    call = Call(
        city_id=scene.city_id,
        line=scene.line,
        exchange=scene.line.exchange,
        exchange_id=name,
        withheld=not number,
        told_at=came_at,
        came_at=came_at,
        state=Call.State.DONE,
    )
    if ticket is None and (luck.random() < 0.07 or not scene.people):
        call.ended_at = call.told_at = came_at + luck.randrange(15, 90) * SECOND
        call.outcome, call.outcome_at = Call.Outcome.ABANDONED, call.ended_at
        return call
    person = luck.choice(scene.people)
    call.answered_at = came_at + luck.randrange(4, 45) * SECOND
    call.ended_at = call.told_at = call.answered_at + luck.randrange(40, 420) * SECOND
    call.operator, call.operator_name, call.picked_at = person, person.full_name, call.answered_at
    call.classify_by = USUAL.classify_by(call.answered_at)
    call.classified_at = (
        call.answered_at + (luck.randrange(305, 900) if luck.random() < 0.06 else luck.randrange(30, 290)) * SECOND
    )
    call.outcome_at = max(call.classified_at, call.ended_at)
    call.told_seconds = round((call.ended_at - call.answered_at).total_seconds())
    if ticket is not None:
        call.ticket, call.outcome, call.category = ticket, Call.Outcome.TICKET, ticket.category
        return call
    call.outcome = luck.choices([one for one, _share in OUTCOMES], weights=[share for _one, share in OUTCOMES])[0]
    if scene.categories and call.outcome == Call.Outcome.ANSWERED:
        call.category = luck.choice(scene.categories)
    return call


def _call_backs(dropped: list[Call], *, at: datetime) -> None:
    """Reached in time for the most part; those of the last evening still wait."""
    made = []
    for place, call in enumerate(dropped):
        since = call.ended_at or call.came_at
        back = CallBack(call=call, reason=CallBack.Reason.DROPPED, made_at=since, due_at=USUAL.call_back_by(since))
        if at - since > timedelta(days=1):
            minutes = 45 if place % 9 == 0 else 8 + place % 20
            back.tries, back.tried_at = 1, since + timedelta(minutes=minutes)
            back.state, back.ended_at = CallBack.State.REACHED, back.tried_at
        made.append(back)
    CallBack.objects.bulk_create(made)
