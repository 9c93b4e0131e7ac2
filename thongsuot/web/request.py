"""Who asks, the one place where a page turns a request into an Actor; and which thing is asked for, by which button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import ANYONE, Actor
from thongsuot.kernel.errors import BadInput, NotYourDuty

# Of days that people write: what is reckoned from others would leave the calendar.
FIRST_YEAR, LAST_YEAR = 1800, 2199


def actor_of(request: HttpRequest) -> Actor:
    """The actor the middleware of `people` put on the request; anyone at all where there is none."""
    return cast(Actor, getattr(request, "actor", ANYONE))


def actor_with(request: HttpRequest, *duties: str) -> Actor:
    """Who asks, when one of the duties is theirs somewhere. Raises NotYourDuty."""
    actor = actor_of(request)
    actor.must_somewhere(*duties)
    return actor


@dataclass(frozen=True, kw_only=True)
class Asking:
    """Who asks for something to be done, and when: what the page of any one action begins with."""

    actor: Actor
    now: datetime

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    @property
    def command(self) -> dict[str, Any]:
        return {"actor": self.actor, "at": self.now}


def must_be_somebody(request: HttpRequest) -> int:
    """Whoever is logged in: `people.Person`. To anyone else the refusal is the way to login."""
    person_id = actor_of(request).person_id
    if person_id is None:
        raise NotYourDuty("own account")
    return person_id


def pressed(request: HttpRequest) -> str:
    """The `viec` of the button that was pressed; "" on a GET."""
    return request.POST.get("viec", "")


def nothing_pressed() -> BadInput:
    """What a view raises when none of its buttons was pressed."""
    return BadInput({"viec": _("Chưa chọn việc nào. Hãy bấm một nút trên trang.")})


def number_of(text: str) -> int:
    """An id as a form or an address sends it; 0 is nobody's."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def day_of(text: str) -> date | None:
    """A day as an address sends it, 2026-11-20; None for nonsense and for years that nobody asks about."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def instant_of(text: str) -> datetime | None:
    """An instant with its offset, as a form of ours sends it back; None as in `day_of`."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None and FIRST_YEAR <= at.year <= LAST_YEAR else None


def numbers_of(texts: Sequence[str], *, most: int) -> list[int]:
    """The ids of what was ticked, of the first `most`; nonsense is left out."""
    return [number for text in texts[:most] if (number := number_of(text))]
