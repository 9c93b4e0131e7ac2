"""Rows of an old register held against what is in the registers already. A few queries for every thousand rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from thongsuot.files.tables import TableRow
from thongsuot.kernel.text import one_line, search_key
from thongsuot.registers.models import Book, Entry, ImportRow, Kind
from thongsuot.registers.queries.places import Placed, placed
from thongsuot.registers.rules import drafts
from thongsuot.registers.rules.drafts import EntryDraft
from thongsuot.registers.rules.reasons import NEVER_STAND

_MOST_PLACES = 5_000


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What became of a row. `wrong`: {column: code}, for a form."""

    place: int
    cells: Mapping[str, str]
    state: ImportRow.State
    reasons: tuple[str, ...]
    draft: EntryDraft | None = None
    where: Placed | None = None
    number_key: str = ""
    person_key: str = ""
    fingerprint: str = ""
    wrong: Mapping[str, str] | None = None


class Checker:
    """Checks rows for one keeper and kind; remembers places between calls."""

    def __init__(self, *, kind: Kind, keeper_id: int, today: date, default_place: str = "", row_id: int | None = None) -> None:
        self.kind, self.keeper_id, self.today, self.default_place, self.row_id = kind, keeper_id, today, default_place, row_id
        self._places: dict[str, Placed] = {}

    def check(self, rows: Iterable[TableRow]) -> list[Checked]:
        """In the order of the rows. Five queries, whatever their number."""
        read = [(row, self._read(row)) for row in rows]
        known = _Known(
            [one for _row, one in read if one.state != ImportRow.State.REJECTED], keeper_id=self.keeper_id, row_id=self.row_id
        )
        return [known.judge(one) for _row, one in read]

    def check_one(
        self, cells: Mapping[str, str], *, where: Placed | None = None, settled: Collection[str] = (), place: int = 0
    ) -> Checked:
        """A row as an officer corrected it: `where` chosen, `settled` doubts left to stand."""
        one = self._read(TableRow(place, dict(cells)), where=where)
        if one.state == ImportRow.State.REJECTED:
            return one
        judged = _Known([one], keeper_id=self.keeper_id, row_id=self.row_id).judge(one)
        left = tuple(code for code in judged.reasons if code not in settled or code in NEVER_STAND)
        if judged.state == ImportRow.State.REJECTED:
            return judged
        return _with(judged, ImportRow.State.DOUBTFUL if left else ImportRow.State.GOOD, left)

    def _read(self, row: TableRow, where: Placed | None = None) -> Checked:
        print_of_row = drafts.fingerprint(self.kind, self.keeper_id, {**row.cells, "place": self._place_text(row.cells)})
        if row.rejected:
            return Checked(
                place=row.place,
                cells=row.cells,
                state=ImportRow.State.REJECTED,
                reasons=(row.rejected,),
                fingerprint=print_of_row,
            )
        read = drafts.read_cells(self.kind, row.cells, today=self.today, default_place=self.default_place)
        if read.rejected:
            return Checked(
                place=row.place,
                cells=row.cells,
                state=ImportRow.State.REJECTED,
                reasons=read.rejected,
                fingerprint=print_of_row,
                wrong=read.wrong,
            )
        where = where or self._where(read.draft.place)
        doubts = tuple(dict.fromkeys((*read.doubts, *([where.doubt] if where.doubt else []))))
        wrong = {**read.wrong, **({"place": where.doubt} if where.doubt else {})}
        return Checked(
            place=row.place,
            cells=row.cells,
            state=ImportRow.State.DOUBTFUL if doubts else ImportRow.State.GOOD,
            reasons=doubts,
            draft=read.draft,
            where=where,
            number_key=drafts.number_key(drafts.located(read.draft, where.name)),
            person_key=drafts.person_key(read.draft),
            fingerprint=print_of_row,
            wrong=wrong,
        )

    def _place_text(self, cells: Mapping[str, str]) -> str:
        return one_line(cells.get("place", "")) or self.default_place

    def _where(self, text: str) -> Placed:
        found = self._places.get(text)
        if found is None:
            if len(self._places) >= _MOST_PLACES:
                self._places.clear()
            found = self._places[text] = placed(text, keeper_id=self.keeper_id, today=self.today)
        return found


class _Known:
    """What the registers hold of a batch of rows: five queries."""

    def __init__(self, batch: Sequence[Checked], *, keeper_id: int, row_id: int | None) -> None:
        prints = {one.fingerprint for one in batch}
        keys = {one.person_key for one in batch if one.person_key}
        self.books = {
            (book.year, book.place_key, search_key(book.name)): book
            for book in Book.objects.filter(
                keeper_id=keeper_id,
                kind__in={one.draft.kind for one in batch if one.draft},
                year__in={one.draft.year for one in batch if one.draft},
            )
        }
        self.stored = set(Entry.objects.filter(fingerprint__in=prints).values_list("fingerprint", flat=True))
        waiting = ImportRow.objects.filter(
            fingerprint__in=prints, state=ImportRow.State.DOUBTFUL, source__status="done", source__unit_id=keeper_id
        )
        self.stored |= set(waiting.exclude(pk=row_id or 0).values_list("fingerprint", flat=True))
        self.people = set(
            Entry.objects.filter(person_key__in=keys).exclude(state=Entry.State.CANCELLED).values_list("person_key", flat=True)
        )
        ids = {book.pk for one in batch if (book := self.book_of(one)) is not None}
        numbers = {one.draft.number for one in batch if one.draft}
        self.taken = set(
            Entry.objects.filter(book_id__in=ids, number__in=numbers).values_list("book_id", "number", "suffix") if ids else ()
        )

    def book_of(self, one: Checked) -> Book | None:
        if one.draft is None or one.where is None:
            return None
        return self.books.get((one.draft.year, one.where.key, search_key(one.draft.book)))

    def judge(self, one: Checked) -> Checked:
        if one.state == ImportRow.State.REJECTED or one.draft is None:
            return one
        if one.fingerprint in self.stored:
            return _with(one, ImportRow.State.REJECTED, ("already",))
        more = []
        book = self.book_of(one)
        if book is not None and book.origin == Book.Origin.OWN:
            more.append("own_book")
        elif book is not None and (book.pk, one.draft.number, one.draft.suffix) in self.taken:
            more.append("number_taken")
        if one.person_key in self.people:
            more.append("person_known")
        return _with(one, ImportRow.State.DOUBTFUL, (*one.reasons, *more)) if more else one


def _with(one: Checked, state: ImportRow.State, reasons: Iterable[str]) -> Checked:
    return Checked(**{**one.__dict__, "state": state, "reasons": tuple(dict.fromkeys(reasons))})
