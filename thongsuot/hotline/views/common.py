"""What the pages share: whoever answers calls of the city, and where that city is."""

from __future__ import annotations

from django.http import HttpRequest

from thongsuot.hotline import topics
from thongsuot.hotline.actions.common import must_either
from thongsuot.hotline.models import Call
from thongsuot.hotline.queries.desk import call_of
from thongsuot.hotline.rules import ANSWER, LEAD
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.units import queries as units
from thongsuot.units.queries import UnitRow
from thongsuot.web import pulses
from thongsuot.web.request import actor_of

AT_DESK = (ANSWER, LEAD)
"""Who reads what stands at the desk; whoever leads need not answer calls."""


def at_desk(request: HttpRequest, *duties: str) -> tuple[Actor, UnitRow]:
    """By any of the duties, usually answering calls. Raises NotYourDuty."""
    actor, city = actor_of(request), units.default_city(as_of=clock.today())
    must_either(actor, duties or (ANSWER,), unit_id=city.id)
    return actor, city


def call_at_desk(request: HttpRequest, call_id: int, *duties: str) -> tuple[Actor, Call]:
    """As above. Raises NotFound, NotYourDuty."""
    actor, call = actor_of(request), call_of(call_id)
    must_either(actor, duties or (ANSWER,), unit_id=call.city_id)
    return actor, call


def follows(request: HttpRequest, city_id: int) -> str:
    return pulses.address(request, topics.desk(city_id))


def communes_of(city_id: int) -> list[UnitRow]:
    return [row for row in units.units_under(city_id, as_of=clock.today()) if row.level == "commune"]
