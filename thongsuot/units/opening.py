"""When points are open, and what may be done before one comes: capabilities above know, pages about units show it.

from thongsuot.units import opening
opening.told_by(openings)  # openings(points, now) -> {point: Opening}, from navigation.py
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from thongsuot.units.queries import PointRow


@dataclass(frozen=True, kw_only=True)
class Opening:
    """week: days that open alike, with their hours; differs: the same of single days soon; now: whether it is open.

    ways: (address, words) of what may be done from home
    """

    week: tuple[tuple[str, str], ...] = ()
    differs: tuple[tuple[str, str], ...] = ()
    now: str = ""
    ways: tuple[tuple[str, str], ...] = ()


Openings = Callable[[Iterable[PointRow], datetime], Mapping[int, Opening]]
_told: list[Openings] = []


def told_by(openings: Openings) -> None:
    _told[:] = [openings]


def hours_line(point: PointRow, known: Mapping[int, Opening]) -> str:
    """When it is open, in one line: as those who know say, else as its sign does."""
    opening = known.get(point.id)
    return "; ".join(f"{days}: {hours}" for days, hours in opening.week) if opening and opening.week else point.opening_hours


def openings(points: Iterable[PointRow], now: datetime) -> dict[int, Opening]:
    """By point; one of which nothing is known beyond its own words is absent."""
    return {point_id: one for told in _told for point_id, one in told(list(points), now).items()}
