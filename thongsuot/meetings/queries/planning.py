"""Conferences of a city and of a unit, and which units may have a site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import BooleanField, Count, ExpressionWrapper, Q
from django.utils import timezone

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound
from thongsuot.meetings.models import Conference, Site
from thongsuot.meetings.rules import ATTEND, HOLD, Milestones, milestones
from thongsuot.units import queries as units
from thongsuot.units.models import Unit
from thongsuot.units.queries import UnitRow


def invitable(city_id: int, *, on: date, agencies: bool) -> list[UnitRow]:
    """The communes of the city in force on that day, in Vietnamese order; with `agencies` its agencies after them."""
    communes = [row for row in units.units_under(city_id, as_of=on) if row.level == Unit.Level.COMMUNE]
    return communes + (units.agencies_of(city_id, on=on) if agencies else [])


def held_on(conference: Conference) -> date:
    """The day it is (or was to be) held, in Việt Nam."""
    return timezone.localdate(conference.started_at or conference.starts_at)


def may_be_invited(unit_id: int, conference: Conference) -> bool:
    return any(row.id == unit_id for row in invitable(conference.city_id, on=held_on(conference), agencies=True))


def addable(conference: Conference) -> list[UnitRow]:
    """Units of that day without a site in it."""
    there = set(conference.sites.filter(left_out=False).values_list("unit_id", flat=True))
    return [row for row in invitable(conference.city_id, on=held_on(conference), agencies=True) if row.id not in there]


def conference_for(conference_id: int, *, actor: Actor) -> Conference:
    """The hub's one guarded way to a conference. Raises NotFound."""
    found = Conference.objects.filter(pk=conference_id).first()
    if found is None or not actor.may(HOLD, unit_id=found.city_id):
        raise NotFound
    return found


def site_for(site_id: int, *, actor: Actor) -> Site:
    """A site's one guarded way to itself. Raises NotFound."""
    found = Site.objects.select_related("conference").filter(pk=site_id).first()
    if found is None or not actor.may(ATTEND, unit_id=found.unit_id):
        raise NotFound
    return found


def milestones_of(conference: Conference) -> Milestones:
    calendar = units.working_calendar(conference.city_id, on=timezone.localdate(conference.starts_at))
    return milestones(conference.starts_at, calendar)


def conferences(city_id: int, *, limit: int, offset: int) -> list[Conference]:
    """The latest first, each with `asked`: how many sites. One query."""
    counted = Conference.objects.filter(city=city_id).annotate(asked=Count("sites", filter=Q(sites__left_out=False)))
    return list(counted.order_by("-starts_at", "-pk")[offset : offset + limit])


def conference_count(city_id: int) -> int:
    return Conference.objects.filter(city=city_id).count()


@dataclass(frozen=True, kw_only=True)
class SiteLine:
    """A conference as one unit sees it in its list."""

    id: int
    title: str
    unit: str
    starts_at: datetime
    state: str


_OVER = Q(conference__state__in=[Conference.State.ENDED, Conference.State.CANCELLED])


def _mine(actor: Actor) -> Q:
    return Q(unit__in=actor.units_for(ATTEND), left_out=False)


def site_count(actor: Actor) -> int:
    return Site.objects.filter(_mine(actor)).count()


def sites_of(actor: Actor, *, today: date, limit: int, offset: int) -> list[SiteLine]:
    """Sites of the actor's units; what is held or to come before what is over, then by time. Two queries."""
    rows = (
        Site.objects.filter(_mine(actor))
        .annotate(over=ExpressionWrapper(_OVER, output_field=BooleanField()))
        .select_related("conference")
        .order_by("over", "-conference__starts_at", "pk")[offset : offset + limit]
    )
    names = units.unit_rows({row.unit_id for row in rows}, as_of=today)
    return [
        SiteLine(
            id=row.pk,
            title=row.conference.title,
            unit=names[row.unit_id].full_name,
            starts_at=row.conference.starts_at,
            state=row.conference.state,
        )
        for row in rows
    ]
