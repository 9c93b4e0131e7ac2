"""What every page of staffing shares: who comes in, the tabs, the city."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.staffing.queries.seen import must_hold
from thongsuot.staffing.rules import MANAGE, PARTY, PROPOSE
from thongsuot.units import queries as units
from thongsuot.web.request import actor_of

PAGE = 50
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def office_actor(request: HttpRequest, *duties: str) -> Actor:
    """Whoever places people somewhere; with `duties` only who has one of them. Raises NotYourDuty."""
    actor = actor_of(request)
    must_hold(actor, *(duties or (PROPOSE, MANAGE, PARTY)))
    return actor


def city_actor(request: HttpRequest) -> tuple[Actor, units.UnitRow]:
    """Home Affairs of the city. Raises NotYourDuty."""
    actor, city = actor_of(request), units.default_city(as_of=clock.today())
    actor.must(MANAGE, unit_id=city.id)
    return actor, city


def is_of_city(actor: Actor) -> bool:
    return actor.may(MANAGE, unit_id=units.default_city(as_of=clock.today()).id)


def number_in(request: HttpRequest, name: str) -> int | None:
    """A number of the address; None when there is none, or nonsense."""
    asked = request.GET.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None


def tabs(current: str, *, actor: Actor) -> list[dict[str, Any]]:
    """The parts of the subject that this actor has something to do with."""
    own = bool(actor.units_for(MANAGE) or actor.units_for(PROPOSE)) or actor.trusted
    items = [
        ("staffing:board", _("Thừa, thiếu"), True),
        ("staffing:pool", _("Dôi dư"), own),
        ("staffing:members", _("Cán bộ"), own),
        ("staffing:placements", _("Duyệt bố trí"), True),
        ("staffing:leaves", _("Nghỉ việc"), own),
        ("staffing:positions", _("Vị trí việc làm"), own),
    ]
    if is_of_city(actor):
        items += [("staffing:plans", _("Phương án"), True), ("staffing:distributions", _("Phân bổ"), True)]
    return [{"text": text, "href": reverse(name), "current": name == current} for name, text, shown in items if shown]


def commune_choices(city_id: int) -> list[tuple[int, str]]:
    return [(row.id, row.full_name) for row in units.units_under(city_id, as_of=clock.today())]


def all_unit_choices(city: units.UnitRow) -> list[tuple[int, str]]:
    """The city, its communes, its agencies."""
    day = clock.today()
    agencies = [(row.id, row.full_name) for row in units.agencies_of(city.id, on=day)]
    return [*commune_choices(city.id), (city.id, city.full_name), *agencies]
