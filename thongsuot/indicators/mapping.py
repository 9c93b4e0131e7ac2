"""A city coloured by an indicator: classes in words; outlines where they were imported, else points, else tiles in a row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from thongsuot.indicators.queries.compare import Measure, UnitLine
from thongsuot.units import queries as units

CLASSES = 5
WIDTH, TALLEST, MARGIN = 640, 560, 24
TILE, ACROSS = 46, 14


@dataclass(frozen=True, kw_only=True)
class ClassRow:
    """One step of the legend: from `low` up to, not including, `high` (the last: with it). `letter` stands on the map too."""

    number: int
    letter: str
    low: float
    high: float
    units: int


@dataclass(frozen=True, kw_only=True)
class Place:
    """A unit on the map: an outline, or a point. `number` 0: no data."""

    line: UnitLine
    number: int
    letter: str
    path: str = ""
    x: float = 0.0
    y: float = 0.0
    labelled: bool = False


@dataclass(frozen=True, kw_only=True)
class CityMap:
    width: int
    height: int
    places: list[Place]
    classes: list[ClassRow]
    kind: str  # outlines, points, tiles

    @property
    def outlines(self) -> bool:
        return self.kind == "outlines"

    @property
    def view_box(self) -> str:
        return f"0 0 {self.width} {self.height}"


def bounds(values: Sequence[float]) -> list[float]:
    """Inner bounds of at most five classes with about as many units each; fewer where many are equal. Ascending, no doubles."""
    ordered = sorted(values)
    if not ordered:
        return []
    cuts = [ordered[len(ordered) * step // CLASSES] for step in range(1, CLASSES)]
    return [cut for cut in dict.fromkeys(cuts) if cut > ordered[0]]


def class_of(value: float, cuts: Sequence[float]) -> int:
    """1 for the lowest."""
    return 1 + sum(value >= cut for cut in cuts)


def city_map(city_id: int, lines: Sequence[UnitLine], measure: Measure, *, on: date) -> CityMap:
    """Every unit in a class by its value. The dark end (5) is where it stands worst: the highest or the lowest values."""
    values = {line.unit_id: value for line in lines if line.unit_id != city_id and (value := measure.value(line)) is not None}
    cuts = bounds(list(values.values()))
    count = len(cuts) + 1
    edges = [min(values.values(), default=0.0), *cuts, max(values.values(), default=0.0)]

    def number(value: float) -> int:
        place = class_of(value, cuts)
        rank = place if measure.bad_high else count + 1 - place
        return round(1 + (rank - 1) * (CLASSES - 1) / max(1, count - 1)) if count > 1 else 1

    def letter(value: float) -> str:
        return "ABCDE"[class_of(value, cuts) - 1]

    classes = [
        ClassRow(
            number=number(edges[place]),
            letter="ABCDE"[place],
            low=edges[place],
            high=edges[place + 1],
            units=sum(class_of(value, cuts) == place + 1 for value in values.values()),
        )
        for place in range(count if values else 0)
    ]
    marks = {unit_id: (number(value), letter(value)) for unit_id, value in values.items()}
    shown = [line for line in lines if line.unit_id != city_id]
    drawing = units.map_of(city_id, as_of=on)
    if drawing is not None:
        places = [
            Place(
                line=line,
                number=marks.get(line.unit_id, (0, ""))[0],
                letter=marks.get(line.unit_id, (0, ""))[1],
                path=drawing.paths[line.unit_id],
                x=drawing.labels.get(line.unit_id, (0, 0))[0],
                y=drawing.labels.get(line.unit_id, (0, 0))[1],
                labelled=line.unit_id in drawing.labels,
            )
            for line in shown
            if line.unit_id in drawing.paths
        ]
        return CityMap(width=drawing.width, height=drawing.height, places=places, classes=classes, kind="outlines")
    return _points(shown, marks, classes)


def _points(lines: Sequence[UnitLine], marks: dict[int, tuple[int, str]], classes: list[ClassRow]) -> CityMap:
    """A point at each unit's own coordinates, else at those of its service point; tiles where most have neither."""
    ids = [line.unit_id for line in lines]
    where = units.places_of(ids)
    if len(where) * 2 < len(lines):
        return _tiles(lines, marks, classes)
    south, north = min(at[0] for at in where.values()), max(at[0] for at in where.values())
    west, east = min(at[1] for at in where.values()), max(at[1] for at in where.values())
    shrink = math.cos(math.radians((south + north) / 2))
    across, up = max((east - west) * shrink, 1e-6), max(north - south, 1e-6)
    scale = min((WIDTH - 2 * MARGIN) / across, (TALLEST - 2 * MARGIN) / up)
    places = [
        Place(
            line=line,
            number=marks.get(line.unit_id, (0, ""))[0],
            letter=marks.get(line.unit_id, (0, ""))[1],
            x=round(MARGIN + (where[line.unit_id][1] - west) * shrink * scale, 1),
            y=round(MARGIN + (north - where[line.unit_id][0]) * scale, 1),
            labelled=True,
        )
        for line in lines
        if line.unit_id in where
    ]
    width, height = round(across * scale + 2 * MARGIN), round(up * scale + 2 * MARGIN)
    return CityMap(width=width, height=height, places=places, classes=classes, kind="points")


def _tiles(lines: Sequence[UnitLine], marks: dict[int, tuple[int, str]], classes: list[ClassRow]) -> CityMap:
    """A tile for each unit in the order of names: no place, but all of the city at a glance."""
    places = [
        Place(
            line=line,
            number=marks.get(line.unit_id, (0, ""))[0],
            letter=marks.get(line.unit_id, (0, ""))[1],
            x=number % ACROSS * TILE,
            y=number // ACROSS * TILE,
            labelled=True,
        )
        for number, line in enumerate(lines)
    ]
    rows = max(1, -(-len(lines) // ACROSS))
    return CityMap(width=ACROSS * TILE, height=rows * TILE, places=places, classes=classes, kind="tiles")
