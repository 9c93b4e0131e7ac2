"""A run or an undo from beginning to end, for the command line and the worker: one small transaction after the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from thongsuot.handover import actions
from thongsuot.handover.actions.common import silent
from thongsuot.handover.models import Changeover, Transfer
from thongsuot.handover.planning import Progress
from thongsuot.handover.rules import BATCH
from thongsuot.kernel.actor import Actor

Now = Callable[[], datetime]


def run(changeover_id: int, *, plan_hash: str, actor: Actor, now: Now, progress: Progress = silent, **how: int) -> Changeover:
    """Carry out a preview; stopped or killed at any instant it goes on when called again with the same hash.

    Raises what `actions.begin_run` raises; `how` as in `go_on`.
    """
    actions.begin_run(changeover_id, plan_hash=plan_hash, actor=actor, at=now(), progress=progress)
    return go_on(changeover_id, actor=actor, now=now, progress=progress, **how)


def undo(changeover_id: int, *, actor: Actor, now: Now, progress: Progress = silent, **how: int) -> Changeover:
    """Put everything back that can go back. Stopped or killed it goes on when called again."""
    actions.begin_undo(changeover_id, actor=actor, at=now())
    return go_on(changeover_id, True, actor=actor, now=now, progress=progress, **how)


def go_on(
    changeover_id: int,
    back: bool = False,
    /,
    *,
    actor: Actor,
    now: Now,
    progress: Progress = silent,
    size: int = BATCH,
    most_batches: int | None = None,
) -> Changeover:
    """The next batches of a run that has begun; `back`: of an undo.

    most_batches   then it returns though something is left: for a worker that lets others have their turn
    """
    batch, end = (actions.put_back_batch, actions.end_undo) if back else (actions.move_batch, actions.end_run)
    mine = Transfer.objects.filter(changeover=changeover_id, gone_at=None, to_unit__isnull=False)
    moved = mine.filter(moved_at__isnull=False).count()
    total, done, batches = (moved, 0, 0) if back else (mine.count(), moved, 0)
    while most_batches is None or batches < most_batches:
        looked_at = batch(changeover_id, size=size, actor=actor, at=now())
        if not looked_at:
            return end(changeover_id, actor=actor, at=now())
        batches, done = batches + 1, done + looked_at
        progress("", done, max(done, total))
    return Changeover.objects.get(pk=changeover_id)
