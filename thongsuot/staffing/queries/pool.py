"""Who waits for a place, by the unit they come from, and who of them fits which empty place."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from thongsuot.kernel.actor import Actor
from thongsuot.staffing.models import JobPosition, Placement, StaffingPlan, StaffMember
from thongsuot.staffing.queries.board import all_short, coordinates
from thongsuot.staffing.queries.persons import waiting
from thongsuot.staffing.rules import matching
from thongsuot.staffing.rules.matching import Candidate, Match, Place, Point
from thongsuot.units import queries as units


@dataclass(frozen=True, kw_only=True)
class PoolRow:
    id: int
    full_name: str
    old_unit_id: int
    old_unit: str
    old_title: str
    qualification: str
    fields: str
    years: int
    wish: str
    waiting_since: date
    placement_open: bool


def by_old_unit(actor: Actor, *, on: date) -> list[tuple[int, str, int]]:
    """(old unit, its name, persons who wait), in Vietnamese order of names."""
    counts = Counter(waiting(actor).values_list("old_unit_id", flat=True))
    names = units.unit_rows(counts, as_of=on)
    return [
        (unit_id, names[unit_id].full_name, counts[unit_id])
        for unit_id in sorted(counts, key=lambda unit_id: (names[unit_id].sort_name, unit_id))
    ]


def pool(actor: Actor, *, on: date, old_unit_id: int | None = None, limit: int, offset: int = 0) -> list[PoolRow]:
    """Two queries."""
    opened = Placement.objects.filter(member=OuterRef("pk"), status__in=Placement.OPEN)
    found = waiting(actor)
    if old_unit_id is not None:
        found = found.filter(old_unit_id=old_unit_id)
    rows = list(found.annotate(placement_open=Exists(opened)).order_by("sort_name", "pk")[offset : offset + limit])
    names = units.unit_rows({unit for row in rows for unit in (row.old_unit_id, row.wish_unit_id) if unit}, as_of=on)
    return [
        PoolRow(
            id=row.pk,
            full_name=row.full_name,
            old_unit_id=row.old_unit_id,
            old_unit=names[row.old_unit_id].full_name,
            old_title=row.old_title,
            qualification=row.get_qualification_display(),
            fields=", ".join(row.fields),
            years=row.years_in_field,
            wish=names[row.wish_unit_id].full_name if row.wish_unit_id else "",
            waiting_since=row.waiting_since or on,
            placement_open=row.placement_open,
        )
        for row in rows
    ]


def pool_count(actor: Actor, *, old_unit_id: int | None = None) -> int:
    found = waiting(actor)
    return (found if old_unit_id is None else found.filter(old_unit_id=old_unit_id)).count()


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A waiting person for an empty place, with the reasons."""

    member_id: int
    full_name: str
    old_unit: str
    match: Match


@dataclass(frozen=True, kw_only=True)
class Opening:
    """An empty place for a waiting person, with the reasons."""

    unit_id: int
    unit: str
    position_id: int
    position: str
    short: int
    match: Match


def proposals(actor: Actor, position: JobPosition, *, unit_id: int, on: date, most: int = 20) -> list[Proposal]:
    """The best of the pool for a place of this unit; nobody for whom a placement is under way. Three queries."""
    opened = Placement.objects.filter(member=OuterRef("pk"), status__in=Placement.OPEN)
    members = {row.pk: row for row in waiting(actor).exclude(Exists(opened))}
    where = _where({unit_id, *(row.old_unit_id for row in members.values())})
    place = _place(position, unit_id, where)
    best = matching.ranked((_candidate(row, where) for row in members.values()), place)[:most]
    names = units.unit_rows({members[one.candidate_id].old_unit_id for one in best}, as_of=on)
    return [
        Proposal(
            member_id=one.candidate_id,
            full_name=members[one.candidate_id].full_name,
            old_unit=names[members[one.candidate_id].old_unit_id].full_name,
            match=one,
        )
        for one in best
    ]


def openings(
    member: StaffMember, rows: list[units.UnitRow], *, plan: StaffingPlan | None, on: date, most: int = 8
) -> list[Opening]:
    """The empty places of these units that fit a person best. Three queries."""
    short = all_short(rows, plan=plan, on=on)
    positions = JobPosition.objects.in_bulk({position for _unit, position, _count in short})
    where = _where({member.old_unit_id, *(unit for unit, _position, _count in short)})
    candidate = _candidate(member, where)
    names = {row.id: row.full_name for row in rows}
    found = [
        Opening(
            unit_id=unit,
            unit=names[unit],
            position_id=position,
            position=positions[position].name,
            short=count,
            match=matching.match(candidate, _place(positions[position], unit, where)),
        )
        for unit, position, count in short
        if not positions[position].party_managed
    ]
    return sorted(found, key=lambda one: (-one.match.points, one.match.km or 0.0, one.unit, one.position_id))[:most]


def _where(unit_ids: set[int]) -> dict[int, Point]:
    return {unit: Point(latitude=north, longitude=east) for unit, (north, east) in coordinates(unit_ids).items()}


def _candidate(row: StaffMember, where: dict[int, Point]) -> Candidate:
    return Candidate(
        id=row.pk,
        qualification=row.qualification,
        fields=row.fields,
        years_in_field=row.years_in_field,
        where=where.get(row.old_unit_id),
        wish_unit_id=row.wish_unit_id,
    )


def _place(position: JobPosition, unit_id: int, where: dict[int, Point]) -> Place:
    return Place(unit_id=unit_id, where=where.get(unit_id), qualification=position.qualification, fields=position.fields)
