"""What every test of a refusal asks: it was told in words, and nothing changed."""

from __future__ import annotations

from typing import Any, TypeVar

import pytest

from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.models import Event
from thongsuot.people.models import ApiToken, Appointment, Delegation, LookUp, Person

T = TypeVar("T", bound=TellPerson)


def refused(exception: type[T], act: Any, *args: Any, **kwargs: Any) -> T:
    """The act is refused and nothing changed: no row, no event."""
    before = _state()
    with pytest.raises(exception) as refusal:
        act(*args, **kwargs)
    assert _state() == before
    assert refusal.value.message()
    return refusal.value


def _state() -> tuple[Any, ...]:
    kept = [list(model.objects.order_by("pk").values()) for model in (Person, Appointment, Delegation, ApiToken)]
    return (*kept, LookUp.objects.count(), Event.objects.count())
