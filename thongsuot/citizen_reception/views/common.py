"""What the officers' pages share: whose units, the tabs, the forms of a page with several buttons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.forms import Form
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.citizen_reception.queries.access import own_units
from thongsuot.citizen_reception.rules import DUTY
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.units import queries as units
from thongsuot.web.request import actor_with, nothing_pressed, pressed

KIND_TAGS = {"complaint": "wait", "denunciation": "bad", "proposal": "new", "feedback": "go", "": ""}
STATE_TAGS = {"received": "new", "accepted": "go", "closed": "done"}
SESSION_TAGS = {"planned": "new", "running": "go", "ended": "done", "cancelled": "end"}


def officer(request: HttpRequest) -> Actor:
    """Who receives somewhere. Raises NotYourDuty."""
    return actor_with(request, DUTY)


def own_choices(actor: Actor, *, on: date) -> list[tuple[int, str]]:
    """(id, name) of the units in which they receive, in Vietnamese order."""
    rows = units.unit_rows(own_units(actor, on=on), as_of=on).values()
    return [(row.id, row.full_name) for row in sorted(rows, key=lambda row: row.sort_name)]


def point_choices(unit_ids: Any, *, on: date) -> list[tuple[int, str]]:
    return [(point.id, point.name) for points in units.points_of(unit_ids, as_of=on).values() for point in points]


def tabs(current: str, *, actor: Actor) -> list[dict[str, Any]]:
    pages = [("register", _("Sổ tiếp")), ("schedule", _("Lịch tiếp")), ("sessions", _("Trực tuyến")), ("figures", _("Số liệu"))]
    if actor.may(DUTY, unit_id=units.default_city(as_of=clock.today()).id):
        pages.append(("city", _("Lịch toàn thành phố")))
    return [{"text": text, "href": reverse(f"citizen_reception:{name}"), "current": name == current} for name, text in pages]


def bound(request: HttpRequest, name: str, made: Callable[..., Form], *args: Any, **kwargs: Any) -> Form:
    """A form of a page with several, with ids of its own: filled in when its button was pressed."""
    kwargs["auto_id"] = f"{name}-%s"
    if request.method == "POST" and pressed(request) == name:
        return made(*args, request.POST, request.FILES, **kwargs)
    return made(*args, **kwargs)


def must_be_known(request: HttpRequest, names: Any) -> str:
    """Which of the page's buttons was pressed. Raises BadInput."""
    what = pressed(request)
    if what not in names:
        raise nothing_pressed()
    return what
