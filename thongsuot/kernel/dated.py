"""Giving a dated row a successor: nothing that held is overwritten."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from django.db.models import F, QuerySet

from thongsuot.kernel.periods import Dated

Row = TypeVar("Row", bound=Dated)


def change_from(rows: QuerySet[Row], day: date, owner: dict[str, Any], values: dict[str, Any]) -> Row:
    """From `day` on `values` hold, up to the next change that is already announced.

    rows      all rows of one owner, those that hold on no day count for nothing; `owner`: the fields that name it in a new row
    returns   the row that begins on `day`; a second change for the same day corrects the first
    """
    rows = rows.exclude(valid_to=F("valid_from"))
    same_day = rows.select_for_update().filter(valid_from=day).first()
    if same_day is not None:
        for field, value in values.items():
            setattr(same_day, field, value)
        same_day.save(update_fields=list(values))
        return same_day
    before = rows.select_for_update().filter(valid_from__lt=day).order_by("valid_from").last()
    after = rows.filter(valid_from__gt=day).order_by("valid_from").first()
    ends = after.valid_from if after else None
    if before is not None and (before.valid_to is None or before.valid_to > day):
        ends = before.valid_to
        before.valid_to = day
        before.save(update_fields=["valid_to"])
    return rows.create(**owner, **values, valid_from=day, valid_to=ends)


def missing_settings(model: type[Row], path: Path) -> list[Row]:
    """Rows of a file of dated numbers (key, value, valid_from, valid_to, checked, basis) whose key has none from that day."""
    known = set(model._default_manager.values_list("key", "valid_from"))
    with path.open(encoding="utf-8", newline="") as file:
        rows: list[Any] = [
            model(
                key=row["key"],
                value=int(row["value"]),
                valid_from=date.fromisoformat(row["valid_from"]),
                valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
                checked=row["checked"] == "1",
                basis=row["basis"],
            )
            for row in csv.DictReader(file)
        ]
    return [row for row in rows if (row.key, row.valid_from) not in known]


def take_out(rows: QuerySet[Row], row: Row) -> None:
    """What was announced and has not begun is announced no more: what it was to end holds on as long as it would have.

    rows   all rows of its owner, as for `change_from`
    """
    others = rows.exclude(pk=row.pk).exclude(valid_to=F("valid_from"))
    before = others.select_for_update().filter(valid_from__lt=row.valid_from, valid_to=row.valid_from).first()
    if before is not None:
        before.valid_to = row.valid_to
        before.save(update_fields=["valid_to"])
    row.delete()
