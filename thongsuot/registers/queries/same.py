"""Who stands in the registers already: the same event, a marriage that still holds."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from thongsuot.kernel.text import search_key
from thongsuot.registers.models import Annotation, Entry, EntryPerson, Kind, Role
from thongsuot.registers.rules import drafts
from thongsuot.registers.rules.drafts import EntryDraft


@dataclass(frozen=True, kw_only=True)
class SameRow:
    """An entry that seems to be about the same. `unit_id`: who keeps it; `ended`: a marriage with a divorce noted."""

    id: int
    kind: str
    number: str
    book: str
    year: int
    place: str
    unit_id: int
    ended: bool = False


def same_event(draft: EntryDraft, *, limit: int = 10) -> list[SameRow]:
    """Entries anywhere that seem to hold this event, and for a couple marriages of either that still stand. Two queries."""
    key = drafts.person_key(draft)
    found = list(_entries(Entry.objects.filter(person_key=key), limit)) if key else []
    if draft.kind == Kind.MARRIAGE and not draft.again:
        for person in draft.people:
            found += [
                row
                for row in marriages_of(name=person.full_name, born=person.born, id_number=person.id_number, limit=limit)
                if not row.ended
            ]
    return list({row.id: row for row in found}.values())[:limit]


def marriages_of(*, name: str, born: str, id_number: str, limit: int = 20) -> list[SameRow]:
    """Marriages, here and now in these registers, of a person known by number, or by name and whole day of birth. Two queries.

    None found proves nothing: registers of other places, and books not brought in, are not here.
    """
    who = Q(pk__in=[])
    if id_number:
        who |= Q(id_number=id_number)
    if name and len(born) >= 4:
        who |= Q(search_name=search_key(name), born__in=[born, born[:4], born[:7]])
    people = EntryPerson.objects.filter(who, role__in=[Role.WIFE, Role.HUSBAND]).values_list("entry_id", flat=True)[: limit * 3]
    ids = set(people)
    if not ids:
        return []
    divorced = set(Annotation.objects.filter(entry_id__in=ids, sort=Annotation.Sort.DIVORCE).values_list("entry_id", flat=True))
    return [
        SameRow(**{**row.__dict__, "ended": row.id in divorced})
        for row in _entries(Entry.objects.filter(pk__in=ids, kind=Kind.MARRIAGE), limit)
    ]


def _entries(entries: QuerySet[Entry], limit: int) -> list[SameRow]:
    rows = entries.exclude(state=Entry.State.CANCELLED).select_related("book").order_by("-id")[:limit]
    return [
        SameRow(
            id=row.pk,
            kind=row.kind,
            number=str(row),
            book=row.book.name,
            year=row.book.year,
            place=row.place,
            unit_id=row.keeper_id,
        )
        for row in rows
    ]


def entries_with_key(person_key: str, *, keeper_id: int, limit: int = 10) -> list[SameRow]:
    """Entries of one keeper about the same event of the same person. One query."""
    return _entries(Entry.objects.filter(person_key=person_key, keeper_id=keeper_id), limit)


def rows_of(entry_ids: list[int]) -> list[SameRow]:
    """Those entries again, to be shown. One query."""
    return _entries(Entry.objects.filter(pk__in=entry_ids), len(entry_ids))
