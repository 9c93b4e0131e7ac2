"""What every page of staffing shares: who comes in, the tabs, the city."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.staffing.queries import board as boards
from thongsuot.staffing.queries.days import days_to_come
from thongsuot.staffing.queries.seen import covers
from thongsuot.staffing.rules import MANAGE, PARTY, PROPOSE
from thongsuot.units import queries as units
from thongsuot.web.forms import DayField
from thongsuot.web.request import actor_of, actor_with


def office_actor(request: HttpRequest, *duties: str) -> Actor:
    """Whoever places people somewhere; with `duties` only who has one of them. Raises NotYourDuty."""
    return actor_with(request, *(duties or (PROPOSE, MANAGE, PARTY)))


def city_actor(request: HttpRequest) -> tuple[Actor, units.UnitRow]:
    """Home Affairs of the city. Raises NotYourDuty."""
    actor = actor_of(request)
    return actor, units.city_of_duty(actor, MANAGE, on=clock.today())


def is_of_party(actor: Actor) -> bool:
    """Does this actor speak for the Party's side in the city?"""
    return covers(actor, PARTY, units.default_city(as_of=clock.today()).id)


def is_of_city(actor: Actor) -> bool:
    return actor.may(MANAGE, unit_id=units.default_city(as_of=clock.today()).id)


def tabs(current: str, *, actor: Actor) -> list[dict[str, Any]]:
    """The parts of the subject that this actor has something to do with."""
    own = bool(actor.units_for(MANAGE) or actor.units_for(PROPOSE)) or actor.trusted
    items = [
        ("staffing:board", _("Thừa, thiếu"), True),
        ("staffing:pool", _("Dôi dư"), own),
        ("staffing:members", _("Cán bộ"), own),
        ("staffing:placements", _("Duyệt bố trí"), True),
        ("staffing:leaves", _("Nghỉ việc"), True),
        ("staffing:positions", _("Vị trí việc làm"), True),
    ]
    if is_of_city(actor):
        items += [("staffing:plans", _("Phương án"), True), ("staffing:distributions", _("Phân bổ"), True)]
    return [{"text": text, "href": reverse(name), "current": name == current} for name, text, shown in items if shown]


def day_in(said: QueryDict, name: str, *, otherwise: date) -> date:
    """A day as a page was asked for it; `otherwise` when there is none, or nonsense."""
    try:
        return DayField(required=False).clean(said.get(name, "")) or otherwise
    except ValidationError:
        return otherwise


def day_of_plan(city_id: int) -> date:
    """Today, or the day from which the plan counts while that is still to come: people are placed for that day."""
    today = clock.today()
    return boards.day_of(boards.plan_in_force(city_id, on=today), on=today)


def commune_choices(city_id: int, *, on: date) -> list[tuple[int, str]]:
    return [(row.id, row.full_name) for row in units.units_under(city_id, as_of=on)]


def all_unit_choices(city: units.UnitRow, *, on: date) -> list[tuple[int, str]]:
    """The city, its communes, its agencies, as they are on that day."""
    agencies = [(row.id, row.full_name) for row in units.agencies_of(city.id, on=on)]
    return [*commune_choices(city.id, on=on), (city.id, city.full_name), *agencies]


def wish_choices(city: units.UnitRow) -> list[tuple[int, str]]:
    """What persons may wish for: units of today and those that begin later, each once."""
    today = clock.today()
    found = dict(all_unit_choices(city, on=today))
    for day in days_to_come(city.id, on=today):
        found |= dict(all_unit_choices(city, on=day))
    return list(found.items())
