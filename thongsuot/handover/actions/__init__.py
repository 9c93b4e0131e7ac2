"""Commands of the changeover, one file per subject."""

from thongsuot.handover.actions.asking import answer, ask, tell_owners
from thongsuot.handover.actions.common import AlreadyRunning, ChangeoverClosed
from thongsuot.handover.actions.moving import (
    NothingToUndo,
    NotInForceYet,
    PlanOutdated,
    begin_run,
    begin_undo,
    end_run,
    end_undo,
    move_batch,
    put_back_batch,
    stop,
)
from thongsuot.handover.actions.planning import CannotReceive, choose, open_changeover, plan

__all__ = [
    "AlreadyRunning",
    "CannotReceive",
    "ChangeoverClosed",
    "NotInForceYet",
    "NothingToUndo",
    "PlanOutdated",
    "answer",
    "ask",
    "begin_run",
    "begin_undo",
    "choose",
    "end_run",
    "end_undo",
    "move_batch",
    "open_changeover",
    "plan",
    "put_back_batch",
    "stop",
    "tell_owners",
]
