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


def run(
    changeover_id: int,
    *,
    plan_hash: str,
    actor: Actor,
    now: Now,
    progress: Progress = silent,
    size: int = BATCH,
    most_batches: int | None = None,
) -> Changeover:
    """Carry out a preview; stopped or killed at any instant it goes on when called again with the same hash.

    most_batches   then it returns though something is left: for a worker that lets others have their turn
    Raises what `actions.begin_run` raises.
    """
    actions.begin_run(changeover_id, plan_hash=plan_hash, actor=actor, at=now(), progress=progress)
    return go_on(changeover_id, actor=actor, now=now, progress=progress, size=size, most_batches=most_batches)


def go_on(
    changeover_id: int,
    *,
    actor: Actor,
    now: Now,
    progress: Progress = silent,
    size: int = BATCH,
    most_batches: int | None = None,
) -> Changeover:
    """The next batches of a run that has begun."""
    mine = Transfer.objects.filter(changeover=changeover_id, gone_at=None, to_unit__isnull=False)
    total, done, batches = mine.count(), mine.filter(moved_at__isnull=False).count(), 0
    while most_batches is None or batches < most_batches:
        moved = actions.move_batch(changeover_id, size=size, actor=actor, at=now())
        if not moved:
            break
        batches, done = batches + 1, done + moved
        progress("", done, max(done, total))
    return actions.end_run(changeover_id, actor=actor, at=now())


def undo(
    changeover_id: int,
    *,
    actor: Actor,
    now: Now,
    progress: Progress = silent,
    size: int = BATCH,
    most_batches: int | None = None,
) -> Changeover:
    """Put everything back that can go back. Stopped or killed it goes on when called again."""
    actions.begin_undo(changeover_id, actor=actor, at=now())
    total = Transfer.objects.filter(changeover=changeover_id, moved_at__isnull=False).count()
    done, batches = 0, 0
    while most_batches is None or batches < most_batches:
        looked_at = actions.put_back_batch(changeover_id, size=size, actor=actor, at=now())
        if not looked_at:
            return actions.end_undo(changeover_id, actor=actor, at=now())
        batches, done = batches + 1, done + looked_at
        progress("", done, total)
    return Changeover.objects.get(pk=changeover_id)
