"""Outlines: which unit a point lies in, and maps to draw. Empty until an installation imports some."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import msgspec
from django.db.models import Max, Min, TextField
from django.db.models.expressions import RawSQL
from shapely import prepare
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from thongsuot.kernel.periods import in_force
from thongsuot.kernel.remember import FOR_EVER, SOON, Memory, remembered
from thongsuot.units.models import Boundary, PointDetails, Unit
from thongsuot.units.queries.units import UnitRow, city_of, unit_row, units_under
from thongsuot.units.rules.outlines import Drawing, drawn, thinned

_DRAWN_FOR = 600.0  # seconds; an import is seen at once by the importing process only
_MOST_MAPS = 300
_LARGEST_COLLECTION = 300_000  # bytes, before they are packed
_ASTRAY = (0.0001, 0.0002, 0.0004, 0.0008, 0.0016, 0.0032)  # degrees: from about 10 metres


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
    versions = boxes.order_by("unit__code").annotate(version=_VERSION).values_list("unit_id", "version")
    for unit_id, area in _areas(dict(versions), point):
        if area.covers(point):
            return unit_row(unit_id, as_of=as_of)
    return None


# The database's own mark of who wrote a row last: whichever process stores an outline, no other goes on with the old one.
_VERSION = RawSQL("units_boundary.xmin::text", (), output_field=TextField())
_prepared: Memory[int, tuple[str, BaseGeometry]] = Memory(seconds=FOR_EVER)


def _areas(versions: dict[int, str], point: Point) -> list[tuple[int, BaseGeometry]]:
    """Outlines by unit, in the order of `versions`, quick to ask: one is read again only when it changed."""
    known = {unit_id: kept[1] for unit_id, said in versions.items() if (kept := _prepared.get(unit_id)) and kept[0] == said}
    if missing := versions.keys() - known.keys():
        rows = Boundary.objects.filter(unit__in=missing).annotate(version=_VERSION)
        for unit_id, version, geometry in rows.values_list("unit_id", "version", "geometry"):
            area = shape(geometry)
            prepare(area)
            area.covers(point)  # what it prepares at the first question is there before another thread asks
            known[unit_id] = _prepared.put(unit_id, (version, area))[1]
    return [(unit_id, known[unit_id]) for unit_id in versions if unit_id in known]


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


def places_of(unit_ids: Collection[int]) -> dict[int, tuple[float, float]]:
    """(latitude, longitude) of a point of each: its own, else that of its service point. Unknown ones are absent."""
    of_points = PointDetails.objects.filter(point__unit_id__in=unit_ids, valid_to=None)
    of_units = Unit.objects.filter(pk__in=unit_ids)
    known = {
        unit_id: (latitude, longitude)
        for rows in (
            of_points.values_list("point__unit_id", "latitude", "longitude"),
            of_units.values_list("id", "latitude", "longitude"),
        )
        for unit_id, latitude, longitude in rows
        if latitude is not None and longitude is not None
    }
    return known


Box = tuple[float, float, float, float]
_boxes: Memory[tuple[int, date], Box | tuple[()]] = Memory(seconds=SOON)


def box_of(city_id: int, *, as_of: date) -> Box | None:
    """(west, south, east, north) of the city by its outlines, else by points of its communes. None when nobody knows."""
    known = _boxes.get((city_id, as_of))
    if known is None:
        edges = Boundary.objects.filter(in_force(as_of, "unit__"), unit__parent_id=city_id).aggregate(
            Min("west"), Min("south"), Max("east"), Max("north")
        )
        box: Box | tuple[()] = tuple(edges.values()) if None not in edges.values() else ()
        if not box and (places := places_of([row.id for row in units_under(city_id, as_of=as_of)]).values()):
            latitudes, longitudes = zip(*places, strict=True)
            box = (min(longitudes), min(latitudes), max(longitudes), max(latitudes))
        known = _boxes.put((city_id, as_of), box)
    return known or None


_collections: Memory[tuple[int, date], bytes] = Memory(seconds=_DRAWN_FOR, most=_MOST_MAPS)


def collection(city_id: int, *, as_of: date) -> bytes:
    """The communes of a city as GeoJSON: outlines as fine as it may be large, else points, else nothing."""
    known = _collections.get((city_id, as_of))
    if known is not None:
        return known
    rows = units_under(city_id, as_of=as_of)
    shapes = dict(Boundary.objects.filter(unit__in=[row.id for row in rows]).values_list("unit_id", "geometry"))
    places = places_of([row.id for row in rows])
    outlined_rows = [row for row in rows if row.id in shapes]
    pointed = [
        _feature(row, places[row.id], {"type": "Point", "coordinates": [round(at, 5) for at in reversed(places[row.id])]})
        for row in rows
        if row.id not in shapes and row.id in places
    ]
    areas = [shape(shapes[row.id]) for row in outlined_rows]
    for tolerance in _ASTRAY:
        drawn_areas = thinned(areas, tolerance) if areas else []
        features = [
            _feature(row, places.get(row.id), {"type": "MultiPolygon", "coordinates": polygons})
            for row, polygons in zip(outlined_rows, drawn_areas, strict=True)
        ]
        content = msgspec.json.encode({"type": "FeatureCollection", "features": features + pointed})
        if len(content) <= _LARGEST_COLLECTION:
            break
    return _collections.put((city_id, as_of), content)


def _feature(row: UnitRow, at: tuple[float, float] | None, geometry: dict[str, Any]) -> dict[str, Any]:
    """`at`: where its name may stand."""
    told: dict[str, Any] = {"id": row.id, "code": row.code, "name": row.full_name}
    if at is not None:
        told["at"] = [round(degrees, 5) for degrees in at]
    return {"type": "Feature", "properties": told, "geometry": geometry}
