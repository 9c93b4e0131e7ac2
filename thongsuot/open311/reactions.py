"""What becomes of a ticket is listed for those who follow by `GET servicerequestupdates`."""

from __future__ import annotations

from thongsuot.feedback import events as feedback
from thongsuot.kernel import clock
from thongsuot.kernel.events import KINDS, Happened, on
from thongsuot.open311 import actions, rules


def list_update(happened: Happened) -> None:
    actions.list_update(happened, at=clock.now())


assert feedback.REPORTED.name not in rules.STATUS_AFTER  # the request itself, no update of one
for _name in rules.STATUS_AFTER:
    on(KINDS[_name])(list_update)
