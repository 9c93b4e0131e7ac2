"""What counters did, by day and by who ran the point on that day. Days gone by do not change when the point is moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from thongsuot.counters.queries.services import EARLIER, TIMED, WAITED
from thongsuot.people.queries import body_of_unit
from thongsuot.units import queries as units

# Whoever was sent on or came back was served more than once: the waits between count together, the time at counters does not.
_DAYS = f"""
SELECT day, count(*), count(*) FILTER (WHERE priority <> ''),
       count({WAITED}),
       count(*) FILTER (WHERE state = 'cancelled' AND {WAITED} IS NULL),
       coalesce(sum({WAITED}), interval '0'),
       coalesce(max({WAITED}), interval '0'),
       coalesce(sum(e.n), 0)::bigint + count(*) FILTER (WHERE {TIMED}),
       coalesce(sum(e.lasted), interval '0') + coalesce(sum(ended_at - served_at) FILTER (WHERE {TIMED}), interval '0')
  FROM counters_ticket t {EARLIER}
 WHERE point_id = %(house)s AND day BETWEEN %(first)s AND %(last)s
 GROUP BY day ORDER BY day
"""  # noqa: S608 - parts of our own


@dataclass(frozen=True, kw_only=True)
class Figures:
    """taken = served + cancelled + unserved; `unserved` left, or still waits, or waited when the day was over. done: how often
    somebody was served to the end, also more than once with one ticket; service: how long together.
    """

    taken: int = 0
    priority: int = 0
    served: int = 0
    cancelled: int = 0
    waited: timedelta = timedelta()
    longest: timedelta = timedelta()
    done: int = 0
    service: timedelta = timedelta()

    @property
    def unserved(self) -> int:
        return self.taken - self.served - self.cancelled

    @property
    def mean_wait(self) -> timedelta | None:
        return self.waited / self.served if self.served else None

    @property
    def mean_service(self) -> timedelta | None:
        return self.service / self.done if self.done else None

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            taken=self.taken + other.taken,
            priority=self.priority + other.priority,
            served=self.served + other.served,
            cancelled=self.cancelled + other.cancelled,
            waited=self.waited + other.waited,
            longest=max(self.longest, other.longest),
            done=self.done + other.done,
            service=self.service + other.service,
        )


@dataclass(frozen=True, kw_only=True)
class Day:
    """`run_by`: the body that ran the point on that day, with its unit."""

    day: date
    body_id: int | None
    run_by: str
    figures: Figures


def days(house_id: int, *, first: date, last: date) -> list[Day]:
    """Days with tickets, oldest first; both ends count."""
    runs = {run: body_of_unit(run.body_name, run.unit_id, run.valid_from) for run in units.house_runs(house_id)}
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, {"house": house_id, "first": first, "last": last})
        rows = cursor.fetchall()
    found = []
    for day, *values in rows:
        run = next((run for run in runs if run.holds_on(day)), None)
        figures = Figures(**dict(zip(Figures.__dataclass_fields__, values, strict=True)))
        found.append(Day(day=day, body_id=run.body_id if run else None, run_by=runs[run] if run else "", figures=figures))
    return found


@dataclass(frozen=True, kw_only=True)
class BodyFigures:
    run_by: str
    figures: Figures


def by_body(rows: Iterable[Day]) -> list[BodyFigures]:
    """Days of one body together, in the order in which bodies came to run the point."""
    sums: dict[int | None, BodyFigures] = {}
    for row in rows:
        before = sums[row.body_id].figures if row.body_id in sums else Figures()
        sums[row.body_id] = BodyFigures(run_by=row.run_by, figures=before + row.figures)
    return list(sums.values())
