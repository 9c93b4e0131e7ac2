"""The calendar changed: due dates of open dossiers counted again, each with its event, in slices by the worker."""

from __future__ import annotations

from datetime import datetime

from thongsuot.dossiers import events
from thongsuot.dossiers.actions.moving import date_work, locked, put_off
from thongsuot.dossiers.models import Dossier, MovedDue, Recomputation
from thongsuot.dossiers.queries import recomputing as queries
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.models import Event


@command
def begin_recomputation(change_event_id: int, *, actor: Actor, at: datetime) -> Recomputation:
    """Note that a change of the calendar strikes open dossiers; the worker then goes through them. Twice begins once."""
    event = Event.objects.get(pk=change_event_id)
    change = queries.change_of(event.facts)
    recomputation, begun = Recomputation.objects.get_or_create(
        change_event_id=change_event_id,
        defaults={
            "days": change.days,
            "announced_at": event.at,
            "announced_by_name": event.actor_name,
            "to_look_at": queries.count_running(change.days),
        },
    )
    record(events.RECOMPUTATION_BEGUN, recomputation, actor=actor, at=at, again=not begun, days=change.days)
    return recomputation


@command
def recompute_slice(recomputation_id: int, *, after: int | None = None, actor: Actor, at: datetime) -> int | None:
    """The next dossiers in order of ids, in one transaction. Returns the id to go on after; None when none is left.

    after   None goes on where the walk stands and keeps its place. A number is for a later walk, which finds what another
            process dated by the calendar it still remembered, and is not counted.
    """
    recomputation = must_exist(Recomputation.objects.select_for_update().filter(pk=recomputation_id).first())
    rows = queries.running(recomputation.days, after=recomputation.up_to_id if after is None else after)
    before, now = queries.calendars(*queries.taken_back(recomputation)), queries.calendars()
    moved = 0
    for row in rows:
        move = queries.move_of(row, before=before, after=now, now=recomputation.announced_at)
        if move is not None and _carry_out(move, recomputation, actor=actor, at=at):
            moved += 1
        else:
            _date_work_again(row.id, at=at)
    ended = len(rows) < queries.SLICE
    if after is None:
        recomputation.up_to_id = rows[-1].id if rows else recomputation.up_to_id
        recomputation.looked_at = min(recomputation.looked_at + len(rows), recomputation.to_look_at)
        if ended and recomputation.finished_at is None:
            recomputation.finished_at, recomputation.looked_at = at, recomputation.to_look_at
        recomputation.save()
    record(events.RECOMPUTATION_WENT_ON, recomputation, actor=actor, at=at, looked_at=len(rows), moved=moved)
    return None if ended else rows[-1].id


def _carry_out(move: queries.Move, recomputation: Recomputation, *, actor: Actor, at: datetime) -> bool:
    """Under the dossier's lock: gone on meanwhile, it is left to what happened to it. True when it moved."""
    case = locked(move.row.id, at=at)
    dossier = case.dossier
    if dossier.ended_at is not None or dossier.resolved_at is not None or _due(dossier) != move.due_before:
        return False
    _row, fresh = MovedDue.objects.get_or_create(
        recomputation=recomputation,
        dossier=dossier,
        defaults={"outcome": move.outcome, "due_before": move.due_before, "due_after": move.due_after},
    )
    by_hand = move.outcome == MovedDue.Outcome.BY_HAND
    if by_hand and not fresh:
        return False
    if not by_hand:
        if dossier.due_at is None:
            dossier.answer_due_at = move.due_after
        else:
            put_off(case, move.due_after, at=at)
            date_work(case)
        dossier.save()
    record(
        events.DUE_LEFT_TO_PERSON if by_hand else events.DUE_RECOMPUTED,
        dossier,
        actor=actor,
        at=at,
        unit_id=dossier.resolving_unit_id,
        days=recomputation.days,
        received=dossier.received_at is not None,
        due_before=move.due_before,
        due_after=move.due_after,
    )
    return not by_hand


def _due(dossier: Dossier) -> datetime | None:
    return dossier.due_at or dossier.answer_due_at


def _date_work_again(dossier_id: int, *, at: datetime) -> None:
    """The dossier keeps its day (a limit in calendar days, one dated by hand), its step and leg run in working hours."""
    case = locked(dossier_id, at=at)
    dossier = case.dossier
    if dossier.ended_at is None and dossier.resolved_at is None and dossier.due_at is not None:
        date_work(case)
