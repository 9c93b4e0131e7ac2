"""Reads: units, bodies and service points, the calendar, outlines. Every one takes the day it is asked for."""

from thongsuot.units.queries.bodies import (
    BodyRow,
    Period,
    PointRow,
    addresses_of,
    bodies_of,
    body,
    has_bodies,
    managers_of,
    point_row,
    points_of,
)
from thongsuot.units.queries.calendar import NoWorkingHours, working_calendar
from thongsuot.units.queries.units import (
    Change,
    NameRow,
    UnitNotFound,
    UnitRow,
    city_of,
    default_city,
    names_of,
    origins_of,
    successors_of,
    unit_by_code,
    unit_ids_under,
    unit_row,
    unit_rows,
    units_under,
    units_with_code,
)
from thongsuot.units.remember import SOON, forget_all

__all__ = [
    "SOON",
    "BodyRow",
    "Change",
    "NameRow",
    "NoWorkingHours",
    "Period",
    "PointRow",
    "UnitNotFound",
    "UnitRow",
    "addresses_of",
    "bodies_of",
    "body",
    "city_of",
    "clear_caches",
    "default_city",
    "has_bodies",
    "managers_of",
    "names_of",
    "origins_of",
    "point_row",
    "points_of",
    "successors_of",
    "unit_by_code",
    "unit_ids_under",
    "unit_row",
    "unit_rows",
    "units_under",
    "units_with_code",
    "working_calendar",
]


def clear_caches() -> None:
    """Forget what was remembered: after a command that changed units, and between tests."""
    forget_all()
