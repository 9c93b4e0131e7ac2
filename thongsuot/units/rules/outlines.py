"""Outlines on the ground: what an imported one must be, how large it is, where a label may stand, how it is drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

# A wide box with the islands: catches exchanged coordinates and other reference systems.
WEST, SOUTH, EAST, NORTH = 102.0, 6.0, 118.0, 24.0
EARTH_RADIUS_KM = 6371.0072  # of the sphere with the surface of the Earth
_MEANINGFUL_OVERLAP = 0.005
_ROOM_FOR_A_NAME = 0.03  # of the picture


class BadOutline(ValueError):
    """`reason` is one of: no_code, not_an_area, broken, elsewhere."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Outline:
    """A unit's area as given, with what follows from it."""

    code: str
    geometry: dict[str, Any]
    area: BaseGeometry

    @property
    def box(self) -> tuple[float, float, float, float]:
        west, south, east, north = self.area.bounds
        return west, south, east, north

    @property
    def label_point(self) -> tuple[float, float]:
        """(latitude, longitude) of a point inside."""
        point = self.area.representative_point()
        return round(point.y, 5), round(point.x, 5)

    @property
    def area_km2(self) -> float:
        """On a projection that keeps areas (sinusoidal). Not the official figure: sea and tidal land may be drawn otherwise."""
        flat = shapely.transform(self.area, _sinusoidal)
        return round(float(flat.area), 2)


def _sinusoidal(points: Any) -> Any:
    flat = np.radians(points)
    flat[:, 0] *= np.cos(flat[:, 1])
    return flat * EARTH_RADIUS_KM


def outline_of(feature: Mapping[str, Any]) -> Outline:
    """One feature of a GeoJSON collection. Its code is the property `code`, or its id. Raises BadOutline."""
    properties = feature.get("properties") or {}
    code = str(properties.get("code") or feature.get("id") or "").strip()
    if not code:
        raise BadOutline("no_code")
    geometry = feature.get("geometry") or {}
    if geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        raise BadOutline("not_an_area")
    try:
        area = shape(geometry)
    except (ValueError, TypeError, IndexError, AttributeError, KeyError, shapely.errors.ShapelyError):
        raise BadOutline("broken") from None
    if area.is_empty or not area.is_valid or area.has_z:
        raise BadOutline("broken")
    west, south, east, north = area.bounds
    if not (west >= WEST and south >= SOUTH and east <= EAST and north <= NORTH):  # also when a bound is not a number
        raise BadOutline("elsewhere")
    return Outline(code=code, geometry={"type": geometry["type"], "coordinates": geometry["coordinates"]}, area=area)


def overlapping(outlines: Sequence[Outline]) -> list[tuple[str, str]]:
    """Pairs of codes whose areas overlap by more than a half per cent of the smaller: a map that contradicts itself."""
    areas = [outline.area for outline in outlines]
    tree = shapely.STRtree(areas)
    found: list[tuple[str, str]] = []
    for first, second in zip(*tree.query(areas, predicate="intersects"), strict=True):
        if first < second:
            shared = shapely.intersection(areas[first], areas[second]).area
            if shared > _MEANINGFUL_OVERLAP * min(areas[first].area, areas[second].area):
                found.append((outlines[first].code, outlines[second].code))
    return found


@dataclass(frozen=True, slots=True)
class _Sheet:
    """From degrees to dots of the picture."""

    shrink: float
    scale: float
    left: float
    top: float

    def place(self, point: tuple[float, ...]) -> tuple[int, int]:
        return round((point[0] * self.shrink - self.left) * self.scale), round((self.top - point[1]) * self.scale)

    def path(self, points: Iterable[tuple[float, ...]]) -> str:
        steps = [
            f"{(point[0] * self.shrink - self.left) * self.scale:.1f} {(self.top - point[1]) * self.scale:.1f}"
            for point in points
        ]
        return f"M{'L'.join(steps[:-1])}z" if len(steps) > 3 else ""


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A map as SVG: a frame of `width` x `height`, a path per key, and a place for its name where there is room."""

    width: int
    height: int
    paths: dict[int, str]
    labels: dict[int, tuple[int, int]]
    sheet: _Sheet

    @property
    def view_box(self) -> str:
        return f"0 0 {self.width} {self.height}"

    def place(self, latitude: float | None, longitude: float | None) -> tuple[int, int] | None:
        """Where something stands in the picture; None outside of it, or when nobody knows where it is."""
        if latitude is None or longitude is None:
            return None
        x, y = self.sheet.place((longitude, latitude))
        return (x, y) if 0 <= x <= self.width and 0 <= y <= self.height else None


def drawn(areas: Mapping[int, BaseGeometry], frame: Iterable[int], *, width: int = 640, tallest: int = 560) -> Drawing:
    """North up, as wide as it is on the ground. `frame`: the keys that must be seen whole; others are cut at the edge."""
    west, south, east, north = shapely.total_bounds([areas[key] for key in frame])
    shrink = math.cos(math.radians((south + north) / 2))  # a degree of longitude in degrees of latitude
    across, up = (east - west) * shrink, north - south
    margin = 0.06 * max(across, up)
    scale = min(width / (across + 2 * margin), tallest / (up + 2 * margin))
    left, top = west * shrink - margin, north + margin
    # Cut a little outside the picture, so that the cut itself is not seen.
    window = shapely.box(west - 2 * margin / shrink, south - 2 * margin, east + 2 * margin / shrink, north + 2 * margin)
    tolerance = 0.6 / scale  # about half a dot of the picture
    sheet = _Sheet(shrink, scale, left, top)
    paths: dict[int, str] = {}
    labels: dict[int, tuple[int, int]] = {}
    picture = (across + 2 * margin) * (up + 2 * margin) / shrink
    for key, area in zip(areas, shapely.coverage_simplify(list(areas.values()), tolerance), strict=True):
        seen = shapely.intersection(area, window)
        path = "".join(sheet.path(ring.coords) for part in _parts(seen) for ring in (part.exterior, *part.interiors))
        if not path:
            continue
        paths[key] = path
        inner = shapely.intersection(seen, shapely.box(west, south, east, north))
        if inner.area > _ROOM_FOR_A_NAME * picture:
            labels[key] = sheet.place(shapely.maximum_inscribed_circle(inner).coords[0])
    return Drawing(
        width=round((across + 2 * margin) * scale),
        height=round((up + 2 * margin) * scale),
        paths=paths,
        labels=labels,
        sheet=sheet,
    )


def thinned(areas: Sequence[BaseGeometry], tolerance: float) -> list[list[list[list[tuple[float, float]]]]]:
    """Neighbours with fewer points, their common lines still common: coordinates of a MultiPolygon for each, to a metre.

    tolerance   degrees a line may go astray
    """
    return [
        [
            [ring for one in (part.exterior, *part.interiors) if len(ring := _rounded(one.coords)) > 3]
            for part in _parts(area)
            if len(_rounded(part.exterior.coords)) > 3
        ]
        for area in shapely.coverage_simplify(list(areas), tolerance)
    ]


def _rounded(points: Iterable[tuple[float, ...]]) -> list[tuple[float, float]]:
    near = [(round(point[0], 5), round(point[1], 5)) for point in points]
    return [point for place, point in enumerate(near) if place == 0 or point != near[place - 1]]


def _parts(area: BaseGeometry) -> list[Any]:
    return [part for part in shapely.get_parts(area) if part.geom_type == "Polygon"]
