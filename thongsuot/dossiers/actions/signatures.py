"""What a signature means to a dossier, inside the commands: whether the way it was signed may stand, and when it falls away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.dossiers import events
from thongsuot.dossiers.actions import errors
from thongsuot.dossiers.actions.moving import Case, open_run
from thongsuot.dossiers.models import Result, ResultSigning
from thongsuot.dossiers.queries.given import copies_given
from thongsuot.dossiers.queries.settings import setting
from thongsuot.kernel.actor import Actor, system
from thongsuot.kernel.command import record
from thongsuot.kernel.text import one_line
from thongsuot.numbering.actions import cancel_number, draw
from thongsuot.numbering.models import Series
from thongsuot.numbering.rules import padded
from thongsuot.procedures.queries import VersionView
from thongsuot.signing import errors as signing_errors
from thongsuot.signing.actions import register_proof
from thongsuot.signing.models import Signature
from thongsuot.signing.queries import choosing
from thongsuot.signing.queries.capacity import capacity_of

How = ResultSigning.How


@dataclass(frozen=True, kw_only=True)
class Way:
    """How a step of signing or issuing was done: by a signature made just before, or on paper for a reason."""

    signature_id: int | None = None
    paper_reason: str = ""


def signed_as(actor: Actor, *, unit_id: int, at: datetime) -> list[str]:
    """The lines above a signature on a printed form, for the history to keep: delegations of that day may be ended since."""
    capacity = capacity_of(actor.person_id, unit_id=unit_id, at=at)
    return list(capacity.heading) if capacity is not None else []


def signer_post(actor: Actor, *, unit_id: int, at: datetime) -> str:
    """As the register of results and the owner's page name the signer's post: with KT., TL., TUQ. where it is signed so."""
    capacity = capacity_of(actor.person_id, unit_id=unit_id, at=at)
    if capacity is None:
        return actor.post
    return "; ".join(part for part in (capacity.in_one_line, capacity.basis) if part)[:200]


def person_once(signing: ResultSigning) -> str:
    """The name of the request to sign: one signature per preparation of a result."""
    return f"dossiers.result/{signing.result_id}/{signing.pk}/person"


def agency_once(signing: ResultSigning) -> str:
    return f"dossiers.result/{signing.result_id}/{signing.pk}/agency"


def open_signing(result: Result) -> ResultSigning | None:
    return ResultSigning.objects.filter(result=result, fallen_at=None).first()


def sign(case: Case, result: Result, way: Way, *, actor: Actor, at: datetime) -> None:
    """The signer's name, post and instant on the result, and the signed file in place of the draft.

    Raises PinNeeded and the refusals of a certificate when it was to be digital; PaperNotAllowed; WrongStep.
    """
    signing = open_signing(result)
    if way.signature_id is not None:
        signature = Signature.objects.filter(pk=way.signature_id).first()
        if signing is None or signature is None or signature.once != person_once(signing) or signing.draft_id != result.file_id:
            raise errors.WrongStep(case.step.name)  # another draft was put in while it was being signed
        signing.signed_how, signing.signature = How.DIGITAL, signature
        signing.save(update_fields=["signed_how", "signature"])
        result.file_id = signature.signed_id
    else:
        reason = _paper_reason(case, way, _why_no_person(case, actor, at), at=at)
        run = open_run(case.dossier)
        assert run is not None  # a step is open, the caller looked
        if signing is not None:
            _fall(signing, at=at)
        assert result.file_id is not None  # a draft is there, the caller looked
        before = _number_before(result)
        ResultSigning.objects.create(
            result=result,
            run=run,
            draft_id=result.file_id,
            signed_how=How.PAPER,
            paper_reason=reason,
            made_at=at,
            number=before.number if before else "",
            issued_on=before.issued_on if before else None,
        )
    result.signed_at, result.signer_name = at, actor.name
    result.signer_post = signer_post(actor, unit_id=case.dossier.resolving_unit_id, at=at)
    result.save(update_fields=["file", "signed_at", "signer_name", "signer_post"])
    record(
        events.SIGNED,
        case.dossier,
        actor=actor,
        at=at,
        unit_id=case.dossier.resolving_unit_id,
        result=result.pk,
        how=How.DIGITAL if way.signature_id else How.PAPER,
    )


def issue(case: Case, result: Result, way: Way, *, day: date, actor: Actor, at: datetime) -> None:
    """Number and date on the result, and the agency's signed file in place. Draws the number when none was drawn before.

    Raises as `sign`. The number is drawn last.
    """
    signing, kept = open_signing(result), ["file", "number", "issued_on"]
    if way.signature_id is not None:
        signature = Signature.objects.filter(pk=way.signature_id).first()
        if signing is None or signature is None or signature.once != agency_once(signing) or not signing.number:
            raise errors.WrongStep(case.step.name)
        assert signing.issued_on is not None  # with the number
        result.number, result.issued_on, result.file_id = signing.number, signing.issued_on, signature.signed_id
        result.save(update_fields=kept)
        signing.issued_how, signing.agency_signature = How.DIGITAL, signature
        signing.save(update_fields=["issued_how", "agency_signature"])
        prove(case, result, signing, actor=actor, at=at)
        return
    if signing is not None and signing.signed_how == How.DIGITAL:
        reason = _paper_reason(case, way, _why_no_agency(case, at), at=at)
    else:
        by_hand = (
            _("Bản sao điện tử đã có chữ ký số của cơ quan.")
            if copies_given(result)
            else _("Người có thẩm quyền đã ký tay trên giấy.")
        )
        reason = one_line(way.paper_reason)[:300] or by_hand
    before = _number_before(result)
    if before:
        result.number, result.issued_on = before.number, before.issued_on
    else:
        number, _given_at = draw("result", unit_id=case.dossier.resolving_unit_id, bucket=str(day.year), at=at)
        result.number, result.issued_on = padded(number, 2), day
    result.save(update_fields=kept)
    if signing is not None:
        signing.issued_how, signing.issue_paper_reason = How.PAPER, reason
        signing.number, signing.issued_on = result.number, result.issued_on
        signing.save(update_fields=["issued_how", "issue_paper_reason", "number", "issued_on"])
        if signing.code:
            prove(case, result, signing, actor=actor, at=at)


def prove(case: Case, result: Result, signing: ResultSigning, *, actor: Actor, at: datetime) -> None:
    """The public page of the code."""
    if not signing.code:
        return
    assert result.issued_on is not None  # it was just issued
    register_proof(
        signing.code,
        file_id=result.file_id,
        kind="result",
        title=kind_of_paper(case.version),
        number=result.number,
        unit_id=case.dossier.resolving_unit_id,
        issued_on=result.issued_on,
        actor=actor,
        at=at,
    )


def kind_of_paper(version: VersionView) -> str:
    """For public pages of proofs: by the catalogue's name; what an officer typed may name a person."""
    return version.results[0].name if version.results else version.name


def fall_away(result: Result, *, at: datetime) -> None:
    """A returned step, or another draft: the signatures made so far do not count, the draft is the file again."""
    signing = open_signing(result)
    if signing is not None:
        result.file_id = signing.draft_id
        result.save(update_fields=["file"])
        _fall(signing, at=at)


def give_up_number(case: Case, *, reason: str, at: datetime) -> None:
    """The dossier ended without a result although a number was drawn for it: the number stays, cancelled, with the reason."""
    rows = ResultSigning.objects.filter(result__dossier=case.dossier, result__number="").exclude(number="")
    found = rows.order_by("-pk").values_list("number", "issued_on", "result__unit_id").first()
    if found is None:
        return
    number, day, drawn_by = found  # by the unit before, where the dossier moved since
    series = Series.objects.filter(
        kind="result", unit_id=drawn_by or case.dossier.resolving_unit_id, bucket=str(day.year if day else at.year)
    ).first()
    if series is not None:
        cancel_number(series.pk, int(number), reason=reason[:300], actor=system("web"), at=at)


def _fall(signing: ResultSigning, *, at: datetime) -> None:
    signing.fallen_at = at
    signing.save(update_fields=["fallen_at"])


def _number_before(result: Result) -> ResultSigning | None:
    """Where a number was drawn for this result already, open or fallen: a retry and a new signature keep it."""
    return ResultSigning.objects.filter(result=result).exclude(number="").order_by("-pk").first()


def _why_no_person(case: Case, actor: Actor, at: datetime) -> signing_errors.CannotSign | None:
    try:
        choosing.of_person(actor.person_id, unit_id=case.dossier.resolving_unit_id, at=at)
    except signing_errors.CannotSign as refusal:
        return refusal
    return None


def _why_no_agency(case: Case, at: datetime) -> signing_errors.CannotSign | None:
    try:
        choosing.of_agency(case.dossier.resolving_unit_id, at=at)
    except signing_errors.CannotSign as refusal:
        return refusal
    return None


_LACKING = (signing_errors.NoCertificate, signing_errors.WrongPost, signing_errors.WrongUnit)


def _paper_reason(case: Case, way: Way, why_not: signing_errors.CannotSign | None, *, at: datetime) -> str:
    """Why on paper. Who could sign digitally must say so; who lacks a certificate needs no words.

    Raises PinNeeded, PaperNotAllowed, and what keeps a certificate from being used.
    """
    reason = one_line(way.paper_reason)[:300]
    if not reason and copies_given(case.dossier.result):
        # A certified copy carries the agency's signature alone (NĐ 30/2020/NĐ-CP Phụ lục I): it is not signed over.
        return _("Bản sao điện tử đã có chữ ký số của cơ quan.")
    if not reason:
        if why_not is None:
            raise signing_errors.PinNeeded
        if not isinstance(why_not, _LACKING):
            raise why_not
        reason = _("Chưa có chứng thư chữ ký số dùng được.")
    if not setting("paper_signing", on=timezone.localdate(at)):
        raise errors.PaperNotAllowed
    return reason
