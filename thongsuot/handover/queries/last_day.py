"""The last days of an ended unit: how its pending dossiers fell, and who has what was still open at its instant."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from thongsuot.handover.models import Changeover
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.procedures import queries as procedures
from thongsuot.units import queries as units

DAY = timedelta(days=1)
WORKING_DAYS = 10
KINDS = ["dossiers.pending", "dossiers.results"]


@dataclass(frozen=True, kw_only=True)
class DayLine:
    """One working day: what was done on it, and what was open at its end."""

    day: date
    received: int
    resolved: int
    given: int
    pending: int
    uncollected: int

    @property
    def counts(self) -> tuple[int, ...]:
        return self.received, self.resolved, self.given, self.pending, self.uncollected


@dataclass(frozen=True, kw_only=True)
class ProcedureLine:
    """Pending dossiers of one procedure at the end. `late`: their deadline had passed."""

    code: str
    name: str
    pending: int
    late: int
    oldest: datetime


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where what was open went. `unit_id`: none while nobody decided, or nobody previewed (`previewed` false)."""

    unit_id: int | None
    previewed: bool
    moved: bool
    pending: int
    uncollected: int
    unanswered: int


@dataclass(frozen=True, kw_only=True)
class LastDay:
    """`until`: the end of what is told: of the last day, or now while it has not passed.

    unanswered   filed online, neither received nor refused
    """

    unit_id: int
    last_day: date
    until: datetime
    is_over: bool
    days: list[DayLine] = field(default_factory=list)
    pending: int = 0
    late: int = 0
    uncollected: int = 0
    unanswered: int = 0
    by_procedure: list[ProcedureLine] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    @property
    def open(self) -> int:
        return self.pending + self.uncollected + self.unanswered

    @property
    def without_receiver(self) -> int:
        return sum(one.pending + one.uncollected + one.unanswered for one in self.places if one.unit_id is None)


# Everything that was open at the unit in these days: what is with it still, and what moved away by this changeover.
_MINE = """
WITH mine AS MATERIALIZED (
  SELECT d.id, d.version_id, d.submitted_at, d.received_at, d.due_at, d.resolved_at, d.ended_at, d.status
    FROM dossiers_dossier d
   WHERE d.resolving_unit_id = %(unit)s AND (d.ended_at IS NULL OR d.ended_at >= %(first)s)
  UNION ALL
  SELECT d.id, d.version_id, d.submitted_at, d.received_at, d.due_at, d.resolved_at, d.ended_at, d.status
    FROM handover_transfer t JOIN dossiers_dossier d ON d.id = t.subject_id
   WHERE t.changeover_id = %(changeover)s AND t.from_unit_id = %(unit)s AND t.kind = ANY(%(kinds)s)
     AND t.moved_at IS NOT NULL AND d.resolving_unit_id <> %(unit)s
)
"""
_DAYS = (
    _MINE
    + """
SELECT count(*) FILTER (WHERE m.received_at >= asked.starts AND m.received_at < asked.ends),
       count(*) FILTER (WHERE m.resolved_at >= asked.starts AND m.resolved_at < asked.ends),
       count(*) FILTER (WHERE m.status = 10 AND m.ended_at >= asked.starts AND m.ended_at < asked.ends),
       count(*) FILTER (WHERE m.received_at < asked.ends AND coalesce(m.resolved_at >= asked.ends, true)
                          AND coalesce(m.ended_at >= asked.ends, true)),
       count(*) FILTER (WHERE m.resolved_at < asked.ends AND coalesce(m.ended_at >= asked.ends, true))
  FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) WITH ORDINALITY AS asked(starts, ends, place)
  LEFT JOIN mine m ON true
 GROUP BY asked.place ORDER BY asked.place
"""
)
_OPEN = (
    _MINE
    + """
SELECT state, version_id, t.to_unit_id, t.id IS NOT NULL, t.moved_at IS NOT NULL, count(*),
       count(*) FILTER (WHERE m.due_at < %(until)s), min(m.received_at)
  FROM mine m
  CROSS JOIN LATERAL (SELECT CASE WHEN m.resolved_at < %(until)s THEN 'uncollected'
                                  WHEN m.received_at < %(until)s THEN 'pending'
                                  WHEN m.submitted_at < %(until)s THEN 'unanswered' END AS state) AS told
  LEFT JOIN handover_transfer t ON t.changeover_id = %(changeover)s AND t.subject_id = m.id AND t.kind = ANY(%(kinds)s)
                               AND t.from_unit_id = %(unit)s
 WHERE state IS NOT NULL AND coalesce(m.ended_at >= %(until)s, true)
 GROUP BY 1, 2, 3, 4, 5
"""
)


def last_day(changeover: Changeover, unit_id: int, *, at: datetime) -> LastDay:
    """Of one ended unit, as of its last instant, or of `at` before it. Two queries and the calendar."""
    ends_at = datetime.combine(changeover.effective_on, datetime.min.time(), VIET_NAM)
    until = min(ends_at, at)
    days = _working_days(changeover, until)
    asked: dict[str, Any] = {
        "unit": unit_id,
        "changeover": changeover.pk,
        "kinds": KINDS,
        "first": _start(days[0]),
        "until": until,
        "starts": [_start(day) for day in days],
        "ends": [min(_start(day + DAY), until) for day in days],
    }
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, asked)
        lines = [
            DayLine(day=day, received=row[0], resolved=row[1], given=row[2], pending=row[3], uncollected=row[4])
            for day, row in zip(days, cursor.fetchall(), strict=True)
        ]
        cursor.execute(_OPEN, asked)
        rows = cursor.fetchall()
    sums = {"pending": 0, "uncollected": 0, "unanswered": 0}
    late = 0
    places: dict[tuple[int | None, bool, bool], dict[str, int]] = {}
    of_version: dict[int, tuple[int, int, datetime]] = {}
    for state, version_id, to_unit, previewed, moved, count, overdue, oldest in rows:
        sums[state] += count
        place = places.setdefault((to_unit, previewed, moved), {"pending": 0, "uncollected": 0, "unanswered": 0})
        place[state] += count
        if state == "pending":
            late += overdue
            was = of_version.get(version_id, (0, 0, oldest))
            of_version[version_id] = (was[0] + count, was[1] + overdue, min(was[2], oldest))
    return LastDay(
        unit_id=unit_id,
        last_day=changeover.effective_on - DAY,
        until=until,
        is_over=at >= ends_at,
        days=lines,
        late=late,
        by_procedure=_by_procedure(of_version),
        places=[
            Place(unit_id=unit, previewed=previewed, moved=moved, **counts)
            for (unit, previewed, moved), counts in sorted(
                places.items(), key=lambda one: (one[0][0] is not None, -sum(one[1].values()), one[0][0] or 0)
            )
        ],
        **sums,
    )


def _start(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), VIET_NAM)


def _working_days(changeover: Changeover, until: datetime) -> list[date]:
    """The last ten, the one of `until` among them; the calendar of the unit's city."""
    calendar = units.working_calendar(changeover.city_id, on=changeover.effective_on - DAY)
    day = timezone.localdate(until - timedelta(microseconds=1))
    found: list[date] = []
    while len(found) < WORKING_DAYS:
        if calendar.works(day) or not found:
            found.append(day)
        day -= DAY
    return found[::-1]


def _by_procedure(of_version: dict[int, tuple[int, int, datetime]]) -> list[ProcedureLine]:
    """Versions of one procedure on one line; the most pending first."""
    merged: dict[str, ProcedureLine] = {}
    for version_id, (pending, late, oldest) in of_version.items():
        version = procedures.version(version_id)
        was = merged.get(version.code)
        merged[version.code] = ProcedureLine(
            code=version.code,
            name=version.name,
            pending=pending + (was.pending if was else 0),
            late=late + (was.late if was else 0),
            oldest=min(oldest, was.oldest) if was else oldest,
        )
    return sorted(merged.values(), key=lambda line: (-line.pending, line.code))
