"""The changeover is over: every list declared, everything somewhere, every pair's minutes closed."""

from __future__ import annotations

from datetime import datetime

from thongsuot.handover import events, rules
from thongsuot.handover.actions.common import locked
from thongsuot.handover.actions.errors import CannotClose, NotInForceYet
from thongsuot.handover.models import Changeover
from thongsuot.handover.queries.owing import owed
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record


@command
def close_changeover(changeover_id: int, *, actor: Actor, at: datetime) -> Changeover:
    """Nothing can be put back from now on; later findings are additional minutes.

    Raises NotFound, NotYourDuty, ChangeoverClosed, AlreadyRunning, NotInForceYet, CannotClose.
    """
    changeover = locked(changeover_id, actor)
    if not rules.in_force(changeover.effective_on, at):
        raise NotInForceYet(changeover)
    left = [row for row in owed(changeover) if not row.done]
    if left:
        raise CannotClose(left)
    changeover.state, changeover.closed_at = Changeover.State.CLOSED, at
    changeover.save(update_fields=["state", "closed_at"])
    record(events.CHANGEOVER_CLOSED, changeover, actor=actor, at=at, unit_id=changeover.city_id)
    return changeover
