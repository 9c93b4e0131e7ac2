"""The desk: online filings accepted or refused, supplements, withdrawal, stopping, apology, fees at the counter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.dossiers import events, rules, ties
from thongsuot.dossiers.actions import digitising, errors, intake, paper
from thongsuot.dossiers.actions.intake import PaperIn
from thongsuot.dossiers.actions.moving import Case, end, locked, move, must_be, must_hold_step, must_own, pause, resume
from thongsuot.dossiers.actions.own_files import must_be_theirs
from thongsuot.dossiers.actions.signatures import give_up_number, signed_as
from thongsuot.dossiers.models import Component, Dossier, FeeDue, PaymentNotice, Status, StepRun, SupplementRequest
from thongsuot.dossiers.owing import DossierFees
from thongsuot.dossiers.queries.given import why_not_stopped, why_not_withdrawn
from thongsuot.dossiers.queries.settings import setting
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.text import one_line
from thongsuot.kernel.working_time import add_working_days
from thongsuot.numbering.actions import draw
from thongsuot.numbering.rules import padded
from thongsuot.payments import actions as payments
from thongsuot.personal_store import queries as stored


@command
def accept_submission(dossier_id: int, *, actor: Actor, at: datetime) -> Dossier:
    """Receive an online filing: 1 -> 2, with code, due date and first step.

    Who may resolve it is asked of the day of reception: a right that ended since the filing resolves nothing any more. The
    version stays that of the day of filing, by whose form, papers and fees the filer was told what to bring.
    Raises NotYourDuty, MoveNotAllowed, ChannelNotOffered, NotFiledHere, NotCompetent, CompetenceEnded.
    """
    case = locked(dossier_id, at=at)
    dossier, calendar = case.dossier, case.calendar
    actor.must("receive dossiers", unit_id=dossier.receiving_unit_id)
    must_be(dossier, Status.REGISTERED)
    intake.check_place(
        case.version,
        receiving_unit_id=dossier.receiving_unit_id,
        resolving_unit_id=dossier.resolving_unit_id,
        channel=dossier.channel,
        on=timezone.localdate(at),
    )
    terms = intake.terms_for(case.version, at=at, calendar=calendar)
    first = intake.first_step(case.version, terms, actor=actor)
    StepRun.objects.create(dossier=dossier, number=1, step_no=0, started_at=at, **first)
    dossier.due_at, dossier.warn_at = terms.due_at, terms.warn_at
    dossier.step_no, dossier.assignee_id, dossier.answer_due_at = 0, actor.person_id, None
    series = intake.series_of(dossier.resolving_unit_id, on=timezone.localdate(at))
    number, dossier.received_at = draw("dossier", unit_id=series["unit_id"], bucket=series["bucket"], at=at)
    dossier.code = series["prefix"] + padded(number, 4)
    move(case, Status.RECEIVED, at=at)
    dossier.save()
    record(
        events.RECEIVED,
        dossier,
        actor=actor,
        at=dossier.received_at,
        unit_id=dossier.resolving_unit_id,
        code=dossier.code,
        **intake.received_facts(case.version, terms, channel=dossier.channel),
    )
    return dossier


@command
def refuse_submission(dossier_id: int, *, reasons: Sequence[str], actor: Actor, at: datetime) -> Dossier:
    """Do not receive an online filing: 1 -> 3, with every reason at once (Form 03). Final.

    Raises NotYourDuty, MoveNotAllowed, BadInput.
    """
    case = locked(dossier_id, at=at)
    dossier = case.dossier
    actor.must("receive dossiers", unit_id=dossier.receiving_unit_id)
    reasons = _lines(reasons, "reasons", _("Hãy ghi đủ lý do không tiếp nhận, mỗi lý do một dòng."))
    end(case, Status.REFUSED_INTAKE, at=at)
    dossier.answer_due_at = None
    dossier.save()
    slip, _given_at = draw("refusal", unit_id=dossier.receiving_unit_id, bucket=str(timezone.localdate(at).year), at=at)
    record(events.REFUSED, dossier, actor=actor, at=at, unit_id=dossier.resolving_unit_id, reasons=reasons, slip=slip)
    return dossier


@command
def request_supplement(
    dossier_id: int, *, items: Sequence[str], reason: str = "", actor: Actor, at: datetime
) -> SupplementRequest:
    """Say once, in writing, everything that is missing: -> 5, the clock stops (Form 02).

    Raises NotYourDuty, MoveNotAllowed, SupplementAlreadyRequested, BadInput.
    """
    case = locked(dossier_id, at=at)
    dossier, day = case.dossier, timezone.localdate(at)
    must_be(dossier, Status.REGISTERED, Status.RECEIVED, Status.PROCESSING)
    if dossier.status == Status.REGISTERED:
        actor.must("receive dossiers", unit_id=dossier.receiving_unit_id)
    else:
        must_hold_step(case, actor)
    allowed = setting("supplement_requests", on=day)
    if dossier.supplement_count >= allowed:
        raise errors.SupplementAlreadyRequested(allowed)
    items = _lines(items, "items", _("Hãy ghi những giấy tờ cần bổ sung, mỗi giấy tờ một dòng."))
    status_before = dossier.status
    pause(case, Status.SUPPLEMENT_REQUESTED, at=at)
    dossier.supplement_count += 1
    dossier.answer_due_at = None
    dossier.save()
    answer_until = case.calendar.closing(add_working_days(day, setting("supplement_days", on=day), case.calendar))
    slip, _given_at = draw("supplement", unit_id=dossier.receiving_unit_id, bucket=str(day.year), at=at)
    request = SupplementRequest.objects.create(
        dossier=dossier,
        slip_number=slip,
        items=items,
        reason=one_line(reason)[:1000],
        requested_at=at,
        requested_by_id=actor.person_id,
        requested_by_name=actor.name,
        answer_until=answer_until,
        status_before=status_before,
    )
    record(
        events.SUPPLEMENT_REQUESTED,
        dossier,
        actor=actor,
        at=at,
        unit_id=dossier.resolving_unit_id,
        slip=slip,
        items=items,
        answer_until=answer_until,
    )
    return request


@command
def complete_supplement(
    dossier_id: int,
    *,
    papers: Sequence[PaperIn],
    answer: str = "",
    consent: str = "",
    consent_note: str = "",
    actor: Actor,
    at: datetime,
) -> Dossier:
    """The owner (or the desk for them) brings what was missing: the clock runs on from what was left, back where it stood.

    consent   how the owner agreed that papers of their store are used, as in `Intake`; a tick only of the account itself
    Raises NotYourDuty, MoveNotAllowed, UnknownPaper, BadInput, ConsentNeeded, PaperNotUsable.
    """
    case = locked(dossier_id, at=at)
    dossier = case.dossier
    if not actor.may("receive dossiers", unit_id=dossier.receiving_unit_id):
        must_own(dossier, actor)
    must_be(dossier, Status.SUPPLEMENT_REQUESTED)
    answer = one_line(answer)
    if not papers and not answer:
        raise BadInput({"papers": _("Hãy đính kèm giấy tờ bổ sung hoặc ghi câu trả lời.")})
    taken = digitising.taken_from_store(
        papers,
        version=case.version,
        owner=_store_of(dossier, ticked=consent == "ticked", actor=actor),
        how=consent,
        on=timezone.localdate(at),
    )
    there = stored.used_in(dossier.pk)
    if again := {code for code, one in taken.items() if one.pk in there}:
        says = _("Nơi nhận đã có giấy tờ này trong hồ sơ. Hãy chọn giấy tờ khác, hoặc tải tệp lên.")
        raise BadInput(dict.fromkeys((f"papers.{code}" for code in sorted(again)), says))
    _add_components(case, papers, actor=actor, at=at)
    if taken:
        ids = {code: one.pk for code, one in taken.items()}
        digitising.note_reuse(dossier.pk, ids, how=consent, note=consent_note, actor=actor, at=at)
    if scans := digitising.scans_among(papers):
        digitising.note_scans(dossier.pk, scans, actor=actor, at=at)
    request = SupplementRequest.objects.select_for_update().get(dossier=dossier, completed_at=None)
    request.completed_at, request.answer = at, answer[:1000]
    request.save(update_fields=["completed_at", "answer"])
    before, after = resume(case, Status(request.status_before), at=at)
    paper.owe_supplement(case, at=at)
    dossier.save()
    record(
        events.SUPPLEMENTED,
        dossier,
        actor=actor,
        at=at,
        unit_id=dossier.resolving_unit_id,
        papers=[one.code for one in papers],
        due_before=before,
        due_after=after,
    )
    return dossier


def _store_of(dossier: Dossier, *, ticked: bool, actor: Actor) -> stored.Owner:
    """Whose store papers may come from: online the account's own, when its holder filed for themselves and is logged in."""
    account_id = None if dossier.filer else dossier.account_id
    if ticked:
        return stored.Owner.of_account(account_id if account_id == actor.person_id else None)
    if not actor.may("receive dossiers", unit_id=dossier.receiving_unit_id):
        return stored.Owner()  # four digits prove a dossier, not a store
    return stored.Owner(id_number=dossier.owner_id_number, account_id=account_id)


def _add_components(case: Case, papers: Sequence[PaperIn], *, actor: Actor, at: datetime) -> None:
    """Papers handed in later. A paper that was there stays as it was: both remain readable."""
    intake.check_files(papers, actor=actor, dossier_id=case.dossier.pk)
    Component.objects.bulk_create(
        Component(dossier=case.dossier, added_at=at, **row) for row in intake.component_rows(case.version, papers)
    )


@command
def request_payment(dossier_id: int, *, reason: str, amount_dong: int = 0, actor: Actor, at: datetime) -> Dossier:
    """A financial obligation must be met first: -> 6, the clock stops. 0 đồng: the amount stands in another body's notice.

    Raises NotYourDuty, MoveNotAllowed, OnlyTheTaxOffice, BadInput.
    """
    case = locked(dossier_id, at=at)
    dossier = case.dossier
    must_be(dossier, Status.RECEIVED, Status.PROCESSING)
    must_hold_step(case, actor)
    if any(step.asks_payment for step in case.version.steps):
        raise errors.OnlyTheTaxOffice
    reason = _reason(reason)
    if not 0 <= amount_dong <= 10**12:
        raise BadInput(
            {"amount_dong": _("Số tiền chưa đúng. Hãy nhập số đồng, hoặc để trống nếu đã ghi trong thông báo thuế.")}
        )
    pause(case, Status.PAYMENT_REQUESTED, at=at)
    dossier.save()
    record(
        events.PAYMENT_REQUESTED,
        dossier,
        actor=actor,
        at=at,
        unit_id=dossier.resolving_unit_id,
        reason=reason,
        amount_dong=amount_dong,
    )
    return dossier


@command
def confirm_payment(
    dossier_id: int, *, proof_number: str = "", proof_file_id: int | None = None, actor: Actor, at: datetime
) -> Dossier:
    """Proof of payment is in: the clock runs on. A notice of the tax office needs the number or the file of the proof.

    Raises NotYourDuty, MoveNotAllowed, ProofMissing, BadInput.
    """
    case = locked(dossier_id, at=at)
    dossier = case.dossier
    must_be(dossier, Status.PAYMENT_REQUESTED)
    if not actor.may("receive dossiers", unit_id=dossier.receiving_unit_id):
        must_hold_step(case, actor)
    _prove(dossier, one_line(proof_number)[:60], proof_file_id, actor=actor, at=at)
    back_to = Status.RECEIVED if dossier.step_no == 0 else Status.PROCESSING
    before, after = resume(case, back_to, at=at)
    dossier.save()
    record(
        events.PAYMENT_CONFIRMED,
        dossier,
        actor=actor,
        at=at,
        unit_id=dossier.resolving_unit_id,
        due_before=before,
        due_after=after,
        proof=one_line(proof_number)[:60],
    )
    return dossier


def _prove(dossier: Dossier, number: str, file_id: int | None, *, actor: Actor, at: datetime) -> None:
    """Close the open payment notice, if the dossier has one, with its proof."""
    notice = PaymentNotice.objects.select_for_update().filter(dossier=dossier, paid_at=None).first()
    if notice is None:
        return
    if not number and file_id is None:
        raise errors.ProofMissing
    must_be_theirs([file_id], "proof_file", actor=actor, dossier_id=dossier.pk)
    notice.paid_at, notice.proof_number, notice.proof_file_id, notice.confirmed_by_name = at, number, file_id, actor.name
    notice.save(update_fields=["paid_at", "proof_number", "proof_file", "confirmed_by_name"])


@command
def withdraw(dossier_id: int, *, reason: str = "", actor: Actor, at: datetime) -> Dossier:
    """The owner takes the dossier back, at the counter or online: -> 7, unless it is decided already (NĐ 118/2025 Điều 21).

    Raises NotYourDuty, AlreadyDecided, MoveNotAllowed.
    """
    case = locked(dossier_id, at=at)
    dossier = case.dossier
    if not actor.may("receive dossiers", unit_id=dossier.receiving_unit_id):
        must_own(dossier, actor)
    if why_not_withdrawn(dossier, getattr(dossier, "result", None)):
        raise errors.AlreadyDecided
    ties.must_be_free(dossier.pk)
    end(case, Status.WITHDRAWN, at=at)
    give_up_number(case, reason=_("Hồ sơ rút trước khi phát hành kết quả."), at=at)
    dossier.save()
    slip = _stop_number(case, at)
    reason = one_line(reason)[:1000]
    record(events.WITHDRAWN, dossier, actor=actor, at=at, unit_id=dossier.resolving_unit_id, reason=reason, slip=slip)
    return dossier


@command
def stop(dossier_id: int, *, reason: str, actor: Actor, at: datetime) -> Dossier:
    """The agency stops: no supplement in time, or refused on merit: -> 8 with a notice. Decided by a head or a signer.

    Raises NotYourDuty, CopiesNumbered, MoveNotAllowed, BadInput.
    """
    case = locked(dossier_id, at=at)
    dossier = case.dossier
    if not actor.may("sign results", unit_id=dossier.resolving_unit_id):
        actor.must("review dossiers", unit_id=dossier.resolving_unit_id)
    reason = _reason(reason)
    if why_not_stopped(dossier):
        raise errors.CopiesNumbered
    ties.must_be_free(dossier.pk)
    end(case, Status.STOPPED, at=at)
    give_up_number(case, reason=_("Hồ sơ dừng trước khi phát hành kết quả."), at=at)
    dossier.save()
    slip = _stop_number(case, at)
    unit_id = dossier.resolving_unit_id
    by = signed_as(actor, unit_id=unit_id, at=at)
    record(events.STOPPED, dossier, actor=actor, at=at, unit_id=unit_id, reason=reason, slip=slip, signed_as=by)
    return dossier


def _stop_number(case: Case, at: datetime) -> int:
    """Withdrawn or stopped: the same notice, one series."""
    year = timezone.localdate(at).year
    number, _given_at = draw("stop_notice", unit_id=case.dossier.resolving_unit_id, bucket=str(year), at=at)
    return number


@command
def reappoint(dossier_id: int, *, new_at: datetime, reason: str, actor: Actor, at: datetime) -> Dossier:
    """Apologise and name a new day, at most once (NĐ 61/2018/NĐ-CP Điều 19). A late dossier still counts as late.

    Raises NotYourDuty, MoveNotAllowed, AlreadyReappointed, BadAppointment, BadInput.
    """
    case = locked(dossier_id, at=at)
    dossier, calendar = case.dossier, case.calendar
    must_be(dossier, Status.RECEIVED, Status.PROCESSING)
    if not actor.may("review dossiers", unit_id=dossier.resolving_unit_id):
        must_hold_step(case, actor)
    if dossier.promised_at is not None:
        raise errors.AlreadyReappointed
    assert dossier.due_at is not None  # constraint dossier_code_once_received
    reason = _reason(reason)
    local = timezone.localtime(new_at)
    in_shift = any(shift.starts <= local.time() <= shift.ends for shift in calendar.shifts)
    if new_at <= max(dossier.due_at, at) or not calendar.works(local.date()) or not in_shift:
        raise errors.BadAppointment(dossier.due_at)
    dossier.promised_at = new_at
    dossier.save(update_fields=["promised_at"])
    in_time = at <= calendar.closing(calendar.last_working_day(before=timezone.localdate(dossier.due_at)))
    slip, _given_at = draw("apology", unit_id=dossier.receiving_unit_id, bucket=str(timezone.localdate(at).year), at=at)
    record(
        events.REAPPOINTED,
        dossier,
        actor=actor,
        at=at,
        unit_id=dossier.resolving_unit_id,
        reason=reason,
        slip=slip,
        due_at=dossier.due_at,
        promised_at=new_at,
        signed_as=signed_as(actor, unit_id=dossier.resolving_unit_id, at=at),
        told_in_time=in_time,
    )
    return dossier


@command
def collect_fee(fee_id: int, *, actor: Actor, at: datetime) -> FeeDue:
    """Cash taken at the counter where it was received, for the account of the unit that resolves: its receipt number.

    Raises NotYourDuty, FeeAlreadyPaid, FeeNotDue, PaymentWaiting.
    """
    fee = FeeDue.objects.select_related("dossier").select_for_update().get(pk=fee_id)
    dossier = fee.dossier
    actor.must("receive dossiers", unit_id=dossier.receiving_unit_id)
    if fee.paid_at is not None:
        raise errors.FeeAlreadyPaid
    if dossier.status in rules.ENDED_WITHOUT_RESULT or not fee.amount_dong:
        raise errors.FeeNotDue
    payments.take_cash(DossierFees.subject, dossier.pk, owed_ids=[fee_id], actor=actor, at=at)
    fee.refresh_from_db()
    return fee


def _reason(text: str) -> str:
    reason = one_line(text)
    if not reason:
        raise BadInput({"reason": _("Hãy ghi lý do, người dân sẽ đọc câu này.")})
    return reason[:1000]


def _lines(lines: Sequence[str], field: str, when_empty: str) -> list[str]:
    kept = [one_line(line)[:500] for line in lines if one_line(line)]
    if not kept:
        raise BadInput({field: when_empty})
    if len(kept) > 50:
        raise BadInput({field: _("Không quá 50 dòng. Hãy gộp các dòng giống nhau.")})
    return kept
