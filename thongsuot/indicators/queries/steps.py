"""Step by step: how much working time steps take against their limits, how many were late, how many wait now."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import connection
from django.utils import timezone

from thongsuot.indicators.counting import calendar_parameters
from thongsuot.indicators.queries.sums import Scope, total
from thongsuot.kernel.periods import Period
from thongsuot.people.rules import DUTIES
from thongsuot.units import queries as units

SAMPLE = 4000  # dossiers; more are looked at one in so many, which moves a median by less than a per cent or two


class By(StrEnum):
    """What steps are put together by."""

    DUTY = "viec"
    STEP = "buoc"
    UNIT = "don-vi"


# Whose time it was: the agency's whose leg the step ended in, or whose leg is open; the resolving unit's where one does all.
_WHOSE = """coalesce((SELECT l.unit_id FROM dossiers_leg l
                      WHERE l.dossier_id = r.dossier_id AND (l.finished_at IS NULL OR l.finished_at >= r.finished_at)
                      ORDER BY l.number LIMIT 1), f.unit_id)"""
# The columns of a group, and of an open run the same.
_GROUPS = {
    By.DUTY: "NULL::bigint, '', r.duty, NULL::bigint",
    By.STEP: "f.procedure_id, r.name, r.duty, NULL::bigint",
    By.UNIT: f"NULL::bigint, '', r.duty, {_WHOSE}",
}
_DONE = """
WITH f AS (
  SELECT f.dossier_id, f.procedure_id, f.unit_id FROM indicators_fact f
   WHERE f.closed_on BETWEEN %(first)s AND %(last)s AND f.received_on IS NOT NULL AND f.dossier_id %% %(every)s = 0 AND {scope}
)
SELECT {group}, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY used.minutes),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY used.minutes), avg(r.minutes),
       count(*) FILTER (WHERE r.finished_at > r.due_at),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY 1.0 * used.minutes / r.minutes)
  FROM f
  JOIN dossiers_steprun r
    ON r.dossier_id = f.dossier_id AND r.minutes > 0 AND r.finished_at IS NOT NULL AND r.outcome <> 'ended'
  LEFT JOIN LATERAL (
    SELECT sum(indicators_minutes_before(least(p.ends_at, r.finished_at), %(off)s, %(worked)s, %(shifts)s)
             - indicators_minutes_before(greatest(p.starts_at, r.started_at), %(off)s, %(worked)s, %(shifts)s)) AS minutes
      FROM dossiers_pause p
     WHERE p.dossier_id = r.dossier_id AND p.starts_at < r.finished_at AND coalesce(p.ends_at, r.finished_at) > r.started_at
  ) stood ON true,
  LATERAL (
    SELECT greatest(0, indicators_minutes_before(r.finished_at, %(off)s, %(worked)s, %(shifts)s)
                     - indicators_minutes_before(r.started_at, %(off)s, %(worked)s, %(shifts)s)
                     - coalesce(stood.minutes, 0)) AS minutes
  ) used
 GROUP BY 1, 2, 3, 4
"""
_WAITING = """
SELECT {group}, count(*), count(*) FILTER (WHERE r.due_at < %(now)s)
  FROM indicators_fact f JOIN dossiers_steprun r ON r.dossier_id = f.dossier_id AND r.finished_at IS NULL
 WHERE f.closed_on IS NULL AND f.waiting_from IS NULL AND {scope}
 GROUP BY 1, 2, 3, 4
"""


@dataclass(frozen=True, kw_only=True)
class StepRow:
    """One kind of step. Minutes are of working time, pauses taken out; `waiting` and `waiting_late` are of now."""

    procedure_id: int | None
    unit_id: int | None
    name: str
    duty: str
    done: int = 0
    median: int | None = None
    p90: int | None = None
    limit: int | None = None
    used_share: float | None = None
    late: int = 0
    waiting: int = 0
    waiting_late: int = 0

    @property
    def duty_label(self) -> str:
        return str(DUTIES[self.duty].label) if self.duty in DUTIES else self.duty

    @property
    def late_share(self) -> float | None:
        return self.late * 100 / self.done if self.done else None

    @property
    def weight(self) -> tuple[float, ...]:
        """The worst bottleneck first: what is late and waits, then what was often late, then what takes its whole limit."""
        return (self.waiting_late, self.late, self.used_share or 0.0, self.done)


@dataclass(frozen=True, kw_only=True)
class Steps:
    rows: list[StepRow]
    every: int  # one dossier in so many was looked at


def steps(scope: Scope, period: Period, *, by: By, most: int = 100) -> Steps:
    """Steps of the dossiers closed in the period, the worst bottleneck first. Three queries, four in a running period."""
    every = max(1, -(-total(scope, period)["closed"] // SAMPLE))
    city = units.city_of(next(iter(scope.unit_ids)))
    parameters: dict[str, Any] = {
        **scope.parameters,
        **calendar_parameters(units.working_calendar(city, on=timezone.localdate(period.as_of))),
        **period.parameters,
        "every": every,
    }
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_DONE.format(group=_GROUPS[by], scope=scope.condition()), parameters)
        for *key, done, median, p90, limit, late, share in cursor.fetchall():
            found[tuple(key)] = {
                "done": done,
                "median": round(median),
                "p90": round(p90),
                "limit": round(limit),
                "late": late,
                "used_share": float(share) * 100,
            }
        cursor.execute(_WAITING.format(group=_GROUPS[by], scope=scope.condition()), parameters)
        for *key, waiting, late in cursor.fetchall():
            found.setdefault(tuple(key), {}).update(waiting=waiting, waiting_late=late)
    rows = [
        StepRow(procedure_id=procedure_id, name=name, duty=duty, unit_id=unit_id, **values)
        for (procedure_id, name, duty, unit_id), values in found.items()
    ]
    return Steps(rows=sorted(rows, key=lambda row: row.weight, reverse=True)[:most], every=every)
