"""Whose figures someone sees. Who sees a whole city sees its past too: units that are no more keep what was counted of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.remember import SOON, remembered
from thongsuot.units.queries.units import city_of, unit_ids_under, unit_rows


@dataclass(frozen=True, kw_only=True)
class Seen:
    """`whole_city`: these are all units of which anything was ever counted."""

    city_id: int
    unit_ids: frozenset[int]
    whole_city: bool


def seen_by(actor: Actor, duty: str, *, on: date, counted: Callable[[int], frozenset[int]]) -> Seen:
    """`counted`: units of a city with any figures, whether or not they exist today. Raises NotYourDuty."""
    actor.must_somewhere(duty)
    mine = actor.units_for(duty)
    city_id = city_of(next(iter(mine)))
    if not (len(mine) > 1 and mine >= unit_ids_under(city_id, as_of=on)):
        return Seen(city_id=city_id, unit_ids=mine, whole_city=False)
    return Seen(city_id=city_id, unit_ids=mine | counted(city_id), whole_city=True)


def values_in(table: str, column: str, where: str = "true", **parameters: Any) -> list[Any]:
    """The different values of a column in those rows: few values, many rows, so from one to the next by its index."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE one AS ((SELECT {column} AS v FROM {table} WHERE {where} ORDER BY {column} LIMIT 1)"  # noqa: S608
            f" UNION ALL SELECT (SELECT {column} FROM {table} WHERE {where} AND {column} > one.v ORDER BY {column} LIMIT 1)"
            " FROM one WHERE one.v IS NOT NULL) SELECT v FROM one WHERE v IS NOT NULL",
            parameters,
        )
        return [value for (value,) in cursor.fetchall()]


@remembered(seconds=SOON)
def unit_choices(unit_ids: frozenset[int], on: date) -> list[tuple[int, str]]:
    """For a select, communes last; nothing where there is nothing to choose."""
    rows = unit_rows(unit_ids, as_of=on).values() if len(unit_ids) > 1 else ()
    return [(row.id, row.full_name) for row in sorted(rows, key=lambda row: (row.level == "commune", row.sort_name))]
