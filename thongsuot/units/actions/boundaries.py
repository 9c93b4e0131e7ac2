"""Outlines of units, from a map an installation has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.units import events, queries
from thongsuot.units.models import Boundary, Unit
from thongsuot.units.rules.outlines import Outline


@command
def put_boundaries(outlines: Sequence[tuple[int, Outline]], *, source: str, actor: Actor, at: datetime) -> int:
    """Store outlines by unit id, in place of earlier ones. They also give each unit a point inside and an area.

    One event per province. Raises NotYourDuty.
    """
    provinces = {unit_id: queries.city_of(unit_id) for unit_id, _outline in outlines}
    for province_id in sorted(set(provinces.values())):
        actor.must("manage units", unit_id=province_id)
    units = Unit.objects.select_for_update().in_bulk(list(provinces))
    rows = []
    for unit_id, outline in outlines:
        west, south, east, north = outline.box
        rows.append(
            Boundary(unit_id=unit_id, geometry=outline.geometry, source=source, west=west, south=south, east=east, north=north)
        )
        unit = units[unit_id]
        unit.latitude, unit.longitude = outline.label_point
        unit.area_km2 = outline.area_km2
    Boundary.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["unit"],
        batch_size=500,
        update_fields=["geometry", "source", "west", "south", "east", "north"],
    )
    Unit.objects.bulk_update(units.values(), ["latitude", "longitude", "area_km2"], batch_size=500)
    for province_id, count in sorted(Counter(provinces.values()).items()):
        record(
            events.BOUNDARIES_IMPORTED,
            Unit.objects.get(pk=province_id),
            actor=actor,
            at=at,
            unit_id=province_id,
            outlines=count,
            source=source,
        )
    transaction.on_commit(queries.clear_caches)
    return len(rows)
