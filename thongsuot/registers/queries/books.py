"""Books: which there are, how whole they are, what stands in them; and the figures of imports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, Max, Min, OuterRef, QuerySet, Sum

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound
from thongsuot.numbering.models import CancelledNumber
from thongsuot.registers.models import Book, Entry, EntryPerson, ImportRow, Kind, Proposal, RegisterImport
from thongsuot.registers.queries.search import FoundRow, Wanted, rows_of
from thongsuot.registers.rules import DUTY
from thongsuot.units import queries as units

MOST_MISSING = 200


@dataclass(frozen=True, kw_only=True)
class BookRow:
    """`missing`: how many numbers between the first and the last have no entry."""

    id: int
    kind_label: str
    year: int
    name: str
    place: str
    keeper: str
    own: bool
    entries: int
    first: int
    last: int
    missing: int


def books_count(*, keeper_ids: frozenset[int], kind: str = "", year: int = 0) -> int:
    return _books(keeper_ids, kind, year).count()


def books(*, keeper_ids: frozenset[int], kind: str = "", year: int = 0, on: date, limit: int, offset: int) -> list[BookRow]:
    """The latest year first. Two queries."""
    rows = list(
        _books(keeper_ids, kind, year)
        .order_by("-year", "kind", "place_key", "name", "id")
        .annotate(
            entries_count=Count("entries"),
            numbers=Count("entries__number", distinct=True),
            first=Min("entries__number"),
            last=Max("entries__number"),
        )[offset : offset + limit]
    )
    keepers = units.unit_rows({row.keeper_id for row in rows}, as_of=on)
    return [_row(row, keepers[row.keeper_id].full_name) for row in rows]


def _books(keeper_ids: frozenset[int], kind: str, year: int) -> QuerySet[Book]:
    found = Book.objects.filter(keeper_id__in=keeper_ids)
    if kind in Kind.values:
        found = found.filter(kind=kind)
    return found.filter(year=year) if year else found


def _row(book: Book, keeper: str) -> BookRow:
    first, last = book.first or 0, book.last or 0  # type: ignore[attr-defined]  # annotated
    return BookRow(
        id=book.pk,
        kind_label=str(Kind(book.kind).label),
        year=book.year,
        name=book.name,
        place=book.place_name,
        keeper=keeper,
        own=book.origin == Book.Origin.OWN,
        entries=book.entries_count,  # type: ignore[attr-defined]  # annotated
        first=first,
        last=last,
        missing=max(0, last - book.numbers) if last else 0,  # type: ignore[attr-defined]  # annotated
    )


def book_for(book_id: int, *, actor: Actor) -> Book:
    """The one guarded way to a book. Raises NotFound."""
    book = Book.objects.filter(pk=book_id).first()
    if book is None or not actor.may(DUTY, unit_id=book.keeper_id):
        raise NotFound
    return book


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Numbers from `first` to `last` that stand in no entry of the book."""

    first: int
    last: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, kw_only=True)
class Wholeness:
    """What a book has of the numbers from 1 to its last. `cut`: there are more gaps than listed."""

    entries: int
    last: int
    missing: int
    gaps: tuple[Gap, ...]
    cut: bool


def wholeness(book: Book) -> Wholeness:
    """One query, two for a book of ours: there a cancelled number is no gap."""
    numbers = sorted(set(Entry.objects.filter(book=book).values_list("number", flat=True)))
    if book.origin == Book.Origin.OWN and book.place_id is not None:  # whose series it was, whoever keeps it now
        cancelled = CancelledNumber.objects.filter(
            series__kind=f"civil-{book.kind}", series__unit_id=book.place_id, series__bucket=str(book.year)
        ).values_list("number", flat=True)
        numbers = sorted({*numbers, *cancelled})
    gaps: list[Gap] = []
    expected = 1
    for number in numbers:
        if number > expected:
            gaps.append(Gap(first=expected, last=number - 1))
        expected = number + 1
    return Wholeness(
        entries=len(numbers),
        last=numbers[-1] if numbers else 0,
        missing=sum(gap.count for gap in gaps),
        gaps=tuple(gaps[:MOST_MISSING]),
        cut=len(gaps) > MOST_MISSING,
    )


def page_of_book(book: Book, *, limit: int, offset: int) -> list[FoundRow]:
    """Masked, in the order of their numbers. Three queries."""
    ids = list(
        Entry.objects.filter(book=book).order_by("number", "suffix").values_list("pk", flat=True)[offset : offset + limit]
    )
    rows = {row.id: row for row in rows_of(ids, Wanted())}
    return [rows[pk] for pk in ids]


def whole_book(book: Book, *, first: int = 1, last: int = 10**7) -> Iterator[tuple[Entry, list[EntryPerson]]]:
    """In full, in the order of numbers, a thousand at a time: for print and export, after the reason was noted."""
    entries = Entry.objects.filter(book=book, number__gte=first, number__lte=last).order_by("number", "suffix")
    offset = 0
    while batch := list(entries.prefetch_related("people", "annotations")[offset : offset + 1000]):
        for entry in batch:
            yield entry, sorted((one for one in entry.people.all() if one.annotation_id is None), key=lambda one: one.pk)
        offset += 1000


@dataclass(frozen=True, kw_only=True)
class FigureRow:
    """What came in of one unit, kind and year of sending. rows = good + stored + to_correct + rejected."""

    unit: str
    kind_label: str
    year: int
    files: int
    rows: int
    waiting: int
    stored: int
    to_correct: int
    rejected: int

    @property
    def adds_up(self) -> bool:
        return self.rows == self.waiting + self.stored + self.to_correct + self.rejected


def figures(*, keeper_ids: frozenset[int], on: date) -> list[FigureRow]:
    """Per unit and kind, of every file that was read. One query, and names."""
    rows = (
        RegisterImport.objects.filter(unit_id__in=keeper_ids, status__in=["previewed", "storing", "done"])
        .values("unit_id", "kind", "sent_at__year")
        .annotate(
            files=Count("id"),
            received=Sum("rows_in"),
            waiting=Sum("good"),
            kept=Sum("stored"),
            unclear=Sum("to_correct"),
            out=Sum("rejected"),
        )
        .order_by("kind", "-sent_at__year")
    )
    found = list(rows)
    names = units.unit_rows({row["unit_id"] for row in found}, as_of=on)
    made = [
        FigureRow(
            unit=names[row["unit_id"]].full_name,
            kind_label=str(Kind(row["kind"]).label),
            year=row["sent_at__year"],
            files=row["files"],
            rows=row["received"],
            waiting=row["waiting"],
            stored=row["kept"],
            to_correct=row["unclear"],
            rejected=row["out"],
        )
        for row in found
    ]
    return sorted(made, key=lambda row: (row.unit, row.kind_label, -row.year))


@dataclass(frozen=True, kw_only=True)
class ByYear:
    """What is in the registers of one unit and kind, by the year of the book."""

    unit: str
    kind_label: str
    year: int
    books: int
    entries: int


def by_year(*, keeper_ids: frozenset[int], on: date, limit: int = 500) -> list[ByYear]:
    """One query, and names."""
    rows = list(
        Book.objects.filter(keeper_id__in=keeper_ids)
        .values("keeper_id", "kind", "year")
        .annotate(books=Count("id", distinct=True), stored=Count("entries"))
        .order_by("-year", "kind", "keeper_id")[:limit]
    )
    names = units.unit_rows({row["keeper_id"] for row in rows}, as_of=on)
    return [
        ByYear(
            unit=names[row["keeper_id"]].full_name,
            kind_label=str(Kind(row["kind"]).label),
            year=row["year"],
            books=row["books"],
            entries=row["stored"],
        )
        for row in rows
    ]


def import_for(import_id: int, *, actor: Actor) -> RegisterImport:
    """The one guarded way to an import. Raises NotFound."""
    found = RegisterImport.objects.filter(pk=import_id).select_related("file__blob").first()
    if found is None or not actor.may(DUTY, unit_id=found.unit_id):
        raise NotFound
    return found


def imports(*, keeper_ids: frozenset[int], limit: int = 30) -> list[RegisterImport]:
    return list(RegisterImport.objects.filter(unit_id__in=keeper_ids).order_by("-sent_at", "-id")[:limit])


def may_decide(actor: Actor, unit_id: int) -> bool:
    """Whoever keeps the registers, and the head who reviews what officers draft."""
    return actor.may(DUTY, unit_id=unit_id) or actor.may("review dossiers", unit_id=unit_id)


@dataclass(frozen=True, kw_only=True)
class CorrectionRow:
    id: int
    file_name: str
    place: int
    kind_label: str
    reasons: tuple[str, ...]
    proposed_by: str
    proposed_at: datetime | None


def corrections_count(*, keeper_ids: frozenset[int]) -> int:
    return _corrections(keeper_ids).count()


def _corrections(keeper_ids: frozenset[int]) -> QuerySet[ImportRow]:
    return ImportRow.objects.filter(
        source__unit_id__in=keeper_ids, source__status=RegisterImport.Status.DONE, state=ImportRow.State.DOUBTFUL
    )


def corrections(*, keeper_ids: frozenset[int], limit: int, offset: int) -> list[CorrectionRow]:
    """Those with a proposal first: one word of a second person ends them. Two queries."""
    open_proposal = Proposal.objects.filter(row=OuterRef("pk"), outcome="")
    rows = list(
        _corrections(keeper_ids)
        .annotate(proposed=Exists(open_proposal))
        .select_related("source")
        .order_by("-proposed", "source_id", "place")[offset : offset + limit]
    )
    proposals = {one.row_id: one for one in Proposal.objects.filter(row__in=rows, outcome="")}
    return [
        CorrectionRow(
            id=row.pk,
            file_name=row.source.file_name,
            place=row.place,
            kind_label=str(Kind(row.source.kind).label),
            reasons=tuple(row.reasons),
            proposed_by=proposals[row.pk].proposed_by_name if row.pk in proposals else "",
            proposed_at=proposals[row.pk].proposed_at if row.pk in proposals else None,
        )
        for row in rows
    ]


def correction_for(row_id: int, *, actor: Actor) -> ImportRow:
    """The one guarded way to a row. Raises NotFound."""
    row = ImportRow.objects.filter(pk=row_id, source__status=RegisterImport.Status.DONE).select_related("source").first()
    if row is None or not may_decide(actor, row.source.unit_id):
        raise NotFound
    return row


def covered(*, keeper_id: int, kind: str = Kind.MARRIAGE) -> tuple[int, int, int] | None:
    """(first year, last year, books) of what is here of a kind; None when nothing is. Says how far "not found" reaches."""
    told = Book.objects.filter(keeper_id=keeper_id, kind=kind).aggregate(first=Min("year"), last=Max("year"), books=Count("id"))
    return (told["first"], told["last"], told["books"]) if told["books"] else None
