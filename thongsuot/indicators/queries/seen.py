"""Whose figures someone sees. Who sees a whole city sees its past too: units that are no more keep their dossiers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.remember import SOON, remembered
from thongsuot.units import queries as units

# Few units, many days: from one unit to the next by the index.
_COUNTED = """
WITH RECURSIVE one AS (
  (SELECT unit_id FROM indicators_unitday ORDER BY unit_id LIMIT 1)
  UNION ALL
  SELECT (SELECT d.unit_id FROM indicators_unitday d WHERE d.unit_id > one.unit_id ORDER BY d.unit_id LIMIT 1)
    FROM one WHERE one.unit_id IS NOT NULL
)
SELECT unit_id FROM one WHERE unit_id IS NOT NULL
"""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """`whole_city`: these are all units of which anything was ever counted."""

    unit_ids: frozenset[int]
    whole_city: bool


def seen_by(actor: Actor, *, on: date) -> Seen:
    """Raises NotYourDuty to who sees no figures. A query now and then."""
    actor.must_somewhere("see figures")
    mine = actor.units_for("see figures")
    city_id = units.city_of(next(iter(mine)))
    if not (len(mine) > 1 and mine >= units.unit_ids_under(city_id, as_of=on)):
        return Seen(unit_ids=mine, whole_city=False)
    return Seen(unit_ids=mine | counted_units(city_id), whole_city=True)


@remembered(seconds=SOON)
def counted_units(city_id: int) -> frozenset[int]:
    """Units of the city with any figures, whether or not they exist today."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED)
        return frozenset(unit_id for (unit_id,) in cursor.fetchall() if units.city_of(unit_id) == city_id)
