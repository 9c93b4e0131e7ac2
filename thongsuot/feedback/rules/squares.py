"""Squares of the map's ground: Web Mercator parted into 2^level squares a side, as every map of the web counts them. Pure."""

from __future__ import annotations

import math
from typing import NamedTuple

# Counted and kept: about 20, 5, 1.2 km and 300 m wide in Việt Nam. What lies between is added up from the next finer one.
LEVELS = (11, 13, 15, 17)
_SOUTHERNMOST = 85.05112878


class Square(NamedTuple):
    level: int
    x: int
    y: int


def square_at(latitude: float, longitude: float, level: int) -> Square:
    side = 1 << level
    latitude = max(-_SOUTHERNMOST, min(_SOUTHERNMOST, latitude))
    x = math.floor((longitude + 180) / 360 * side)
    y = math.floor((1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * side)
    return Square(level, max(0, min(side - 1, x)), max(0, min(side - 1, y)))


def squares_at(latitude: float, longitude: float) -> list[Square]:
    """One of each level that is kept."""
    return [square_at(latitude, longitude, level) for level in LEVELS]


def middle_of(level: int, x: float, y: float) -> tuple[float, float]:
    """Latitude and longitude of the middle of a square."""
    side = 1 << level
    latitude = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (y + 0.5) / side))))
    return latitude, (x + 0.5) / side * 360 - 180


def shown_level(zoom: int) -> int:
    """Of the squares drawn at a zoom of the map: 64 pixels wide, never wider than a country needs, never finer than streets."""
    return max(4, min(20, zoom + 2))


def kept_level(shown: int) -> int:
    """The finest kept level that is no finer than the squares shown: fewer counts to add up, squares at most twice as wide."""
    return next((level for level in reversed(LEVELS) if level <= shown), LEVELS[0])
