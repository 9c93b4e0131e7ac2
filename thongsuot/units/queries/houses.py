"""A house goes on through units that end: its points continue one another. The first of them stands for all: the house."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection

from thongsuot.kernel.errors import NotFound
from thongsuot.kernel.periods import in_force
from thongsuot.units.models import PointManagement, ServicePoint
from thongsuot.units.queries.bodies import PointRow, point_row

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
    found = houses_of([point_id]).get(point_id)
    if found is None:
        raise NotFound
    return found


def _points(house_id: int) -> list[ServicePoint]:
    """Oldest first. A query a point, of which there is one, or two after a reorganisation."""
    found = []
    point = ServicePoint.objects.filter(pk=house_id).first()
    while point is not None:
        found.append(point)
        point = ServicePoint.objects.filter(continues=point).first()
    return found


def point_of_house(house_id: int, *, as_of: date) -> PointRow:
    """The point as which the house is found, and run, on that day. Raises NotFound."""
    points = [point.pk for point in _points(house_id) if point.valid_from <= as_of]
    if not points:
        raise NotFound
    return point_row(points[-1], as_of=as_of)


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
    rows = PointManagement.objects.filter(point__in=_points(house_id)).order_by("valid_from").select_related("managed_by")
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
