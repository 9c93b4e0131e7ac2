"""Base amounts and groups as the data files state them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent.parent / "data"


@dataclass(frozen=True, kw_only=True)
class BaseFact:
    amount_dong: int
    valid_from: date
    valid_to: date | None
    basis: str
    checked: bool


@dataclass(frozen=True, kw_only=True)
class GroupRow:
    code: str
    kind: str
    name: str
    coefficient: Decimal | None
    valid_from: date
    valid_to: date | None
    basis: str
    checked: bool
    becomes: str  # the code of the group that takes its place from `valid_to` on


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two social groups that one person may be in at once."""

    first: str
    second: str
    valid_from: date
    valid_to: date | None
    basis: str
    checked: bool


def shipped_bases() -> list[BaseFact]:
    return [BaseFact(amount_dong=int(row["amount_dong"]), **_dated(row)) for row in _rows("bases.csv")]


def shipped_groups() -> list[GroupRow]:
    return [
        GroupRow(
            code=row["code"],
            kind=row["kind"],
            name=row["name"],
            coefficient=Decimal(row["coefficient"]) if row["coefficient"] else None,
            becomes=row["becomes"],
            **_dated(row),
        )
        for row in _rows("groups.csv")
    ]


@cache
def _pairs() -> list[Pair]:
    return [Pair(first=row["first"], second=row["second"], **_dated(row)) for row in _rows("pairs.csv")]


def pairs_on(month: date) -> list[Pair]:
    """Those that hold in the month."""
    return [one for one in _pairs() if one.valid_from <= month and (one.valid_to is None or month < one.valid_to)]


def _dated(row: Mapping[str, str]) -> dict[str, Any]:
    return {
        "valid_from": date.fromisoformat(row["valid_from"]),
        "valid_to": date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        "basis": row["basis"],
        "checked": row["checked"] == "1",
    }


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
