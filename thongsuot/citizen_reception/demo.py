"""Receptions of a demo city: schedules, a few matters at each stage, an online session to come. Never in production."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from thongsuot.citizen_reception import actions
from thongsuot.citizen_reception.facts import DayFacts, PartyFacts, VisitorFacts
from thongsuot.citizen_reception.models import ReceptionDay
from thongsuot.citizen_reception.queries.sessions import limits_of
from thongsuot.kernel.actor import Actor, system
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.people.demo import DemoInProduction, demo_units, email_of
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for
from thongsuot.units import queries as units

HOUSE = system("cli")
# Name, matter, kind, competence, competent body.
_MATTERS = (
    ("Lò Thị Khiếu", "Không đồng ý với quyết định xử phạt về trật tự xây dựng.", "complaint", "ours", ""),
    ("Quàng Văn Kiến", "Đề nghị mở lối đi vào ngõ sau khi rào công trường.", "proposal", "ours", ""),
    ("Lường Thị Tố", "Phản ánh hành vi vòi vĩnh; đề nghị giữ kín họ tên.", "denunciation", "others", "Thanh tra thành phố"),
    ("Tòng Văn Phản", "Đèn đường ở đầu ngõ không sáng.", "feedback", "ours", ""),
    ("Cà Thị Chờ", "Trình bày về tranh chấp ranh giới đất.", "", "", ""),
)


_OF_CITY = ("Vì Thị Gửi", "Không đồng ý với quyết định thu hồi đất của Ủy ban nhân dân thành phố.")


def load_demo(city_id: int, *, at: datetime) -> int:
    """Made once; how many matters. Raises DemoInProduction."""
    if settings.PRODUCTION:
        raise DemoInProduction
    if ReceptionDay.objects.exists():
        return 0
    today = timezone.localdate(at)
    communes = [row for row in units.units_under(city_id, as_of=today) if row.level == "commune"]
    for place, row in enumerate(communes):
        if place % 3 != 2:
            _announce(row.id, week=0 if place % 3 == 0 else 1, weekday=2 + place % 4, at=at)
    made = 0
    for place, row in enumerate(demo_units(city_id, at=at)):
        officer = Person.objects.filter(email=email_of("viet", row if place else None)).first()
        if officer is not None:
            _announce(row.id, week=0, weekday=1, at=at)
            made += _matters(row.id, actor_for(officer, at=at), at=at)
    return made + _of_city(city_id, at=at)


def _of_city(city_id: int, *, at: datetime) -> int:
    """One complaint that the city's own place of reception works on: its chairs may extend it."""
    officer = Person.objects.filter(email=email_of("tiepdan", None)).first()
    if officer is None:
        return 0
    actor, (name, matter) = actor_for(officer, at=at), _OF_CITY
    _announce(city_id, week=2, weekday=3, at=at)
    who, came = VisitorFacts(name=name, address="Số 6, phố Mẫu"), at - timedelta(days=5)
    entry = actions.register_visit(
        city_id, visitor=who, matter=matter, kind="complaint", competence="ours", actor=actor, at=came
    )
    words = "Thuộc thẩm quyền của Chủ tịch Ủy ban nhân dân thành phố."
    actions.handle(entry.pk, way="accepted", words=words, actor=actor, at=at - timedelta(days=3))
    return 1


def _announce(unit_id: int, *, week: int, weekday: int, at: datetime) -> None:
    facts = DayFacts(
        weekday=weekday,
        week=week,
        starts=time(8),
        ends=time(11, 30),
        receiver="Chủ tịch Ủy ban nhân dân",
        by_head=True,
        valid_from=timezone.localdate(at),
        place="Phòng tiếp công dân, trụ sở Ủy ban nhân dân",
    )
    actions.put_day(unit_id, facts, actor=HOUSE, at=at)


def _matters(unit_id: int, actor: Actor, *, at: datetime) -> int:
    entries = []
    for place, (name, matter, kind, competence, body) in enumerate(_MATTERS):
        came = at - timedelta(days=9 - place)
        who = VisitorFacts(name=name, address=f"Số {place + 1}, phố Mẫu")
        entry = actions.register_visit(
            unit_id,
            visitor=who,
            matter=matter,
            kind=kind,
            competence=competence,
            competent_body=body,
            actor=actor,
            at=came,
        )
        entries.append(entry)
    complaint, proposal, denunciation, _feedback, waiting = entries
    at_work = at - timedelta(days=4)
    actions.handle(complaint.pk, way="accepted", words="Thuộc thẩm quyền, tiếp nhận để giải quyết.", actor=actor, at=at_work)
    actions.handle(proposal.pk, way="accepted", words="Giao phòng Kinh tế xem xét.", actor=actor, at=at_work)
    actions.close_entry(proposal.pk, result="Đã mở lối đi tạm từ đầu tuần sau.", actor=actor, at=at)
    actions.handle(denunciation.pk, way="transferred", words="Chuyển đơn đến cơ quan có thẩm quyền.", actor=actor, at=at_work)
    actions.note_grounds(
        waiting.pk, grounds="Việc đã có bản án có hiệu lực.", since=at - timedelta(hours=2), actor=actor, at=at
    )
    first = limits_of(unit_id, at).first_day_to_notify(at) + timedelta(days=7)
    session = actions.plan_session(
        unit_id,
        title="Đối thoại với các hộ dân quanh công trường (mẫu)",
        starts_at=datetime.combine(first, time(14), VIET_NAM),
        heard_by="Chủ tịch Ủy ban nhân dân",
        link="https://hop.example.vn/tiep-dan",
        entry_id=complaint.pk,
        actor=actor,
        at=at,
    )
    actions.add_party(session.pk, PartyFacts(name="Lò Thị Khiếu", role="Người khiếu nại", people=8), actor=actor, at=at)
    actions.add_site(session.pk, unit_id=unit_id, actor=actor, at=at)
    actions.notify_parties(session.pk, how="Giấy mời mẫu số 1", actor=actor, at=at)
    return len(entries)
