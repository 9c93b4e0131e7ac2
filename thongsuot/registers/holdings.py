"""What a unit that ends holds of civil status: its books, whole, and imports that are not done (units.moves)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.actor import Actor
from thongsuot.registers import events
from thongsuot.registers.models import Book, ImportRow, RegisterImport
from thongsuot.units.moves import Held, Moved, Rows, register, stays


class Books(Rows):
    """A book is never divided: one successor keeps it and issues from it. The ended unit's own book closes with it."""

    key = "registers.books"
    label = _("Sổ hộ tịch")
    columns = ("registers.Book.keeper", "registers.Entry.keeper", "registers.EntryPerson.keeper")
    unit_path = "keeper_id"
    moved, moved_back = events.BOOK_MOVED, events.BOOK_MOVED_BACK

    def rows(self) -> QuerySet[Book]:
        return Book.objects.all()

    def thing(self, row: Any, unit_id: int) -> Held:
        return Held(id=row.pk, unit_id=unit_id, label=f"{row.get_kind_display()} {row.name}"[:80], about=str(row.year))

    def give(self, row: Any, to_unit_id: int, *, actor: Actor, at: datetime) -> dict[str, object]:
        was: dict[str, object] = {"closed_on": row.closed_on.isoformat() if row.closed_on else None}
        if row.closed_on is None and row.origin == Book.Origin.OWN:
            row.closed_on = row.keeper.valid_to
        _put(row, to_unit_id)
        return was

    def restore(self, row: Any, one: Moved) -> None:
        row.closed_on = one.was["closed_on"]
        _put(row, one.from_unit_id)


def _put(book: Book, unit_id: int) -> None:
    """The book with all its entries and their persons: lists and searches go by their keeper."""
    book.keeper_id = unit_id
    book.save(update_fields=["keeper", "closed_on"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT registers_keep_book(%s, %s)", [book.pk, unit_id])


class Imports(Rows):
    """Old registers on their way in, and rows of them that wait for a person's word."""

    key = "registers.imports"
    label = _("Sổ cũ đang nhập, dòng chờ sửa")
    columns = ("registers.RegisterImport.unit",)
    follows = ("registers.books",)
    unit_path = "unit_id"
    moved, moved_back = events.IMPORT_MOVED, events.IMPORT_MOVED_BACK

    def rows(self) -> QuerySet[RegisterImport]:
        Status = RegisterImport.Status  # noqa: N806 - a class
        under_way = Q(status__in=[Status.READING, Status.PREVIEWED, Status.STORING])
        waits = ImportRow.objects.filter(state=ImportRow.State.DOUBTFUL).values("source_id")
        return RegisterImport.objects.filter(under_way | Q(status=Status.DONE, pk__in=waits))

    def found(self, ids: Any) -> QuerySet[RegisterImport]:
        return RegisterImport.objects.filter(pk__in=list(ids))

    def thing(self, row: Any, unit_id: int) -> Held:
        return Held(id=row.pk, unit_id=unit_id, label=row.file_name[:80])

    def give(self, row: Any, to_unit_id: int, *, actor: Actor, at: datetime) -> dict[str, object]:
        """Two units may have sent the same file: among those of the successor it is told apart by its id."""
        was: dict[str, object] = {"sha256": row.sha256}
        if RegisterImport.objects.filter(unit=to_unit_id, kind=row.kind, sha256=row.sha256).exists():
            row.sha256 = f"moved {row.pk}"
        row.unit_id = to_unit_id
        row.save(update_fields=["unit", "sha256"])
        return was

    def restore(self, row: Any, one: Moved) -> None:
        row.unit_id, row.sha256 = one.from_unit_id, one.was["sha256"]
        row.save(update_fields=["unit", "sha256"])


register(Books())
register(Imports())
stays("registers.Book.place", "where the book was kept when it was written: printed on every extract")
stays("registers.Proposal.place_unit", "the place a person read in an old row")
