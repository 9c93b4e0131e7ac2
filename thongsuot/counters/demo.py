"""Counters of the demo wards, three at each point; in the first ward days of tickets, some waiting. Never in production."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from thongsuot.counters import actions
from thongsuot.counters.models import Counter, Queue
from thongsuot.counters.rules import Priority
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.working_time import VIET_NAM
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


def load_demo(city_id: int, *, at: datetime) -> int:
    """Make what is missing, once; how many points got counters. Raises DemoInProduction."""
    if settings.PRODUCTION:
        raise DemoInProduction
    day, made = timezone.localdate(at), 0
    since = datetime.combine(day - timedelta(days=DAYS), time(7), VIET_NAM)
    for place, unit in enumerate(demo_units(city_id, at=at)):
        people = [_actor(who, unit if place else None, since) for who in ("binh", "lan")]
        for point in units.points_of([unit.id], as_of=day).get(unit.id, []):
            head, desk = people
            if head is None or desk is None or Queue.objects.filter(point=units.house_of(point.id)).exists():
                continue
            queues = _set_up(point.id, head, at=since)
            made += 1
            if not place:
                for gone in range(DAYS):
                    _day_gone_by(queues, desk, opens=since + timedelta(days=gone, hours=1))
                for queue, priority in ((queues[0], ""), (queues[0], Priority.OLD), (queues[1], ""), (queues[0], "")):
                    actions.take_ticket(queue.pk, priority=priority, actor=desk, at=at)
    return made


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
