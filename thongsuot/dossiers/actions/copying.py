"""Electronic certified copies from originals shown at the desk (procedure 2.000815): compare, approve, number, sign, keep."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.dossiers import events
from thongsuot.dossiers.actions import errors, sealing
from thongsuot.dossiers.actions.digitising import file_attributes, owner_account
from thongsuot.dossiers.actions.moving import must_be
from thongsuot.dossiers.actions.own_files import not_theirs
from thongsuot.dossiers.models import CertifiedCopy, CopyOffer, Dossier, FeeDue, Result, Status
from thongsuot.dossiers.queries.given import title_of_copies
from thongsuot.dossiers.queries.settings import setting
from thongsuot.dossiers.scanning import problems_of
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotFound, TellPerson, must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import one_line
from thongsuot.numbering.actions import cancel_number, draw
from thongsuot.numbering.models import Series
from thongsuot.numbering.rules import padded
from thongsuot.personal_store import actions as store
from thongsuot.personal_store.models import StoredPaper
from thongsuot.procedures import queries as procedures
from thongsuot.procedures.rules import fees_due
from thongsuot.signing import actions as signing
from thongsuot.signing.proofs import new_code
from thongsuot.signing.queries import choosing
from thongsuot.units import queries as units

PROCEDURE = "2.000815"
RUNNING = (Status.RECEIVED, Status.PROCESSING)  # nothing is certified while the clock stands, nor after the end
SERIES = "certified_copy"
State = CertifiedCopy.State


class CopiesNotOffered(TellPerson):
    code = "dossiers.copies_not_offered"
    status = 422
    says = gettext_lazy(
        "Đơn vị chưa cung cấp bản sao điện tử có chứng thực. Hãy làm bản sao giấy, hoặc bật dịch vụ ở sổ chứng thực."
    )


class NoCopiesHere(TellPerson):
    """Only a dossier that asks for certified copies has them."""

    code = "dossiers.no_copies_here"
    status = 422
    says = gettext_lazy("Chỉ hồ sơ chứng thực bản sao từ bản chính mới có bản sao điện tử.")


class CopyElsewhere(TellPerson):
    code = "dossiers.copy_elsewhere"

    def __init__(self, state: str) -> None:
        self.state = state

    def message(self) -> str:
        return _("Bản sao này đang ở bước “%(state)s”. Hãy tải lại trang để xem việc cần làm.") % {
            "state": State(self.state).label
        }


@command
def compare_copy(
    dossier_id: int,
    *,
    title: str,
    pages: int,
    file_id: int,
    original_shown: bool,
    original_number: str = "",
    original_issued_by: str = "",
    actor: Actor,
    at: datetime,
) -> CertifiedCopy:
    """The original lay at the desk, was compared and scanned whole: a copy to be certified (NĐ 45/2020/NĐ-CP Điều 10).

    pages   of the original: what the fee of the copy is counted by; fees not yet paid are computed again
    raises  NotFound, NotYourDuty, MoveNotAllowed, NoCopiesHere, CopiesNotOffered, ResultSigned, BadInput
    """
    dossier = must_exist(Dossier.objects.select_for_update().filter(pk=dossier_id).first())
    unit_id = dossier.resolving_unit_id
    if not actor.may("process dossiers", unit_id=unit_id):
        actor.must("receive dossiers", unit_id=unit_id)
    version = procedures.version(dossier.version_id)
    if version.code != PROCEDURE:
        raise NoCopiesHere
    must_be(dossier, *RUNNING)
    if Result.objects.filter(dossier=dossier, signed_at__isnull=False).exists():
        raise errors.ResultSigned
    day = _day(dossier, at)
    if not offered_by([unit_id], on=day):
        raise CopiesNotOffered
    problems = {}
    title = one_line(title)[:300]
    if not title:
        problems["title"] = _("Hãy ghi tên bản chính, ví dụ: Bằng tốt nghiệp đại học.")
    if not 1 <= pages <= 1000:
        problems["pages"] = _("Số trang bản chính từ 1 đến 1000.")
    if not original_shown:
        problems["original_shown"] = _("Chưa đối chiếu với bản chính. Chỉ chứng thực khi bản chính ở trước mặt bạn.")
    if says := not_theirs([file_id], actor=actor, dossier_id=dossier_id):
        problems["file"] = says
    elif not sealing.can_be_signed(file_id):
        problems["file"] = _("Bản quét phải là PDF để ký số được. Hãy quét lại thành PDF.")
    elif faults := _faults_of(file_id, pages=pages, on=day):
        problems["file"] = " ".join([*faults, _("Hãy quét lại.")])
    if problems:
        raise BadInput(problems)
    copy = CertifiedCopy.objects.create(
        dossier=dossier,
        unit_id=unit_id,
        title=title,
        original_number=one_line(original_number)[:60],
        original_issued_by=one_line(original_issued_by)[:300],
        pages=pages,
        scan_id=file_id,
        compared_at=at,
        compared_by_name=actor.name,
    )
    _count_fees(dossier, on=day)
    record(events.COPY_COMPARED, dossier, actor=actor, at=at, unit_id=unit_id, copy=copy.pk, pages=pages)
    return copy


def _faults_of(file_id: int, *, pages: int, on: date) -> list[str]:
    """What NĐ 30/2020/NĐ-CP, Phụ lục I, asks of an electronic copy, and that every page counted is there."""
    return problems_of(file_attributes(file_id), pages=pages, least_dpi=setting("scan_min_dpi", on=on), is_copy=True)


def _count_fees(dossier: Dossier, *, on: date) -> None:
    """By the rule of the day and the pages that were counted, each original with its own cap; what is paid stays paid."""
    version = procedures.version(dossier.version_id)
    day = _day(dossier, dossier.received_at) if dossier.received_at else on
    sums: dict[str, int] = {}
    hows: dict[str, list[str]] = {}
    for pages in CertifiedCopy.objects.filter(dossier=dossier).exclude(state=State.DROPPED).values_list("pages", flat=True):
        for line in fees_due(
            version.fee_rules, channel=dossier.channel, quantities={"pages": pages, "copies": 1}, exemptions=(), on=day
        ):
            sums[line.code] = sums.get(line.code, 0) + line.amount_dong
            hows.setdefault(line.code, []).append(line.how)
    for fee in FeeDue.objects.filter(dossier=dossier, paid_at=None, code__in=sums):
        fee.amount_dong, fee.how = sums[fee.code], "; ".join(hows[fee.code])[:300]
        fee.save(update_fields=["amount_dong", "how"])


@command
def approve_copy(copy_id: int, *, actor: Actor, at: datetime) -> CertifiedCopy:
    """Who may certify says that the copy is true to the original.

    Raises NotFound, NotYourDuty, MoveNotAllowed, CopyElsewhere.
    """
    copy, dossier = _locked(copy_id)
    actor.must("sign results", unit_id=copy.unit_id)
    must_be(dossier, *RUNNING)
    _must_be_at(copy, State.COMPARED)
    copy.state, copy.certifier_name, copy.certifier_post = State.APPROVED, actor.name, actor.post
    copy.save(update_fields=["state", "certifier_name", "certifier_post"])
    record(events.COPY_APPROVED, dossier, actor=actor, at=at, unit_id=copy.unit_id, copy=copy.pk)
    return copy


def certify_copy(copy_id: int, *, pin: str, actor: Actor, at: datetime) -> CertifiedCopy:
    """Number the copy in the certification register and put the agency's signature on it, with its lines of text alone.

    Form of copy, agency and time at the top right of page 1, no picture (NĐ 30/2020/NĐ-CP Phụ lục I, copies). The copy goes
    into the owner's store and has a public proof. After a fall between number and signature the same call goes on.

    Not to be called in a transaction. Raises NotFound, NotYourDuty, MoveNotAllowed, CopyElsewhere, and what `signing` refuses.
    """
    copy = must_exist(CertifiedCopy.objects.select_related("dossier").filter(pk=copy_id).first())
    actor.must("issue results", unit_id=copy.unit_id)
    must_be(copy.dossier, *RUNNING)
    _must_be_at(copy, State.APPROVED, State.NUMBERED)
    sealing.check_agency_pin(unit_id=copy.unit_id, pin=pin, actor=actor, at=at)
    if copy.state == State.APPROVED:
        copy = _number(copy_id, actor=actor, at=at)
    assert copy.numbered_on is not None  # just numbered
    is_test = choosing.of_agency(copy.unit_id, at=at).is_test
    prepared = signing.prepare(copy.scan_id, code=copy.proof_code, text_fields={}, is_test=is_test, actor=actor, at=at)
    file_id = sealing.by_agency(
        prepared,
        pin=pin,
        reason="Chứng thực bản sao điện tử từ bản chính",
        unit_id=copy.unit_id,
        lines=copy_lines(copy),
        once=f"dossiers.certified_copy/{copy.pk}",
        actor=actor,
        at=at,
    )
    return _keep_certified(copy_id, file_id, actor=actor, at=at)


def copy_lines(copy: CertifiedCopy) -> list[str]:
    """What stands on the copy; the time is added below by the signature."""
    assert copy.numbered_on is not None
    return [
        "CHỨNG THỰC BẢN SAO ĐIỆN TỬ",
        f"Số {copy.number}/{copy.numbered_on.year}-SCT/BS",
        _agency(copy.unit_id, on=copy.numbered_on),
    ]


@command
def _number(copy_id: int, *, actor: Actor, at: datetime) -> CertifiedCopy:
    copy, dossier = _locked(copy_id)
    must_be(dossier, *RUNNING)
    _must_be_at(copy, State.APPROVED)
    day = _day(dossier, at)
    number, _given_at = draw(SERIES, unit_id=copy.unit_id, bucket=str(day.year), at=at)
    copy.number, copy.numbered_on, copy.state, copy.proof_code = padded(number, 2), day, State.NUMBERED, new_code()
    copy.save()
    record(events.COPY_NUMBERED, dossier, actor=actor, at=at, unit_id=copy.unit_id, copy=copy.pk, number=copy.number)
    return copy


@command
def _keep_certified(copy_id: int, file_id: int, *, actor: Actor, at: datetime) -> CertifiedCopy:
    copy, dossier = _locked(copy_id)
    must_be(dossier, *RUNNING)
    _must_be_at(copy, State.NUMBERED)
    assert copy.numbered_on is not None
    copy.file_id, copy.certified_at, copy.state = file_id, at, State.CERTIFIED
    version = procedures.version(dossier.version_id)
    signing.register_proof(
        copy.proof_code,
        file_id=file_id,
        kind="certified_copy",
        title="Bản sao điện tử có chứng thực từ bản chính",
        number=copy.number,
        unit_id=copy.unit_id,
        issued_on=copy.numbered_on,
        actor=actor,
        at=at,
    )
    paper = store.keep(
        store.NewPaper(
            kind=StoredPaper.Kind.E_COPY,
            source=f"dossiers.certifiedcopy/{copy.pk}",
            owner_id_number=dossier.owner_id_number,
            account_id=owner_account(dossier),
            procedure_code=version.code,
            title=copy.title,
            number=copy.number,
            issuing_unit_id=copy.unit_id,
            issuing_body=_agency(copy.unit_id, on=copy.numbered_on),
            issued_on=copy.numbered_on,
            scope="Dùng thay bản chính trong các giao dịch",
            file_id=file_id,
            signature="agency",
            proof_code=copy.proof_code,
            dossier_id=dossier.pk,
            dossier_code=str(dossier),
        ),
        actor=actor,
        at=at,
    )
    copy.stored_code = paper.code if paper else ""
    copy.save()
    _draft(dossier, actor=actor, at=at)
    record(events.COPY_CERTIFIED, dossier, actor=actor, at=at, unit_id=copy.unit_id, copy=copy.pk, number=copy.number)
    return copy


def _draft(dossier: Dossier, *, actor: Actor, at: datetime) -> None:
    """The copies are what the dossier asked for: together they are the draft of its result, unless one was signed already.

    The result's own file is the first of them; `queries.given` tells all.
    """
    copies = list(CertifiedCopy.objects.filter(dossier=dossier, state=State.CERTIFIED).order_by("pk"))
    drafted = {
        "title": title_of_copies(copies),
        "file_id": copies[0].file_id,
        "drafted_at": at,
        "drafted_by_name": actor.name,
    }
    result, created = Result.objects.get_or_create(dossier=dossier, defaults=drafted)
    if not created and result.signed_at is None:
        Result.objects.filter(pk=result.pk).update(**drafted)


@command
def drop_copy(copy_id: int, *, reason: str, actor: Actor, at: datetime) -> CertifiedCopy:
    """Give up a copy that is not certified yet. A number it had stays in the register, cancelled with the reason.

    Raises NotFound, NotYourDuty, CopyElsewhere, BadInput.
    """
    copy, dossier = _locked(copy_id)
    if not actor.may("process dossiers", unit_id=copy.unit_id):
        actor.must("issue results", unit_id=copy.unit_id)
    _must_be_at(copy, State.COMPARED, State.APPROVED, State.NUMBERED)
    reason = one_line(reason)[:300]
    if not reason:
        raise BadInput({"reason": _("Hãy ghi vì sao bỏ bản sao này.")})
    if copy.state == State.NUMBERED:
        assert copy.numbered_on is not None
        series = Series.objects.get(kind=SERIES, unit_id=copy.unit_id, bucket=str(copy.numbered_on.year))
        cancel_number(series.pk, int(copy.number), reason=reason, actor=actor, at=at)
    copy.state, copy.dropped_reason = State.DROPPED, reason
    copy.save(update_fields=["state", "dropped_reason"])
    _count_fees(dossier, on=_day(dossier, at))
    record(events.COPY_DROPPED, dossier, actor=actor, at=at, unit_id=copy.unit_id, copy=copy.pk)
    return copy


@command
def offer_copies(unit_id: int, *, offered: bool, actor: Actor, at: datetime) -> CopyOffer:
    """A unit offers electronic certified copies from today on, or no longer. Raises NotYourDuty, CopyElsewhere."""
    actor.must("sign results", unit_id=unit_id)
    day = timezone.localdate(at)
    offer = CopyOffer.objects.select_for_update().filter(unit_id=unit_id, valid_to=None).first()
    if offered and offer is None:
        try:
            with transaction.atomic():
                offer = CopyOffer.objects.create(unit_id=unit_id, valid_from=day, decided_by_name=actor.name)
        except IntegrityError:  # two at once: it is offered
            offer = CopyOffer.objects.get(unit_id=unit_id, valid_to=None)
    elif not offered and offer is not None:
        offer.valid_to = day
        offer.save(update_fields=["valid_to"])
    if offer is None:
        raise NotFound
    record(events.COPIES_OFFERED, offer, actor=actor, at=at, unit_id=unit_id, offered=offered)
    return offer


def offered_by(unit_ids: Iterable[int], *, on: date) -> frozenset[int]:
    """Those of these units that offer electronic certified copies that day (QĐ 766/QĐ-TTg, group 4). One query."""
    return frozenset(CopyOffer.objects.filter(in_force(on), unit_id__in=list(unit_ids)).values_list("unit_id", flat=True))


def _agency(unit_id: int, *, on: date) -> str:
    committee, unit = units.body(unit_id, "people_committee", as_of=on), units.unit_row(unit_id, as_of=on)
    of_unit = f"{unit.full_name[:1].lower()}{unit.full_name[1:]}"
    return f"{committee.name} {of_unit}" if committee else unit.full_name


def _day(dossier: Dossier, at: datetime) -> date:
    return timezone.localdate(at)


def _locked(copy_id: int) -> tuple[CertifiedCopy, Dossier]:
    found = must_exist(CertifiedCopy.objects.filter(pk=copy_id).values_list("dossier_id", flat=True).first())
    dossier = Dossier.objects.select_for_update().get(pk=found)
    return CertifiedCopy.objects.get(pk=copy_id), dossier


def _must_be_at(copy: CertifiedCopy, *states: State) -> None:
    if copy.state not in states:
        raise CopyElsewhere(copy.state)
