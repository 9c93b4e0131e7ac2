"""How long people wait in the queues of houses, by how long the latest ones were served, and by who is served right now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone

from thongsuot.counters.models import Ticket
from thongsuot.counters.queries.hall import Hall, ahead_of, hall
from thongsuot.counters.rules import Wait, expected_wait, remaining
from thongsuot.kernel.working_time import start_of

LATEST = 30
LOOKED_BACK = timedelta(days=30)

# Also of those who were sent on (Service): at each queue the time that they took there.
_SERVICE = """
SELECT queue_id, array_agg(lasted)
  FROM (SELECT queue_id, lasted, row_number() OVER (PARTITION BY queue_id ORDER BY ended_at DESC) AS place
          FROM (SELECT queue_id, ended_at - served_at AS lasted, ended_at FROM counters_ticket
                 WHERE point_id = ANY(%(houses)s) AND day BETWEEN %(first)s AND %(last)s
                   AND state = 'done' AND served_at IS NOT NULL AND NOT expired
                 UNION ALL
                SELECT s.queue_id, s.until_at - s.from_at, s.until_at
                  FROM counters_queue q JOIN counters_service s ON s.queue_id = q.id
                 WHERE q.point_id = ANY(%(houses)s) AND s.until_at >= %(begins)s AND s.until_at < %(ends)s) each_one) latest
 WHERE place <= %(most)s
 GROUP BY queue_id
"""


def expected_waits(house_id: int, *, at: datetime, seen: Hall | None = None) -> dict[int, Wait]:
    """For who would take a ticket now, by queue; a queue that nobody calls, or of which too little is known, is left out."""
    return waits_in({house_id: seen or hall(house_id, on=timezone.localdate(at))}, at=at)


def waits_in(halls: Mapping[int, Hall], *, at: datetime) -> dict[int, Wait]:
    """The same for all queues of several halls. One query."""
    service = _service_times(halls, on=timezone.localdate(at))
    waits = {}
    for seen in halls.values():
        shares = _shares(seen)
        for row in seen.queues:
            held = _held(seen, row.id, service, at)
            wait = expected_wait(row.waiting - row.kept, service.get(row.id, ()), counters=shares[row.id], held=held)
            if wait is not None:
                waits[row.id] = wait
    return waits


def expected_of(ticket: Ticket, *, seen: Hall, at: datetime) -> Wait | None:
    """For one that waits now. Two queries."""
    service, queue_id = _service_times([ticket.point_id], on=ticket.day), ticket.queue_id
    held = _held(seen, queue_id, service, at)
    return expected_wait(ahead_of(ticket), service.get(queue_id, ()), counters=_shares(seen).get(queue_id, 0), held=held)


def _held(seen: Hall, queue_id: int, service: Mapping[int, Sequence[timedelta]], at: datetime) -> list[Sequence[timedelta]]:
    """Of each counter at work for the queue, how much longer what it holds may take; who was called is yet to be served."""
    letter, own = next((row.letter for row in seen.queues if row.id == queue_id), ""), service.get(queue_id, ())
    return [
        remaining(service.get(row.holds_of) or own, since=at - row.serves_since if row.serves_since else timedelta())
        if row.holds_of
        else ()
        for row in seen.counters
        if row.at_work and letter in row.letters
    ]


def _service_times(house_ids: Iterable[int], *, on: date) -> dict[int, list[timedelta]]:
    with connection.cursor() as cursor:
        first = on - LOOKED_BACK
        days = {"first": first, "last": on, "begins": start_of(first), "ends": start_of(on + timedelta(days=1))}
        cursor.execute(_SERVICE, {"houses": list(house_ids), "most": LATEST, **days})
        return dict(cursor.fetchall())


def _shares(seen: Hall) -> dict[int, float]:
    """How many counters work for each queue: one that calls from three in which people wait is a third for each."""
    busy = {row.letter for row in seen.queues if row.waiting}
    shares = dict.fromkeys((row.id for row in seen.queues), 0.0)
    for counter in seen.counters:
        if counter.at_work:
            others = len(busy.intersection(counter.letters))
            for row in seen.queues:
                if row.letter in counter.letters:
                    shares[row.id] += 1 / max(1, others + (row.letter not in busy))
    return shares
