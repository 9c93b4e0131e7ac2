"""What a change of queues did to the waits: the same number of days before it and from it on, side by side; and how good the
estimates were that people were told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from thongsuot.counters import events
from thongsuot.counters.models import Counter, Queue
from thongsuot.counters.queries.services import EARLIER, WAITED
from thongsuot.kernel.events import KINDS
from thongsuot.kernel.models import Event
from thongsuot.kernel.working_time import local_day

# Whoever was sent on has waited until they were served at last, but not while they were served on the way.
_WAITS = f"""
SELECT queue_id, day >= %(day)s, count(*),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY {WAITED}),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY {WAITED})
  FROM counters_ticket t {EARLIER}
 WHERE point_id = %(house)s AND day BETWEEN %(first)s AND %(last)s AND {WAITED} IS NOT NULL
 GROUP BY GROUPING SETS ((queue_id, day >= %(day)s), (day >= %(day)s))
"""  # noqa: S608 - parts of our own

# What was told when the number was taken (Ticket.told), beside when somebody came up to a counter first: the page on the
# telephone goes on estimating, and is not measured. People are told whole minutes: nobody was told wrong by less than one.
_CAME = "(coalesce(e.first_at, t.served_at) - t.taken_at)"
_TOLD = f"""
SELECT queue_id, count(*), count(*) FILTER (WHERE abs(extract(epoch FROM {_CAME} - expected))
                                                  <= greatest(extract(epoch FROM expected_error), 60)),
       avg(expected), avg({_CAME})
  FROM counters_ticket t {EARLIER}
 WHERE point_id = %(house)s AND day BETWEEN %(first)s AND %(last)s AND {_CAME} IS NOT NULL
   AND expected IS NOT NULL AND expected_error IS NOT NULL
 GROUP BY GROUPING SETS ((queue_id), ())
"""  # noqa: S608 - parts of our own


@dataclass(frozen=True, kw_only=True)
class Waits:
    served: int
    median: timedelta
    p90: timedelta


@dataclass(frozen=True, kw_only=True)
class BeforeAfter:
    """Of one queue; name empty: the whole point. None: nobody was served then."""

    name: str
    before: Waits | None
    after: Waits | None


@dataclass(frozen=True, kw_only=True)
class Told:
    """What people were told beside what came. within: how many waited as long as the range said that they were told."""

    name: str
    served: int
    within: int
    expected: timedelta
    came: timedelta

    @property
    def percent(self) -> int:
        return round(100 * self.within / self.served)


def before_and_after(house_id: int, *, day: date, days: int) -> list[BeforeAfter]:
    """The whole point first, then each queue in which somebody was served. Two queries."""
    first, last = day - timedelta(days=days), day + timedelta(days=days - 1)
    found: dict[int | None, dict[bool, Waits]] = {}
    for queue_id, after, served, median, p90 in _asked(_WAITS, house=house_id, day=day, first=first, last=last):
        found.setdefault(queue_id, {})[after] = Waits(served=served, median=median, p90=p90)
    return [
        BeforeAfter(name=name, before=found[queue_id].get(False), after=found[queue_id].get(True))
        for queue_id, name in _named(house_id)
        if queue_id in found
    ]


def told(house_id: int, *, first: date, last: date) -> list[Told]:
    """The whole point first, then each queue. Two queries."""
    rows = {row[0]: row[1:] for row in _asked(_TOLD, house=house_id, first=first, last=last)}
    return [
        Told(name=name, served=rows[queue_id][0], within=rows[queue_id][1], expected=rows[queue_id][2], came=rows[queue_id][3])
        for queue_id, name in _named(house_id)
        if queue_id in rows and rows[queue_id][0]
    ]


def _named(house_id: int) -> list[tuple[int | None, str]]:
    """Also queues that are closed."""
    queues = Queue.objects.filter(point=house_id).order_by("letter", "valid_from", "pk")
    return [(None, ""), *((row.pk, f"{row.letter} - {row.name}") for row in queues)]


def _asked(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


_SET_UP = (
    events.QUEUE_OPENED,
    events.QUEUE_CHANGED,
    events.QUEUE_CLOSED,
    events.COUNTER_OPENED,
    events.COUNTER_CHANGED,
    events.COUNTER_CLOSED,
)


@dataclass(frozen=True, kw_only=True)
class Change:
    """of_queue: it may have changed who waits where. split: fields went from one queue to another."""

    at: datetime
    label: str
    about: str
    split: bool
    of_queue: bool

    @property
    def day(self) -> date:
        return local_day(self.at)


def changes(house_id: int, *, most: int = 20) -> list[Change]:
    """How the queues and counters of a house were set up, the latest first. Three queries."""
    queues = {row.pk: f"{row.letter} - {row.name}" for row in Queue.objects.filter(point=house_id)}
    counters = dict(Counter.objects.filter(point=house_id).values_list("pk", "number"))
    of_queues = Q(subject="counters.queue", subject_id__in=queues)
    of_counters = Q(subject="counters.counter", subject_id__in=counters)
    rows = Event.objects.filter(of_queues | of_counters, name__in=[kind.name for kind in _SET_UP]).order_by("-at", "-pk")
    return [
        Change(
            at=row.at,
            label=str(KINDS[row.name].label),
            about=queues[row.subject_id] if row.subject == "counters.queue" else str(counters[row.subject_id]),
            split=bool(row.facts.get("lost")),
            of_queue=row.subject == "counters.queue",
        )
        for row in rows[:most]
    ]


def latest_change(rows: list[Change], *, now: datetime) -> date:
    """The day to look at first: of the latest split, else of the latest change of queues, else today."""
    split = next((row.day for row in rows if row.split), None)
    return split or next((row.day for row in rows if row.of_queue), None) or timezone.localdate(now)
