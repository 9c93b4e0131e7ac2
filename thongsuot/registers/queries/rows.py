"""Rows of an import, as a preview and as a report; masked like everything in a list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from thongsuot.kernel.text import masked_name, number
from thongsuot.registers.models import ImportRow, Kind, RegisterImport
from thongsuot.registers.rules import reasons
from thongsuot.registers.rules.columns import named_columns

TAGS = {"good": "done", "doubtful": "wait", "rejected": "bad", "stored": "done"}


@dataclass(frozen=True, kw_only=True)
class RowShown:
    id: int
    place: int
    tag: str
    label: str
    number: str
    name: str
    why: tuple[str, ...]
    entry_id: int | None
    waits: bool


def count(found: RegisterImport, *, state: str) -> int:
    return _rows(found, state).count()


def _rows(found: RegisterImport, state: str) -> QuerySet[ImportRow]:
    rows = ImportRow.objects.filter(source=found)
    return rows.filter(state=state) if state else rows


def rows(found: RegisterImport, *, state: str, limit: int, offset: int) -> list[RowShown]:
    """In the order of the file. One query."""
    names = [column.key for column in named_columns(Kind(found.kind))]
    shown = []
    for row in _rows(found, state).select_related("entry").order_by("place")[offset : offset + limit]:
        said = [masked_name(str(row.cells.get(key, ""))) for key in names if row.cells.get(key)]
        shown.append(
            RowShown(
                id=row.pk,
                place=row.place,
                tag=TAGS[row.state],
                label=str(ImportRow.State(row.state).label),
                number=str(row.entry) if row.entry else str(row.cells.get("number", "")),
                name=", ".join(said),
                why=tuple(reasons.in_words(row.reasons)),
                entry_id=row.entry_id,
                waits=row.state == ImportRow.State.DOUBTFUL and found.status == RegisterImport.Status.DONE,
            )
        )
    return shown


def rejected(found: RegisterImport) -> Iterator[ImportRow]:
    return iter(
        ImportRow.objects.filter(source=found, state=ImportRow.State.REJECTED).order_by("place").iterator(chunk_size=2000)
    )


def by_reason(found: RegisterImport) -> list[tuple[str, int]]:
    """(code, rows) of those that are not simply good, the commonest first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reason, count(*) FROM registers_importrow, unnest(reasons) reason"
            " WHERE source_id = %s AND state IN ('doubtful', 'rejected') GROUP BY reason ORDER BY count(*) DESC, reason",
            [found.pk],
        )
        return [(code, total) for code, total in cursor.fetchall()]


def filters(found: RegisterImport, *, state: str, path: str) -> list[dict[str, Any]]:
    """Tabs over the rows."""
    counts = {
        "": found.rows_in,
        "good": found.good,
        "stored": found.stored,
        "doubtful": found.to_correct,
        "rejected": found.rejected,
    }
    labels = {"": _("Tất cả"), **{value: str(label) for value, label in ImportRow.State.choices}}
    return [
        {"text": labels[key], "href": f"{path}?loc={key}" if key else path, "count": number(total), "current": key == state}
        for key, total in counts.items()
        if total or not key
    ]
