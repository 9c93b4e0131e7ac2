"""What pages ask for, done by the worker in pieces: others have their turn in between."""

from __future__ import annotations

from procrastinate.contrib.django import app

from thongsuot.handover import actions, running
from thongsuot.handover.models import Changeover
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor, system
from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.jobs import RETRY
from thongsuot.units import queries as units

BATCHES = 20  # of one job; then it queues itself again
LOCK = "handover"


def _worker(changeover_id: int) -> Actor:
    """The house, in the name of whoever asked."""
    asked_by = Changeover.objects.values_list("asked_by_name", flat=True).get(pk=changeover_id)
    return system("worker", asked_by or "Hệ thống")


@app.task(name="handover.do", retry=RETRY, lock=LOCK)
def do(changeover_id: int, what: str, plan_hash: str = "", begun: bool = False) -> None:
    """One preview, or the next batches of a run or an undo. A refusal is kept for the page."""
    units.clear_caches()
    actor = _worker(changeover_id)
    try:
        done = _next(changeover_id, what, plan_hash, begun, actor)
    except TellPerson as refusal:
        actions.answer(changeover_id, text=refusal.message(), actor=actor, at=clock.now())
        return
    if done:
        actions.answer(changeover_id, actor=actor, at=clock.now())
    else:
        do.defer(changeover_id=changeover_id, what=what, plan_hash=plan_hash, begun=True)


def _next(changeover_id: int, what: str, plan_hash: str, begun: bool, actor: Actor) -> bool:
    """True when it is over, or somebody asked to stop."""
    if what == Changeover.Asked.PLAN:
        actions.plan(changeover_id, actor=actor, at=clock.now())
        return True
    back = what == Changeover.Asked.UNDO
    if back and not begun:
        actions.begin_undo(changeover_id, actor=actor, at=clock.now())
    elif not begun:
        actions.begin_run(changeover_id, plan_hash=plan_hash, actor=actor, at=clock.now())
    after = running.go_on(changeover_id, back, actor=actor, now=clock.now, most_batches=BATCHES)
    moving = Changeover.State.UNDOING if back else Changeover.State.RUNNING
    return after.state != moving or after.stop_asked_at is not None


@app.task(name="handover.tell_owners", retry=RETRY, lock="handover.tell_owners")
def tell_owners(changeover_id: int) -> None:
    """Letters to the owners of what moved, a hundred at a time."""
    if actions.tell_owners(changeover_id, actor=system("worker"), at=clock.now()):
        tell_owners.defer(changeover_id=changeover_id)
