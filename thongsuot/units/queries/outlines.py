"""Outlines: which unit a point lies in, and maps to draw. Empty until an installation imports some."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from thongsuot.kernel.periods import in_force
from thongsuot.kernel.remember import SOON, Memory, remembered
from thongsuot.units.models import Boundary, Unit
from thongsuot.units.queries.units import UnitRow, city_of, unit_row
from thongsuot.units.rules.outlines import Drawing, drawn

_DRAWN_FOR = 600.0  # seconds; an import is seen at once by the importing process only
_MOST_MAPS = 300


@remembered(seconds=SOON)
def has_boundaries(city_id: int, *, as_of: date) -> bool:
    """Are the outlines of this city's communes here?"""
    return Boundary.objects.filter(in_force(as_of, "unit__"), unit__parent_id=city_id).exists()


def outlined(unit_ids: Collection[int]) -> set[int]:
    """Those of them whose outline is here. One query."""
    return set(Boundary.objects.filter(unit__in=list(unit_ids)).values_list("unit_id", flat=True))


def unit_at(latitude: float, longitude: float, *, as_of: date, level: str = Unit.Level.COMMUNE) -> UnitRow | None:
    """The unit a point lies in; None outside all known outlines. On a border the one with the smaller code."""
    boxes = Boundary.objects.filter(
        in_force(as_of, "unit__"),
        unit__level=level,
        west__lte=longitude,
        east__gte=longitude,
        south__lte=latitude,
        north__gte=latitude,
    )
    point = Point(longitude, latitude)
    for unit_id, geometry in boxes.order_by("unit__code").values_list("unit_id", "geometry"):
        if shape(geometry).covers(point):
            return unit_row(unit_id, as_of=as_of)
    return None


_maps: Memory[tuple[int, date], Drawing] = Memory(seconds=_DRAWN_FOR, most=_MOST_MAPS)


def map_of(unit_id: int, *, as_of: date) -> Drawing | None:
    """The unit amid its neighbours; for a city all its communes. None without outlines."""
    known = _maps.get((unit_id, as_of))
    if known is not None:
        return known
    city_id = city_of(unit_id)
    around = Boundary.objects.filter(in_force(as_of, "unit__"), unit__parent_id=city_id)
    if unit_id != city_id:
        own = Boundary.objects.filter(unit_id=unit_id).first()
        if own is None:
            return None
        reach = max(own.east - own.west, own.north - own.south) * 0.25
        around = around.filter(
            west__lte=own.east + reach, east__gte=own.west - reach, south__lte=own.north + reach, north__gte=own.south - reach
        )
    areas: dict[int, BaseGeometry] = {key: shape(geometry) for key, geometry in around.values_list("unit_id", "geometry")}
    if not areas:
        return None
    return _maps.put((unit_id, as_of), drawn(areas, areas if unit_id == city_id else [unit_id]))
