"""What setting up many points of a city at once would change. Nothing is written here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from thongsuot.counters.models import OpeningHours
from thongsuot.counters.queries.opening import exceptions_of_all
from thongsuot.counters.rules.opening import Week, as_json, of_json
from thongsuot.units import queries as units
from thongsuot.units.queries import PointRow


@dataclass(frozen=True, kw_only=True)
class CityPoint:
    """A point of the city on a day, with its house."""

    house_id: int
    point: PointRow
    unit: str


def city_points(city_id: int, *, on: date) -> dict[int, CityPoint]:
    """By house: the city's own points and those of its communes, in Vietnamese order of the units. Two queries, once warm."""
    rows = units.unit_rows({city_id, *units.unit_ids_under(city_id, as_of=on)}, as_of=on)
    points = {point.id: point for of_unit in units.points_of(rows, as_of=on).values() for point in of_unit}
    order = sorted(points.values(), key=lambda point: (rows[point.unit_id].sort_name, point.id))
    houses = units.houses_of(points)
    found = (CityPoint(house_id=houses[one.id], point=one, unit=rows[one.unit_id].full_name) for one in order)
    return {row.house_id: row for row in found}


@dataclass(frozen=True, kw_only=True)
class HoursChange:
    """What giving a point these hours from a day on does.

    now    the week that held on that day; None: none did
    until  its new hours end then, because others were announced for that day; they stay
    kept   days that differ, from that day on; they stay
    """

    at: CityPoint
    now: Week | None
    until: date | None
    kept: tuple[date, ...]
    same: bool

    @property
    def known(self) -> bool:
        """It has hours already, or will."""
        return self.now is not None or self.until is not None


def hours_changes(points: Collection[CityPoint], *, week: Week, valid_from: date) -> list[HoursChange]:
    """In the order of the points. Two queries, however many."""
    houses = [one.house_id for one in points]
    held: dict[int, list[OpeningHours]] = {}
    later = Q(valid_to=None) | Q(valid_to__gt=valid_from)
    standing = OpeningHours.objects.filter(later, point__in=houses).exclude(valid_to=F("valid_from"))
    for row in standing.order_by("valid_from"):
        held.setdefault(row.point_id, []).append(row)
    kept: dict[int, list[date]] = {}
    for one in exceptions_of_all(houses, since=valid_from):
        kept.setdefault(one.point_id, []).append(one.day)
    wanted = [as_json(spans) for spans in week]
    found = []
    for at in points:
        rows = held.get(at.house_id, [])
        now = next((row for row in rows if row.valid_from <= valid_from), None)
        found.append(
            HoursChange(
                at=at,
                now=tuple(of_json(spans) for spans in now.week) if now else None,
                until=next((row.valid_from for row in rows if row.valid_from > valid_from), None),
                kept=tuple(kept.get(at.house_id, ())),
                same=now is not None and now.week == wanted,
            )
        )
    return found
