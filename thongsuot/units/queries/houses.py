"""A house goes on through units that end: its points continue one another. The first of them stands for all: the house."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection

from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.units.models import PointManagement
from thongsuot.units.queries.bodies import PointRow, points_of

_HOUSES = """
WITH RECURSIVE before AS (
    SELECT id AS point, id, continues_id FROM units_servicepoint WHERE id = ANY(%s)
    UNION ALL
    SELECT b.point, p.id, p.continues_id FROM before b JOIN units_servicepoint p ON p.id = b.continues_id
)
SELECT point, id FROM before WHERE continues_id IS NULL
"""


def houses_of(point_ids: Iterable[int]) -> dict[int, int]:
    """{point: its house}. One query; points that do not exist are absent."""
    with connection.cursor() as cursor:
        cursor.execute(_HOUSES, [list(point_ids)])
        return dict(cursor.fetchall())


def house_of(point_id: int) -> int:
    """Raises NotFound."""
    found = must_exist(houses_of([point_id]).get(point_id))
    return found


_POINTS = """
WITH RECURSIVE after AS (
    SELECT id AS house, id, unit_id, valid_from FROM units_servicepoint WHERE id = ANY(%s)
    UNION ALL
    SELECT a.house, p.id, p.unit_id, p.valid_from FROM after a JOIN units_servicepoint p ON p.continues_id = a.id
)
SELECT house, id, unit_id, valid_from FROM after ORDER BY house, valid_from
"""


def _points(house_ids: Iterable[int]) -> list[tuple[int, int, int, date]]:
    """(house, point, its unit, since when), oldest first for each house. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_POINTS, [list(house_ids)])
        rows: list[tuple[int, int, int, date]] = cursor.fetchall()
    return rows


def points_of_houses(house_ids: Iterable[int], *, as_of: date) -> dict[int, PointRow]:
    """{house: the point as which it is found, and run, on that day}; those not open then are absent. Two queries."""
    latest = {house: (point, unit) for house, point, unit, since in _points(house_ids) if since <= as_of}
    open_points = points_of({unit for _point, unit in latest.values()}, as_of=as_of)
    rows = {row.id: row for of_unit in open_points.values() for row in of_unit}
    return {house: rows[point] for house, (point, _unit) in latest.items() if point in rows}


def point_of_house(house_id: int, *, as_of: date) -> PointRow:
    """One of `points_of_houses`. Raises NotFound."""
    found = must_exist(points_of_houses([house_id], as_of=as_of).get(house_id))
    return found


@dataclass(frozen=True, kw_only=True)
class HouseRun:
    """A body runs a house for a time. `unit_id`: whose body it is."""

    body_id: int
    body_name: str
    unit_id: int
    valid_from: date
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def house_runs(house_id: int) -> list[HouseRun]:
    """Who ran, runs and will run the house, through all its points, oldest first; a body that goes on has one run."""
    points = [point for _house, point, _unit, _since in _points([house_id])]
    rows = PointManagement.objects.filter(point__in=points).order_by("valid_from").select_related("managed_by")
    found: list[HouseRun] = []
    for row in rows:  # a point and who runs it end with their unit, where the next one begins
        since, body = row.valid_from, row.managed_by
        if found and (found[-1].body_id, found[-1].valid_to) == (body.pk, since):
            since = found.pop().valid_from
        found.append(
            HouseRun(body_id=body.pk, body_name=body.name, unit_id=body.unit_id, valid_from=since, valid_to=row.valid_to)
        )
    return found


def houses_run_by(body_ids: Iterable[int], *, as_of: date) -> frozenset[int]:
    """Houses that these bodies run on that day. Two queries."""
    running = PointManagement.objects.filter(in_force(as_of), in_force(as_of, "point__"), managed_by__in=list(body_ids))
    return frozenset(houses_of(running.values_list("point_id", flat=True)).values())
