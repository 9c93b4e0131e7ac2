"""On which day units are meant: people are placed, and numbers dealt out, before the units they go to begin."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from thongsuot.units import queries as units
from thongsuot.units.models import Unit
from thongsuot.units.queries import UnitRow


def days_to_come(city_id: int, *, on: date) -> list[date]:
    """Days after that one on which units of the city begin, the nearest first. One query."""
    under = Q(parent_id=city_id) | Q(parent__parent_id=city_id)
    days = Unit.objects.filter(under, valid_from__gt=on).order_by("valid_from").values_list("valid_from", flat=True)
    return list(days.distinct())


def rows_under(city_id: int, *, on: date) -> list[UnitRow]:
    """The city and all under it on that day."""
    return list(units.unit_rows(units.unit_ids_under(city_id, as_of=on), as_of=on).values())


def rows_now_or_later(city_id: int, *, on: date) -> list[UnitRow]:
    """Those of the day and those that begin later. Of one code the later one: the other ends before it."""
    found = {row.code: row for row in rows_under(city_id, on=on)}
    for day in days_to_come(city_id, on=on):
        found |= {row.code: row for row in rows_under(city_id, on=day)}
    return list(found.values())
