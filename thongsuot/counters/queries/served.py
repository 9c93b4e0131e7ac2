"""The number an officer is serving, for what is done on its behalf."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from thongsuot.counters.models import Service, Ticket


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
    """That ticket, if this officer serves it or served it on that day, also before it was sent on. At most two queries."""
    found = _served(person_id, on=on, pk=ticket_id)
    if found is not None or person_id is None:
        return found
    before = Service.objects.filter(ticket=ticket_id, ticket__day=on, person=person_id).select_related("ticket", "counter")
    one = before.order_by("-from_at").first()
    return Served(id=one.ticket_id, code=one.ticket.code, counter=one.counter.number) if one is not None else None


def done_by(person_id: int | None, *, house_id: int, on: date, most: int) -> list[Ticket]:
    """Whom this officer served there on that day and who are done, the latest first: they may come back. One query."""
    if person_id is None:
        return []
    done = Ticket.objects.filter(point=house_id, day=on, state=Ticket.State.DONE, served_by=person_id, served_at__isnull=False)
    return list(done.order_by("-ended_at", "-pk")[:most])


def _served(person_id: int | None, *, on: date, **which: object) -> Served | None:
    if person_id is None:
        return None
    found = Ticket.objects.filter(served_by=person_id, day=on, counter__isnull=False, **which).select_related("counter")
    ticket = found.order_by("-served_at", "-pk").first()
    if ticket is None or ticket.counter is None:
        return None
    return Served(id=ticket.pk, code=ticket.code, counter=ticket.counter.number)
