"""Agencies of a city, and which body plays a partner's role for a unit on a day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from thongsuot.kernel.errors import TellPerson, must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.remember import SOON, remembered
from thongsuot.units.files import role_names
from thongsuot.units.models import Body, Serving, Unit
from thongsuot.units.queries.units import UnitRow, city_of, unit_row, unit_rows, units_under


class NobodyServes(TellPerson):
    """No body plays the role for the unit on that day."""

    code = "units.nobody_serves"

    def __init__(self, role: str) -> None:
        self.role = role

    def message(self) -> str:
        return _(
            "Chưa giao cơ quan nào làm “%(role)s” cho đơn vị này. Hãy nhờ người quản trị thành phố khai báo rồi chuyển lại."
        ) % {"role": role_names().get(self.role, self.role)}

    def details(self) -> dict[str, object]:
        return {"role": self.role}


@dataclass(frozen=True, kw_only=True)
class ServingRow:
    """The body that plays a role, and the unit whose people act for it."""

    role: str
    body_id: int
    body: str
    kind: str
    unit_id: int


@remembered(seconds=SOON)
def _servings(city_id: int, on: date) -> dict[tuple[str, int | None], ServingRow]:
    rows = Serving.objects.filter(in_force(on), city_id=city_id).select_related("body")
    return {
        (row.role, row.unit_id): ServingRow(
            role=row.role,
            body_id=row.body_id,
            body=row.body.name,
            kind=row.body.kind,
            unit_id=row.body.unit_id,
        )
        for row in rows
    }


def serving(role: str, *, unit_id: int, on: date) -> ServingRow:
    """Who plays the role for the unit on that day: the unit's own partner before the city's. Raises NobodyServes."""
    known = _servings(city_of(unit_id), on)
    found = known.get((role, unit_id)) or known.get((role, None))
    if found is None:
        raise NobodyServes(role)
    return found


@remembered(seconds=SOON)
def _agencies(city_id: int, on: date) -> tuple[tuple[UnitRow, str, int], ...]:
    bodies = Body.objects.filter(in_force(on), unit__parent_id=city_id, unit__level=Unit.Level.AGENCY)
    kinds = {unit_id: (kind, body_id) for unit_id, kind, body_id in bodies.order_by("-id").values_list("unit_id", "kind", "id")}
    rows = unit_rows(kinds, as_of=on)
    return tuple(
        (rows[unit_id], *kinds[unit_id])
        for unit_id in sorted(kinds, key=lambda one: (kinds[one][0], rows[one].code))
        if rows[unit_id].exists_on(on)
    )


def agencies_of(city_id: int, *, kind: str = "", on: date) -> list[UnitRow]:
    """The agencies of a city on that day, of one `Body.Kind` or all, by their codes."""
    return [row for row, of_kind, _body in _agencies(city_id, on) if not kind or of_kind == kind]


def agency_kind(unit_id: int, *, on: date) -> str:
    """The `Body.Kind` of an agency; empty for an administrative unit."""
    return next((kind for row, kind, _body in _agencies(city_of(unit_id), on) if row.id == unit_id), "")


# -- for administrators --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class AgencyRow:
    """An agency as its administrators see it, on the day asked for; one that has ended or is still to begin too."""

    unit: UnitRow
    body_id: int
    kind: str
    kind_label: str
    part_of_id: int | None
    part_of: str
    is_example: bool
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ServingPeriod:
    """One period in which a body plays a role for a unit; for every unit of the city without `unit_id`."""

    id: int
    role: str
    role_name: str
    unit_id: int | None
    unit: str
    body_id: int
    body: str
    agency_id: int
    valid_from: date
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def agency_rows(city_id: int, *, on: date) -> list[AgencyRow]:
    """Every agency the city ever set up, those of now first, by kind and code; with what each does for others. Four queries."""
    bodies = (
        Body.objects.filter(unit__parent_id=city_id, unit__level=Unit.Level.AGENCY).select_related("part_of").order_by("-id")
    )
    own = {body.unit_id: body for body in bodies}
    names = unit_rows(own, as_of=on)
    roles: dict[int, list[str]] = {}
    for period in servings_of(city_id):
        if period.holds_on(on) and period.role_name not in roles.setdefault(period.body_id, []):
            roles[period.body_id].append(period.role_name)
    kinds = list(Body.Kind.values)
    rows = [
        AgencyRow(
            unit=names[unit_id],
            body_id=body.pk,
            kind=body.kind,
            kind_label=body.get_kind_display(),
            part_of_id=body.part_of_id,
            part_of=body.part_of.name if body.part_of else "",
            is_example=body.is_example,
            roles=tuple(roles.get(body.pk, ())),
        )
        for unit_id, body in own.items()
    ]
    return sorted(rows, key=lambda row: (not row.unit.exists_on(on), kinds.index(row.kind), row.unit.code))


def agency_row(unit_id: int, *, on: date) -> AgencyRow:
    """One of them. Raises NotFound."""
    parent = Unit.objects.filter(pk=unit_id, level=Unit.Level.AGENCY).values_list("parent_id", flat=True).first()
    found = agency_rows(parent, on=on) if parent is not None else []
    row = must_exist(next((row for row in found if row.unit.id == unit_id), None))
    return row


def servings_of(city_id: int) -> list[ServingPeriod]:
    """Who served whom, from when to when: by role as listed, the city's partner before those of units, the newest first."""
    rows = Serving.objects.filter(city_id=city_id).select_related("body")
    units = unit_rows({row.unit_id for row in rows if row.unit_id is not None}, as_of=date.max)
    names, order = role_names(), list(role_names())
    periods = [
        ServingPeriod(
            id=row.pk,
            role=row.role,
            role_name=names.get(row.role, row.role),
            unit_id=row.unit_id,
            unit=units[row.unit_id].full_name if row.unit_id is not None else "",
            body_id=row.body_id,
            body=row.body.name,
            agency_id=row.body.unit_id,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in sorted(rows, key=lambda row: row.valid_from, reverse=True)
    ]
    return sorted(
        periods,
        key=lambda one: (
            order.index(one.role) if one.role in order else len(order),
            one.unit_id is not None,
            units[one.unit_id].sort_name if one.unit_id is not None else "",
        ),
    )


def serving_period(serving_id: int, *, city_id: int) -> ServingPeriod:
    """One of them. Raises NotFound."""
    found = must_exist(next((one for one in servings_of(city_id) if one.id == serving_id), None))
    return found


def served_by(role: str, *, unit_id: int | None, city_id: int, on: date) -> Collection[int]:
    """The units whose partner in that role changes with the city's, or with the unit's own: those that have no other."""
    if unit_id is not None:
        return (unit_id,)
    own = {unit for known, unit in _servings(city_id, on) if known == role and unit is not None}
    served = [*units_under(city_id, as_of=on), *agencies_of(city_id, on=on), unit_row(city_id, as_of=on)]
    return [unit.id for unit in served if unit.id not in own]
