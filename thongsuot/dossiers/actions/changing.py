"""Correcting, replacing and revoking an issued result: reason and basis, draft, review, signature, number, hand-back."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thongsuot.dossiers import events
from thongsuot.dossiers.actions import sealing
from thongsuot.dossiers.actions.moving import must_be
from thongsuot.dossiers.models import Dossier, Result, ResultChange, Status
from thongsuot.files.models import StoredFile
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotFound, TellPerson
from thongsuot.kernel.text import one_line
from thongsuot.numbering.actions import draw
from thongsuot.numbering.rules import padded
from thongsuot.units import queries as units

State, Kind = ResultChange.State, ResultChange.Kind


class ChangeAlreadyOpen(TellPerson):
    """Somebody is changing this result already: two at once, and one of them wins."""

    code = "dossiers.change_already_open"

    def message(self) -> str:
        return _("Kết quả này đang được đính chính, thay thế hoặc thu hồi. Hãy mở việc đang làm, hoặc chờ xong rồi làm tiếp.")


class ResultRevoked(TellPerson):
    code = "dossiers.result_revoked"

    def message(self) -> str:
        return _("Kết quả này đã bị thu hồi nên không sửa được nữa. Người dân cần giấy mới thì nộp hồ sơ mới.")


class ChangeElsewhere(TellPerson):
    """The change is at another of its steps than the one the caller saw."""

    code = "dossiers.change_elsewhere"

    def __init__(self, state: str) -> None:
        self.state = state

    def message(self) -> str:
        return _("Việc này đang ở bước “%(state)s”. Hãy tải lại trang để xem việc cần làm.") % {"state": State(self.state).label}


@command
def open_change(dossier_id: int, *, kind: str, reason: str, basis: str, actor: Actor, at: datetime) -> ResultChange:
    """Begin to correct, replace or revoke what was issued. Nothing changes for the owner until it is issued.

    reason  what is wrong, as the owner will read it; basis: by which text or decision
    raises  NotFound, NotYourDuty, MoveNotAllowed, ChangeAlreadyOpen, ResultRevoked, BadInput
    """
    dossier = Dossier.objects.select_for_update().filter(pk=dossier_id).first()
    if dossier is None:
        raise NotFound
    actor.must("process dossiers", unit_id=dossier.resolving_unit_id)
    must_be(dossier, Status.RESOLVED, Status.RETURNED)
    result = Result.objects.get(dossier=dossier)
    before = latest_change(result)
    if before is not None and before.kind == Kind.REVOCATION:
        raise ResultRevoked
    reason, basis = one_line(reason)[:500], one_line(basis)[:300]
    problems = {}
    if kind not in Kind.values:
        problems["kind"] = _("Hãy chọn đính chính, cấp thay thế hay thu hồi.")
    if not reason:
        problems["reason"] = _("Hãy ghi lý do; chủ hồ sơ đọc được lý do này.")
    if not basis:
        problems["basis"] = _("Hãy ghi căn cứ: điều khoản, biên bản hoặc văn bản yêu cầu.")
    if problems:
        raise BadInput(problems)
    try:
        with transaction.atomic():
            change = ResultChange.objects.create(
                result=result, follows=before, kind=kind, reason=reason, basis=basis, opened_at=at, opened_by_name=actor.name
            )
    except IntegrityError:
        raise ChangeAlreadyOpen from None
    record(
        events.CHANGE_OPENED,
        dossier,
        actor=actor,
        at=at,
        unit_id=dossier.resolving_unit_id,
        change=change.pk,
        sort=kind,
        basis=basis,
    )
    return change


def latest_change(result: Result) -> ResultChange | None:
    """The change that holds now; None while the result itself does."""
    return ResultChange.objects.filter(result=result, state__in=ResultChange.DONE).order_by("-issued_on", "-pk").first()


@command
def draft_change(change_id: int, *, title: str, file_id: int, actor: Actor, at: datetime) -> ResultChange:
    """Put the new paper in place and hand it to the reviewer. Raises NotYourDuty, ChangeElsewhere, BadInput, NotFound."""
    change, dossier = _locked(change_id)
    actor.must("process dossiers", unit_id=dossier.resolving_unit_id)
    _must_be_at(change, State.DRAFTING)
    title = one_line(title)[:300]
    if not title:
        raise BadInput({"title": _("Hãy ghi tên văn bản.")})
    if not StoredFile.objects.filter(pk=file_id).exists():
        raise NotFound
    change.title, change.file_id, change.drafted_by_name = title, file_id, actor.name
    change.returned_reason = ""
    return _moved(change, dossier, State.REVIEW, actor=actor, at=at)


@command
def review_change(change_id: int, *, approve: bool, reason: str = "", actor: Actor, at: datetime) -> ResultChange:
    """Pass the draft on to be signed, or give it back with a reason. Raises NotYourDuty, ChangeElsewhere, BadInput."""
    change, dossier = _locked(change_id)
    actor.must("review dossiers", unit_id=dossier.resolving_unit_id)
    _must_be_at(change, State.REVIEW)
    if not approve:
        return _given_back(change, dossier, reason, actor=actor, at=at)
    change.reviewed_at, change.reviewed_by_name = at, actor.name
    return _moved(change, dossier, State.SIGNING, actor=actor, at=at)


@command
def sign_change(
    change_id: int, *, approve: bool = True, pin: str = "", reason: str = "", actor: Actor, at: datetime
) -> ResultChange:
    """The leader signs the new paper, with their certificate when they have one, or gives it back.

    Raises NotYourDuty, ChangeElsewhere, BadInput and the refusals of `signing`.
    """
    change, dossier = _locked(change_id)
    actor.must("sign results", unit_id=dossier.resolving_unit_id)
    _must_be_at(change, State.SIGNING)
    if not approve:
        return _given_back(change, dossier, reason, actor=actor, at=at)
    assert change.file_id is not None  # drafted
    sealed = sealing.by_person(
        change.file_id, pin=pin, reason=change.get_kind_display(), unit_id=dossier.resolving_unit_id, actor=actor, at=at
    )
    change.file_id, change.by_person = sealed.file_id, sealed.signed
    change.signed_at, change.signer_name, change.signer_post = at, actor.name, actor.post
    return _moved(change, dossier, State.ISSUING, actor=actor, at=at)


@command
def issue_change(change_id: int, *, pin: str = "", actor: Actor, at: datetime) -> ResultChange:
    """Number and date it in the register of results: from here on it holds and the one before does not.

    The register shows both; the public proof of the one before says by what it was changed; the owner is told.
    Raises NotYourDuty, ChangeElsewhere and the refusals of `signing`.
    """
    change, dossier = _locked(change_id)
    unit_id = dossier.resolving_unit_id
    actor.must("issue results", unit_id=unit_id)
    _must_be_at(change, State.ISSUING)
    assert change.file_id is not None  # drafted
    day = units.working_calendar(units.city_of(unit_id), on=at.date()).local_day(at)
    sealed = sealing.by_agency(
        change.file_id, pin=pin, reason=change.get_kind_display(), unit_id=unit_id, actor=actor, at=at
    )
    change.file_id, change.by_agency = sealed.file_id, sealed.signed
    change.proof_code = sealing.new_proof()
    number, _given_at = draw("result", unit_id=unit_id, bucket=str(day.year), at=at)
    change.number, change.issued_on, change.state = padded(number, 2), day, State.ISSUED
    change.save()
    sealing.prove(
        change.proof_code,
        file_id=sealed.file_id,
        kind="result",
        title=change.title,
        number=change.number,
        unit_id=unit_id,
        issued_on=day,
        actor=actor,
        at=at,
    )
    if old := sealing.proof_of(change.follows or change.result):
        sealing.unprove(old, reason=change.get_kind_display(), replaced_by=change.proof_code, actor=actor, at=at)
    record(
        events.RESULT_CHANGED,
        dossier,
        actor=actor,
        at=at,
        unit_id=unit_id,
        change=change.pk,
        sort=change.kind,
        number=change.number,
        before=(change.follows or change.result).number,
    )
    return change


@command
def hand_back_change(change_id: int, *, handed_to: str, actor: Actor, at: datetime) -> ResultChange:
    """Give the new paper to the owner and, on a replacement or revocation, take the old one back on paper.

    Raises NotYourDuty, ChangeElsewhere, BadInput.
    """
    change, dossier = _locked(change_id)
    actor.must("hand back results", unit_id=dossier.receiving_unit_id)
    _must_be_at(change, State.ISSUED)
    handed_to = one_line(handed_to)[:200]
    if not handed_to:
        raise BadInput({"handed_to": _("Hãy ghi tên người nhận.")})
    change.state, change.handed_to, change.handed_at = State.RETURNED, handed_to, at
    change.save()
    record(events.CHANGE_RETURNED, dossier, actor=actor, at=at, unit_id=dossier.receiving_unit_id, change=change.pk)
    return change


@command
def drop_change(change_id: int, *, reason: str, actor: Actor, at: datetime) -> ResultChange:
    """Give a change up before it is issued; the result stays as it was. Raises NotYourDuty, ChangeElsewhere, BadInput."""
    change, dossier = _locked(change_id)
    if not actor.may("review dossiers", unit_id=dossier.resolving_unit_id):
        actor.must("process dossiers", unit_id=dossier.resolving_unit_id)
    _must_be_at(change, *ResultChange.OPEN)
    reason = one_line(reason)[:500]
    if not reason:
        raise BadInput({"reason": _("Hãy ghi vì sao bỏ.")})
    change.state, change.dropped_reason = State.DROPPED, reason
    change.save()
    record(events.CHANGE_DROPPED, dossier, actor=actor, at=at, unit_id=dossier.resolving_unit_id, change=change.pk)
    return change


def _locked(change_id: int) -> tuple[ResultChange, Dossier]:
    """The dossier first, as everywhere: changes of one result wait for each other. Raises NotFound."""
    found = ResultChange.objects.filter(pk=change_id).values_list("result__dossier_id", flat=True).first()
    if found is None:
        raise NotFound
    dossier = Dossier.objects.select_for_update().get(pk=found)
    return ResultChange.objects.select_related("result", "follows").get(pk=change_id), dossier


def _must_be_at(change: ResultChange, *states: State) -> None:
    if change.state not in states:
        raise ChangeElsewhere(change.state)


def _given_back(change: ResultChange, dossier: Dossier, reason: str, *, actor: Actor, at: datetime) -> ResultChange:
    reason = one_line(reason)[:500]
    if not reason:
        raise BadInput({"reason": _("Hãy ghi lý do trả lại để người soạn biết cần sửa gì.")})
    change.returned_reason, change.reviewed_at, change.reviewed_by_name = reason, None, ""
    return _moved(change, dossier, State.DRAFTING, actor=actor, at=at)


def _moved(change: ResultChange, dossier: Dossier, to: State, *, actor: Actor, at: datetime) -> ResultChange:
    change.state = to
    change.save()
    record(
        events.CHANGE_MOVED, dossier, actor=actor, at=at, unit_id=dossier.resolving_unit_id, change=change.pk, state=str(to)
    )
    return change
