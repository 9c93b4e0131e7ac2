"""The register: agents and helpers as lists, and what anybody may see of who helps near them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

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
    """(how many, one page of them), those that run today and have somebody who may help (as `is_ready`). Four queries."""
    ready = Helper.objects.filter(in_force(on), agent=OuterRef("pk"), trained_on__isnull=False, person__is_active=True)
    running = Agent.objects.filter(in_force(on), Exists(ready), unit__in=unit_ids, suspended_at=None)
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


DAYS_SHOWN, DAYS_OF_CITY = 14, 3  # at one ward's points, and at all of a city: that a page stays one


def _shifts_near(unit_ids: Collection[int], kind: str, *, on: date, days: int) -> list[ShiftRow]:
    points = [point.id for of_unit in units.points_of(unit_ids, as_of=on).values() for point in of_unit]
    there = Q(helper__valid_to=None) | Q(helper__valid_to__gt=F("day"))
    shifts = shifts_between(on, on + timedelta(days=days - 1)).filter(there, helper__kind=kind)
    return shift_rows(shifts.filter(point__in=set(units.houses_of(points).values())), on=on)


def lawyers_near(unit_ids: Collection[int], *, on: date, days: int) -> list[ShiftRow]:
    """Where and when a lawyer is, from that day on."""
    return _shifts_near(unit_ids, Helper.Kind.LAWYER, on=on, days=days)


@dataclass(frozen=True, kw_only=True)
class Staffed:
    """A point with the hours at which a volunteer is there, whoever it is."""

    point: str
    address: str
    hours: list[tuple[date, list[tuple[time, time]]]]


def volunteers_near(unit_ids: Collection[int], *, on: date, days: int) -> list[Staffed]:
    """Where and when volunteers are, from that day on, place by place."""
    found: dict[tuple[str, str], dict[date, set[tuple[time, time]]]] = {}
    for row in _shifts_near(unit_ids, Helper.Kind.VOLUNTEER, on=on, days=days):
        found.setdefault((row.point, row.address), {}).setdefault(row.day, set()).add((row.starts, row.ends))
    return [
        Staffed(point=point, address=address, hours=[(day, sorted(spans)) for day, spans in sorted(of_days.items())])
        for (point, address), of_days in sorted(found.items())
    ]
