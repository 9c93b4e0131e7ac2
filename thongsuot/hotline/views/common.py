"""What the pages share: whoever answers calls of the city, and where that city is."""

from __future__ import annotations

from django.http import HttpRequest

from thongsuot.hotline import topics
from thongsuot.hotline.models import Call
from thongsuot.hotline.queries.desk import call_of
from thongsuot.hotline.rules import ANSWER
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.units import queries as units
from thongsuot.units.queries import UnitRow
from thongsuot.web import pulses
from thongsuot.web.request import actor_of


def at_desk(request: HttpRequest, duty: str = ANSWER) -> tuple[Actor, UnitRow]:
    """Raises NotYourDuty."""
    actor = actor_of(request)
    return actor, units.city_of_duty(actor, duty, on=clock.today())


def call_at_desk(request: HttpRequest, call_id: int, *, duty: str = ANSWER) -> tuple[Actor, Call]:
    """Raises NotFound, NotYourDuty."""
    actor, call = actor_of(request), call_of(call_id)
    actor.must(duty, unit_id=call.city_id)
    return actor, call


def follows(request: HttpRequest, city_id: int) -> str:
    return pulses.address(request, topics.desk(city_id))


def communes_of(city_id: int) -> list[UnitRow]:
    return [row for row in units.units_under(city_id, as_of=clock.today()) if row.level == "commune"]
