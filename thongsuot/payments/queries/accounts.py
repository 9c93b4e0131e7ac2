"""Receiving accounts: of which units, in which state, and how many are ready day by day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from thongsuot.kernel.text import sort_key
from thongsuot.kernel.working_time import start_of
from thongsuot.payments.models import FeeAccount
from thongsuot.units import queries as units
from thongsuot.units.queries import UnitRow

DAYS = 14


@dataclass(frozen=True, kw_only=True)
class AccountRow:
    unit: UnitRow
    account: FeeAccount | None


@dataclass(frozen=True, kw_only=True)
class DayRow:
    """How many units had a configured account at the end of a day."""

    day: date
    new: int
    ready: int
    left: int


def accounts_of(unit_ids: Collection[int], *, on: date) -> list[AccountRow]:
    """One row a unit, those without an account first, by name."""
    held = {row.unit_id: row for row in FeeAccount.objects.filter(unit__in=unit_ids).exclude(state=FeeAccount.State.CLOSED)}
    order = {state: place for place, state in enumerate(("", "declared", "on_platform", "configured"))}
    rows = [AccountRow(unit=row, account=held.get(row.id)) for row in units.unit_rows(unit_ids, as_of=on).values()]
    return sorted(rows, key=lambda row: (order[row.account.state if row.account else ""], sort_key(row.unit.name)))


def ready_on(unit_ids: Collection[int], day: date) -> frozenset[int]:
    """The units that could be paid online on the evening of a day: their account was proved and not closed. One query."""
    evening = start_of(day + timedelta(days=1))
    proved = FeeAccount.objects.filter(unit__in=unit_ids, configured_at__lt=evening)
    return frozenset(proved.exclude(closed_at__lt=evening).values_list("unit_id", flat=True))


def progress(unit_ids: Collection[int], *, until: date, days: int = DAYS) -> list[DayRow]:
    """Day by day, the last one `until`: a unit is ready from the day of its test until the day its account is closed."""
    spans = FeeAccount.objects.filter(unit__in=unit_ids, configured_at__isnull=False).values_list(
        "unit_id", "configured_at", "closed_at"
    )
    ready: dict[int, list[tuple[date, date | None]]] = {}
    for unit_id, configured_at, closed_at in spans:
        closed = timezone.localdate(closed_at) if closed_at else None
        ready.setdefault(unit_id, []).append((timezone.localdate(configured_at), closed))
    rows: list[DayRow] = []
    before = 0
    for back in range(days, -1, -1):
        day = until - timedelta(days=back)
        count = sum(any(first <= day and (last is None or day < last) for first, last in spans) for spans in ready.values())
        if back < days:
            rows.append(DayRow(day=day, new=count - before, ready=count, left=len(unit_ids) - count))
        before = count
    return rows
