"""Signing and issuing a result digitally: prepare, sign outside of any transaction, then finish the step with what came of it.

Each part can be repeated. A crash after the number was drawn loses no number: the next try finds and uses it; a crash after
the signature finds the signature (`once`), so nothing is signed twice.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from thongsuot.dossiers import events, words
from thongsuot.dossiers.actions import errors, sealing, signatures
from thongsuot.dossiers.actions.moving import Case, locked, must_be, must_hold_step, open_run
from thongsuot.dossiers.actions.processing import forward
from thongsuot.dossiers.actions.signatures import How, Way
from thongsuot.dossiers.models import Dossier, Result, ResultSigning, Status
from thongsuot.dossiers.queries.case import authority_of
from thongsuot.dossiers.queries.given import copies_given
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.numbering.actions import draw
from thongsuot.numbering.rules import padded
from thongsuot.procedures import queries as procedures
from thongsuot.signing import actions as signing
from thongsuot.signing.appearance import Where
from thongsuot.signing.models import Signature
from thongsuot.signing.proofs import new_code
from thongsuot.signing.queries import choosing
from thongsuot.units import queries as units


def forward_signed(
    dossier_id: int,
    *,
    step_key: str,
    pin: str = "",
    where: str = "",
    paper_reason: str = "",
    to_person: int | None = None,
    note: str = "",
    without_opinions: bool = False,
    actor: Actor,
    at: datetime,
) -> Dossier:
    """Finish the open step as `forward` does; with a PIN a step of signing or issuing is done digitally first.

    where          the leader's signature stands: one of `signing.appearance.Where`; near the foot to the right when left out
    paper_reason   sign by hand on paper instead, for this reason
    Not to be called in a transaction. Raises what `forward` and `signing.actions` raise.
    """
    way = signed_way(dossier_id, step_key=step_key, pin=pin, where=where, paper_reason=paper_reason, actor=actor, at=at)
    return forward(
        dossier_id,
        step_key=step_key,
        to_person=to_person,
        note=note,
        without_opinions=without_opinions,
        way=way,
        actor=actor,
        at=at,
    )


def signed_way(
    dossier_id: int, *, step_key: str, pin: str, paper_reason: str, where: str = "", actor: Actor, at: datetime
) -> Way:
    """Make the signature the open step needs, outside of any transaction. Steps that need none, and paper, make none."""
    if not pin or paper_reason:
        return Way(paper_reason=paper_reason)
    case, result = _ready(dossier_id, step_key=step_key, actor=actor, at=at)
    if copies_given(result):
        return Way()  # each copy carries the agency's signature alone (NĐ 30/2020/NĐ-CP Phụ lục I)
    if case.step.duty == "sign results":
        if where and where not in set(Where):
            raise BadInput({"where": _("Vị trí chữ ký không dùng được. Hãy chọn một mục trong danh sách.")})
        return Way(signature_id=_sign(case, result, pin=pin, where=Where(where or Where.FOOT_RIGHT), actor=actor, at=at))
    if case.step.duty == "issue results":
        return Way(signature_id=_issue(case, result, pin=pin, step_key=step_key, actor=actor, at=at))
    return Way()


def _ready(dossier_id: int, *, step_key: str, actor: Actor, at: datetime) -> tuple[Case, Result]:
    """The checks of `forward` before time is spent on signing; it makes them again under its lock."""
    dossier = must_exist(Dossier.objects.filter(pk=dossier_id).first())
    calendar = units.working_calendar(dossier.resolving_unit_id, on=timezone.localdate(at))
    case = Case(dossier, procedures.version(dossier.version_id), calendar, at)
    must_be(dossier, Status.RECEIVED, Status.PROCESSING)
    if case.step.key != step_key:
        raise errors.WrongStep(case.step.name)
    must_hold_step(case, actor)
    result = Result.objects.filter(dossier=dossier, file__isnull=False).first()
    if result is None:
        raise errors.ResultNotReady
    return case, result


def _sign(case: Case, result: Result, *, pin: str, where: Where, actor: Actor, at: datetime) -> int:
    unit_id = case.dossier.resolving_unit_id
    holder = choosing.of_person(actor.person_id, unit_id=unit_id, at=at)  # refuse before anything is prepared
    prepared = signatures.open_signing(result)
    again = where == Where.NEW_PAGE  # a try before may have prepared it without that page
    if prepared is None or prepared.draft_id != result.file_id or prepared.signed_how or again:
        assert result.file_id is not None  # asked for above
        code = new_code()
        file_id = signing.prepare(result.file_id, code=code, new_page=again, is_test=holder.is_test, actor=actor, at=at)
        prepared = _keep_prepared(
            case.dossier.pk,
            step_key=case.step.key,
            draft_id=result.file_id,
            prepared_id=file_id,
            code=code,
            again=again,
            actor=actor,
            at=at,
        )
    assert prepared.prepared_id is not None  # just made
    with translation.override("vi"):  # they go onto the paper
        basis = words.authority_words(authority_of(case.dossier))
        reason = _("Ký kết quả giải quyết hồ sơ %(code)s") % {"code": case.dossier}
    return signing.sign_as_person(
        prepared.prepared_id,
        pin=pin,
        reason=reason,
        actor=actor,
        at=at,
        where=where,
        unit_id=unit_id,
        basis=basis,
        once=signatures.person_once(prepared),
    ).signature_id


@command
def _keep_prepared(
    dossier_id: int, *, step_key: str, draft_id: int, prepared_id: int, code: str, again: bool, actor: Actor, at: datetime
) -> ResultSigning:
    """The draft with its QR and its empty places. Two tries at once: the first one's counts, unless it is to be done `again`.

    What was signed already is never replaced: a try that crashed after signing finds its own file.
    """
    case = locked(dossier_id, at=at)
    if case.step.key != step_key:
        raise errors.WrongStep(case.step.name)
    result, run = Result.objects.get(dossier=case.dossier), open_run(case.dossier)
    if run is None or result.file_id != draft_id:
        raise errors.WrongStep(case.step.name)
    there = signatures.open_signing(result)
    if there is None or there.draft_id != draft_id or there.signed_how:
        signatures.fall_away(result, at=at)
        before = ResultSigning.objects.filter(result=result).exclude(number="").order_by("-pk").first()
        there = ResultSigning.objects.create(
            result=result,
            run=run,
            draft_id=draft_id,
            prepared_id=prepared_id,
            code=code if prepared_id != draft_id else "",
            number=before.number if before else "",
            issued_on=before.issued_on if before else None,
            made_at=at,
        )
    elif again and not Signature.objects.filter(once=signatures.person_once(there)).exists():
        there.prepared_id, there.code = prepared_id, code
        there.save(update_fields=["prepared", "code"])
    record(events.PREPARED, case.dossier, actor=actor, at=at, unit_id=case.dossier.resolving_unit_id, file=there.prepared_id)
    return there


def _issue(case: Case, result: Result, *, pin: str, step_key: str, actor: Actor, at: datetime) -> int | None:
    """None when the person signed on paper: then nothing is there that the agency could sign over."""
    unit_id = case.dossier.resolving_unit_id
    choosing.of_agency(unit_id, at=at)
    there = signatures.open_signing(result)
    if there is None or there.signed_how != How.DIGITAL or result.file_id is None:
        return None
    sealing.check_agency_pin(unit_id=unit_id, pin=pin, actor=actor, at=at)
    there = draw_number(case.dossier.pk, step_key=step_key, actor=actor, at=at)
    assert there.signature is not None  # constraint result_signing_digital
    assert there.signature.signed_id is not None  # only papers whose time is over are let go
    assert there.issued_on is not None  # just drawn
    with translation.override("vi"):  # it goes onto the paper
        reason = _("Phát hành kết quả số %(number)s") % {"number": there.number}
    return signing.sign_as_agency(
        there.signature.signed_id,
        unit_id=unit_id,
        pin=pin,
        reason=reason,
        filled=sealing.number_fields(there.number, there.issued_on),
        actor=actor,
        at=at,
        once=signatures.agency_once(there),
    ).signature_id


@command
def draw_number(dossier_id: int, *, step_key: str, actor: Actor, at: datetime) -> ResultSigning:
    """Number and day of a result whose file the agency will sign next. Drawn once; asked again, the same.

    Raises NotYourDuty, WrongStep, ResultNotReady.
    """
    case = locked(dossier_id, at=at)
    dossier = case.dossier
    must_be(dossier, Status.RECEIVED, Status.PROCESSING)
    if case.step.key != step_key:
        raise errors.WrongStep(case.step.name)
    must_hold_step(case, actor)
    result = Result.objects.filter(dossier=dossier).first()
    there = signatures.open_signing(result) if result is not None else None
    if there is None or there.signed_how != How.DIGITAL:
        raise errors.ResultNotReady
    again = bool(there.number)
    if not again:
        day = timezone.localdate(at)
        number, _given_at = draw("result", unit_id=dossier.resolving_unit_id, bucket=str(day.year), at=at)
        there.number, there.issued_on = padded(number, 2), day
        there.save(update_fields=["number", "issued_on"])
    record(events.NUMBERED, dossier, actor=actor, at=at, unit_id=dossier.resolving_unit_id, number=there.number, again=again)
    return there
