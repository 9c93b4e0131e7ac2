"""What a page asks of the worker, and owners told once that another unit has their things."""

from __future__ import annotations

from datetime import datetime

from thongsuot.handover import events
from thongsuot.handover.actions.common import locked
from thongsuot.handover.actions.errors import AlreadyRunning
from thongsuot.handover.models import Changeover, Transfer
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.units.moves import HOLDINGS, Move

Asked = Changeover.Asked
TOLD_AT_ONCE = 100


@command
def ask(changeover_id: int, *, what: str, plan_hash: str = "", actor: Actor, at: datetime) -> Changeover:
    """Have a preview, a run or an undo done by the worker: it takes minutes. A reaction puts it into the queue.

    plan_hash   of a run: the preview that was seen
    Raises NotFound, NotYourDuty, ChangeoverClosed, AlreadyRunning.
    """
    changeover = locked(changeover_id, actor, while_running=True)
    if changeover.asked and changeover.stop_asked_at is None:
        raise AlreadyRunning
    changeover.asked, changeover.asked_at, changeover.asked_by_name = Asked(what), at, actor.name
    changeover.answer, changeover.stop_asked_at = "", None
    changeover.save(update_fields=["asked", "asked_at", "asked_by_name", "answer", "stop_asked_at"])
    record(events.ASKED, changeover, actor=actor, at=at, unit_id=changeover.city_id, what=what, hash=plan_hash, by=actor.name)
    return changeover


@command
def answer(changeover_id: int, *, text: str = "", actor: Actor, at: datetime) -> Changeover:
    """The worker is through with what was asked; `text` says why it was not done. Raises NotFound."""
    changeover = locked(changeover_id, actor, while_running=True)
    changeover.asked, changeover.answer = "", text[:500]
    changeover.save(update_fields=["asked", "answer"])
    record(events.ANSWERED, changeover, actor=actor, at=at, unit_id=changeover.city_id, text=text[:200])
    return changeover


@command
def tell_owners(changeover_id: int, *, actor: Actor, at: datetime) -> int:
    """Tell the owners of the next things that moved, each once. Returns how many were looked at; 0: all are told.

    Raises NotFound, NotYourDuty, ChangeoverClosed.
    """
    changeover = locked(changeover_id, actor, while_running=True)
    rows = list(
        Transfer.objects.filter(changeover=changeover, moved_at__isnull=False, told_at=None).order_by("pk")[:TOLD_AT_ONCE]
    )
    by_kind: dict[str, list[Move]] = {}
    for row in rows:
        assert row.to_unit_id is not None  # constraint transfer_moved_somewhere
        move = Move(id=row.subject_id, from_unit_id=row.from_unit_id, to_unit_id=row.to_unit_id, due_days=changeover.due_days)
        by_kind.setdefault(row.kind, []).append(move)
    for kind, moves in by_kind.items():
        HOLDINGS[kind].tell(moves, changeover_id=changeover.pk)
    Transfer.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=at)
    record(events.OWNERS_TOLD, changeover, actor=actor, at=at, unit_id=changeover.city_id, things=len(rows))
    return len(rows)
