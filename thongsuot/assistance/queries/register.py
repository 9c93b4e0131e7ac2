"""The register: agents and helpers as lists, and what anybody may see of who helps near them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from thongsuot.assistance.models import Agent, Helper
from thongsuot.assistance.queries.consents import NO_SUM, Sum, sums_of_agents
from thongsuot.assistance.queries.shifts import ShiftRow, shift_rows, shifts_between
from thongsuot.assistance.rules import ARRANGE, LEAD_AID
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound, must_exist
from thongsuot.kernel.periods import in_force, not_over
from thongsuot.kernel.text import search_key
from thongsuot.units import queries as units


def _managed(actor: Actor, duty: str) -> frozenset[int]:
    """Units of the duty, with those that they keep since these ended."""
    mine = actor.units_for(duty)
    return mine | units.kept_by(mine, on=actor.day) if actor.day is not None and mine else mine


def helpers_managed(actor: Actor, *, kind: str = "", words: str = "", unit_id: int | None = None) -> QuerySet[Helper]:
    """Lawyers for who leads legal aid, all others for who manages helpers of their unit. By name."""
    mine = Q(unit__in=_managed(actor, ARRANGE)) & ~Q(kind=Helper.Kind.LAWYER)
    mine |= Q(unit__in=_managed(actor, LEAD_AID), kind=Helper.Kind.LAWYER)
    found = Helper.objects.select_related("agent").filter(mine)
    if kind in Helper.Kind.values:
        found = found.filter(kind=kind)
    if unit_id is not None:
        found = found.filter(unit=unit_id)
    for word in search_key(words).split()[:8]:
        found = found.filter(Q(search_name__contains=word) | Q(number__icontains=word))
    return found.order_by("search_name", "pk")


def agents_managed(actor: Actor, *, on: date, words: str = "", unit_id: int | None = None) -> QuerySet[Agent]:
    """Each with `people`: how many help there now."""
    found = Agent.objects.filter(unit__in=_managed(actor, ARRANGE))
    if unit_id is not None:
        found = found.filter(unit=unit_id)
    if words:
        found = found.filter(Q(name__icontains=words) | Q(decision_number__icontains=words) | Q(address__icontains=words))
    return found.annotate(people=Count("helpers", filter=not_over(on, "helpers__"))).order_by("name", "pk")


def agent_for(agent_id: int, *, actor: Actor) -> Agent:
    """Raises NotFound."""
    agent = Agent.objects.filter(pk=agent_id).first()
    if agent is None or agent.unit_id not in _managed(actor, ARRANGE):
        raise NotFound
    return agent


def helper_for(helper_id: int, *, actor: Actor) -> Helper:
    """Raises NotFound."""
    return must_exist(helpers_managed(actor).select_related("agent", "person").filter(pk=helper_id).first())


@dataclass(frozen=True, kw_only=True)
class Near:
    """An agent as anybody sees it."""

    name: str
    address: str
    hours: str
    phone: str
    unit: str
    sum: Sum


def agents_near(unit_ids: Collection[int], *, on: date, first: int, most: int) -> tuple[int, list[Near]]:
    """(how many, one page of them), those that run today. Four queries."""
    running = Agent.objects.filter(in_force(on), unit__in=unit_ids, suspended_at=None)
    found = list(running.order_by("name", "pk")[first : first + most])
    rated, names = sums_of_agents([one.pk for one in found]), units.unit_rows({one.unit_id for one in found}, as_of=on)
    rows = [
        Near(
            name=one.name,
            address=one.address,
            hours=one.hours,
            phone=one.phone,
            unit=names[one.unit_id].full_name,
            sum=rated.get(one.pk, NO_SUM),
        )
        for one in found
    ]
    return running.count(), rows


LAWYERS_SHOWN = 14  # days


def lawyers_near(unit_ids: Collection[int], *, on: date, most: int = 200) -> list[ShiftRow]:
    """Where and when a lawyer is, in the next two weeks."""
    shifts = shifts_between(on, on + timedelta(days=LAWYERS_SHOWN - 1)).filter(helper__kind=Helper.Kind.LAWYER)
    points = [point.id for of_unit in units.points_of(unit_ids, as_of=on).values() for point in of_unit]
    houses = set(units.houses_of(points).values())
    return shift_rows(shifts.filter(point__in=houses)[:most], on=on)
