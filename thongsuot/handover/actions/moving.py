"""A preview is carried out batch by batch, each in its own transaction: it can be stopped, killed, gone on with, undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection

from thongsuot.handover import events, rules
from thongsuot.handover.actions.common import locked, silent
from thongsuot.handover.actions.errors import AlreadyRunning, MinutesClosed, NothingToUndo, NotInForceYet, PlanOutdated
from thongsuot.handover.actions.go import must_have_go
from thongsuot.handover.actions.planning import fresh, note_counts
from thongsuot.handover.models import Changeover, HandoverMinutes, Transfer
from thongsuot.handover.planning import PlanHash, Progress
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.units.moves import Holding, Move, Moved, Was, in_order

State = Changeover.State


@command
def begin_run(changeover_id: int, *, plan_hash: str, actor: Actor, at: datetime, progress: Progress = silent) -> Changeover:
    """Begin to carry out the preview of that hash; a run that was stopped or killed goes on.

    Everything is looked at once more: had anything changed since the preview, nothing is moved.
    Raises NotFound, NotYourDuty, ChangeoverClosed, AlreadyRunning (an undo), NotInForceYet, NoGo, SealsLacking,
    PlanOutdated.
    """
    changeover = locked(changeover_id, actor, while_running=True)
    if changeover.state == State.UNDOING:
        raise AlreadyRunning
    if not rules.in_force(changeover.effective_on, at):
        raise NotInForceYet(changeover)
    goes_on = changeover.state == State.RUNNING
    if goes_on:
        if plan_hash != changeover.run_hash:
            raise PlanOutdated
        changeover.stop_asked_at = None
    else:
        if not plan_hash or plan_hash != changeover.plan_hash:
            raise PlanOutdated
        must_have_go(changeover)
        digest = PlanHash(due_days=changeover.due_days)
        for one in fresh(changeover, progress):
            digest.take(one)
        if digest.value != plan_hash:
            raise PlanOutdated
        note_counts(changeover)
        changeover.state, changeover.run_hash = State.RUNNING, plan_hash
        changeover.run_began_at, changeover.stop_asked_at = at, None
    changeover.save()
    record(events.RUN_BEGUN, changeover, actor=actor, at=at, unit_id=changeover.city_id, hash=plan_hash, goes_on=goes_on)
    return changeover


_TAKE = """
SELECT id, subject_id, from_unit_id, to_unit_id FROM handover_transfer
 WHERE changeover_id = %s AND kind = %s AND moved_at IS NULL AND gone_at IS NULL AND to_unit_id IS NOT NULL
 ORDER BY id LIMIT %s FOR UPDATE
"""
_DONE = """
UPDATE handover_transfer t SET moved_at = %(at)s, was = d.was
  FROM jsonb_to_recordset(%(done)s) AS d(id bigint, was jsonb) WHERE t.id = d.id
"""
_encode = msgspec.json.Encoder().encode


def _next(
    changeover: Changeover, state: State, sql: str, kinds: Iterable[Holding], size: int
) -> tuple[Holding | None, list[Any]]:
    """The next things of the first kind that has any; none when all is done, or somebody said stop."""
    if changeover.state == state and changeover.stop_asked_at is None:
        for holding in kinds:
            with connection.cursor() as cursor:
                cursor.execute(sql, [changeover.pk, holding.key, size])
                if rows := cursor.fetchall():
                    return holding, rows
    return None, []


@command
def move_batch(changeover_id: int, *, size: int = rules.BATCH, actor: Actor, at: datetime) -> int:
    """Move the next things of the first kind that has any, in one transaction. Returns how many were looked at; 0: all is done.

    Raises NotFound, NotYourDuty, ChangeoverClosed.
    """
    changeover = locked(changeover_id, actor, while_running=True)
    holding, rows = _next(changeover, State.RUNNING, _TAKE, in_order(), size)
    transfers = {row[1]: row[0] for row in rows}
    moved: Mapping[int, Was] = {}
    if holding is not None:
        moves = [Move(id=row[1], from_unit_id=row[2], to_unit_id=row[3], due_days=changeover.due_days) for row in rows]
        moved = holding.move(moves, changeover_id=changeover.pk, actor=actor, at=at)
        with connection.cursor() as cursor:
            done = [{"id": transfers[one], "was": was} for one, was in moved.items()]
            cursor.execute(_DONE, {"at": at, "done": _encode(done).decode()})
        Transfer.objects.filter(pk__in=[transfers[one] for one in transfers.keys() - moved.keys()]).update(gone_at=at)
    record(
        events.BATCH_MOVED,
        changeover,
        actor=actor,
        at=at,
        unit_id=changeover.city_id,
        things=holding.key if holding is not None else "",
        moved=len(moved),
        gone=len(rows) - len(moved),
    )
    return len(rows)


@command
def end_run(changeover_id: int, *, actor: Actor, at: datetime) -> Changeover:
    """Nothing that a rule or a person decided is left: the run is over. Stopped before, it rests and can go on.

    Raises NotFound, NotYourDuty, ChangeoverClosed.
    """
    changeover = locked(changeover_id, actor, while_running=True)
    left = Transfer.objects.filter(changeover=changeover, moved_at=None, gone_at=None, to_unit__isnull=False).exists()
    kind = events.RUN_STOPPED
    if not left and changeover.state == State.RUNNING:
        changeover.state, changeover.stop_asked_at = State.OPEN, None
        changeover.save(update_fields=["state", "stop_asked_at"])
        kind = events.RUN_ENDED
    record(kind, changeover, actor=actor, at=at, unit_id=changeover.city_id)
    return changeover


@command
def stop(changeover_id: int, *, actor: Actor, at: datetime) -> Changeover:
    """Ask whoever moves things to stop before the next batch. Raises NotFound, NotYourDuty, ChangeoverClosed."""
    changeover = locked(changeover_id, actor, while_running=True)
    changeover.stop_asked_at = at
    changeover.save(update_fields=["stop_asked_at"])
    record(events.RUN_STOPPED, changeover, actor=actor, at=at, unit_id=changeover.city_id, asked=True)
    return changeover


@command
def begin_undo(changeover_id: int, *, actor: Actor, at: datetime) -> Changeover:
    """Begin to put back all that moved; a stopped undo goes on. A run under way is given up.

    Raises NotFound, NotYourDuty, ChangeoverClosed, NothingToUndo, MinutesClosed.
    """
    changeover = locked(changeover_id, actor, while_running=True)
    if HandoverMinutes.objects.filter(changeover=changeover, state=HandoverMinutes.State.CLOSED).exists():
        raise MinutesClosed
    if changeover.state != State.UNDOING:
        if not Transfer.objects.filter(changeover=changeover, moved_at__isnull=False).exists():
            raise NothingToUndo
        Transfer.objects.filter(changeover=changeover, stays_at__isnull=False).update(stays_at=None)
    changeover.state, changeover.stop_asked_at = State.UNDOING, None
    changeover.save(update_fields=["state", "stop_asked_at"])
    record(events.UNDO_BEGUN, changeover, actor=actor, at=at, unit_id=changeover.city_id)
    return changeover


# Whatever its receiver said of it: it is not there any more. The events keep it.
_NO_DISPUTE = {
    "disputed_at": None,
    "dispute_reason": "",
    "dispute_owner": "",
    "dispute_until": None,
    "settled_at": None,
    "settlement": "",
    "settlement_note": "",
}
_TAKE_BACK = """
SELECT id, subject_id, from_unit_id, to_unit_id, was FROM handover_transfer
 WHERE changeover_id = %s AND kind = %s AND moved_at IS NOT NULL AND stays_at IS NULL
 ORDER BY id DESC LIMIT %s FOR UPDATE
"""


@command
def put_back_batch(changeover_id: int, *, size: int = rules.BATCH, actor: Actor, at: datetime) -> int:
    """Put the last moved things back, kinds in reverse. Returns how many were looked at; 0: all is done.

    What ended at its successor, or went on elsewhere, stays and says so.
    Raises NotFound, NotYourDuty, ChangeoverClosed.
    """
    changeover = locked(changeover_id, actor, while_running=True)
    holding, rows = _next(changeover, State.UNDOING, _TAKE_BACK, reversed(in_order()), size)
    transfers = {row[1]: row[0] for row in rows}
    back: set[int] = set()
    if holding is not None:
        moved = [Moved(id=row[1], from_unit_id=row[2], to_unit_id=row[3], was=msgspec.json.decode(row[4])) for row in rows]
        back = holding.put_back(moved, changeover_id=changeover.pk, actor=actor, at=at)
        Transfer.objects.filter(pk__in=[transfers[one] for one in back]).update(
            moved_at=None, was=None, told_at=None, received_at=None, received_by_name="", **_NO_DISPUTE
        )
        Transfer.objects.filter(pk__in=[transfers[one] for one in transfers.keys() - back]).update(stays_at=at)
    record(
        events.BATCH_PUT_BACK,
        changeover,
        actor=actor,
        at=at,
        unit_id=changeover.city_id,
        things=holding.key if holding is not None else "",
        back=len(back),
        stays=len(rows) - len(back),
    )
    return len(rows)


@command
def end_undo(changeover_id: int, *, actor: Actor, at: datetime) -> Changeover:
    """Whatever could go back is back: a new preview may be made. Stopped before, it rests and can go on.

    Raises NotFound, NotYourDuty, ChangeoverClosed.
    """
    changeover = locked(changeover_id, actor, while_running=True)
    moved = Transfer.objects.filter(changeover=changeover, moved_at__isnull=False)
    kind = events.RUN_STOPPED
    if changeover.state == State.UNDOING and not moved.filter(stays_at=None).exists():
        changeover.state, changeover.plan_hash, changeover.run_hash, changeover.stop_asked_at = State.OPEN, "", "", None
        changeover.save(update_fields=["state", "plan_hash", "run_hash", "stop_asked_at"])
        kind = events.UNDO_ENDED
    record(kind, changeover, actor=actor, at=at, unit_id=changeover.city_id, stays=moved.exclude(stays_at=None).count())
    return changeover
