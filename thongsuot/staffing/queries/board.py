"""Planned, present, short and over: per unit, and per position of one unit. Persons and positions are counted apart."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, Q, Sum

from thongsuot.kernel.actor import Actor
from thongsuot.staffing.models import Distribution, JobPosition, PlannedPost, StaffingPlan
from thongsuot.staffing.queries.persons import all_waiting
from thongsuot.staffing.queries.seen import units_of
from thongsuot.staffing.rules import MANAGE
from thongsuot.units import queries as units
from thongsuot.units.models import Body, Boundary, Succession, Unit


@dataclass(frozen=True, kw_only=True)
class BoardRow:
    """persons_short over positions_short: neither follows from the other. `over`: persons above the plan of their position."""

    unit_id: int
    name: str
    sort_name: str
    planned: int
    present: int
    persons_short: int
    positions_short: int
    over: int
    waiting: int


@dataclass(frozen=True, kw_only=True)
class PositionRow:
    position_id: int
    code: str
    name: str
    body_kind: str
    body: str
    group: str
    mandatory: bool
    party_managed: bool
    planned: int
    present: int

    @property
    def short(self) -> int:
        return max(0, self.planned - self.present)

    @property
    def over(self) -> int:
        return max(0, self.present - self.planned)


# Present is who has a post of the plan: assigned, or seconded to it or on contract while that lasts.
_POSITIONS = """
WITH planned AS (
  SELECT unit_id, position_id, persons FROM staffing_plannedpost WHERE plan_id = %(plan)s AND unit_id = ANY(%(units)s)
), present AS (
  SELECT unit_id, position_id, count(*)::int AS persons FROM staffing_staffmember
   WHERE unit_id = ANY(%(units)s) AND state IN ('assigned', 'seconded', 'contract') AND position_id IS NOT NULL
     AND (until IS NULL OR until > %(day)s)
   GROUP BY unit_id, position_id
)
SELECT unit_id, position_id, coalesce(planned.persons, 0) AS planned, coalesce(present.persons, 0) AS present
  FROM planned FULL JOIN present USING (unit_id, position_id)
"""
_BOARD = f"""
SELECT unit_id, sum(planned), sum(present), sum(greatest(planned - present, 0)), count(*) FILTER (WHERE planned > present),
       sum(greatest(present - planned, 0))
  FROM ({_POSITIONS}) AS counted GROUP BY unit_id
"""  # noqa: S608 - put together from constants


def plan_in_force(city_id: int, *, on: date) -> StaffingPlan | None:
    """The one that counts on that day. Before the first one counts, the first: people are placed by it beforehand."""
    accepted = StaffingPlan.objects.filter(city_id=city_id, state=StaffingPlan.State.ACCEPTED).order_by("effective_on")
    return accepted.filter(effective_on__lte=on).last() or accepted.first()


def accepted_plans(city_id: int) -> list[StaffingPlan]:
    """Those that count, or will, by their days."""
    return list(StaffingPlan.objects.filter(city_id=city_id, state=StaffingPlan.State.ACCEPTED).order_by("effective_on"))


def day_of(plan: StaffingPlan | None, *, on: date) -> date:
    """The day of which a plan speaks: its own while it is still to come."""
    return max(on, plan.effective_on) if plan is not None else on


def units_to_show(actor: Actor, *, city_id: int, on: date) -> list[units.UnitRow]:
    """The communes of that day whose staff this actor manages or proposes for, in Vietnamese order.

    Whoever has the duty in the city has it for units that are still to begin.
    """
    communes = units.units_under(city_id, as_of=on)
    seen = units_of(actor)
    return communes if actor.trusted or city_id in seen else [row for row in communes if row.id in seen]


def board(rows: Collection[units.UnitRow], *, plan: StaffingPlan | None, on: date) -> list[BoardRow]:
    """A line for each unit, in the order given. Two queries."""
    ids = [row.id for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(_BOARD, {"plan": plan.pk if plan else None, "units": ids, "day": on})
        counted = {row[0]: [int(value) for value in row[1:]] for row in cursor.fetchall()}
    waiting = dict(all_waiting().filter(unit__in=ids).order_by().values_list("unit").annotate(count=Count("pk")))
    found = []
    for row in rows:
        planned, present, persons_short, positions_short, over = counted.get(row.id, [0, 0, 0, 0, 0])
        found.append(
            BoardRow(
                unit_id=row.id,
                name=row.full_name,
                sort_name=row.sort_name,
                planned=planned,
                present=present,
                persons_short=persons_short,
                positions_short=positions_short,
                over=over,
                waiting=waiting.get(row.id, 0),
            )
        )
    return found


ORDERS = {
    "ten": lambda row: row.sort_name,
    "thieu": lambda row: (-row.persons_short, row.sort_name),
    "vi-tri": lambda row: (-row.positions_short, row.sort_name),
    "thua": lambda row: (-(row.over + row.waiting), row.sort_name),
}
FILTERS = {
    "": lambda row: True,
    "thieu": lambda row: row.persons_short > 0,
    "thua": lambda row: row.over + row.waiting > 0,
}


def positions_of(unit_id: int, *, plan: StaffingPlan | None, on: date) -> list[PositionRow]:
    """Every position that is planned or filled in a unit, in the order of the catalogue. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_POSITIONS, {"plan": plan.pk if plan else None, "units": [unit_id], "day": on})
        counted = {row[1]: (row[2], row[3]) for row in cursor.fetchall()}
    return [
        PositionRow(
            position_id=one.pk,
            code=one.code,
            name=one.name,
            body_kind=one.body_kind,
            body=str(Body.Kind(one.body_kind).label),
            group=one.get_group_display(),
            mandatory=one.mandatory,
            party_managed=one.party_managed,
            planned=counted[one.pk][0],
            present=counted[one.pk][1],
        )
        for one in JobPosition.objects.filter(pk__in=counted).order_by("code")
    ]


@dataclass(frozen=True, kw_only=True)
class BodySum:
    """What the positions of one body come to. `positions`: how many are planned or filled."""

    kind: str
    name: str
    positions: int
    planned: int
    present: int
    short: int


def body_sums(positions: Collection[PositionRow]) -> list[BodySum]:
    """Body by body, in the order in which kinds of bodies stand."""
    return [
        BodySum(
            kind=kind.value,
            name=str(kind.label),
            positions=len(of_it),
            planned=sum(one.planned for one in of_it),
            present=sum(one.present for one in of_it),
            short=sum(one.short for one in of_it),
        )
        for kind in Body.Kind
        if (of_it := [one for one in positions if one.body_kind == kind])
    ]


def all_short(rows: Collection[units.UnitRow], *, plan: StaffingPlan | None, on: date) -> list[tuple[int, int, int]]:
    """(unit, position, persons short) of every empty place. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_POSITIONS, {"plan": plan.pk if plan else None, "units": [row.id for row in rows], "day": on})
        return [
            (unit, position, planned - present) for unit, position, planned, present in cursor.fetchall() if planned > present
        ]


def plan_sums(plan: StaffingPlan) -> list[tuple[int, int, int]]:
    """(unit, persons, positions) of a plan. One query."""
    posts = PlannedPost.objects.filter(plan=plan).order_by().values_list("unit")
    return list(posts.annotate(persons=Sum("persons"), positions=Count("position")))


def plan_sums_by_body(plan: StaffingPlan) -> dict[int, list[tuple[str, int, int]]]:
    """{unit: (name of the body, persons, positions)} of a plan, in the order in which kinds of bodies stand. One query."""
    posts = PlannedPost.objects.filter(plan=plan).order_by().values_list("unit", "position__body_kind")
    order = {kind.value: (place, str(kind.label)) for place, kind in enumerate(Body.Kind)}
    found: dict[int, list[tuple[str, int, int]]] = {}
    rows = list(posts.annotate(persons=Sum("persons"), positions=Count("position")))
    for unit, kind, persons, positions in sorted(rows, key=lambda row: order[row[1]][0]):
        found.setdefault(unit, []).append((order[kind][1], persons, positions))
    return found


def whole_city(by_body: dict[int, list[tuple[str, int, int]]]) -> list[tuple[str, int, int]]:
    """(name of the body, persons, units that have it) over all units of a plan, the most persons first."""
    found: dict[str, tuple[int, int]] = {}
    for bodies in by_body.values():
        for name, persons, _positions in bodies:
            had = found.get(name, (0, 0))
            found[name] = (had[0] + persons, had[1] + 1)
    return sorted(((name, *sums) for name, sums in found.items()), key=lambda row: -row[1])


def plans(actor: Actor) -> list[StaffingPlan]:
    seen = Q() if actor.trusted else Q(city__in=actor.units_for(MANAGE))
    return list(StaffingPlan.objects.filter(seen).order_by("-made_at"))


def distributions(city_id: int) -> list[dict[str, Any]]:
    """With how many units each names, the newest first."""
    rows = Distribution.objects.filter(city_id=city_id).annotate(units=Count("shares")).order_by("-saved_at")
    return [{"row": row, "units": row.units} for row in rows]


def coordinates(unit_ids: Collection[int]) -> dict[int, tuple[float, float]]:
    """Where units lie: their own point, else the middle of their outline, else that of the likeliest successor.

    Units of which nothing is known are absent. Two queries, four when some have ended.
    """
    wanted = set(unit_ids)
    found = _own_places(wanted)
    if unknown := wanted - found.keys():
        heirs = dict(
            Succession.objects.filter(old_unit__in=unknown)
            .order_by("likeliest", "-extent")  # the last one stands
            .values_list("old_unit_id", "new_unit_id")
        )
        places = _own_places(set(heirs.values()))
        found |= {old: places[new] for old, new in heirs.items() if new in places}
    return found


def _own_places(unit_ids: set[int]) -> dict[int, tuple[float, float]]:
    boxes = Boundary.objects.filter(unit__in=unit_ids).values_list("unit_id", "south", "north", "west", "east")
    found = {unit: ((south + north) / 2, (west + east) / 2) for unit, south, north, west, east in boxes}
    for pk, north, east in Unit.objects.filter(pk__in=unit_ids).values_list("pk", "latitude", "longitude"):
        if north is not None and east is not None:
            found[pk] = (north, east)
    return found
