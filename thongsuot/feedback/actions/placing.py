"""In which commune a report is and which unit answers for it: the reads behind `rules.routing`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from thongsuot.feedback.facts import PlaceFacts
from thongsuot.feedback.models import Category, Competence
from thongsuot.feedback.pictures.facts import Position
from thongsuot.feedback.rules import routing
from thongsuot.feedback.rules.routing import CompetenceFacts, Placed, Way
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.remember import remembered
from thongsuot.units import finding
from thongsuot.units import queries as units
from thongsuot.units.models import Unit

_SOUTH, _NORTH, _WEST, _EAST = 7.0, 24.0, 101.0, 118.0  # Viet Nam with its islands


def must_be_a_point(latitude: float | None, longitude: float | None) -> None:
    """Both or none, and in Viet Nam. Raises BadInput."""
    if latitude is None and longitude is None:
        return
    if latitude is None or longitude is None or not (_SOUTH <= latitude <= _NORTH and _WEST <= longitude <= _EAST):
        raise BadInput({"place": _("Điểm đã chọn không ở Việt Nam. Hãy chọn lại trên bản đồ, hoặc ghi địa chỉ.")})


def place_of(place: PlaceFacts, in_photos: Sequence[Position], *, city_id: int, on: date) -> Placed:
    """The commune, of this city, that a report is in."""
    communes = _communes(city_id, on)
    on_map = in_photo = None
    if place.latitude is not None and place.longitude is not None:
        on_map = commune_at(Position(place.latitude, place.longitude), city_id=city_id, on=on)
    if on_map is None:  # the first picture taken in the city
        in_photo = next((found for one in in_photos if (found := commune_at(one, city_id=city_id, on=on))), None)
    by_address = commune_of(place.address, city_id=city_id, on=on) if place.address else None
    named = place.unit_id if place.unit_id in communes else None
    return routing.placed(on_map=on_map, in_photo=in_photo, by_address=by_address, named=named)


def commune_at(point: Position, *, city_id: int, on: date) -> int | None:
    """The commune of this city whose outline holds the point."""
    found = units.unit_at(point.latitude, point.longitude, as_of=on)
    return found.id if found and found.id in _communes(city_id, on) else None


@remembered(seconds=5)
def _communes(city_id: int, on: date) -> frozenset[int]:
    return frozenset(unit.id for unit in units.units_under(city_id, as_of=on) if unit.level == Unit.Level.COMMUNE)


def is_commune(unit_id: int | None, *, city_id: int, on: date) -> bool:
    """Of this city, on that day."""
    return unit_id in _communes(city_id, on)


def commune_of(address: str, *, city_id: int, on: date) -> int | None:
    """The one commune of the city an address belongs to; None when there are several, or none: nothing is guessed."""
    code = units.unit_row(city_id, as_of=on).code
    found = finding.find(address[: finding.LONGEST_TEXT], as_of=on, city_code=code)
    here = {one.unit.id for one in found.candidates if one.city.id == city_id}
    return here.pop() if found.certainty == finding.Certainty.CERTAIN and len(here) == 1 else None


@remembered(seconds=5)
def competences(category_id: int, on: date) -> tuple[CompetenceFacts, ...]:
    rows = Competence.objects.filter(in_force(on), category_id=category_id).order_by("-valid_from")
    return tuple(CompetenceFacts(place_unit_id=row.place_unit_id, handler_id=row.handler_id, basis=row.basis) for row in rows)


def way_of(
    placed: Placed, category: Category | None, *, named: int | None, of_dossier: int | None, city_id: int, on: date
) -> Way:
    """Where it goes. `named`: the unit the sender named, an agency among them."""
    agencies = {unit.id for unit in units.agencies_of(city_id, on=on)} if named is not None else set()
    way = routing.way(
        placed,
        competences(category.pk, on) if category else (),
        named_agency=named if named in agencies else None,
        of_dossier=of_dossier,
    )
    return way if way.unit_id is None or answers_there(way.unit_id, city_id=city_id, on=on) else routing.UNDECIDED


def answers_there(unit_id: int, *, city_id: int, on: date) -> bool:
    """The unit is the city, or one of its communes and agencies, and exists that day."""
    return unit_id == city_id or unit_id in units.unit_ids_under(city_id, as_of=on)
