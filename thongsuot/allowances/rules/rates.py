"""Base amounts and groups as the data files state them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
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


def shipped_bases() -> list[BaseFact]:
    return [BaseFact(amount_dong=int(row["amount_dong"]), **_dated(row)) for row in _rows("bases.csv")]


def shipped_groups() -> list[GroupRow]:
    return [
        GroupRow(
            code=row["code"],
            kind=row["kind"],
            name=row["name"],
            coefficient=Decimal(row["coefficient"]) if row["coefficient"] else None,
            **_dated(row),
        )
        for row in _rows("groups.csv")
    ]


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
