"""Finding entries: by words of a name, day or year of birth, number of a paper, number in a book, old place. Masked.

Bounded, however common a name is: at most `MOST_LOOKED_AT` persons are sorted, and a page says when there are more.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.text import masked_id, masked_name, one_line, search_key
from thongsuot.registers.models import Book, Entry, EntryPerson, Kind, Role
from thongsuot.registers.rules import DUTY, days, drafts
from thongsuot.registers.rules.columns import MAIN_ROLES

MOST = 50
MOST_LOOKED_AT = 1_000


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is looked for; empty parts do not count. `born`: partial day, or a year."""

    name: str = ""
    born: str = ""
    id_number: str = ""
    number: int = 0
    suffix: str = ""
    book: str = ""
    year: int = 0
    place: str = ""
    kind: str = ""

    @property
    def asked_by(self) -> list[str]:
        return [key for key in ("name", "born", "id_number", "number", "book", "year", "place", "kind") if getattr(self, key)]

    @property
    def enough(self) -> bool:
        """A kind or a year alone would list half a city."""
        return bool(self.name or self.born or self.id_number or self.number or self.place)


@dataclass(frozen=True, kw_only=True)
class FoundRow:
    """One entry, masked: enough to choose which to open. `exact`: the marks typed are those of the name.

    by   as whom the name typed stands there, when it is not of the person registered: mother, father
    """

    id: int
    kind: str
    kind_label: str
    state: str
    number: str
    book: str
    year: int
    place: str
    names: tuple[str, ...]
    born: str
    id_number: str
    exact: bool = True
    by: str = ""


@dataclass(frozen=True, kw_only=True)
class Found:
    rows: tuple[FoundRow, ...]
    more: bool = False


def wanted_of(said: Mapping[str, str]) -> Wanted:
    """From what was typed. Raises BadInput."""
    problems: dict[str, str] = {}
    born = days.read_day(one_line(said.get("born", "")))
    if born.doubt:
        problems["born"] = _("Chưa đọc được ngày sinh. Hãy ghi như 12/03/1958, 03/1958 hoặc 1958.")
    number, suffix, year_of_number = drafts.read_number(one_line(said.get("number", ""))) if said.get("number") else (0, "", 0)
    if said.get("number") and not number:
        problems["number"] = _("Số trong quyển ghi như 15 hoặc 15b.")
    year_text = one_line(said.get("year", ""))
    if year_text and not re.fullmatch(r"(1[89]|2[01])[0-9]{2}", year_text):
        problems["year"] = _("Năm của quyển ghi bốn chữ số, ví dụ 2004.")
    id_number = re.sub(r"[\s.]", "", said.get("id_number", ""))
    if id_number and not (id_number.isdigit() and len(id_number) in (9, 12)):
        problems["id_number"] = _("Số giấy tờ có 9 hoặc 12 chữ số. Hãy ghi đủ.")
    kind = said.get("kind", "")
    if kind and kind not in Kind.values:
        problems["kind"] = _("Loại sổ là khai sinh, kết hôn hoặc khai tử.")
    if problems:
        raise BadInput(problems)
    return Wanted(
        name=_with_letters(said.get("name", ""))[:200],
        born=born.value,
        id_number=id_number,
        number=number,
        suffix=suffix,
        book=_with_letters(said.get("book", ""))[:30],
        year=int(year_text) if year_text else year_of_number,
        place=_with_letters(said.get("place", ""))[:200],
        kind=kind,
    )


def _with_letters(text: str) -> str:
    """Empty when no letter or digit is in it: dots and dashes would fit everyone."""
    return one_line(text) if search_key(text) else ""


def search(wanted: Wanted, *, actor: Actor) -> Found:
    """Entries kept by the actor's units. Three queries, four when a book, a year or a place is named."""
    keepers = actor.units_for(DUTY)
    if not wanted.enough or not (keepers or actor.trusted):
        return Found(rows=())
    where = Q() if actor.trusted else Q(keeper_id__in=keepers)
    if wanted.kind:
        where &= Q(kind=wanted.kind)
    if wanted.place or wanted.book or wanted.year:
        where &= Q(book_id__in=_books(wanted, keepers, trusted=actor.trusted))
    if wanted.number:
        where &= Q(number=wanted.number)
        if wanted.suffix:
            where &= Q(suffix=wanted.suffix)
    # Not sorted in the database: it would then walk all entries in their order instead of taking the few of the name.
    ids = list(_ids(wanted, where, frozenset() if actor.trusted else keepers)[: MOST_LOOKED_AT + 1])
    rows = rows_of(ids[:MOST_LOOKED_AT], wanted)
    return Found(rows=tuple(rows[:MOST]), more=len(rows) > MOST or len(ids) > MOST_LOOKED_AT)


def _ids(wanted: Wanted, where: Q, keepers: frozenset[int]) -> QuerySet[EntryPerson, int] | QuerySet[Entry, int]:
    """Ids of entries, each once. By way of their persons where one is described."""
    if not (wanted.name or wanted.born or wanted.id_number):
        return Entry.objects.filter(where).values_list("pk", flat=True)
    people = EntryPerson.objects.filter(_people(wanted))
    if words := _words(wanted.name):
        people = people.annotate(words=SearchVector("search_name", config="simple")).filter(words=words)
    if keepers:
        people = people.filter(keeper_id__in=keepers)
    if where != Q() and where != Q(keeper_id__in=keepers):
        people = people.filter(entry__in=Entry.objects.filter(where))
    return people.values_list("entry_id", flat=True).distinct()


def _people(wanted: Wanted) -> Q:
    found = Q()
    if wanted.id_number:
        found &= Q(id_number=wanted.id_number)
    if wanted.born:
        # A day that a book knows only by its year is still that day.
        whole = [wanted.born[:4], wanted.born[:7]] if len(wanted.born) > 4 else []
        found &= Q(born__startswith=wanted.born) | Q(born__in=whole)
    return found


def _words(name: str) -> SearchQuery | None:
    words = [word for word in search_key(name).split() if word][:8]
    return SearchQuery(" & ".join(f"{word}:*" for word in words), search_type="raw", config="simple") if words else None


def _books(wanted: Wanted, keepers: Collection[int], *, trusted: bool) -> list[int]:
    books = Book.objects.all() if trusted else Book.objects.filter(keeper_id__in=keepers)
    for word in search_key(wanted.place).split()[:12]:
        named = Q(place_key__startswith=f"{word} ") | Q(place_key__contains=f" {word}") | Q(place_key=word)
        books = books.filter(named | Q(written_key__contains=f" {word}"))
    if wanted.year:
        books = books.filter(year=wanted.year)
    if wanted.kind:
        books = books.filter(kind=wanted.kind)
    key = search_key(wanted.book)
    names = books.order_by("-year", "pk").values_list("pk", "name")
    return [pk for pk, name in names if not key or f"{search_key(name)} ".startswith(f"{key} ")]


def rows_of(ids: Collection[int], wanted: Wanted) -> list[FoundRow]:
    """Two queries. Those whose marks are as typed first, then by name."""
    entries = Entry.objects.filter(pk__in=ids).select_related("book")
    people: dict[int, list[EntryPerson]] = {}
    for person in EntryPerson.objects.filter(entry_id__in=ids).order_by("id"):
        people.setdefault(person.entry_id, []).append(person)
    found = [(_row(entry, people.get(entry.pk, []), wanted), _sorted_by(people.get(entry.pk, []))) for entry in entries]
    found.sort(key=lambda one: (bool(one[0].by), not one[0].exact, one[1], one[0].year, one[0].id))
    return [row for row, _key in found]


def _sorted_by(people: list[EntryPerson]) -> str:
    return people[0].sort_name if people else ""


def _row(entry: Entry, people: list[EntryPerson], wanted: Wanted) -> FoundRow:
    main = [person for person in people if Role(person.role) in MAIN_ROLES]
    shown = main or people
    return FoundRow(
        id=entry.pk,
        kind=entry.kind,
        kind_label=str(Kind(entry.kind).label),
        state=entry.state,
        number=str(entry),
        book=entry.book.name,
        year=entry.book.year,
        place=entry.place,
        names=tuple(dict.fromkeys(masked_name(person.full_name) for person in shown)),
        # The year only: the whole day is among what a reason is asked for.
        born=", ".join(dict.fromkeys(person.born[:4] for person in shown if person.born)),
        id_number=next((masked_id(person.id_number) for person in shown if person.id_number), ""),
        exact=_has_marks_of(wanted.name, people),
        by=_found_by(wanted.name, people),
    )


def _found_by(typed: str, people: list[EntryPerson]) -> str:
    """The role that the words fit, when they do not fit a main person."""
    words = search_key(typed).split()
    fitting = [
        Role(person.role)
        for person in people
        if all(any(part.startswith(word) for part in person.search_name.split()) for word in words)
    ]
    return "" if not words or not fitting or MAIN_ROLES & set(fitting) else str(fitting[0].label).lower()


def _has_marks_of(typed: str, people: list[EntryPerson]) -> bool:
    """True when nothing with marks was typed; otherwise when some name has those very words, wherever the tone is put."""
    words = _unplaced(typed).split()
    if not typed or typed.isascii():
        return True
    return any(all(word in _unplaced(person.full_name).split() for word in words) for person in people)


def _unplaced(text: str) -> str:
    """Hoà and Hòa are one word: its marks are listed at its end, not where they stand."""
    return " ".join(_marks_last(word) for word in one_line(text).lower().split())


_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}


def _marks_last(word: str) -> str:
    parts = unicodedata.normalize("NFD", word)
    tones = "".join(sorted(ch for ch in parts if ch in _TONES))
    return unicodedata.normalize("NFC", "".join(ch for ch in parts if ch not in _TONES)) + tones
