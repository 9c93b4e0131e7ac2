"""The changeover is over: every list declared, everything somewhere, every pair's minutes closed."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from thongsuot.handover import events, rules
from thongsuot.handover.actions.common import locked
from thongsuot.handover.actions.moving import NotInForceYet
from thongsuot.handover.models import Changeover
from thongsuot.handover.queries.owing import Owed, owed
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import TellPerson


class CannotClose(TellPerson):
    """Something is still owed."""

    code = "handover.cannot_close"

    def __init__(self, rows: list[Owed]) -> None:
        self.rows = rows

    def message(self) -> str:
        return _(
            "Chưa khép được đợt chuyển giao: còn %(units)s đơn vị cũ chưa xong. Xem từng việc ở bảng theo dõi bàn giao."
        ) % {"units": len(self.rows)}

    def details(self) -> dict[str, object]:
        return {"units": [row.unit_id for row in self.rows]}


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
