"""All decided placements whose day has come, one transaction each: one that cannot take effect holds up no other."""

from __future__ import annotations

from datetime import datetime

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import TellPerson
from thongsuot.staffing import actions
from thongsuot.staffing.queries.persons import due_placements


def all_due(*, actor: Actor, at: datetime) -> int:
    """How many took effect. What was refused keeps its reason for the page and waits for a person."""
    done = 0
    for placement_id in due_placements(at=at):
        try:
            actions.take_effect(placement_id, actor=actor, at=at)
            done += 1
        except actions.errors.PlacementMoved:
            continue  # another worker, or somebody on the page, was faster
        except TellPerson as refusal:
            actions.hold_up(placement_id, why=refusal.message(), actor=actor, at=at)
    return done
