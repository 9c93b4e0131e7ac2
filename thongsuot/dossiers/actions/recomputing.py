"""The calendar changed: due dates of open dossiers counted again, each with its event, in slices by the worker."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from thongsuot.dossiers import events, rules
from thongsuot.dossiers.actions import legs
from thongsuot.dossiers.actions.moving import Case, locked, open_run
from thongsuot.dossiers.models import Dossier, MovedDue, Recomputation
from thongsuot.dossiers.queries import recomputing as queries
from thongsuot.dossiers.queries.settings import setting
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.models import Event
from thongsuot.kernel.working_time import WorkingCalendar


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
            _date_work_again(row.id, before, at=at)
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
        _set_due(case, move.due_after, at=at)
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


def _set_due(case: Case, due: datetime, *, at: datetime) -> None:
    """The new due instant, and with it the warning and the open step."""
    dossier, calendar = case.dossier, case.calendar
    if dossier.received_at is None or dossier.due_at is None:
        dossier.answer_due_at = due
        return
    later = due > dossier.due_at
    dossier.due_at = due
    if dossier.warn_at is not None:
        # As after a pause: near is measured from a start moved by what pauses moved the end.
        unpaused = rules.due_by(rules.Clock(starts_at=dossier.received_at, limit=case.version.limit), lambda _at: calendar)
        start = dossier.received_at + max(due - unpaused, timedelta())
        share = setting("warn_share_percent", on=timezone.localdate(at))
        dossier.warn_at = rules.warn_at(start, due, case.version.limit, calendar, share=share)
        if later and dossier.warned_at is not None and dossier.warn_at > at:
            dossier.warned_at = None  # near again later: whoever holds it is told again then
    _count_step_again(case)
    legs.count_again(case)


def _count_step_again(case: Case, *, before: WorkingCalendar | None = None) -> None:
    """The open step's due instant from its start; with `before`, only when that calendar dates it otherwise."""
    dossier = case.dossier
    run = open_run(dossier)
    if run is None or run.due_at is None or not run.minutes or dossier.due_at is None:
        return
    step_due = legs.time_over(dossier, run.started_at, run.minutes, case.calendar)
    if before is not None and step_due == legs.time_over(dossier, run.started_at, run.minutes, before):
        return
    run.due_at = max(min(step_due, dossier.due_at), run.started_at)
    run.save(update_fields=["due_at"])
    dossier.step_due_at = run.due_at


def _date_work_again(dossier_id: int, before: queries.CalendarOn, *, at: datetime) -> None:
    """The dossier keeps its day (a limit in calendar days, one dated by hand), its step and leg run in working hours."""
    case = locked(dossier_id, at=at)
    dossier = case.dossier
    if dossier.ended_at is not None or dossier.resolved_at is not None or dossier.due_at is None:
        return
    calendar = before(dossier.resolving_unit_id, at)
    _count_step_again(case, before=calendar)
    legs.count_again(case, before=calendar)
    dossier.save(update_fields=["step_due_at"])
