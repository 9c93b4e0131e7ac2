"""A point's counters and queues on a day: who sits where, which number is where, who waits."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Count, Q

from thongsuot.counters.models import Counter, CounterBreak, Ticket
from thongsuot.counters.rules import ARRANGE, SERVE, code_of
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.people import queries as people
from thongsuot.units import queries as units
from thongsuot.units.queries import PointRow


@dataclass(frozen=True, kw_only=True)
class QueueRow:
    """longest_since: since when who waits longest has a ticket; fields: codes, none for all the rest.

    counters  manned ones that call it; desks: all that would
    kept      how many of those who wait are kept for one counter, and before nobody else
    """

    id: int
    letter: str
    name: str
    name_en: str
    fields: tuple[str, ...]
    waiting: int
    longest_since: datetime | None
    counters: int
    desks: int
    kept: int = 0

    @property
    def uncalled(self) -> int:
        """How many wait that no counter with somebody at it would call."""
        return 0 if self.counters else self.waiting - self.kept


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
    def offered(self) -> list[QueueRow]:
        """To whoever takes a number by themselves: not what no counter would call."""
        return [row for row in self.queues if row.desks]

    @property
    def waiting(self) -> int:
        return sum(queue.waiting for queue in self.queues)

    @property
    def latest_call(self) -> CounterRow | None:
        """The number that was called last and waited for still."""
        calls = [row for row in self.counters if row.calling and row.called_at is not None]
        return max(calls, key=lambda row: (row.called_at, row.number), default=None)


NAMED = re.compile(r"([A-Z])[ .-]*0*([0-9]{1,6})", re.ASCII)

# Each page that follows a hall asks this at each pulse: as SQL it costs a quarter of what rows of models did.
_COUNTERS = """
SELECT c.point_id, c.id, c.number, c.name, c.section_id,
       ARRAY(SELECT q.letter FROM counters_counter_queues m JOIN counters_queue q ON q.id = m.queue_id
              WHERE m.counter_id = c.id),
       s.person_id, s.person_name, b.from_at, b.reason, t.letter, t.number, t.state, t.called_at,
       t.queue_id, t.served_at
  FROM counters_counter c
  LEFT JOIN counters_sitting s ON s.counter_id = c.id AND s.day = %(day)s AND s.until_at IS NULL
  LEFT JOIN counters_counterbreak b ON b.sitting_id = s.id AND b.until_at IS NULL
  LEFT JOIN counters_ticket t ON t.counter_id = c.id AND t.day = %(day)s AND t.state IN ('called', 'serving')
 WHERE c.point_id = ANY(%(houses)s) AND c.valid_from <= %(day)s AND (c.valid_to IS NULL OR c.valid_to > %(day)s)
 ORDER BY c.number, c.id
"""
_QUEUES = """
SELECT q.point_id, q.id, q.letter, q.name, q.name_en, q.fields, w.waiting, w.kept, w.longest_since,
       ARRAY(SELECT m.counter_id FROM counters_counter_queues m WHERE m.queue_id = q.id)
  FROM counters_queue q
  LEFT JOIN LATERAL (SELECT count(*) AS waiting, count(t.reserved_for_id) AS kept, min(t.taken_at) AS longest_since
                       FROM counters_ticket t
                      WHERE t.queue_id = q.id AND t.day = %(day)s AND t.state = 'waiting') w ON true
 WHERE q.point_id = ANY(%(houses)s) AND q.valid_from <= %(day)s AND (q.valid_to IS NULL OR q.valid_to > %(day)s)
 ORDER BY q.letter, q.id
"""


def hall(house_id: int, *, on: date) -> Hall:
    """Two queries, however many counters and tickets."""
    return halls([house_id], on=on)[house_id]


def halls(house_ids: Collection[int], *, on: date) -> dict[int, Hall]:
    """The halls of several houses, by house. The same two queries."""
    found = {house_id: Hall(queues=[], counters=[]) for house_id in house_ids}
    there, at_work = set(), set()
    with connection.cursor() as cursor:
        cursor.execute(_COUNTERS, {"day": on, "houses": list(house_ids)})
        for house_id, *values in cursor.fetchall():
            counter = _counter(*values)
            found[house_id].counters.append(counter)
            there.add(counter.id)
            if counter.at_work:
                at_work.add(counter.id)
        cursor.execute(_QUEUES, {"day": on, "houses": list(house_ids)})
        for house_id, pk, letter, name, name_en, fields, waiting, kept, longest_since, counters in cursor.fetchall():
            found[house_id].queues.append(
                QueueRow(
                    id=pk,
                    letter=letter,
                    name=name,
                    name_en=name_en,
                    fields=tuple(fields),
                    waiting=waiting,
                    longest_since=longest_since,
                    counters=len(at_work.intersection(counters)),
                    desks=len(there.intersection(counters)),
                    kept=kept,
                )
            )
    return found


def _counter(
    pk: int,
    number: int,
    name: str,
    section_id: int | None,
    letters: list[str],
    sitter_id: int | None,
    sitter: str | None,
    break_from: datetime | None,
    reason: str,
    letter: str | None,
    ticket: int,
    state: str | None,
    called_at: datetime | None,
    queue_id: int | None,
    served_at: datetime | None,
) -> CounterRow:
    return CounterRow(
        id=pk,
        number=number,
        name=name,
        letters=tuple(sorted(letters)),
        sitter_id=sitter_id,
        sitter=sitter or "",
        ticket=code_of(letter, ticket) if letter else "",
        calling=state == Ticket.State.CALLED,
        called_at=called_at,
        holds_of=queue_id,
        serves_since=served_at,
        on_break=(break_from, str(CounterBreak.Reason(reason).label)) if break_from else None,
        section_id=section_id,
    )


def next_codes(house_id: int, *, on: date, most: int) -> list[str]:
    """Who is called next, over all queues. One query."""
    found = Ticket.objects.waiting(on).filter(point=house_id).in_order().values_list("letter", "number")
    return [code_of(letter, number) for letter, number in found[:most]]


def ticket_of(counter: Counter, *, on: date) -> Ticket | None:
    """What the counter holds on that day. One query."""
    return Ticket.objects.filter(counter=counter, day=on, state__in=Ticket.AT_COUNTER).select_related("queue").first()


def waiting_for(counter: Counter, *, on: date, most: int) -> list[Ticket]:
    """What it would call, in that order. One query."""
    found = Ticket.objects.waiting(on).for_counter(counter).select_related("queue")
    return list(found.in_order()[:most])


def gone(house_id: int, *, on: date, most: int) -> list[Ticket]:
    """Tickets of the day that were not served: their owner may come back, or stands there still. Two queries.

    Those whom the closing found waiting, whoever waits longest first; then the latest that left or were cancelled.
    """
    found = Ticket.objects.filter(point=house_id, day=on, state__in=Ticket.GONE)
    left = found.filter(expired=False).order_by("-ended_at", "-pk")
    return [*found.filter(expired=True).order_by("waits_from", "pk")[:most], *left[:most]]


def named(house_id: int, text: str, *, on: date) -> Ticket | None:
    """The ticket of that day by what stands on it, as people type it: "A 012", "a12". One query."""
    said = NAMED.fullmatch(text.strip().upper())
    if said is None:
        return None
    return Ticket.objects.filter(point=house_id, day=on, letter=said[1], number=int(said[2])).first()


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
