"""Who is where and when."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db.models import Q, QuerySet

from thongsuot.assistance.models import Consultation, Helper, HelpShift, Team
from thongsuot.assistance.rules import ARRANGE, LEAD_AID
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound, must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.units import queries as units


@dataclass(frozen=True, kw_only=True)
class ShiftRow:
    """One shift with its words."""

    id: int
    day: date
    starts: time
    ends: time
    who: str
    number: str
    kind: str
    bar_number: str
    team: str
    point: str
    address: str
    came: bool | None
    people: int | None
    accounts: int | None
    is_counted: bool


def shifts_between(first: date, last: date) -> QuerySet[HelpShift]:
    rows = HelpShift.objects.select_related("helper", "team").filter(day__gte=first, day__lte=last, cancelled_at=None)
    return rows.order_by("day", "starts", "pk")


def shift_rows(shifts: Iterable[HelpShift], *, on: date) -> list[ShiftRow]:
    """Three queries."""
    found = list(shifts)
    points = units.points_of_houses({one.point_id for one in found}, as_of=on)
    names = units.point_names({one.point_id for one in found} - points.keys(), as_of=on)
    return [
        ShiftRow(
            id=one.pk,
            day=one.day,
            starts=one.starts,
            ends=one.ends,
            who=one.helper.full_name,
            number=one.helper.number,
            kind=one.helper.kind,
            bar_number=one.helper.bar_number,
            team=one.team.name if one.team else "",
            point=points[one.point_id].name if one.point_id in points else names.get(one.point_id, ""),
            address=points[one.point_id].address if one.point_id in points else "",
            came=one.came,
            people=one.people,
            accounts=one.accounts,
            is_counted=one.counted_at is not None,
        )
        for one in found
    ]


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def points_arranged(actor: Actor, *, on: date) -> dict[int, str]:
    """{point: its name and place} that the actor may put a shift at: of the units of either duty."""
    of = actor.units_for(ARRANGE) | actor.units_for(LEAD_AID)
    found = [point for rows in units.points_of(of, as_of=on).values() for point in rows]
    return {point.id: f"{point.name}, {point.address}" for point in sorted(found, key=lambda point: point.name)}


def teams_arranged(actor: Actor, *, on: date) -> list[tuple[int, str]]:
    """(team, its name and campaign) of campaigns that are not over, in the units whose helpers the actor arranges."""
    found = Team.objects.select_related("campaign").filter(unit__in=actor.units_for(ARRANGE)).order_by("name", "pk")
    return [(one.pk, f"{one.name}, {one.campaign.name}") for one in found if one.campaign.last_day >= on]


def arranged(actor: Actor, *, kind: str, first: date, last: date, points: Collection[int]) -> QuerySet[HelpShift]:
    """Shifts of those days that the actor may see and arrange, point by point: `points` are those of `points_arranged`."""
    houses = set(units.houses_of(points).values())
    if kind == Helper.Kind.LAWYER and not actor.units_for(LEAD_AID):
        return HelpShift.objects.none()
    if kind != Helper.Kind.LAWYER and not actor.units_for(ARRANGE):
        return HelpShift.objects.none()
    return shifts_between(first, last).filter(helper__kind=kind, point__in=houses).order_by("point", "day", "starts", "pk")


def shift_for(shift_id: int, *, actor: Actor) -> HelpShift:
    """For who arranges it. Raises NotFound."""
    shift = must_exist(HelpShift.objects.select_related("helper", "team").filter(pk=shift_id).first())
    is_lawyers = shift.helper.kind == Helper.Kind.LAWYER
    place = shift.helper.unit_id if is_lawyers else units.unit_of_point(shift.point_id)
    if not actor.may(LEAD_AID if is_lawyers else ARRANGE, unit_id=place):
        raise NotFound
    return shift


def own_shift(shift_id: int, *, person_id: int) -> HelpShift:
    """One that was taken off only to read what was noted in it. Raises NotFound."""
    there = Q(cancelled_at=None) | Q(consultations__isnull=False)
    rows = HelpShift.objects.select_related("helper", "team").filter(there, pk=shift_id, helper__person=person_id)
    return must_exist(rows.first())


def advised_in(shift_ids: Collection[int]) -> set[int]:
    """Those of these shifts in which somebody was advised. One query."""
    return set(Consultation.objects.filter(shift__in=shift_ids).values_list("shift", flat=True))


def own_shifts(person_id: int, *, on: date) -> list[ShiftRow]:
    """Of the week that is past and the next two."""
    mine = shifts_between(on - timedelta(days=7), on + timedelta(days=14)).filter(helper__person=person_id)
    return shift_rows(mine[:60], on=on)


def own_consultations(shift: HelpShift) -> list[Consultation]:
    """Of a shift whose lawyer asks (`own_shift`)."""
    return list(Consultation.objects.filter(shift=shift).order_by("pk"))


def consultations(city_id: int) -> QuerySet[Consultation]:
    """For who leads legal aid: when, where, by whom; the latest first."""
    rows = Consultation.objects.select_related("shift__helper").defer("note").filter(shift__helper__unit=city_id)
    return rows.order_by("-noted_at", "-pk")


def consultation_for(consultation_id: int, *, actor: Actor) -> Consultation:
    """Raises NotFound."""
    one = must_exist(Consultation.objects.select_related("shift__helper").defer("note").filter(pk=consultation_id).first())
    if not actor.may(LEAD_AID, unit_id=one.shift.helper.unit_id):
        raise NotFound
    return one


def on_roster(actor: Actor, kind: str, *, on: date) -> int:
    """How many of that kind there are then, for whoever arranges them."""
    duty = LEAD_AID if kind == Helper.Kind.LAWYER else ARRANGE
    return Helper.objects.filter(in_force(on), kind=kind, unit__in=actor.units_for(duty)).count()
