"""Bodies of units and the points where people go, as of a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Q

from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.remember import SOON, remembered
from thongsuot.kernel.text import sort_key
from thongsuot.units.models import Body, PointDetails, PointManagement, ServicePoint, Unit


@dataclass(frozen=True, kw_only=True)
class BodyRow:
    id: int
    unit_id: int
    part_of_id: int | None
    kind: str
    name: str
    is_example: bool
    valid_from: date
    valid_to: date | None


@remembered(seconds=SOON)
def _bodies(unit_id: int, as_of: date) -> tuple[BodyRow, ...]:
    fields = ("id", "unit_id", "part_of_id", "kind", "name", "is_example", "valid_from", "valid_to")
    own = Q(unit_id=unit_id) | Q(unit__parent_id=unit_id, unit__level=Unit.Level.AGENCY)
    rows = Body.objects.filter(in_force(as_of), own).order_by("id").values(*fields)
    return tuple(BodyRow(**row) for row in rows)


def bodies_of(unit_id: int, *, as_of: date) -> list[BodyRow]:
    """The unit's bodies on that day, in the order they were set up (committee first); a city's with those of its agencies."""
    return list(_bodies(unit_id, as_of))


def body(unit_id: int, kind: str, *, as_of: date) -> BodyRow | None:
    """The unit's body of a kind on that day; the first when there are several (divisions, branches)."""
    return next((row for row in _bodies(unit_id, as_of) if row.kind == kind), None)


def belongs_to_city(body: Body, city_id: int) -> bool:
    """The city's own body, or one of its agencies: a branch of its centre. `body` with its unit."""
    return body.unit_id == city_id or (body.unit.level == Unit.Level.AGENCY and body.unit.parent_id == city_id)


def has_bodies(unit_id: int) -> bool:
    return Body.objects.filter(unit_id=unit_id).exists()


@dataclass(frozen=True, kw_only=True)
class PointRow:
    """A service point as it is found, and run, on the day asked for."""

    id: int
    unit_id: int
    name: str
    address: str
    opening_hours: str
    phone: str
    latitude: float | None
    longitude: float | None
    is_example: bool
    managed_by_id: int
    managed_by_name: str
    managed_by_unit_id: int
    managed_since: date
    basis: str


_POINTS = """
SELECT p.id, p.unit_id, d.name, d.address, d.opening_hours, d.phone, d.latitude, d.longitude, d.is_example,
       b.id, b.name, b.unit_id, m.valid_from, m.basis
  FROM units_servicepoint p
  JOIN units_pointdetails d ON d.point_id = p.id AND d.valid_from <= %(day)s AND (d.valid_to IS NULL OR d.valid_to > %(day)s)
  JOIN units_pointmanagement m ON m.point_id = p.id AND m.valid_from <= %(day)s AND (m.valid_to IS NULL OR m.valid_to > %(day)s)
  JOIN units_body b ON b.id = m.managed_by_id
 WHERE p.unit_id = ANY(%(units)s) AND p.valid_from <= %(day)s AND (p.valid_to IS NULL OR p.valid_to > %(day)s)
 ORDER BY p.unit_id, p.id
"""


def points_of(unit_ids: Iterable[int], *, as_of: date) -> dict[int, list[PointRow]]:
    """The service points of units on that day. Units without one are absent. One query."""
    found: dict[int, list[PointRow]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_POINTS, {"day": as_of, "units": list(unit_ids)})
        for row in cursor.fetchall():
            point = PointRow(**dict(zip(PointRow.__dataclass_fields__, row, strict=True)))
            found.setdefault(point.unit_id, []).append(point)
    return found


def point_row(point_id: int, *, as_of: date) -> PointRow:
    """One service point. A point that is not open on that day is not found. Raises NotFound."""
    unit_id = ServicePoint.objects.filter(pk=point_id).values_list("unit_id", flat=True).first()
    points = points_of([unit_id], as_of=as_of).get(unit_id, []) if unit_id is not None else []
    point = must_exist(next((point for point in points if point.id == point_id), None))
    return point


@dataclass(frozen=True, kw_only=True)
class Period:
    """One line of what a point was, or will be: a text and the days it holds for."""

    text: str
    valid_from: date
    valid_to: date | None
    basis: str = ""


def managers_of(point_id: int) -> list[Period]:
    """Who ran, runs and will run the point, oldest first. One query."""
    rows = PointManagement.objects.filter(point_id=point_id).order_by("valid_from").select_related("managed_by")
    return [Period(text=row.managed_by.name, valid_from=row.valid_from, valid_to=row.valid_to, basis=row.basis) for row in rows]


@dataclass(frozen=True, kw_only=True)
class Run:
    """A body runs a point for a time."""

    body_id: int
    basis: str
    valid_from: date
    valid_to: date | None


def runs_of(point_id: int, *, since: date) -> list[Run]:
    """Who runs the point from a day on, and who will, oldest first. One query."""
    rows = PointManagement.objects.filter(Q(valid_to=None) | Q(valid_to__gt=since), point=point_id).order_by("valid_from")
    return [Run(body_id=row.managed_by_id, basis=row.basis, valid_from=row.valid_from, valid_to=row.valid_to) for row in rows]


def manager_of(point_id: int, *, as_of: date) -> int | None:
    """The body that runs the point on that day. One query."""
    rows = PointManagement.objects.filter(in_force(as_of), point=point_id)
    return rows.values_list("managed_by_id", flat=True).first()


def point_names(point_ids: Collection[int], *, as_of: date) -> dict[int, str]:
    """{point: what it is called on that day, else what it was or will be called last}. One query; none without ids."""
    if not point_ids:
        return {}
    rows = PointDetails.objects.filter(point__in=point_ids).order_by("valid_from").values_list("point_id", "name", "valid_from")
    found: dict[int, str] = {}
    for point_id, name, since in rows:
        if since <= as_of or point_id not in found:
            found[point_id] = name
    return found


def points_run_in(unit_id: int, *, as_of: date) -> list[tuple[int, str]]:
    """(id, name) of the points that `bodies_of` the unit run on that day, whosever they are. Three queries."""
    bodies = [row.id for row in _bodies(unit_id, as_of)]
    running = PointManagement.objects.filter(in_force(as_of), in_force(as_of, "point__"), managed_by__in=bodies)
    names = point_names(list(running.values_list("point_id", flat=True)), as_of=as_of)
    return sorted(names.items(), key=lambda one: sort_key(one[1]))


def unit_of_point(point_id: int) -> int:
    """Whose service point it is; the house goes on in a successor, so it is the last that has it. Raises NotFound."""
    unit_id = None
    following: int | None = point_id
    while following is not None:
        row = must_exist(ServicePoint.objects.filter(pk=following).values_list("unit_id", "continued_by").first())
        unit_id, following = row
    assert unit_id is not None
    return unit_id


def addresses_of(point_id: int) -> list[Period]:
    """Where the point was, is and will be, oldest first. One query."""
    rows = PointDetails.objects.filter(point_id=point_id).order_by("valid_from")
    return [Period(text=row.address, valid_from=row.valid_from, valid_to=row.valid_to) for row in rows]
