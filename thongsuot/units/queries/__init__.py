"""Reads: units, bodies and service points, the calendar, outlines. Every one takes the day it is asked for."""

from thongsuot.kernel.remember import SOON, forget_all
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
from thongsuot.units.queries.calendar import (
    DayRow,
    HoursRow,
    NoWorkingHours,
    calendar_changed,
    days_of,
    hours_of,
    working_calendar,
)
from thongsuot.units.queries.outlines import has_boundaries, map_of, unit_at
from thongsuot.units.queries.units import (
    Change,
    NamePeriod,
    NameRow,
    UnitNotFound,
    UnitRow,
    city_of,
    default_city,
    name_history,
    names_of,
    origins_of,
    provinces,
    successors_of,
    unit_by_code,
    unit_ids_under,
    unit_row,
    unit_rows,
    units_under,
    units_with_code,
)

__all__ = [
    "SOON",
    "BodyRow",
    "Change",
    "DayRow",
    "HoursRow",
    "NamePeriod",
    "NameRow",
    "NoWorkingHours",
    "Period",
    "PointRow",
    "UnitNotFound",
    "UnitRow",
    "addresses_of",
    "bodies_of",
    "body",
    "calendar_changed",
    "city_of",
    "clear_caches",
    "days_of",
    "default_city",
    "has_bodies",
    "has_boundaries",
    "hours_of",
    "managers_of",
    "map_of",
    "name_history",
    "names_of",
    "origins_of",
    "point_row",
    "points_of",
    "provinces",
    "successors_of",
    "unit_at",
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
