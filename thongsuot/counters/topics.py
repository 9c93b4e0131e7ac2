"""What the pages of counters follow (`web.pulses`)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Model


def hall(house_id: int) -> str:
    """Everything that happens in a house: its board, its counters, its kiosk."""
    return f"quay.{house_id}"


def topics_of(subject: Model) -> Iterator[str]:
    yield hall(subject.point_id)  # type: ignore[attr-defined]  # tickets, queues and counters have one
