"""What several pages of the catalogue need."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.procedures.actions import DUTY
from thongsuot.units import queries as units
from thongsuot.web.request import actor_of


def href_or_empty(name: str, *args: object) -> str:
    """The address of a page of a capability that may stand above this one; empty when this installation has none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def managed_city(request: HttpRequest) -> tuple[Actor, units.UnitRow]:
    """Who asks, and the city whose catalogue they manage. Raises NotYourDuty."""
    actor = actor_of(request)
    return actor, units.city_of_duty(actor, DUTY, on=clock.today())
