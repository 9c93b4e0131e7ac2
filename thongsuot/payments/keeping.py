"""Who answers for the fees of a unit: itself, and for one that ended its keeper (`units.queries.keeper_of`)."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from thongsuot.kernel.actor import Actor
from thongsuot.units import queries as units


def must_answer(actor: Actor, duty: str, unit_id: int, *, at: datetime) -> None:
    """Raises NotYourDuty."""
    if not actor.may(duty, unit_id=unit_id):
        actor.must(duty, unit_id=units.keeper_of(unit_id, on=timezone.localdate(at)))


def answers(actor: Actor, duty: str, unit_id: int, *, at: datetime) -> bool:
    return actor.may(duty, unit_id=unit_id) or actor.may(duty, unit_id=units.keeper_of(unit_id, on=timezone.localdate(at)))


def units_answered_for(actor: Actor, *duties: str, at: datetime) -> frozenset[int]:
    """The units where the actor has one of the duties, with the ended ones they keep."""
    own = frozenset[int]().union(*(actor.units_for(duty) for duty in duties))
    return own | units.kept_by(own, on=timezone.localdate(at)) if own else own
