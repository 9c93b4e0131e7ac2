"""Filling staffing: the catalogue of positions and the rates of leave cases, from our own files. Again: nothing changes."""

from __future__ import annotations

import csv
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from thongsuot.kernel.actor import Actor, system
from thongsuot.staffing import actions
from thongsuot.staffing.models import JobPosition, LeaveRate

_DATA = Path(__file__).parent / "data"


def load(*, at: datetime, actor: Actor | None = None) -> int:
    """How many positions and rates came. What is there already, as an administrator may have edited it, stays."""
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


def _rates(actor: Actor, at: datetime) -> int:
    known = set(LeaveRate.objects.values_list("code", "valid_from"))
    wanted = [rate for rate in map(_rate, _rows("leave_rates.csv")) if (rate.code, rate.valid_from) not in known]
    for rate in wanted:
        actions.put_rate(rate, actor=actor, at=at)
    return len(wanted)


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
