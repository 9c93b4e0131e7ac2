"""Where tickets come from: counts by square of the ground and by commune, read from an index alone.

A square with few tickets points at somebody's door: it is not shown (`least`), nor does where the map begins tell it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.db import connection

from thongsuot.feedback.queries.figures import Scope
from thongsuot.kernel.periods import Period
from thongsuot.kernel.text import number
from thongsuot.units import queries as units
from thongsuot.web.maps import Box, View

FINEST = 0.002  # degrees, some two hundred metres: a square is never one house
COARSE = 16 * FINEST  # by such squares the map begins
ACROSS = 24  # squares over the width of what is shown
MOST_CELLS = 2000
BOUNDS = (1, 10, 50, 200, 1000)  # from so many tickets on, a darker tone

_WHERE = "f.began = 'reported' AND f.started_on BETWEEN %(first)s AND %(last)s"


@dataclass(frozen=True, kw_only=True)
class Heat:
    box: Box
    count: int

    @property
    def step(self) -> int:
        return sum(self.count >= bound for bound in BOUNDS)


def steps_said() -> list[str]:
    pairs = zip(BOUNDS, (*(bound - 1 for bound in BOUNDS[1:]), None), strict=True)
    return [f"{number(low)} - {number(high)}" if high else f"≥ {number(low)}" for low, high in pairs]


def size(view: View) -> float:
    """Of a square, in degrees: a power of two times the finest, so that squares stay where they are when the map moves."""
    wanted = max(view.east - view.west, FINEST) / ACROSS
    return FINEST * float(2 ** max(0, math.ceil(math.log2(wanted / FINEST))))


def cells(scope: Scope, period: Period, view: View, *, least: int) -> list[Heat]:
    """The squares of what the map shows, the fullest where there are too many to draw. One query."""
    side = size(view)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT floor(f.longitude / %(side)s), floor(f.latitude / %(side)s), count(*) FROM feedback_ticketleg f"  # noqa: S608
            f" WHERE {_WHERE} AND {scope.condition()} AND f.latitude BETWEEN %(south)s AND %(north)s"
            " AND f.longitude BETWEEN %(west)s AND %(east)s GROUP BY 1, 2 HAVING count(*) >= %(least)s"
            " ORDER BY 3 DESC, 1, 2 LIMIT %(most)s",
            {
                **scope.parameters,
                **period.parameters,
                "side": side,
                "most": MOST_CELLS,
                "least": least,
                "south": view.south,
                "north": view.north,
                "west": view.west,
                "east": view.east,
            },
        )
        return [
            Heat(box=(x * side, y * side, (x + 1) * side, (y + 1) * side), count=count) for x, y, count in cursor.fetchall()
        ]


def extent(scope: Scope, period: Period, *, least: int) -> Box | None:
    """Where the map begins: the large squares with enough in them; None without any. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(x), min(y), max(x) + 1, max(y) + 1 FROM (SELECT floor(f.longitude / %(side)s) AS x,"  # noqa: S608
            f" floor(f.latitude / %(side)s) AS y FROM feedback_ticketleg f WHERE {_WHERE} AND {scope.condition()}"
            " AND f.latitude IS NOT NULL GROUP BY 1, 2 HAVING count(*) >= %(least)s) AS squares",
            {**scope.parameters, **period.parameters, "side": COARSE, "least": least},
        )
        west, south, east, north = cursor.fetchone()
    return None if west is None else (west * COARSE, south * COARSE, east * COARSE, north * COARSE)


@dataclass(frozen=True, kw_only=True)
class PlaceRow:
    """A commune in which things were reported. `name` is empty for those whose place nobody knows."""

    name: str
    count: int


def by_place(scope: Scope, period: Period) -> list[PlaceRow]:
    """Most first. One query, and what is remembered of units."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.place_unit_id, count(*) FROM feedback_ticketleg f"  # noqa: S608
            f" WHERE {_WHERE} AND {scope.condition()} GROUP BY 1 ORDER BY 2 DESC, 1",
            {**scope.parameters, **period.parameters},
        )
        rows = cursor.fetchall()
    names = units.unit_rows({unit_id for unit_id, _count in rows if unit_id}, as_of=period.last)
    return [PlaceRow(name=names[unit_id].full_name if unit_id else "", count=count) for unit_id, count in rows]
