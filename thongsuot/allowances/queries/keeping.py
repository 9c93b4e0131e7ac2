"""Whose lists an actor keeps, which city pays for a unit, which months are still open."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from thongsuot.allowances.models import AllowanceImport, Beneficiary, PayRun
from thongsuot.allowances.rules import KEEP, next_month
from thongsuot.kernel.actor import Actor
from thongsuot.units import queries as units
from thongsuot.units.models import Unit


def units_kept(actor: Actor, *, duty: str = KEEP) -> frozenset[int]:
    """The units whose lists the actor keeps, and the ended ones whose lists came to these undivided. One query, remembered."""
    mine = actor.units_for(duty)
    return mine | units.kept_by(mine, on=actor.day) if mine and actor.day is not None else mine


def keeps(actor: Actor, unit_id: int, *, duty: str = KEEP) -> bool:
    """Of an ended unit: whoever keeps the list of its keeper (`units.keeper_of`) on the actor's day."""
    return actor.may(duty, unit_id=_keeper(actor, unit_id))


def must_keep(actor: Actor, unit_id: int, *, duty: str = KEEP) -> None:
    """Raises NotYourDuty."""
    actor.must(duty, unit_id=_keeper(actor, unit_id))


def _keeper(actor: Actor, unit_id: int) -> int:
    return unit_id if actor.day is None else units.keeper_of(unit_id, on=actor.day)


def paying_city(unit_id: int, *, on: date) -> int:
    """The city that pays for the people of a unit, ended ones too."""
    return units.keeper_of(units.city_of(unit_id), on=on)


def paid_units(city_id: int, *, on: date) -> list[int]:
    """Every unit with people on its list for whom this city pays, ended ones among them. Three queries at most."""
    holders = Beneficiary.objects.filter(_under(city_id, on=on)).order_by("unit_id")
    return list(holders.values_list("unit_id", flat=True).distinct())


def _under(city_id: int, *, on: date) -> Q:
    """Rows of units for whom the city answers: `paying_city`, asked from the other side and of all at once."""
    before = Unit.objects.filter(pk__in=units.kept_by(frozenset({city_id}), on=on), level=Unit.Level.PROVINCE)
    cities = [city_id, *before.values_list("pk", flat=True)]
    return Q(unit__in=cities) | Q(unit__parent__in=cities) | Q(unit__parent__parent__in=cities)


def due_people(city_id: int, month: date, *, on: date) -> int:
    """How many stand on the city's lists for that month; a first look, before anything is frozen. Four queries at most."""
    lasts = Q(stop_month=None) | Q(stop_month__gt=month)
    return Beneficiary.objects.filter(lasts, unit__in=paid_units(city_id, on=on), start_month__lte=month).count()


def units_with_lists(city_id: int, *, on: date) -> list[int]:
    """Every unit that sent an old list of people for whom this city pays; the city itself too."""
    senders = AllowanceImport.objects.filter(_under(city_id, on=on)).order_by("unit_id")
    return list(senders.values_list("unit_id", flat=True).distinct())


def earliest_open_month(city_id: int) -> date | None:
    """The first month whose list is not frozen; None while no list ever was. One query."""
    frozen = PayRun.objects.filter(city_id=city_id).exclude(state=PayRun.State.DRAFT).order_by("-month")
    last = frozen.values_list("month", flat=True).first()
    return next_month(last) if last else None
