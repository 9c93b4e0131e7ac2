"""Which tickets may be about one thing: near in place and time, of one category, with common words. A person decides."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

from thongsuot.kernel.text import search_key

_METRES_A_DEGREE = 111_320.0
# Words every report has say nothing about what it is.
_IN_EVERY_REPORT = (
    "toi chung minh de nghi kinh mong cac co quan chuc nang som xu ly giup phan anh ve viec o tai duong pho ngo phuong xa "
    "so nha va la bi rat nhieu qua khong cho nguoi dan da dang nay do voi cua thi ma tren duoi truoc sau mot nhung"
)
_EMPTY = frozenset(_IN_EVERY_REPORT.split())


class Box(NamedTuple):
    south: float
    north: float
    west: float
    east: float


def box_around(latitude: float, longitude: float, metres: float) -> Box:
    """Where what is so near can be, a little more at the corners."""
    high = metres / _METRES_A_DEGREE
    wide = metres / (_METRES_A_DEGREE * max(math.cos(math.radians(latitude)), 0.01))
    return Box(latitude - high, latitude + high, longitude - wide, longitude + wide)


def metres_between(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Great circle, in metres."""
    first, second = math.radians(latitude), math.radians(other_latitude)
    half = math.sin((second - first) / 2) ** 2
    half += math.cos(first) * math.cos(second) * math.sin(math.radians(other_longitude - longitude) / 2) ** 2
    return 2 * 6_371_000 * math.asin(math.sqrt(min(1.0, half)))


class Spot(NamedTuple):
    """A point laid on a grid; `metres`: how far it may be from what was laid."""

    latitude: float
    longitude: float
    metres: float


def on_grid(latitude: float, longitude: float, step: float) -> Spot:
    """What asks again and again from here and there learns the square of `step` degrees, and no more."""
    return Spot(round(latitude / step) * step, round(longitude / step) * step, step * _METRES_A_DEGREE * math.sqrt(0.5))


@lru_cache(maxsize=20_000)
def _telling(key: str) -> frozenset[str]:
    return frozenset(word for word in key.split() if word not in _EMPTY and len(word) > 1)


def common_words(text: str, other: str) -> float:
    """The share of the shorter one's telling words that the other has too: 0 to 1; 0.5 when one has none."""
    return common_words_of(search_key(text), search_key(other))


def common_words_of(key: str, other: str) -> float:
    """The same of two search keys, as tables keep them."""
    mine, theirs = _telling(key), _telling(other)
    if not mine or not theirs:
        return 0.5
    return len(mine & theirs) / min(len(mine), len(theirs))


def likeness(*, metres: float, within: float, days: float, within_days: float, words: float) -> float:
    """0 to 1, to order by: half for the place, a third for the words, the rest for the time."""
    near = 1 - min(metres / within, 1) if within else 1.0
    soon = 1 - min(days / within_days, 1) if within_days else 1.0
    return round(0.5 * near + 0.35 * words + 0.15 * soon, 4)
