"""What the pages of the hotline follow (`web.pulses`)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Model

from thongsuot.hotline.models import Call, CallBack, OperatorPresence


def desk(city_id: int) -> str:
    """Everything that happens at the desks of a city: calls that ring, who is there, who is to be called back."""
    return f"tong-dai.{city_id}"


def topics_of(subject: Model) -> Iterator[str]:
    if isinstance(subject, Call):
        yield desk(subject.city_id)
    elif isinstance(subject, CallBack):
        yield desk(subject.call.city_id)
    elif isinstance(subject, OperatorPresence):
        yield desk(subject.line.city_id)
