"""What every way into the registers shares: the book, the entry, its persons."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b

from django.db import connection
from django.db.models import Value
from django.db.models.functions import Concat

from thongsuot.kernel.text import search_key
from thongsuot.registers.models import Book, Entry, EntryPerson, Kind
from thongsuot.registers.queries.checking import Checked
from thongsuot.registers.queries.places import Placed
from thongsuot.registers.rules import drafts
from thongsuot.registers.rules.drafts import EntryDraft

_LOCK = 0x48540000  # "HT": advisory locks of this capability


def hold_keeper(keeper_id: int) -> None:
    """Imports and corrections of one keeper come one after the other, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, keeper_id])


def hold_people(draft: EntryDraft) -> None:
    """Two entries about the same person at the same instant: the second sees the first. Of a couple each is such a person."""
    keys = {drafts.person_key(draft)}
    if draft.kind == Kind.MARRIAGE:
        # By name and year: `same.marriages_of` takes a day known only in part for the same.
        said = (f"{search_key(one.full_name)} {one.born[:4]}" for one in draft.people)
        keys |= {blake2b(one.encode(), digest_size=16).hexdigest() for one in said}
        # Known by number as well, whatever the name.
        numbers = (one.id_number for one in draft.people if one.id_number)
        keys |= {blake2b(one.encode(), digest_size=16).hexdigest() for one in numbers}
    with connection.cursor() as cursor:
        for lock in sorted({int(key[:7], 16) for key in keys if key}):  # in one order, so that nobody waits for each other
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK + 1, lock])


def own_book(kind: str, *, keeper_id: int, year: int, place: Placed, at: datetime) -> Book:
    """The book new entries of this year go into; opened with the first. Its name is one no imported book of the year has."""
    book = Book.objects.filter(keeper_id=keeper_id, kind=kind, year=year, origin=Book.Origin.OWN, closed_on=None).first()
    if book is not None:
        return book
    hold_keeper(keeper_id)
    taken = {
        search_key(name)
        for name in Book.objects.filter(keeper_id=keeper_id, kind=kind, year=year, place_key=place.key).values_list(
            "name", flat=True
        )
    }
    name = next(name for number in range(1, 1000) if search_key(name := f"{number:02}/{year}") not in taken)
    return Book.objects.get_or_create(
        keeper_id=keeper_id,
        kind=kind,
        year=year,
        origin=Book.Origin.OWN,
        closed_on=None,
        defaults={
            "name": name,
            "place_id": place.unit_id,
            "place_name": place.name,
            "place_key": place.key,
            "opened_at": at,
        },
    )[0]


def old_book(draft: EntryDraft, place: Placed, *, keeper_id: int, at: datetime) -> Book:
    """The imported book of a row; spelled differently it is still the same book."""
    same = Book.objects.filter(keeper_id=keeper_id, kind=draft.kind, year=draft.year, place_key=place.key)
    wanted = search_key(draft.book)
    for book in same:
        if search_key(book.name) == wanted:
            return book
    return Book.objects.create(
        keeper_id=keeper_id,
        kind=draft.kind,
        year=draft.year,
        name=draft.book,
        place_id=place.unit_id,
        place_name=place.name,
        place_key=place.key,
        origin=Book.Origin.IMPORTED,
        opened_at=at,
    )


_MOST_WRITTEN = 10_000


def note_written(book: Book, place: str) -> None:
    """Keep how an entry of the book writes its place, so that searching finds it under that name."""
    key = search_key(place)
    line = f" {key} /"
    if not key or key == book.place_key or line in book.written_key or len(book.written_key) > _MOST_WRITTEN:
        return
    Book.objects.filter(pk=book.pk).exclude(written_key__contains=line).update(written_key=Concat("written_key", Value(line)))
    book.written_key += line


def entry_of(draft: EntryDraft, book: Book, *, at: datetime, by: str, checked: Checked | None = None) -> Entry:
    """Not yet stored."""
    return Entry(
        book=book,
        kind=draft.kind,
        keeper_id=book.keeper_id,
        number=draft.number,
        suffix=draft.suffix,
        registered_on=draft.registered_on,
        again=draft.again,
        before=draft.before,
        place_written=draft.place[:300],
        person_key=drafts.person_key(draft),
        fingerprint=checked.fingerprint if checked else "",
        entered_at=at,
        entered_by_name=by,
        **{key: text for key, text in draft.more.items() if key in drafts.WORDS},
    )


def people_of(draft: EntryDraft, entry: Entry) -> Iterable[EntryPerson]:
    """Not yet stored. The entry has its id."""
    for person in draft.people:
        yield EntryPerson(
            entry=entry,
            keeper_id=entry.keeper_id,
            role=person.role,
            full_name=person.full_name,
            born=person.born,
            sex=person.sex,
            id_number=person.id_number,
            ethnicity=person.ethnicity,
            nationality=person.nationality,
            residence=person.residence,
        ).put_keys()
