"""The e-process: forward, assign, return, ask and give opinions, draft, sign, issue, hand back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.dossiers import events, rules
from thongsuot.dossiers.actions import digitising, errors, legs, opinions, signatures
from thongsuot.dossiers.actions.moving import (
    Case,
    assignee,
    end,
    finish_step,
    locked,
    move,
    must_be,
    must_hold_step,
    open_run,
    start_step,
)
from thongsuot.dossiers.actions.own_files import must_be_theirs
from thongsuot.dossiers.actions.signatures import Way
from thongsuot.dossiers.models import Dossier, Leg, Result, Status, StepRun
from thongsuot.dossiers.queries.given import unfinished_copies
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, TellPerson
from thongsuot.kernel.text import one_line


@command
def forward(
    dossier_id: int,
    *,
    step_key: str,
    to_person: int | None = None,
    note: str = "",
    without_opinions: bool = False,
    way: Way | None = None,
    actor: Actor,
    at: datetime,
) -> Dossier:
    """Finish the open step and give the dossier to the next.

    step_key          the step the caller saw: if another is open by now, nothing happens (WrongStep)
    to_person         who gets it; None leaves it to the only person with the duty, or unassigned
    without_opinions  go on although an asked body has not answered; `note` then says why
    way               how it was signed or issued (`signing.signed_way` made it); None: on paper, where that may be
    raises            NotYourDuty, WrongStep, MoveNotAllowed, WrongPerson, ResultNotReady, OpinionsOpen,
                      CopiesUnfinished, ScansMissing, BadInput, CannotSign

    Signing (a step of duty "sign results") and issuing (the last counted step) are what finishing such a step means.
    """
    case = locked(dossier_id, at=at)
    dossier = case.dossier
    must_be(dossier, Status.RECEIVED, Status.PROCESSING)
    step = case.step
    if step.key != step_key:
        raise errors.WrongStep(step.name)
    must_hold_step(case, actor)
    note = one_line(note)[:1000]
    _check_opinions(case, without_opinions=without_opinions, note=note)
    legs.check_leaving(case, note=note)
    following = case.following
    if dossier.step_no == 0:
        digitising.must_be_scanned(dossier, on=timezone.localdate(at))
    # Work in several steps needs its draft when it leaves the last of them; before a partner's leg there is none yet.
    last = following is None or case.version.steps[following].duty != step.duty
    if step.duty == "process dossiers" and last and not step.agency and not legs.goes_to_agency(case, following):
        _draft_of(case)
    if step.duty in ("sign results", "issue results") and (unfinished := unfinished_copies(dossier)):
        raise errors.CopiesUnfinished(unfinished)
    if step.duty == "sign results":
        signatures.sign(case, _draft_of(case), way or Way(), actor=actor, at=at)
    if following is None or not case.version.steps[following].counted:
        _issue(case, following, way or Way(), note=note, actor=actor, at=at)
        return dossier
    finish_step(case, at=at, outcome=StepRun.Outcome.DONE, note=note, by=actor)
    if dossier.status == Status.RECEIVED:
        move(case, Status.PROCESSING, at=at)
    run = start_step(case, following, to_person=to_person, actor=actor, at=at)
    dossier.save()
    record(
        events.FORWARDED,
        dossier,
        actor=actor,
        at=at,
        unit_id=case.unit_of(following),
        step=run.step_key,
        step_name=run.name,
        assignee=run.assignee_id,
        note=note,
    )
    return dossier


def _check_opinions(case: Case, *, without_opinions: bool, note: str) -> None:
    waiting = opinions.waiting_for(case)
    if waiting and not (without_opinions and note):
        raise errors.OpinionsOpen(waiting)


def _draft_of(case: Case) -> Result:
    result = Result.objects.filter(dossier=case.dossier, file__isnull=False).first()
    if result is None:
        raise errors.ResultNotReady
    return result


def _issue(case: Case, handback_step: int | None, way: Way, *, note: str, actor: Actor, at: datetime) -> None:
    """Number and date the result: status 9. This instant is judged against the due date."""
    dossier, result = case.dossier, _draft_of(case)
    if result.signed_at is None:
        raise errors.ResultNotReady
    finish_step(case, at=at, outcome=StepRun.Outcome.DONE, note=note, by=actor)
    if dossier.status == Status.RECEIVED:
        move(case, Status.PROCESSING, at=at)
    move(case, Status.RESOLVED, at=at)
    if handback_step is not None:
        start_step(case, handback_step, to_person=None, actor=actor, at=at)
    else:
        legs.leave(case, Leg.Outcome.DONE, actor=actor, at=at)
        dossier.step_no = dossier.assignee_id = dossier.step_unit_id = None
    dossier.save()
    signatures.issue(case, result, way, day=timezone.localdate(at), actor=actor, at=at)
    assert dossier.due_at is not None  # constraint dossier_code_once_received
    record(
        events.RESOLVED,
        dossier,
        actor=actor,
        at=at,
        unit_id=dossier.resolving_unit_id,
        number=result.number,
        on_time=rules.resolved_on_time(at, dossier.due_at),
    )


@command
def return_step(dossier_id: int, *, step_key: str, to_step: str, reason: str, actor: Actor, at: datetime) -> Dossier:
    """Give the dossier back to an earlier step, to the person who did it. A signature on the result falls away.

    Raises NotYourDuty, WrongStep, MoveNotAllowed, BadInput.
    """
    case = locked(dossier_id, at=at)
    dossier = case.dossier
    must_be(dossier, Status.PROCESSING)
    if case.step.key != step_key:
        raise errors.WrongStep(case.step.name)
    must_hold_step(case, actor)
    reason = one_line(reason)
    if not reason:
        raise BadInput({"reason": _("Hãy ghi lý do trả lại để người nhận biết cần sửa gì.")})
    target = case.step_numbered(to_step)
    assert dossier.step_no is not None
    # Steps of a branch this dossier did not take lie behind it too: nobody there knows it.
    passed = set(StepRun.objects.filter(dossier=dossier).values_list("step_no", flat=True))
    if target is None or not 0 < target < dossier.step_no or target not in passed:
        raise BadInput({"to_step": _("Chỉ trả lại được cho bước đã qua.")})
    finish_step(case, at=at, outcome=StepRun.Outcome.RETURNED, note=reason[:1000], by=actor)
    before = StepRun.objects.filter(dossier=dossier, step_no=target, assignee__isnull=False).order_by("-number").first()
    run = start_step(case, target, to_person=None, actor=actor, at=at)
    if before is not None:
        _give(case, run, before.assignee_id, at=at)
    Result.objects.filter(dossier=dossier).update(signed_at=None, signer_name="", signer_post="")
    for result in Result.objects.filter(dossier=dossier):
        signatures.fall_away(result, at=at)
    dossier.save()
    record(
        events.STEP_RETURNED,
        dossier,
        actor=actor,
        at=at,
        unit_id=dossier.resolving_unit_id,
        step=run.step_key,
        step_name=run.name,
        assignee=run.assignee_id,
        reason=reason[:1000],
    )
    return dossier


def _give(case: Case, run: StepRun, person_id: int | None, *, at: datetime) -> None:
    try:
        person = assignee(run.duty, unit_id=case.unit_of(run.step_no), to_person=person_id, on=timezone.localdate(at))
    except errors.WrongPerson:
        person = None  # left since: the head assigns again
    run.assignee_id, run.assignee_name = (person.id, person.name) if person else (None, "")
    run.save(update_fields=["assignee_id", "assignee_name"])
    case.dossier.assignee_id = run.assignee_id


@command
def reassign(dossier_id: int, *, to_person: int, step_key: str = "", reason: str = "", actor: Actor, at: datetime) -> Dossier:
    """Give the open step to another person of the unit.

    step_key   the step that was looked at; empty: whichever is open
    Raises NotYourDuty, MoveNotAllowed, WrongStep, WrongPerson.
    """
    case = locked(dossier_id, at=at)
    dossier = case.dossier
    run = open_run(dossier)
    if run is None:
        raise errors.MoveNotAllowed(dossier.status)
    if step_key and run.step_key != step_key:
        raise errors.WrongStep(run.name)
    actor.must("assign dossiers", unit_id=case.unit_of(run.step_no))
    person = assignee(run.duty, unit_id=case.unit_of(run.step_no), to_person=to_person, on=timezone.localdate(at))
    assert person is not None  # a person was named
    before = run.assignee_id
    run.assignee_id, run.assignee_name = person.id, person.name
    run.save(update_fields=["assignee_id", "assignee_name"])
    dossier.assignee_id = person.id
    dossier.save(update_fields=["assignee_id"])
    record(
        events.REASSIGNED,
        dossier,
        actor=actor,
        at=at,
        unit_id=case.unit_of(run.step_no),
        step=run.step_key,
        before=before,
        assignee=person.id,
        reason=one_line(reason)[:1000],
    )
    return dossier


@dataclass(frozen=True, kw_only=True)
class Each:
    """What became of one of many."""

    dossier_id: int
    code: str
    done: bool
    message: str = ""


def for_each(dossier_ids: Sequence[int], run: Callable[[int], Dossier]) -> list[Each]:
    """Run one command per dossier, each in its own transaction: one refusal does not undo the others."""
    codes = dict(Dossier.objects.filter(pk__in=dossier_ids).values_list("pk", "code"))
    results = []
    for dossier_id in dossier_ids:
        try:
            run(dossier_id)
        except TellPerson as refusal:
            results.append(Each(dossier_id=dossier_id, code=codes.get(dossier_id) or "", done=False, message=refusal.message()))
        else:
            results.append(Each(dossier_id=dossier_id, code=codes.get(dossier_id) or "", done=True))
    return results


@command
def draft_result(dossier_id: int, *, title: str, file_id: int, actor: Actor, at: datetime) -> Result:
    """Put the result's file in place, or another in its stead, before it is signed.

    Raises NotYourDuty, MoveNotAllowed, BadInput.
    """
    case = locked(dossier_id, at=at)
    dossier = case.dossier
    must_be(dossier, Status.RECEIVED, Status.PROCESSING)
    must_hold_step(case, actor)
    title = one_line(title)
    if not title:
        raise BadInput({"title": _("Hãy ghi tên kết quả.")})
    must_be_theirs([file_id], "file", actor=actor, dossier_id=dossier.pk)
    for before in Result.objects.filter(dossier=dossier):
        signatures.fall_away(before, at=at)
    result, _created = Result.objects.update_or_create(
        dossier=dossier,
        defaults={
            "title": title[:300],
            "file_id": file_id,
            "drafted_at": at,
            "drafted_by_name": actor.name,
            "signed_at": None,
            "signer_name": "",
            "signer_post": "",
        },
    )
    record(events.DRAFTED, dossier, actor=actor, at=at, unit_id=dossier.resolving_unit_id, file=file_id)
    return result


@command
def hand_back(dossier_id: int, *, handed_to: str, actor: Actor, at: datetime) -> Dossier:
    """Give the result to the owner or whoever came for them: 9 -> 10. Raises NotYourDuty, MoveNotAllowed, BadInput."""
    case = locked(dossier_id, at=at)
    dossier = case.dossier
    actor.must("hand back results", unit_id=dossier.receiving_unit_id)
    must_be(dossier, Status.RESOLVED)
    handed_to = one_line(handed_to)
    if not handed_to:
        raise BadInput({"handed_to": _("Hãy ghi tên người nhận kết quả.")})
    finish_step(case, at=at, outcome=StepRun.Outcome.DONE, by=actor)
    end(case, Status.RETURNED, at=at)
    dossier.save()
    Result.objects.filter(dossier=dossier).update(handed_to=handed_to[:200], handed_at=at)
    record(events.RETURNED, dossier, actor=actor, at=at, unit_id=dossier.receiving_unit_id)
    return dossier
