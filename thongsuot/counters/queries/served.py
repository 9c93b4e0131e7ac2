"""The number an officer is serving, for what is done on its behalf."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from thongsuot.counters.models import Ticket


@dataclass(frozen=True, kw_only=True)
class Served:
    """`counter`: its number."""

    id: int
    code: str
    counter: int


def serving_now(person_id: int | None, *, on: date) -> Served | None:
    """Whom this officer serves at a counter. One query."""
    return _served(person_id, on=on, state=Ticket.State.SERVING)


def served_by(person_id: int | None, *, ticket_id: int, on: date) -> Served | None:
    """That ticket, if this officer serves it or served it on that day. One query."""
    return _served(person_id, on=on, pk=ticket_id)


def _served(person_id: int | None, *, on: date, **which: object) -> Served | None:
    if person_id is None:
        return None
    found = Ticket.objects.filter(served_by=person_id, day=on, counter__isnull=False, **which).select_related("counter")
    ticket = found.order_by("-served_at", "-pk").first()
    if ticket is None or ticket.counter is None:
        return None
    return Served(id=ticket.pk, code=ticket.code, counter=ticket.counter.number)
