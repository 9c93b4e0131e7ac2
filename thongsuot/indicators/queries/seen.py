"""Whose figures someone sees."""

from __future__ import annotations

from datetime import date

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.remember import SOON, remembered
from thongsuot.units import queries as units


def seen_by(actor: Actor, *, on: date) -> units.Seen:
    """Raises NotYourDuty to who sees no figures. A query now and then."""
    return units.seen_by(actor, "see figures", on=on, counted=counted_units)


@remembered(seconds=SOON)
def counted_units(city_id: int) -> frozenset[int]:
    """Units of the city with any figures, whether or not they exist today."""
    return frozenset(one for one in units.values_in("indicators_unitday", "unit_id") if units.city_of(one) == city_id)
