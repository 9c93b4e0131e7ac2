"""The register: lines ready to show, masked; an entry's visitor only after a reason (`views.register`)."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from thongsuot.citizen_reception.models import ReceptionEntry
from thongsuot.citizen_reception.queries.access import leads, readable
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.text import masked_name, search_key
from thongsuot.people.models import LookUp

_NUMBER = re.compile(r"0*([0-9]{1,9})(?:\s*/\s*([0-9]{4}))?")
OVERDUE, REFUSING, OPEN = "qua-han", "tu-choi", "dang-mo"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What of the register is looked for; empty narrows nothing."""

    words: str = ""
    kind: str = ""
    state: str = ""
    unit_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class EntryRow:
    """One line. `who`: the name as far as a list shows it, empty where it is kept close."""

    id: int
    code: str
    unit_id: int
    book_unit_id: int
    received_at: datetime
    came_as: str
    kind: str
    kind_label: str
    state: str
    state_label: str
    way_label: str
    who: str
    people: int
    refusal_due_at: datetime | None
    waits_for_notice: bool


def entries(actor: Actor, asked: Asked, *, now: datetime, on: date) -> QuerySet[ReceptionEntry]:
    """What this person may look through, the latest first."""
    own = readable(actor, on=on)
    rows = ReceptionEntry.objects.filter(Q(unit__in=own) | Q(book_unit__in=own)).select_related("visitor")
    if asked.unit_id is not None:
        rows = rows.filter(Q(unit=asked.unit_id) | Q(book_unit=asked.unit_id))
    if asked.kind:
        rows = rows.filter(kind="" if asked.kind == "chua" else asked.kind)
    match asked.state:
        case "dang-mo":
            rows = rows.exclude(state=ReceptionEntry.State.CLOSED)
        case "tu-choi":
            rows = rows.filter(grounds_at__isnull=False, way="")
        case "qua-han":
            rows = rows.filter(refusal_due_at__lt=now, way="")
    if asked.words:
        rows = rows.filter(_found(actor, asked.words, own, on))
    return rows.order_by("-year", "-received_at", "-pk")


def _found(actor: Actor, words: str, own: Collection[int], on: date) -> Q:
    """By number, or by name without marks. A name finds no denunciation of others: that would tell who denounced."""
    if number := _NUMBER.fullmatch(words.strip()):
        found = Q(number=int(number[1]))
        return found & Q(year=int(number[2])) if number[2] else found
    named = Q(visitor__search_name__contains=search_key(words)[:200]) if search_key(words) else Q(pk=None)
    led = [unit_id for unit_id in own if leads(actor, unit_id, on=on)]
    open_to = ~Q(kind=ReceptionEntry.Kind.DENUNCIATION) | Q(unit__in=led)
    return named & (open_to | Q(received_by=actor.person_id, received_by__isnull=False))


def row_of(entry: ReceptionEntry) -> EntryRow:
    return EntryRow(
        id=entry.pk,
        code=str(entry),
        unit_id=entry.unit_id,
        book_unit_id=entry.book_unit_id,
        received_at=entry.received_at,
        came_as=entry.get_came_as_display(),
        kind=entry.kind,
        kind_label=entry.get_kind_display() if entry.kind else "",
        state=entry.state,
        state_label=entry.get_state_display(),
        way_label=entry.get_way_display() if entry.way else "",
        who="" if entry.is_kept_close else masked_name(entry.visitor.name),
        people=entry.visitor.people,
        refusal_due_at=entry.refusal_due_at,
        waits_for_notice=entry.grounds_at is not None and not entry.way,
    )


def counts(actor: Actor, *, now: datetime, on: date) -> dict[str, int]:
    """How many are open, wait for a notice of refusal, are late with it. Three queries."""
    return {state: entries(actor, Asked(state=state), now=now, on=on).count() for state in (OPEN, REFUSING, OVERDUE)}


def looks_at(entry: ReceptionEntry) -> list[LookUp]:
    """Who saw its visitor or papers, the latest first. One query."""
    rows = LookUp.objects.filter(subject=entry._meta.label_lower, subject_id=entry.pk)
    return list(rows.order_by("-at", "-pk")[:50])
