"""What was called in a hall, in the order in which it is said aloud."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from thongsuot.counters import voice
from thongsuot.counters.models import Ticket
from thongsuot.kernel.errors import must_exist


@dataclass(frozen=True, kw_only=True)
class Call:
    """`id` is new each time the same number is called again."""

    id: str
    ticket_id: int
    words: str


def latest(house_id: int, *, on: date, since: datetime) -> list[Call]:
    """Numbers that are called and waited for, the earliest first. One query."""
    found = Ticket.objects.filter(point=house_id, day=on, state=Ticket.State.CALLED, called_at__gte=since)
    return [
        Call(
            id=f"{ticket.pk}-{ticket.called_at.timestamp() * 1000:.0f}",
            ticket_id=ticket.pk,
            words=voice.announcement(ticket.letter, ticket.number, ticket.counter.number),
        )
        for ticket in found.select_related("counter").order_by("called_at", "pk")
        if ticket.called_at is not None and ticket.counter is not None
    ]


def called_lately(ticket_id: int, *, house_id: int, on: date, since: datetime) -> Ticket:
    """A number that is or was at a counter; whoever came up at once is still being called aloud. Raises NotFound."""
    called = Ticket.objects.filter(pk=ticket_id, point=house_id, day=on, called_at__gte=since, counter__isnull=False)
    return must_exist(called.select_related("counter").first())
