"""Charts drawn by the server: numbers become the places of shapes. Beside each stands its table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from thongsuot.kernel.text import day

WIDTH, HEIGHT = 720, 230
LEFT, TOP, BOTTOM = 46, 12, 26
MOST_DAYS = 31  # more days are drawn as weeks
MOST_LABELS = 10


@dataclass(frozen=True, kw_only=True)
class Point:
    """One day or week: all, and a part of them."""

    label: str
    short: str
    all: int
    part: int


@dataclass(frozen=True, kw_only=True)
class Column:
    point: Point
    x: float
    width: float
    y: float
    height: float
    part_y: float
    part_height: float
    labelled: bool


@dataclass(frozen=True, kw_only=True)
class Columns:
    width: int
    height: int
    floor: int
    columns: list[Column]
    lines: list[tuple[float, int]]  # height of a guide line, and what it stands for


def by_period(counts: Iterable[tuple[date, int, int]], *, first: date, last: date) -> list[Point]:
    """A point for each day of a month or less, else for each week from its Monday. Weekends without anything are left out."""
    found = {on: (received, part) for on, received, part in counts}
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if len(days) <= MOST_DAYS:
        return [
            Point(label=day(on), short=f"{on:%d/%m}", all=found.get(on, (0, 0))[0], part=found.get(on, (0, 0))[1])
            for on in days
            if on in found or on.weekday() < 5
        ]
    weeks: dict[date, list[int]] = {}
    for on in days:
        week = weeks.setdefault(on - timedelta(days=on.weekday()), [0, 0])
        received, part = found.get(on, (0, 0))
        week[0] += received
        week[1] += part
    return [Point(label=day(on), short=f"{on:%d/%m}", all=received, part=part) for on, (received, part) in weeks.items()]


def columns(points: Sequence[Point]) -> Columns:
    """Columns from zero, three guide lines at round numbers."""
    top = _round_up(max((point.all for point in points), default=0))
    floor, room = HEIGHT - BOTTOM, HEIGHT - BOTTOM - TOP
    place = (WIDTH - LEFT) / max(1, len(points))
    every = -(-len(points) // MOST_LABELS)
    drawn = []
    for number, point in enumerate(points):
        height, part = room * point.all / top, room * point.part / top
        drawn.append(
            Column(
                point=point,
                x=round(LEFT + place * number + place * 0.15, 1),
                width=round(place * 0.7, 1),
                y=round(floor - height, 1),
                height=round(height, 1),
                part_y=round(floor - part, 1),
                part_height=round(part, 1),
                labelled=number % every == 0,
            )
        )
    lines = [(round(floor - room * share / 2, 1), top * share // 2) for share in (0, 1, 2)]
    return Columns(width=WIDTH, height=HEIGHT, floor=floor, columns=drawn, lines=lines)


def _round_up(most: int) -> int:
    """The next of 2, 4, 10, 20, 40, 100…: halves are whole numbers."""
    step = 1
    while True:
        for factor in (2, 4, 10):
            if most <= factor * step:
                return factor * step
        step *= 10
