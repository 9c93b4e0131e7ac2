"""A campaign as it stands on a day: sums against targets, by day, by unit. Names nobody."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, Sum

from thongsuot.assistance.models import Campaign, Consultation, HelpShift, Team
from thongsuot.assistance.queries.consents import filed_by_day
from thongsuot.assistance.rules import ARRANGE, day_number
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import must_exist
from thongsuot.units import queries as units
from thongsuot.web import charts


@dataclass(frozen=True, kw_only=True)
class Goal:
    """What was reached of one target."""

    done: int
    target: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.done / self.target) if self.target else None


@dataclass(frozen=True, kw_only=True)
class UnitLine:
    """One unit's part."""

    unit: str
    people: int
    accounts: int
    filed: int
    consulted: int
    shifts: int
    came: int


@dataclass(frozen=True, kw_only=True)
class Board:
    """people: entered at shifts, and dossiers filed with help, which count themselves. chart: people a day, filed as a part.

    All of its days alone: what was entered of a day that a shorter campaign has no more is in no sum.
    """

    campaign: Campaign
    number: int
    is_over: bool
    people: Goal
    accounts: Goal
    dossiers: Goal
    consulted: int
    chart: charts.Columns
    units: list[UnitLine]


def board(one: Campaign, *, on: date) -> Board:
    """Seven queries."""
    first, last = one.starts_on, one.last_day
    under = units.unit_ids_under_between(one.city_id, first, last)
    shifts = HelpShift.objects.filter(team__campaign=one, cancelled_at=None, day__gte=first, day__lte=last)
    counted = shifts.values_list("day", "team__unit").annotate(
        people=Sum("people"), accounts=Sum("accounts"), all=Count("pk"), there=Count("pk", filter=Q(came=True))
    )
    by_day: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    by_unit: dict[int, list[int]] = defaultdict(lambda: [0] * 6)
    for day, unit_id, people, accounts, every, there in counted.order_by():
        by_day[day][0] += people or 0
        for place, value in enumerate((people, accounts, 0, 0, every, there)):
            by_unit[unit_id][place] += value or 0
    for day, unit_id, filed in filed_by_day(under, first=first, last=last):
        by_day[day][0] += filed
        by_day[day][1] += filed
        by_unit[unit_id][0] += filed
        by_unit[unit_id][2] += filed
    advised = Consultation.objects.filter(shift__day__gte=first, shift__day__lte=last, shift__helper__unit=one.city_id)
    for unit_id, count in advised.values_list("shift__point__unit").annotate(n=Count("pk")).order_by():
        by_unit[unit_id][3] += count
    names = units.unit_rows(by_unit, as_of=min(on, last))
    sums = [sum(line[place] for line in by_unit.values()) for place in range(4)]
    days = [(first + timedelta(days=n)) for n in range(one.days)]
    points = [
        charts.Point(label=f"{day:%d/%m/%Y}", short=f"{day:%d/%m}", all=by_day[day][0], part=by_day[day][1]) for day in days
    ]
    rows = sorted(by_unit.items(), key=lambda line: (-line[1][0], names[line[0]].sort_name))
    return Board(
        campaign=one,
        number=day_number(first, one.days, on),
        is_over=on > last,
        people=Goal(done=sums[0], target=one.target_people),
        accounts=Goal(done=sums[1], target=one.target_accounts),
        dossiers=Goal(done=sums[2], target=one.target_dossiers),
        consulted=sums[3],
        chart=charts.columns(points),
        units=[
            UnitLine(unit=names[unit_id].full_name, people=p, accounts=a, filed=f, consulted=c, shifts=s, came=t)
            for unit_id, (p, a, f, c, s, t) in rows
        ],
    )


def campaign(campaign_id: int) -> Campaign:
    """Raises NotFound."""
    return must_exist(Campaign.objects.filter(pk=campaign_id).first())


def teams_of(one: Campaign, *, actor: Actor) -> list[Team]:
    """Of the units whose helpers the actor arranges."""
    return list(one.teams.filter(unit__in=actor.units_for(ARRANGE)).order_by("name", "pk"))


def campaigns(city_id: int) -> list[Campaign]:
    """The latest first."""
    return list(Campaign.objects.filter(city=city_id).order_by("-starts_on", "-pk")[:50])


def running(city_id: int, *, on: date) -> list[Campaign]:
    """Those whose days are now, or are over for no more than as long again."""
    return [one for one in campaigns(city_id) if one.starts_on <= on <= one.last_day + timedelta(days=one.days)]
