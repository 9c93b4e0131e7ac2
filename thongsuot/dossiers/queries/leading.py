"""What leaders look at: how much, how much late, where, at which step. Counts from the tally, lateness from what is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from thongsuot.dossiers.queries.dates import LATE, NEAR, RUNNING, UNANSWERED
from thongsuot.units import queries as units

_OPEN = f"""
SELECT d.resolving_unit_id,
       count(*) FILTER (WHERE {RUNNING}) AS running,
       count(*) FILTER (WHERE d.status IN (5, 6)) AS waiting,
       count(*) FILTER (WHERE {LATE}) AS late,
       count(*) FILTER (WHERE {NEAR}) AS near,
       count(*) FILTER (WHERE d.status = 1) AS submitted,
       count(*) FILTER (WHERE {UNANSWERED}) AS unanswered,
       count(*) FILTER (WHERE d.status = 9) AS to_hand_back
  FROM dossiers_dossier d
 WHERE d.ended_at IS NULL AND d.resolving_unit_id = ANY(%(units)s)
 GROUP BY d.resolving_unit_id
"""  # noqa: S608 - of constants alone
# The folded counts and the changes not yet folded in.
_TALLY = """
SELECT unit_id, sum(n), sum(n) FILTER (WHERE channel = 2), sum(n) FILTER (WHERE on_time), sum(n) FILTER (WHERE NOT on_time)
  FROM (SELECT unit_id, channel, on_time, dossiers::int AS n FROM dossiers_tally
         WHERE day BETWEEN %(first)s AND %(last)s AND unit_id = ANY(%(units)s)
        UNION ALL
        SELECT unit_id, channel, on_time, change FROM dossiers_tallychange
         WHERE day BETWEEN %(first)s AND %(last)s AND unit_id = ANY(%(units)s)) AS t
 GROUP BY unit_id
"""
_BY_DAY = """
SELECT day, sum(n), sum(n) FILTER (WHERE channel = 2)
  FROM (SELECT day, channel, dossiers::int AS n FROM dossiers_tally
         WHERE day BETWEEN %(first)s AND %(last)s AND unit_id = ANY(%(units)s)
        UNION ALL
        SELECT day, channel, change FROM dossiers_tallychange
         WHERE day BETWEEN %(first)s AND %(last)s AND unit_id = ANY(%(units)s)) AS t
 GROUP BY day ORDER BY day
"""
# Of each unit its longest late, from the index alone, and of those the longest: however many are late, few rows are read.
_LONGEST_LATE = f"""
SELECT d.id, d.code, d.version_id, d.resolving_unit_id, d.due_at, d.promised_at, r.name, r.assignee_name, r.duty
  FROM (SELECT l.id FROM unnest(%(units)s::bigint[]) AS u (id)
         CROSS JOIN LATERAL (SELECT d.id, d.due_at FROM dossiers_dossier d
                              WHERE d.ended_at IS NULL AND {LATE} AND d.resolving_unit_id = u.id
                              ORDER BY d.due_at, d.id LIMIT %(limit)s) l
         ORDER BY l.due_at, l.id LIMIT %(limit)s) longest
  JOIN dossiers_dossier d ON d.id = longest.id
  LEFT JOIN dossiers_steprun r ON r.dossier_id = d.id AND r.finished_at IS NULL
 ORDER BY d.due_at, d.id
"""  # noqa: S608 - of constants alone
_LATE_STEPS = f"""
SELECT r.duty, count(*) FROM dossiers_dossier d JOIN dossiers_steprun r ON r.dossier_id = d.id AND r.finished_at IS NULL
 WHERE d.ended_at IS NULL AND {LATE} AND d.resolving_unit_id = ANY(%(units)s)
 GROUP BY r.duty ORDER BY count(*) DESC
"""  # noqa: S608 - of constants alone
FOLD = """
WITH taken AS (DELETE FROM dossiers_tallychange RETURNING day, unit_id, channel, status, on_time, change),
     summed AS (SELECT day, unit_id, channel, status, on_time, sum(change) AS n FROM taken
                 GROUP BY 1, 2, 3, 4, 5 HAVING sum(change) <> 0)
INSERT INTO dossiers_tally AS t (day, unit_id, channel, status, on_time, dossiers) SELECT * FROM summed
ON CONFLICT (day, unit_id, channel, status, on_time) DO UPDATE SET dossiers = t.dossiers + excluded.dossiers
"""


@dataclass(frozen=True, kw_only=True)
class UnitFigures:
    """One unit's line: what is open now, and what became of the dossiers received in the period."""

    unit_id: int
    unit: str
    running: int = 0
    waiting: int = 0
    late: int = 0
    near: int = 0
    submitted: int = 0
    unanswered: int = 0
    to_hand_back: int = 0
    received: int = 0
    online: int = 0
    on_time: int = 0
    not_on_time: int = 0

    @property
    def busy(self) -> bool:
        """Is anything open here, or was anything received in the period?"""
        return any((self.running, self.waiting, self.submitted, self.to_hand_back, self.received))


@dataclass(frozen=True, kw_only=True)
class LateRow:
    id: int
    code: str
    version_id: int
    unit_id: int
    unit: str
    due_at: datetime
    promised_at: datetime | None
    step: str
    assignee_name: str
    duty: str


def unit_figures(unit_ids: frozenset[int], *, first: date, last: date, now: datetime) -> list[UnitFigures]:
    """All units with their figures, the most late first. Three queries."""
    parameters: dict[str, Any] = {"units": list(unit_ids), "first": first, "last": last, "now": now}
    names = units.unit_rows(unit_ids, as_of=timezone.localdate(now))
    lines: dict[int, dict[str, int]] = {unit_id: {} for unit_id in names}
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, parameters)
        for unit_id, *counts in cursor.fetchall():
            lines.setdefault(unit_id, {}).update(
                zip(("running", "waiting", "late", "near", "submitted", "unanswered", "to_hand_back"), counts, strict=True)
            )
        cursor.execute(_TALLY, parameters)
        for unit_id, *sums in cursor.fetchall():
            values = (int(value or 0) for value in sums)
            lines.setdefault(unit_id, {}).update(zip(("received", "online", "on_time", "not_on_time"), values, strict=True))
    figures = [
        UnitFigures(unit_id=unit_id, unit=names[unit_id].full_name, **values)
        for unit_id, values in lines.items()
        if unit_id in names
    ]
    return sorted(figures, key=lambda line: (-line.late, -line.near, names[line.unit_id].sort_name))


def received_by_day(unit_ids: frozenset[int], *, first: date, last: date) -> list[tuple[date, int, int]]:
    """(day, received, of which online) for each day with any. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_DAY, {"units": list(unit_ids), "first": first, "last": last})
        return [(day, int(received or 0), int(online or 0)) for day, received, online in cursor.fetchall()]


def late_dossiers(unit_ids: frozenset[int], *, now: datetime, limit: int = 100) -> list[LateRow]:
    """The longest late first: what, where, at which step, who holds it. Two queries."""
    names = units.unit_rows(unit_ids, as_of=timezone.localdate(now))
    with connection.cursor() as cursor:
        cursor.execute(_LONGEST_LATE, {"units": list(unit_ids), "now": now, "limit": limit})
        return [
            LateRow(
                id=row[0],
                code=row[1],
                version_id=row[2],
                unit_id=row[3],
                unit=names[row[3]].full_name,
                due_at=row[4],
                promised_at=row[5],
                step=row[6] or "",
                assignee_name=row[7] or "",
                duty=row[8] or "",
            )
            for row in cursor.fetchall()
        ]


def late_by_duty(unit_ids: frozenset[int], *, now: datetime) -> list[tuple[str, int]]:
    """(duty, late dossiers waiting for it), the most first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_LATE_STEPS, {"units": list(unit_ids), "now": now})
        return list(cursor.fetchall())


def fold_tally() -> None:
    """Fold the changes into the counts; run by the worker every minute. Readers see the same sums before and after."""
    with connection.cursor() as cursor:
        cursor.execute(FOLD)
