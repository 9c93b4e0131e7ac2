"""What the pages of counters follow (`web.pulses`)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Model

from thongsuot.counters.models import Ticket


def hall(house_id: int) -> str:
    """Everything that happens in a house: its board, its counters, its kiosk."""
    return f"quay.{house_id}"


def ticket(ticket_id: int) -> str:
    """What happens to one number: its holder's telephone is not woken for the others'."""
    return f"so.{ticket_id}"


def topics_of(subject: Model) -> Iterator[str]:
    house_id = getattr(subject, "point_id", None)  # a training, and what holds for all points, is of none
    if house_id is not None:
        yield hall(house_id)
    if isinstance(subject, Ticket):
        yield ticket(subject.pk)
