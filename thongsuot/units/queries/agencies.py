"""Agencies of a city, and which body plays a partner's role for a unit on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.remember import SOON, remembered
from thongsuot.units.files import role_names
from thongsuot.units.models import Body, Serving, Unit
from thongsuot.units.queries.units import UnitRow, city_of, unit_rows


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
