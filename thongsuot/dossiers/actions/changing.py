"""Correcting, replacing and revoking an issued result: reason and basis, draft, review, signature, number, hand-back."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.dossiers import events
from thongsuot.dossiers.actions import sealing
from thongsuot.dossiers.actions.moving import must_be
from thongsuot.dossiers.actions.own_files import must_be_theirs
from thongsuot.dossiers.actions.signatures import kind_of_paper, signer_post
from thongsuot.dossiers.actions.stores import source_of
from thongsuot.dossiers.models import Dossier, Result, ResultChange, Status
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, TellPerson, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.numbering.actions import draw
from thongsuot.numbering.rules import padded
from thongsuot.personal_store import actions as store
from thongsuot.personal_store import queries as stored
from thongsuot.procedures import queries as procedures
from thongsuot.signing.actions import register_proof
from thongsuot.signing.errors import AgencyBeforePerson
from thongsuot.signing.proofs import new_code
from thongsuot.units import queries as units

State = ResultChange.State
Kind = ResultChange.Kind


class ChangeAlreadyOpen(TellPerson):
    """Somebody is changing this result already: two at once, and one of them wins."""

    code = "dossiers.change_already_open"
    says = gettext_lazy(
        "Kết quả này đang được đính chính, thay thế hoặc thu hồi. Hãy mở việc đang làm, hoặc chờ xong rồi làm tiếp."
    )


class ResultRevoked(TellPerson):
    code = "dossiers.result_revoked"
    says = gettext_lazy("Kết quả này đã bị thu hồi nên không sửa được nữa. Người dân cần giấy mới thì nộp hồ sơ mới.")


class ChangeElsewhere(TellPerson):
    """The change is at another of its steps than the one the caller saw."""

    code = "dossiers.change_elsewhere"

    def __init__(self, state: str) -> None:
        self.state = state

    def message(self) -> str:
        return _("Việc này đang ở bước “%(state)s”. Hãy tải lại trang để xem việc cần làm.") % {
            "state": State(self.state).label
        }


def answers_for(dossier: Dossier, *, at: datetime) -> int:
    """The unit that may change what was issued: the one that resolved it or, where that has ended, who keeps its records."""
    return units.keeper_of(dossier.resolving_unit_id, on=timezone.localdate(at))


@command
def open_change(dossier_id: int, *, kind: str, reason: str, basis: str, actor: Actor, at: datetime) -> ResultChange:
    """Begin to correct, replace or revoke what was issued. Nothing changes for the owner until it is issued.

    reason  what is wrong, as the owner will read it; basis: by which text or decision
    raises  NotFound, NotYourDuty, MoveNotAllowed, ChangeAlreadyOpen, ResultRevoked, BadInput
    """
    dossier = must_exist(Dossier.objects.select_for_update().filter(pk=dossier_id).first())
    actor.must("process dossiers", unit_id=answers_for(dossier, at=at))
    must_be(dossier, Status.RESOLVED, Status.RETURNED)
    result = Result.objects.get(dossier=dossier)
    before = latest_change(result)
    if result.void_reason or (before is not None and before.kind == Kind.REVOCATION):
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


def latest_change(result: Result, *, kind: ResultChange.Kind | None = None) -> ResultChange | None:
    """The latest change that was issued, of that kind when one is named; None when there is none."""
    done = ResultChange.objects.filter(result=result, state__in=ResultChange.DONE)
    return (done if kind is None else done.filter(kind=kind)).order_by("-issued_on", "-pk").first()


@command
def draft_change(change_id: int, *, title: str, file_id: int, actor: Actor, at: datetime) -> ResultChange:
    """Put the new paper in place and hand it to the reviewer. Raises NotYourDuty, ChangeElsewhere, BadInput."""
    change, dossier = _locked(change_id)
    actor.must("process dossiers", unit_id=answers_for(dossier, at=at))
    _must_be_at(change, State.DRAFTING)
    title = one_line(title)[:300]
    if not title:
        raise BadInput({"title": _("Hãy ghi tên văn bản.")})
    must_be_theirs([file_id], "file", actor=actor, dossier_id=dossier.pk)
    change.title, change.file_id, change.drafted_by_name = title, file_id, actor.name
    change.returned_reason = ""
    return _moved(change, dossier, State.REVIEW, actor=actor, at=at)


@command
def review_change(change_id: int, *, approve: bool, reason: str = "", actor: Actor, at: datetime) -> ResultChange:
    """Pass the draft on to be signed, or give it back with a reason. Raises NotYourDuty, ChangeElsewhere, BadInput."""
    change, dossier = _locked(change_id)
    actor.must("review dossiers", unit_id=answers_for(dossier, at=at))
    _must_be_at(change, State.REVIEW)
    if not approve:
        return _given_back(change, dossier, reason, actor=actor, at=at)
    change.reviewed_at, change.reviewed_by_name = at, actor.name
    return _moved(change, dossier, State.SIGNING, actor=actor, at=at)


def sign_change(change_id: int, *, pin: str = "", actor: Actor, at: datetime) -> ResultChange:
    """The leader signs the new paper: digitally with the PIN of their certificate, or by hand without one.

    Not to be called in a transaction. Raises NotYourDuty, ChangeElsewhere and the refusals of `signing`.
    """
    change = _read(change_id)
    unit_id = answers_for(change.result.dossier, at=at)
    actor.must("sign results", unit_id=unit_id)
    _must_be_at(change, State.SIGNING)
    assert change.file_id is not None  # drafted
    if pin:
        change = _keep_code(change_id, actor=actor, at=at)
    assert change.file_id is not None  # it still is: see _keep_code
    sealed = sealing.by_person(
        change.file_id,
        pin=pin,
        code=change.proof_code,
        reason=change_words(change),
        unit_id=unit_id,
        once=f"dossiers.change/{change.pk}/person/{change.file_id}",
        actor=actor,
        at=at,
    )
    return _keep_signed(change_id, sealed, drafted=change.file_id, actor=actor, at=at)


def change_words(change: ResultChange) -> str:
    """On the paper and in its public proof: in Vietnamese, whatever language the officer works in."""
    with translation.override("vi"):
        return str(change.get_kind_display())


@command
def _keep_code(change_id: int, *, actor: Actor, at: datetime) -> ResultChange:
    """Before it is drawn onto the paper: who tries again after a fall finds the code that the signed file shows."""
    change, dossier = _locked(change_id)
    _must_be_at(change, State.SIGNING)
    change.proof_code = change.proof_code or new_code()
    change.save(update_fields=["proof_code"])
    record(events.PREPARED, dossier, actor=actor, at=at, unit_id=dossier.resolving_unit_id, file=change.file_id)
    return change


@command
def _keep_signed(change_id: int, sealed: sealing.Sealed, *, drafted: int, actor: Actor, at: datetime) -> ResultChange:
    change, dossier = _locked(change_id)
    _must_be_at(change, State.SIGNING)
    if change.file_id != drafted:  # given back and drafted again while the key was being asked
        raise ChangeElsewhere(change.state)
    change.file_id, change.by_person = sealed.file_id, sealed.signed
    change.signed_at, change.signer_name = at, actor.name
    change.signer_post = signer_post(actor, unit_id=answers_for(dossier, at=at), at=at)
    return _moved(change, dossier, State.ISSUING, actor=actor, at=at)


@command
def refuse_to_sign(change_id: int, *, reason: str, actor: Actor, at: datetime) -> ResultChange:
    """The leader gives the draft back with a reason. Raises NotYourDuty, ChangeElsewhere, BadInput."""
    change, dossier = _locked(change_id)
    actor.must("sign results", unit_id=answers_for(dossier, at=at))
    _must_be_at(change, State.SIGNING)
    return _given_back(change, dossier, reason, actor=actor, at=at)


def issue_change(change_id: int, *, pin: str = "", actor: Actor, at: datetime) -> ResultChange:
    """Number and date it in the register of results: from here on it holds and the one before does not.

    The register shows both; the public proof of the one before says by what it was changed; the owner is told. With the
    agency's PIN its signature goes over the leader's. That the PIN is right is known before a number is drawn; should the
    house fall between the number and the signature, the same call puts the signature on afterwards.

    Not to be called in a transaction. Raises NotYourDuty, ChangeElsewhere and the refusals of `signing`.
    """
    change = _read(change_id)
    unit_id = answers_for(change.result.dossier, at=at)
    actor.must("issue results", unit_id=unit_id)
    sealed_later = change.state == State.ISSUED and change.by_person and not change.by_agency and pin
    if not sealed_later:
        _must_be_at(change, State.ISSUING)
    if pin:
        if not change.by_person:
            raise AgencyBeforePerson
        sealing.check_agency_pin(unit_id=unit_id, pin=pin, actor=actor, at=at)
    if not sealed_later:
        change = _number(change_id, actor=actor, at=at)
    if not pin:
        return change
    assert change.file_id is not None  # it was drafted
    assert change.issued_on is not None  # it was numbered
    file_id = sealing.by_agency(
        change.file_id,
        pin=pin,
        reason=change_words(change),
        unit_id=unit_id,
        filled=sealing.number_fields(change.number, change.issued_on),
        once=f"dossiers.change/{change.pk}/agency",
        actor=actor,
        at=at,
    )
    return _keep_sealed(change_id, file_id, actor=actor, at=at)


@command
def _number(change_id: int, *, actor: Actor, at: datetime) -> ResultChange:
    change, dossier = _locked(change_id)
    unit_id = answers_for(dossier, at=at)
    _must_be_at(change, State.ISSUING)
    day = timezone.localdate(at)
    before = change.follows or change.result
    change.proof_code = change.proof_code or new_code()
    number, _given_at = draw("result", unit_id=unit_id, bucket=str(day.year), at=at)
    change.number, change.issued_on, change.state = padded(number, 2), day, State.ISSUED
    change.unit_id = unit_id if unit_id != dossier.resolving_unit_id else None
    change.save()
    _prove(change, unit_id=unit_id, actor=actor, at=at)
    _mark_proofs(change, actor=actor, at=at)
    record(
        events.RESULT_CHANGED,
        dossier,
        actor=actor,
        at=at,
        unit_id=unit_id,
        change=change.pk,
        sort=change.kind,
        number=change.number,
        before=before.number,
    )
    return change


@command
def _keep_sealed(change_id: int, file_id: int, *, actor: Actor, at: datetime) -> ResultChange:
    change, dossier = _locked(change_id)
    change.file_id, change.by_agency = file_id, True
    change.save(update_fields=["file", "by_agency"])
    _prove(change, unit_id=answers_for(dossier, at=at), actor=actor, at=at)
    if paper := stored.by_source(source_of(change)):
        store.renew_file(paper.pk, file_id=file_id, signature="both", actor=actor, at=at)
    return change


def _mark_proofs(change: ResultChange, *, actor: Actor, at: datetime) -> None:
    """The public pages of what was issued before say what became of it: corrected it still holds, else it does not.

    What was only corrected so far ends together with its correction.
    """
    papers: list[Result | ResultChange] = [change.follows or change.result]
    if change.kind == Kind.CORRECTION:
        for code in sealing.proofs_of(papers[0]):
            sealing.correct_proof(code, reason=change_words(change), corrected_by=change.proof_code, actor=actor, at=at)
        return
    while isinstance(papers[-1], ResultChange) and papers[-1].kind == Kind.CORRECTION:
        papers.append(papers[-1].follows or change.result)
    for code in [code for paper in papers for code in sealing.proofs_of(paper)]:
        sealing.end_proof(
            code,
            reason=change_words(change),
            replaced_by="" if change.kind == Kind.REVOCATION else change.proof_code,
            actor=actor,
            at=at,
        )


def _prove(change: ResultChange, *, unit_id: int, actor: Actor, at: datetime) -> None:
    """What kind of change of what kind of paper; the title an officer typed may name a person."""
    assert change.issued_on is not None  # it was numbered
    version = procedures.version(change.result.dossier.version_id)
    register_proof(
        change.proof_code,
        file_id=change.file_id,
        kind=f"result_{change.kind}",
        title=f"{change_words(change)}: {kind_of_paper(version)}",
        number=change.number,
        unit_id=unit_id,
        issued_on=change.issued_on,
        actor=actor,
        at=at,
    )


@command
def hand_back_change(change_id: int, *, handed_to: str, actor: Actor, at: datetime) -> ResultChange:
    """Give the new paper to the owner and, on a replacement or revocation, take the old one back on paper.

    Raises NotYourDuty, ChangeElsewhere, BadInput.
    """
    change, dossier = _locked(change_id)
    actor.must("hand back results", unit_id=units.keeper_of(dossier.receiving_unit_id, on=timezone.localdate(at)))
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
    if not actor.may("review dossiers", unit_id=answers_for(dossier, at=at)):
        actor.must("process dossiers", unit_id=answers_for(dossier, at=at))
    _must_be_at(change, *ResultChange.OPEN)
    reason = one_line(reason)[:500]
    if not reason:
        raise BadInput({"reason": _("Hãy ghi vì sao bỏ.")})
    change.state, change.dropped_reason = State.DROPPED, reason
    change.save()
    record(events.CHANGE_DROPPED, dossier, actor=actor, at=at, unit_id=dossier.resolving_unit_id, change=change.pk)
    return change


def _read(change_id: int) -> ResultChange:
    change = must_exist(ResultChange.objects.select_related("result__dossier").filter(pk=change_id).first())
    return change


def _locked(change_id: int) -> tuple[ResultChange, Dossier]:
    """The dossier first, as everywhere: changes of one result wait for each other. Raises NotFound."""
    found = must_exist(ResultChange.objects.filter(pk=change_id).values_list("result__dossier_id", flat=True).first())
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
    record(events.CHANGE_MOVED, dossier, actor=actor, at=at, unit_id=dossier.resolving_unit_id, change=change.pk, state=str(to))
    return change
