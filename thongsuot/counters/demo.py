"""Counters of the demo wards, in the first with days of tickets; one at every other point. Never in production."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from thongsuot.counters import actions
from thongsuot.counters.demo_city import EVIDENCE, WEEK, set_up_city
from thongsuot.counters.models import Counter, HallSettings, OpeningHours, Queue
from thongsuot.counters.queries.opening import open_times
from thongsuot.counters.queries.rosters import officers_at
from thongsuot.counters.rules import Priority
from thongsuot.counters.rules.opening import days_from
from thongsuot.counters.rules.settings import USUAL, Settings
from thongsuot.kernel.actor import Actor, system
from thongsuot.kernel.working_time import VIET_NAM, Shift
from thongsuot.people.demo import DemoInProduction, demo_units, email_of
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for
from thongsuot.procedures import queries as procedures
from thongsuot.units import queries as units

DAYS, TICKETS = 7, 9
MINUTE = timedelta(minutes=1)
# The letter, what it is for, the same in English, the fields whose names begin so.
QUEUES = (
    ("A", "Chứng thực, sao y", "Certified copies", ("Chứng thực",)),
    ("B", "Hộ tịch", "Births, marriages, civil status", ("Hộ tịch",)),
    ("C", "Việc khác, nhận kết quả", "Other matters, collecting results", ()),
)
# 112 m2, 9 posts in 5 sections, as a ward's centre is set up: the name, posts, fields that begin so, numbers of counters.
SECTIONS = (
    ("Bộ phận Hướng dẫn, lấy số", 1, (), ()),
    ("Bộ phận Hộ tịch, chứng thực", 3, ("Hộ tịch", "Chứng thực"), (1, 2)),
    ("Bộ phận Đất đai, xây dựng", 2, ("Đất đai", "Hoạt động xây dựng"), (3,)),
    ("Bộ phận Văn hóa, xã hội", 2, ("Bảo trợ xã hội", "Người có công"), ()),
    ("Bộ phận Trả kết quả, thu phí", 1, (), ()),
)
AREA = 112
LEAST = {"least_area_m2": 80, "basis": "Ví dụ"}
EQUIPMENT = (
    *(("computer", f"MVT-0{number}", f"Máy vi tính quầy {number}", number) for number in (1, 2, 3)),
    ("printer", "MI-01", "Máy in dùng chung", None),
    ("scanner", "MQ-01", "Máy quét hai mặt", 1),
    ("kiosk", "MLS-01", "Máy lấy số tự động", None),
    ("screen", "MH-01", "Màn hình bảng gọi số", None),
    ("speaker", "LG-01", "Loa gọi số", None),
    ("rating", "DG-01", "Máy đánh giá hài lòng", 1),
)
ALL_DAY = (Shift(time(0), time(12)), Shift(time(12), time(23, 59)))


def load_demo(city_id: int, *, at: datetime) -> int:
    """Make what is missing, once; how many points got counters. Raises DemoInProduction."""
    if settings.PRODUCTION:
        raise DemoInProduction
    day, made = timezone.localdate(at), 0
    if not HallSettings.objects.exists():
        actions.set_settings(Settings(**vars(USUAL) | LEAST), city_id=city_id, actor=system("cli"), at=at)
    since = datetime.combine(day - timedelta(days=DAYS), time(7), VIET_NAM)
    for place, unit in enumerate(demo_units(city_id, at=at)):
        people = [_actor(who, unit if place else None, since) for who in ("binh", "lan")]
        for point in units.points_of([unit.id], as_of=day).get(unit.id, []):
            head, desk = people
            if head is not None and OpeningHours.objects.filter(point=units.house_of(point.id)).exists():
                _open_today(point.id, head, at=at)
            if head is None or desk is None or Queue.objects.filter(point=units.house_of(point.id)).exists():
                continue
            queues = _set_up(point.id, head, at=since)
            made += 1
            _centre(point.id, queues, (head, desk), first=not place, since=since, at=at)
            if not place:
                for gone in range(DAYS):
                    _day_gone_by(queues, desk, opens=since + timedelta(days=gone, hours=1))
                for queue, priority in ((queues[0], ""), (queues[0], Priority.OLD), (queues[1], ""), (queues[0], "")):
                    actions.take_ticket(queue.pk, priority=priority, actor=desk, at=at)
    set_up_city(city_id, since=since, at=at)
    return made


def _centre(
    point_id: int, queues: list[Queue], people: tuple[Actor, Actor], *, first: bool, since: datetime, at: datetime
) -> None:
    """Hours; in the first ward sections, room, machines, who was trained, rosters from the days gone by to the next week."""
    head, desk = people
    actions.set_hours(point_id, week=WEEK, valid_from=timezone.localdate(since), actor=head, at=since)
    _open_today(point_id, head, at=at)
    for queue in queues[:2]:
        for weekday in range(6):
            actions.set_booking_plan(queue.pk, weekday=weekday, minutes=30, seats=3, actor=head, at=at)
    if not first:
        return
    house_id, day = queues[0].point_id, timezone.localdate(at)
    known = procedures.fields(on=day)
    counters = {row.number: row for row in Counter.objects.filter(point=house_id).order_by("number")}
    for name, posts, begins, numbers in SECTIONS:
        fields = [row.code for row in known if row.name.startswith(begins)] if begins else []
        section = actions.open_section(point_id, name=name, fields=fields, posts=posts, actor=head, at=at)
        for number in numbers:
            counter, calls = counters[number], list(counters[number].queues.values_list("pk", flat=True))
            actions.change_counter(counter.pk, name=counter.name, queues=calls, section_id=section.pk, actor=head, at=at)
    actions.set_premises(point_id, area_m2=AREA, actor=head, at=at)
    for kind, code, name, stands_at in EQUIPMENT:
        stands = counters[stands_at].pk if stands_at else None
        actions.add_equipment(point_id, kind=kind, code=code, name=name, counter_id=stands, actor=head, at=at)
    officers = [person_id for person_id, _name in officers_at(house_id, on=day)]
    officers.sort(key=lambda person_id: person_id != desk.person_id)  # who sits at counter 1 in the days gone by
    for person_id in officers:
        actions.record_training(
            point_id,
            person_id,
            fields=[],
            trained_on=timezone.localdate(since),
            evidence=EVIDENCE,
            actor=head,
            at=at,
        )
    seats = dict(zip((row.pk for row in counters.values()), officers, strict=False))
    for week in range(3):  # also the one gone by
        for one in days_from(timezone.localdate(since) + timedelta(days=7 * week), 7):
            for span in open_times(house_id, on=one).spans(one):
                actions.set_shift(point_id, day=one, starts=span.starts, seats=seats, actor=head, at=since)


def _open_today(point_id: int, head: Actor, *, at: datetime) -> None:
    """Whoever tries the demo at night, or on a Sunday, finds the kiosk giving numbers; and is told why."""
    if not open_times(units.house_of(point_id), on=timezone.localdate(at)).is_open(at):
        today, why = timezone.localdate(at), "Bản chạy thử: mở cửa cả ngày"
        actions.put_exception(point_id, day=today, spans=ALL_DAY, reason=why, actor=head, at=at)


def _actor(who: str, unit: units.UnitRow | None, at: datetime) -> Actor | None:
    person = Person.objects.filter(email=email_of(who, unit)).first()
    return actor_for(person, at=at) if person is not None else None


def _set_up(point_id: int, head: Actor, *, at: datetime) -> list[Queue]:
    known = procedures.fields(on=timezone.localdate(at))
    queues = []
    for letter, name, name_en, begins in QUEUES:
        fields = [row.code for row in known if begins and row.name.startswith(begins)]
        queue = actions.open_queue(point_id, letter=letter, name=name, name_en=name_en, fields=fields, actor=head, at=at)
        queues.append(queue)
    for number, served in enumerate((queues, queues[:1], queues[1:]), start=1):
        actions.open_counter(point_id, number=number, name="", queues=[one.pk for one in served], actor=head, at=at)
    return queues


@transaction.atomic  # the worker, which is up meanwhile, ends numbers of a closed point
def _day_gone_by(queues: list[Queue], officer: Actor, *, opens: datetime) -> None:
    """One officer at counter 1; one of nine does not wait. Nobody works on a weekend."""
    if opens.weekday() > 4:
        return
    counter = Counter.objects.get(point=queues[0].point_id, number=1)
    actions.sit_down(counter.pk, actor=officer, at=opens)
    for place in range(TICKETS):
        taken = opens + 8 * place * MINUTE
        ticket = actions.take_ticket(queues[place % 3].pk, actor=officer, at=taken)
        if place == TICKETS - 1:
            actions.cancel_ticket(ticket.pk, actor=officer, at=taken + 20 * MINUTE)
            continue
        called = taken + (3 + (place * opens.day) % 6) * MINUTE
        actions.call_next(counter.pk, actor=officer, at=called)
        actions.begin(counter.pk, actor=officer, at=called + MINUTE)
        actions.finish(counter.pk, actor=officer, at=called + (2 + place % 5) * MINUTE)
    actions.get_up(counter.pk, actor=officer, at=opens + 8 * 60 * MINUTE)
