"""The procedures that a unit resolves on a day, by field, with limit, price and how to file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from thongsuot.kernel.text import sort_key
from thongsuot.procedures import queries as procedures
from thongsuot.procedures.content import FeeRule
from thongsuot.procedures.queries.catalogue import CatalogueRow

A_SCREEN = 6  # lines that are read from some metres


@dataclass(frozen=True, kw_only=True)
class Offered:
    procedure: CatalogueRow
    fees: tuple[FeeRule, ...]


@dataclass(frozen=True, kw_only=True)
class FieldOffered:
    name: str
    rows: list[Offered]


def fields_offered(unit_id: int, *, on: date) -> list[FieldOffered]:
    """Fields and their procedures in Vietnamese order. Two queries."""
    rows = procedures.offered(unit_id=unit_id, on=on)
    fees = procedures.fee_rules([row.version_id for row in rows])
    found: dict[str, list[Offered]] = {}
    for row in rows:
        found.setdefault(row.field, []).append(Offered(procedure=row, fees=fees[row.version_id]))
    return [FieldOffered(name=name, rows=found[name]) for name in sorted(found, key=sort_key)]


def screens(fields: Sequence[FieldOffered]) -> list[list[tuple[str, Offered]]]:
    """(field, procedure) a page: as many as can be read."""
    lines = [(field.name, row) for field in fields for row in field.rows]
    return [lines[first : first + A_SCREEN] for first in range(0, len(lines), A_SCREEN)]
