"""Sums over a scope and a period: from the totals of days where there are any for the scope, else from the facts themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from thongsuot.indicators import measures
from thongsuot.kernel.periods import Period


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Whose dossiers: of these resolving units; of these procedures only; in which this person did a step."""

    unit_ids: frozenset[int]
    procedure_ids: frozenset[int] | None = None
    person_id: int | None = None
    whole_city: bool = False  # unit_ids are all there are: then the totals by procedure serve

    @property
    def parameters(self) -> dict[str, Any]:
        return {"units": sorted(self.unit_ids), "procedures": sorted(self.procedure_ids or ()), "person": self.person_id}

    def condition(self, alias: str = "f") -> str:
        """About a row of indicators_fact; with `parameters`, and the period's for a person."""
        conditions = [f"{alias}.unit_id = ANY(%(units)s)"]
        if self.procedure_ids is not None:
            conditions.append(f"{alias}.procedure_id = ANY(%(procedures)s)")
        if self.person_id is not None:
            conditions.append(
                f"{alias}.dossier_id IN (SELECT r.dossier_id FROM dossiers_steprun r WHERE r.assignee_id = %(person)s"  # noqa: S608
                " AND r.started_at < %(ends_at)s AND (r.finished_at IS NULL OR r.finished_at >= %(starts_at)s))"
            )
        return " AND ".join(conditions)


_KNOWN = frozenset(measures.SUM_NAMES)


@dataclass(frozen=True)
class Sums(Mapping[str, int]):
    """The measures over a period and the sums of all days before; and what follows from them."""

    values_by_name: Mapping[str, int] = field(default_factory=dict)
    still_in_time: int = 0  # late some time after now, within a period that is not over

    def __getitem__(self, name: str) -> int:
        if name not in _KNOWN:
            raise KeyError(name)
        return self.values_by_name.get(name, 0)

    def __iter__(self) -> Any:
        return iter(measures.SUM_NAMES)

    def __len__(self) -> int:
        return len(measures.SUM_NAMES)

    @property
    def carried(self) -> int:
        """Received before the period and open when it began."""
        return self["received_before"] - self["closed_before"]

    @property
    def of_period(self) -> int:
        """Received or processed in the period."""
        return self.carried + self["received"]

    @property
    def open(self) -> int:
        return self["received_ever"] - self["closed_ever"]

    @property
    def open_in_time(self) -> int:
        return self["received_ever"] - self["left_in_time_ever"] + self.still_in_time

    @property
    def open_late(self) -> int:
        return self.open - self.open_in_time

    @property
    def in_time(self) -> int:
        """The numerator of item 2.1: closed in time in the period, and open and in time at its end."""
        return self["closed_in_time"] + self.open_in_time

    @property
    def late(self) -> int:
        return self.of_period - self.in_time

    @property
    def resolved(self) -> int:
        return self["early"] + self["on_the_day"] + self["result_late"]

    @property
    def mean_hours(self) -> float | None:
        """Item 2.2: working hours from reception to the result, without the time the clock stood."""
        return self["spent_minutes"] / 60 / self.resolved if self.resolved else None

    @property
    def waiting_before(self) -> int:
        """Filed online before the period and not answered when it began."""
        return self["submitted_before"] - self["accepted_before"] - self["refused_before"] - self["dropped_before"]

    @property
    def waiting(self) -> int:
        return self["submitted_ever"] - self["accepted_ever"] - self["refused_ever"] - self["dropped_ever"]


def total(scope: Scope, period: Period) -> Sums:
    """One line of sums. One query, two while the period is not over."""
    return grouped(scope, period, by=None).get(0, Sums())


def by_unit(scope: Scope, period: Period) -> dict[int, Sums]:
    """Sums per resolving unit; units without anything ever are absent."""
    return grouped(scope, period, by="unit_id")


def by_procedure(scope: Scope, period: Period) -> dict[int, Sums]:
    return grouped(scope, period, by="procedure_id")


def grouped(scope: Scope, period: Period, *, by: str | None) -> dict[int, Sums]:
    """Sums by a column of the facts, or one under 0. Two queries at most."""
    given, source, condition = _source(scope, by)
    parameters = {**scope.parameters, **period.parameters}
    key = by or "0"
    with connection.cursor() as cursor:
        cursor.execute(given + measures.sums(source, condition, key), parameters)
        found = {
            row[0]: measures.with_ever(dict(zip(measures.READ, (int(value) for value in row[1:]), strict=True)))
            for row in cursor.fetchall()
        }
    still = _still_in_time(scope, period, by=by)
    return {key: Sums(values, still.get(key, 0)) for key, values in found.items()}


def _still_in_time(scope: Scope, period: Period, *, by: str | None) -> dict[int, int]:
    """How many open ones will be late when the period ends and are not yet: by a column, or under 0. None when it is over."""
    if period.is_over:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {by or '0'}, count(*) FROM indicators_fact f WHERE f.closed_on IS NULL AND f.late_at >= %(now)s"  # noqa: S608
            f" AND f.left_on <= %(last)s AND {scope.condition()}{f' GROUP BY {by}' if by else ''}",
            {**scope.parameters, **period.parameters},
        )
        return dict(cursor.fetchall())


def _source(scope: Scope, by: str | None) -> tuple[str, str, str]:
    """(what stands before the statement, a table of days, a condition): totals when they can tell, else parts of the facts."""
    if scope.person_id is None and scope.procedure_ids is None and by in (None, "unit_id"):
        return "", "indicators_unitday", "unit_id = ANY(%(units)s)"
    if scope.person_id is None and scope.whole_city and by in (None, "procedure_id"):
        return "", "indicators_procedureday", "true" if scope.procedure_ids is None else "procedure_id = ANY(%(procedures)s)"
    facts = f"SELECT * FROM indicators_fact f WHERE {scope.condition()}"  # noqa: S608
    return f"WITH f AS ({facts}), parts AS ({measures.parts()})", "parts", "true"


@dataclass(frozen=True, kw_only=True)
class DayRow:
    """One day of a series."""

    day: date
    sums: Sums


def by_day(scope: Scope, period: Period) -> list[DayRow]:
    """Each day of the period, with the sums until its evening. One query, two while the period is not over."""
    given, source, condition = _source(scope, None)
    parameters = {**scope.parameters, **period.parameters}
    with connection.cursor() as cursor:
        cursor.execute(given + measures.of_days(source, condition), parameters)
        found = {
            row[0]: dict(zip(measures.NAMES, (int(value or 0) for value in row[1:]), strict=True)) for row in cursor.fetchall()
        }
    still = 0
    if not period.is_over:
        today = replace(period, last=min(period.last, timezone.localdate(period.now)))
        still = _still_in_time(scope, today, by=None).get(0, 0) if today.first <= today.last else 0
    before = found.get(period.first - timedelta(days=1), {})
    ever = {name: before.get(name, 0) for name in measures.EVER}
    rows = []
    for number in range(period.days):
        day = period.first + timedelta(days=number)
        if day > timezone.localdate(period.now):
            break
        values = dict(found.get(day, {}))
        for name in measures.EVER:
            values[f"{name}_before"] = ever[name]
        for name in measures.EVER:
            ever[name] += values.get(name, 0)
            values[f"{name}_ever"] = ever[name]
        is_today = day == timezone.localdate(period.now)
        rows.append(DayRow(day=day, sums=Sums(values, still if is_today else 0)))
    return rows
