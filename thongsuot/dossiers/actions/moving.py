"""What every command on a running dossier shares: lock, move, pause, open and close steps, count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from thongsuot.dossiers import rules
from thongsuot.dossiers.actions import errors, legs, paper
from thongsuot.dossiers.models import Dossier, Leg, Pause, Status, StepRun, TallyChange
from thongsuot.dossiers.queries.dates import answer_limit, halts_of
from thongsuot.dossiers.queries.settings import setting
from thongsuot.dossiers.queries.steps import answers_of
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.deadlines import counts_from, due_after_pause, due_at
from thongsuot.kernel.errors import NotYourDuty, must_exist
from thongsuot.kernel.working_time import WorkingCalendar, add_working_minutes
from thongsuot.people import queries as people
from thongsuot.procedures import queries as procedures
from thongsuot.procedures.rules import next_step, path_from
from thongsuot.units import queries as units


@dataclass(frozen=True)
class Case:
    """A dossier under its row lock, with the rules it was received under and the calendar of its city."""

    dossier: Dossier
    version: procedures.VersionView
    calendar: WorkingCalendar
    at: datetime

    @property
    def step(self) -> procedures.Step:
        """The step that is open. Raises MoveNotAllowed when none is."""
        if self.dossier.step_no is None:
            raise errors.MoveNotAllowed(self.dossier.status)
        return self.version.steps[self.dossier.step_no]

    def unit_of(self, step_no: int) -> int:
        """Who does a step: the desk receives and hands back, the resolving unit does all between, or a partner its legs."""
        partner = legs.unit_of_agency(self, step_no, on=timezone.localdate(self.at))
        if partner is not None:
            return partner
        at_desk = step_no == 0 or self.version.steps[step_no].duty == "hand back results"
        return self.dossier.receiving_unit_id if at_desk else self.dossier.resolving_unit_id

    @property
    def following(self) -> int | None:
        """The step this dossier goes to from the open one, by the way whose condition holds; None after the last."""
        return next_step(self.version.steps, self.dossier.step_no, answers_of(self.dossier))

    def ahead(self, step_no: int) -> list[int]:
        """The steps this dossier goes through from `step_no` on, by the ways whose conditions hold."""
        return [step_no, *path_from(self.version.steps, step_no, answers_of(self.dossier))]

    def step_numbered(self, key: str) -> int | None:
        return next((number for number, step in enumerate(self.version.steps) if step.key == key), None)


def locked(dossier_id: int, *, at: datetime) -> Case:
    """Lock the dossier's row until the transaction ends. Raises NotFound."""
    dossier = must_exist(Dossier.objects.select_for_update().filter(pk=dossier_id).first())
    calendar = units.working_calendar(dossier.resolving_unit_id, on=timezone.localdate(at))
    return Case(dossier, procedures.version(dossier.version_id), calendar, at)


def must_be(dossier: Dossier, *statuses: Status) -> None:
    """Raises MoveNotAllowed."""
    if dossier.status not in statuses:
        raise errors.MoveNotAllowed(dossier.status)


def move(case: Case, to: Status, *, at: datetime) -> None:
    """Change the status along an allowed way and keep the counts. The caller saves. Raises MoveNotAllowed."""
    dossier = case.dossier
    if not rules.may_move(dossier.status, to):
        raise errors.MoveNotAllowed(dossier.status)
    _tally(case, -1)
    dossier.status = to
    if to == Status.RESOLVED:
        dossier.resolved_at = at
    if to in rules.FINAL:
        dossier.ended_at = at
    _tally(case, +1)


def _tally(case: Case, change: int) -> None:
    """The dashboard's counts: only of what was received."""
    dossier = case.dossier
    if dossier.status == Status.REGISTERED or dossier.received_at is None:
        return
    assert dossier.due_at is not None  # constraint dossier_received_means_due
    on_time = None if dossier.resolved_at is None else rules.resolved_on_time(dossier.resolved_at, dossier.due_at)
    TallyChange.objects.create(
        day=timezone.localdate(dossier.received_at),
        unit_id=dossier.resolving_unit_id,
        channel=dossier.channel,
        status=dossier.status,
        on_time=on_time,
        change=change,
    )


def pause(case: Case, to: Status, *, at: datetime) -> None:
    """Stop the clock: statuses 5 and 6."""
    move(case, to, at=at)
    case.dossier.paused_at = at
    Pause.objects.create(dossier=case.dossier, status=to, starts_at=at, due_before=case.dossier.due_at)


def resume(case: Case, to: Status, *, at: datetime) -> tuple[datetime | None, datetime | None]:
    """Let the clock run on and recompute every date that was left. Returns the due instant before and after."""
    dossier, calendar = case.dossier, case.calendar
    paused_at, before = dossier.paused_at, dossier.due_at
    assert paused_at is not None  # constraint dossier_paused_in_5_and_6
    move(case, to, at=at)
    dossier.paused_at = None
    if before is not None:
        put_off(case, due_after_pause(before, paused_at, at, case.version.limit, calendar), at=at)
        if dossier.promised_at is not None:
            dossier.promised_at = due_after_pause(dossier.promised_at, paused_at, at, case.version.limit, calendar)
    elif to == Status.REGISTERED:
        dossier.answer_due_at = due_at(at, answer_limit(on=timezone.localdate(at)), calendar)
    Pause.objects.filter(dossier=dossier, ends_at=None).update(ends_at=at, due_after=dossier.due_at)
    if before is not None:
        date_work(case)
    return before, dossier.due_at


def put_off(case: Case, due: datetime, *, at: datetime) -> None:
    """The new due instant, and with it the warning. Near again later: whoever holds it is told again then."""
    dossier = case.dossier
    assert dossier.received_at is not None  # something is due
    share = setting("warn_share_percent", on=timezone.localdate(at))
    warn_at = rules.warning(dossier.received_at, due, case.version.limit, case.calendar, share=share)
    dossier.due_at, dossier.warn_at = due, warn_at
    if warn_at > at:
        dossier.warned_at = None


def date_work(case: Case, *, more: int = 0) -> None:
    """The open step and the open leg are due their minutes after their start; a step no later than the dossier.

    more   working minutes given to who has it now
    """
    dossier, halts = case.dossier, halts_of(case.dossier)
    assert dossier.due_at is not None  # it was received
    run = open_run(dossier)
    if run is not None and run.due_at is not None:
        run.minutes += more
        due = rules.work_due(run.started_at, run.minutes, halts, case.calendar)
        run.due_at = max(min(due, dossier.due_at), run.started_at)
        run.save(update_fields=["minutes", "due_at"])
    for leg in Leg.objects.filter(dossier=dossier, finished_at=None) if legs.of_several(case) else ():
        leg.minutes += more
        leg.due_at = rules.work_due(leg.starts_at, leg.minutes, halts, case.calendar)
        leg.save(update_fields=["minutes", "due_at"])


def open_run(dossier: Dossier) -> StepRun | None:
    return StepRun.objects.filter(dossier=dossier, finished_at=None).first()


def finish_step(
    case: Case, *, at: datetime, outcome: StepRun.Outcome, note: str = "", by: Actor | None = None
) -> StepRun | None:
    """Close the open step's line. `by`: who did it; the control slip names them, whoever it was given to."""
    run = open_run(case.dossier)
    if run is not None:
        run.finished_at, run.outcome, run.note = at, outcome, note
        if by is not None and by.person_id is not None:
            run.assignee_id, run.assignee_name = by.person_id, by.name
        run.save(update_fields=["finished_at", "outcome", "note", "assignee_id", "assignee_name"])
    return run


def start_step(case: Case, step_no: int, *, to_person: int | None, actor: Actor, at: datetime) -> StepRun:
    """Open a step's line on the control slip and make it the dossier's current one.

    Leaving the desk after 15:00 the file counts as taken over on the next working morning (NĐ 118/2025/NĐ-CP, transfer).
    Without a person chosen: the only one with the duty, else nobody yet. Someone away is replaced by the stand-in.
    """
    dossier, step, calendar = case.dossier, case.version.steps[step_no], case.calendar
    unit_id, day = case.unit_of(step_no), timezone.localdate(at)
    person = assignee(step.duty, unit_id=unit_id, to_person=to_person, on=day)
    leg = legs.enter(case, step_no, actor=actor, at=at)
    paper.owe(case, step_no, at=at)
    starts = leg.starts_at if leg is not None else counts_from(at, calendar) if dossier.step_no == 0 else at
    due = add_working_minutes(starts, step.minutes, calendar) if step.counted else None
    if due is not None and dossier.due_at is not None:
        due = max(min(due, dossier.due_at), starts)
    number = StepRun.objects.filter(dossier=dossier).count() + 1
    run = StepRun.objects.create(
        dossier=dossier,
        number=number,
        step_no=step_no,
        step_key=step.key,
        name=step.name,
        duty=step.duty,
        assignee_id=person.id if person else None,
        assignee_name=person.name if person else "",
        minutes=step.minutes if step.counted else 0,
        started_at=starts,
        due_at=due,
    )
    dossier.step_no, dossier.assignee_id = step_no, run.assignee_id
    return run


def assignee(duty: str, *, unit_id: int, to_person: int | None, on: date) -> people.StaffRow | people.StandIn | None:
    """Who gets the step: the one chosen, else the only one with the duty; while they are away, who stands in.

    Raises WrongPerson.
    """
    staff = {row.id: row for row in people.staff_with_duty(duty, unit_id, on=on)}
    if to_person is None:
        return next(iter(staff.values())).doing if len(staff) == 1 else None
    if to_person not in staff:
        raise errors.WrongPerson
    return staff[to_person].doing


def end(case: Case, to: Status, *, at: datetime) -> None:
    """Go to a final status: whatever ran or stood still ends with it."""
    dossier = case.dossier
    move(case, to, at=at)
    if dossier.paused_at is not None:
        Pause.objects.filter(dossier=dossier, ends_at=None).update(ends_at=at, due_after=dossier.due_at)
        dossier.paused_at = None
    finish_step(case, at=at, outcome=StepRun.Outcome.ENDED)
    legs.leave(case, Leg.Outcome.ENDED, at=at)
    paper.ended(case, to, at=at)
    dossier.step_unit_id = None
    dossier.step_no = dossier.assignee_id = None


def must_own(dossier: Dossier, actor: Actor) -> None:
    """The owner, by the account that filed or by the four digits. Raises NotYourDuty."""
    by_account = actor.person_id is not None and actor.person_id == dossier.account_id
    if not (by_account or actor.trusted or ("dossiers.dossier", dossier.pk) in actor.owns):
        raise NotYourDuty("own dossier")


def must_hold_step(case: Case, actor: Actor) -> None:
    """The actor has the duty of the open step where it is done. Raises NotYourDuty."""
    assert case.dossier.step_no is not None
    actor.must(case.step.duty, unit_id=case.unit_of(case.dossier.step_no))
