"""The register: lines ready to show, masked; an entry's visitor only after a reason (`views.register`)."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from thongsuot.citizen_reception.models import ReceptionEntry
from thongsuot.citizen_reception.queries.access import of_units, readable, receivers_of, sees_close
from thongsuot.citizen_reception.rules import DUTY, LEAD, SETTLE
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.text import masked_name, search_key
from thongsuot.people.models import LookUp
from thongsuot.people.queries import units_with_holder
from thongsuot.units import queries as units

_NUMBER = re.compile(r"0*([0-9]{1,9})(?:\s*/\s*([0-9]{4}))?")
OVERDUE, REFUSING, OPEN, LATE = "qua-han", "tu-choi", "dang-mo", "tre"


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
    due_at: datetime | None
    refusal_due_at: datetime | None
    waits_for_notice: bool


def entries(actor: Actor, asked: Asked, *, now: datetime, on: date) -> QuerySet[ReceptionEntry]:
    """What this person may look through, the latest first."""
    own = readable(actor, on=on)
    rows = ReceptionEntry.objects.filter(of_units(own)).select_related("visitor")
    if asked.unit_id is not None:
        rows = rows.filter(of_units([asked.unit_id]))
    if asked.kind:
        rows = rows.filter(kind="" if asked.kind == "chua" else asked.kind)
    to_handle = rows.exclude(state=ReceptionEntry.State.CLOSED)
    match asked.state:
        case "dang-mo":
            rows = to_handle
        case "tre":
            rows = to_handle.filter(due_at__lt=now)
        case "tu-choi":
            rows = to_handle.filter(grounds_at__isnull=False, way="")
        case "qua-han":
            rows = to_handle.filter(refusal_due_at__lt=now, way="")
    if asked.words:
        rows = rows.filter(_found(actor, asked.words, own, on))
    return rows.order_by("-year", "-received_at", "-pk")


def late(*, now: datetime) -> list[ReceptionEntry]:
    """What of all units became late within the last week: who did not hear of it by then sees it in the list."""
    rows = ReceptionEntry.objects.exclude(state=ReceptionEntry.State.CLOSED)
    return list(rows.filter(due_at__range=(now - timedelta(days=7), now)).order_by("due_at", "pk"))


def _found(actor: Actor, words: str, own: Collection[int], on: date) -> Q:
    """By number, or by name without marks. A name finds no denunciation of others: that would tell who denounced."""
    if number := _NUMBER.fullmatch(words.strip()):
        found = Q(number=int(number[1]))
        return found & Q(year=int(number[2])) if number[2] else found
    named = Q(visitor__search_name__contains=search_key(words)[:200]) if search_key(words) else Q(pk=None)
    led = [unit_id for unit_id in own if sees_close(actor, unit_id, on=on)]
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
        way_label=entry.get_ended_because_display() if entry.ended_because else entry.get_way_display() if entry.way else "",
        who="" if entry.is_kept_close else masked_name(entry.visitor.name) or "-",
        people=entry.visitor.people,
        due_at=entry.due_at if entry.is_open else None,
        refusal_due_at=entry.refusal_due_at,
        waits_for_notice=entry.grounds_at is not None and not entry.way and entry.is_open,
    )


def counts(actor: Actor, *, now: datetime, on: date) -> dict[str, int]:
    """How many are open, late, wait for a notice of refusal, are late with it. Four queries."""
    return {state: entries(actor, Asked(state=state), now=now, on=on).count() for state in (OPEN, LATE, REFUSING, OVERDUE)}


def looks_at(entry: ReceptionEntry) -> list[LookUp]:
    """Who saw its visitor or papers, the latest first. One query."""
    rows = LookUp.objects.filter(subject=entry._meta.label_lower, subject_id=entry.pk)
    return list(rows.order_by("-at", "-pk")[:50])


def receiving_units(kind: str, *, on: date) -> list[tuple[int, str]]:
    """(id, name) of the units of the city where on that day somebody receives who reads and handles an entry of this kind: of a
    denunciation who leads the unit too, as `access.sees_close` has it. Whatever brings an entry to a unit asks here."""
    city = units.default_city(as_of=on)
    receive = units_with_holder([DUTY], on=on)
    if kind == ReceptionEntry.Kind.DENUNCIATION:
        receive = units_with_holder([DUTY, LEAD], on=on) | receive & {city.id}
    return [(row.id, row.full_name) for row in receivers_of(city.id, on=on) if row.id in receive]


def units_to_send_to(entry: ReceptionEntry, *, on: date) -> list[tuple[int, str]]:
    """(id, name) of the units to which it may be transferred: from one to another it goes once, not there and back for ever."""
    gone = set(entry.transfers.filter(from_unit=entry.unit_id).values_list("to_unit", flat=True))
    return [one for one in receiving_units(entry.kind, on=on) if one[0] not in {entry.unit_id, *gone}]


def without_due() -> list[int]:
    """Open entries of before due instants were kept, whose step the law gives one. One query."""
    rows = ReceptionEntry.objects.filter(due_at=None).exclude(state=ReceptionEntry.State.CLOSED)
    rows = rows.exclude(Q(state=ReceptionEntry.State.ACCEPTED) & ~Q(kind__in=list(SETTLE)))
    return list(rows.order_by("pk").values_list("pk", flat=True)[:2000])
