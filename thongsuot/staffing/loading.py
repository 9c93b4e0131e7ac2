"""Filling staffing: the catalogue of positions and the rates of leave cases, from our own files. Again: nothing new."""

from __future__ import annotations

import csv
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from thongsuot.kernel.actor import Actor, system
from thongsuot.staffing import actions
from thongsuot.staffing.actions.errors import RateDiffers
from thongsuot.staffing.models import JobPosition, LeaveRate

_DATA = Path(__file__).parent / "data"


def load(*, at: datetime, actor: Actor | None = None) -> int:
    """How many positions and rates came or changed. Positions that are there stay: an administrator may have edited them.

    Rates are kept in the file alone: ends, bases and ticks of known ones are carried over. Raises RatesOverlap, RateDiffers.
    """
    actor = actor or system("cli")
    return _positions(actor, at) + _rates(actor, at)


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _positions(actor: Actor, at: datetime) -> int:
    known = set(JobPosition.objects.values_list("code", flat=True))
    wanted = [row for row in _rows("positions.csv") if row["code"] not in known]
    for row in wanted:
        actions.put_position(
            row["code"],
            name=row["name"],
            group=row["group"],
            body_kind=row["body_kind"],
            title=row["title"],
            applies_to=row["applies_to"].split(),
            mandatory=row["mandatory"] == "1",
            headcount=int(row["headcount"]),
            party_managed=row["party_managed"] == "1",
            qualification=row["qualification"],
            fields=row["fields"].split(";"),
            checked=row["checked"] == "1",
            actor=actor,
            at=at,
        )
    return len(wanted)


# Other ones are another row, from another day.
_FIGURES = ("kind", "over_months", "upto_months", "month_from", "month_to", "quantity", "limit", "factor")


def _rates(actor: Actor, at: datetime) -> int:
    """Of known lines their ends, bases and ticks first: a line that ends makes room for the one that follows it."""
    known = {(rate.code, rate.valid_from): rate for rate in LeaveRate.objects.all()}
    said = list(map(_rate, _rows("leave_rates.csv")))
    changed = 0
    for rate in said:
        old = known.get((rate.code, rate.valid_from))
        if old is not None and any(getattr(old, name) != getattr(rate, name) for name in _FIGURES):
            raise RateDiffers(rate.code, rate.valid_from)
        wanted: dict[str, Any] = {"valid_to": rate.valid_to, "checked": rate.checked, "basis": rate.basis}
        if old is not None and any(getattr(old, name) != value for name, value in wanted.items()):
            actions.change_rate(old.pk, **wanted, actor=actor, at=at)
            changed += 1
    new = [rate for rate in said if (rate.code, rate.valid_from) not in known]
    for rate in new:
        actions.put_rate(rate, actor=actor, at=at)
    return changed + len(new)


def _rate(row: dict[str, str]) -> LeaveRate:
    def number(name: str) -> int | None:
        return int(row[name]) if row[name] else None

    return LeaveRate(
        code=row["code"],
        kind=row["kind"],
        place=int(row["place"]),
        label=row["label"],
        over_months=number("over_months"),
        upto_months=number("upto_months"),
        month_from=number("month_from"),
        month_to=number("month_to"),
        quantity=row["quantity"],
        limit=number("limit"),
        factor=Decimal(row["factor"]),
        basis=row["basis"],
        checked=row["checked"] == "1",
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
    )


def rates_of_file() -> list[LeaveRate]:
    """For tests of the rules, which need no database."""
    return [_rate(row) for row in _rows("leave_rates.csv")]
