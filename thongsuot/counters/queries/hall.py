"""A point's counters and queues on a day: who sits where, which number is where, who waits."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from thongsuot.counters.models import Counter, CounterBreak, Queue, Sitting, Ticket
from thongsuot.counters.rules import ARRANGE, SERVE
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.people import queries as people
from thongsuot.units import queries as units
from thongsuot.units.queries import PointRow


@dataclass(frozen=True, kw_only=True)
class QueueRow:
    """longest_since: since when who waits longest has a ticket; fields: codes, none for all the rest; counters: manned ones."""

    id: int
    letter: str
    name: str
    name_en: str
    fields: tuple[str, ...]
    waiting: int
    longest_since: datetime | None
    counters: int


@dataclass(frozen=True, kw_only=True)
class CounterRow:
    """A counter, who sits there, the number it holds. calling: called, and nobody came yet; on_break: since when, why.

    holds_of, serves_since: the queue of that number; since when it is served
    """

    id: int
    number: int
    name: str
    letters: tuple[str, ...]
    sitter_id: int | None
    sitter: str
    ticket: str
    calling: bool
    called_at: datetime | None
    holds_of: int | None
    serves_since: datetime | None
    on_break: tuple[datetime, str] | None
    section_id: int | None

    @property
    def at_work(self) -> bool:
        """Somebody sits there and calls."""
        return self.sitter_id is not None and self.on_break is None


@dataclass(frozen=True, kw_only=True)
class Hall:
    queues: list[QueueRow]
    counters: list[CounterRow]

    @property
    def waiting(self) -> int:
        return sum(queue.waiting for queue in self.queues)

    @property
    def latest_call(self) -> CounterRow | None:
        """The number that was called last and waited for still."""
        calls = [row for row in self.counters if row.calling and row.called_at is not None]
        return max(calls, key=lambda row: (row.called_at, row.number), default=None)


def hall(house_id: int, *, on: date) -> Hall:
    """Seven queries, however many counters and tickets."""
    return halls([house_id], on=on)[house_id]


def halls(house_ids: Collection[int], *, on: date) -> dict[int, Hall]:
    """The halls of several houses, by house. The same seven queries."""
    queues = Queue.objects.filter(in_force(on), point__in=house_ids).order_by("letter", "pk").prefetch_related("counters")
    counters = Counter.objects.filter(in_force(on), point__in=house_ids).order_by("number", "pk").prefetch_related("queues")
    sittings = {row.counter_id: row for row in Sitting.objects.filter(counter__in=list(counters), day=on, until_at=None)}
    breaks = {row.sitting_id: row for row in CounterBreak.objects.filter(sitting__in=sittings.values(), until_at=None)}
    held: dict[int | None, Ticket] = {}
    waiting: dict[int, list[datetime]] = {}
    for ticket in Ticket.objects.filter(point__in=house_ids, day=on, ended_at=None):
        if ticket.state == Ticket.State.WAITING:
            waiting.setdefault(ticket.queue_id, []).append(ticket.taken_at)
        else:
            held[ticket.counter_id] = ticket
    found = {house_id: Hall(queues=[], counters=[]) for house_id in house_ids}
    at_work = {counter_id for counter_id, sitting in sittings.items() if sitting.pk not in breaks}
    for queue in queues:
        manned = sum(counter.pk in at_work for counter in queue.counters.all())
        found[queue.point_id].queues.append(_queue(queue, waiting.get(queue.pk, []), manned))
    for counter in counters:
        found[counter.point_id].counters.append(_counter(counter, sittings.get(counter.pk), held.get(counter.pk), breaks))
    return found


def _queue(row: Queue, waiting: list[datetime], manned: int) -> QueueRow:
    return QueueRow(
        id=row.pk,
        letter=row.letter,
        name=row.name,
        name_en=row.name_en,
        fields=tuple(row.fields),
        waiting=len(waiting),
        longest_since=min(waiting, default=None),
        counters=manned,
    )


def _counter(row: Counter, sitting: Sitting | None, ticket: Ticket | None, breaks: Mapping[int, CounterBreak]) -> CounterRow:
    pause = breaks.get(sitting.pk) if sitting else None
    return CounterRow(
        id=row.pk,
        number=row.number,
        name=row.name,
        letters=tuple(sorted(queue.letter for queue in row.queues.all())),
        sitter_id=sitting.person_id if sitting else None,
        sitter=sitting.person_name if sitting else "",
        ticket=ticket.code if ticket else "",
        calling=ticket is not None and ticket.state == Ticket.State.CALLED,
        called_at=ticket.called_at if ticket else None,
        holds_of=ticket.queue_id if ticket else None,
        serves_since=ticket.served_at if ticket else None,
        on_break=(pause.from_at, pause.get_reason_display()) if pause else None,
        section_id=row.section_id,
    )


def next_codes(house_id: int, *, on: date, most: int) -> list[str]:
    """Who is called next, over all queues. One query."""
    return [ticket.code for ticket in Ticket.objects.waiting(on).filter(point=house_id).in_order()[:most]]


def ticket_of(counter: Counter, *, on: date) -> Ticket | None:
    """What the counter holds on that day. One query."""
    return Ticket.objects.filter(counter=counter, day=on, state__in=Ticket.AT_COUNTER).select_related("queue").first()


def waiting_for(counter: Counter, *, on: date, most: int) -> list[Ticket]:
    """What it would call, in that order. One query."""
    found = Ticket.objects.waiting(on).for_counter(counter).select_related("queue")
    return list(found.in_order()[:most])


def gone(house_id: int, *, on: date, most: int) -> list[Ticket]:
    """Tickets of the day that left or were cancelled, the latest first: their owner may come back. One query."""
    found = Ticket.objects.filter(point=house_id, day=on, state__in=Ticket.GONE)
    return list(found.order_by("-ended_at", "-pk")[:most])


def ahead_of(ticket: Ticket) -> int:
    """How many of its queue, or of those kept for its counter, are called before it, while it waits. One query."""
    before = Q(waits_from__lt=ticket.waits_from) | Q(waits_from=ticket.waits_from, pk__lt=ticket.pk)
    if ticket.reserved_for_id is not None:
        return Ticket.objects.waiting(ticket.day).filter(before, reserved_for=ticket.reserved_for_id).count()
    same = Ticket.objects.waiting(ticket.day).filter(queue=ticket.queue_id, reserved_for=None)
    if ticket.priority:
        return same.exclude(priority="").filter(before).count()
    return same.filter(before | ~Q(priority="")).count()


@dataclass(frozen=True, kw_only=True)
class MyPoint:
    """A point at which somebody works."""

    point: PointRow
    unit: str
    run_by: str
    counters: int
    waiting: int


def my_points(actor: Actor, *, on: date) -> list[MyPoint]:
    """Points where the actor serves or arranges, in Vietnamese order. The same few queries however many."""
    houses = houses_for(actor, on=on)
    points = units.points_of_houses(houses, as_of=on)
    rows = units.unit_rows({unit for one in points.values() for unit in (one.unit_id, one.managed_by_unit_id)}, as_of=on)
    counters = Counter.objects.filter(in_force(on), point__in=houses).values_list("point").annotate(n=Count("pk"))
    waiting = Ticket.objects.waiting(on).filter(point__in=houses).values_list("point").annotate(n=Count("pk"))
    stand, wait = dict(counters.order_by()), dict(waiting.order_by())
    found = [
        MyPoint(
            point=point,
            unit=rows[point.unit_id].full_name,
            run_by=people.body_named(point.managed_by_name, rows[point.managed_by_unit_id].full_name),
            counters=stand.get(house_id, 0),
            waiting=wait.get(house_id, 0),
        )
        for house_id, point in points.items()
    ]
    return sorted(found, key=lambda row: (rows[row.point.unit_id].sort_name, row.point.name, row.point.id))


def houses_for(actor: Actor, *, on: date, duties: Collection[str] = (SERVE, ARRANGE)) -> frozenset[int]:
    """Houses in which the actor has one of the duties, as one who works there."""
    if actor.person_id is None:
        return frozenset()
    held = [duty for duty in duties if actor.units_for(duty)]
    return frozenset[int]().union(*(people.houses_where(actor.person_id, duty, on=on) for duty in held))


def counter_of(counter_id: int) -> Counter:
    """Raises NotFound."""
    found = must_exist(Counter.objects.filter(pk=counter_id).first())
    return found


def point_of(point_id: int, *, on: date) -> tuple[int, PointRow]:
    """(house, the point as which it is found on that day), by any of its points. Raises NotFound."""
    house_id = units.house_of(point_id)
    return house_id, units.point_of_house(house_id, as_of=on)
