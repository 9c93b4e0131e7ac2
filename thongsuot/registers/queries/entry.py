"""One entry as its keeper reads it, after the reason was noted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from thongsuot.people.models import LookUp
from thongsuot.registers import papers
from thongsuot.registers.models import Annotation, Book, Entry, EntryPerson, IssuedPaper, Kind, Role
from thongsuot.registers.rules import days
from thongsuot.registers.rules.columns import ROLES
from thongsuot.units import queries as units


@dataclass(frozen=True, kw_only=True)
class EntryPage:
    """`groups`: (title, [(label, value)]) as written; `since`: how persons are named since an annotation."""

    title: str
    keeper: str
    groups: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    notes: tuple[tuple[str, str], ...]
    since: tuple[tuple[str, str], ...]
    papers: tuple[IssuedPaper, ...]
    looks: tuple[LookUp, ...]


def href(entry_id: int) -> str:
    return reverse("registers:entry", args=[entry_id])


def entry_page(entry: Entry, *, now: datetime) -> EntryPage:
    """Five queries."""
    people = list(EntryPerson.objects.filter(entry=entry).order_by("id"))
    written = {person.role: person for person in people if person.annotation_id is None}
    groups = [(str(Role(role).label), _person(written[role])) for role in ROLES[Kind(entry.kind)] if role in written]
    event = [(label, value) for label, value in _event(entry, entry.book) if value]
    return EntryPage(
        title=", ".join(person.full_name for person in people[:2] if person.role in ("child", "dead", "wife", "husband")),
        keeper=units.unit_row(entry.keeper_id, as_of=timezone.localdate(now)).full_name,
        groups=(*groups, (str(Kind(entry.kind).label), tuple(event))),
        notes=tuple(
            (papers.note_in_words(note), f"{note.made_by_name}, {timezone.localtime(note.made_at):%d/%m/%Y}")
            for note in Annotation.objects.filter(entry=entry).order_by("id")
        ),
        since=tuple((str(Role(one.role).label), one.full_name) for one in people if one.annotation_id is not None),
        papers=tuple(IssuedPaper.objects.filter(entry=entry).select_related("dossier").order_by("-id")[:50]),
        looks=tuple(LookUp.objects.filter(subject=entry._meta.label_lower, subject_id=entry.pk).order_by("-at", "-pk")[:20]),
    )


def _person(person: EntryPerson) -> tuple[tuple[str, str], ...]:
    words = papers.FIELD_WORDS
    values = [
        ("full_name", person.full_name),
        ("born", days.in_words(person.born)),
        ("sex", papers.SEX_WORDS.get(person.sex, "")),
        ("id_number", person.id_number),
        ("ethnicity", person.ethnicity),
        ("nationality", person.nationality),
        ("residence", person.residence),
    ]
    return tuple((f"{words[key][:1].upper()}{words[key][1:]}", value) for key, value in values if value)


def _event(entry: Entry, book: Book) -> list[tuple[str, str]]:
    died_on = days.in_words(entry.died_on) if entry.kind == Kind.DEATH else ""
    return [
        ("Nơi sinh", entry.birthplace),
        ("Quê quán", entry.hometown),
        ("Ngày chết", f"{entry.died_at} {died_on}".strip()),
        ("Nơi chết", entry.death_place),
        ("Nguyên nhân chết", entry.death_cause),
        ("Giấy báo tử", entry.notice),
        *((label, value) for label, value, _strong in papers.original_of(entry, book)),
        ("Đơn vị theo danh mục", book.place_name if book.place_name != entry.place else ""),
    ]
