"""The order of the desk: look the datum up, reuse what the owner has, only then scan; a second person looks the scans over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.dossiers import events, scanning
from thongsuot.dossiers.actions.own_files import must_be_theirs
from thongsuot.dossiers.models import Component, Digitisation, Dossier, ReusedComponent
from thongsuot.dossiers.queries.settings import setting
from thongsuot.files.attributes import Attributes, attributes_of
from thongsuot.files.queries import opened_row
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotYourDuty, TellPerson, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.personal_store import actions as store
from thongsuot.personal_store import queries as stored
from thongsuot.personal_store.models import StoredPaper
from thongsuot.personal_store.rules import Wanted, fits, typed_code
from thongsuot.procedures import queries as procedures
from thongsuot.signing import actions as signing
from thongsuot.signing.errors import NotAPdf, PdfEncrypted, PdfLocked, PdfTooComplex
from thongsuot.units import queries as units

SIGNED_AT_ONCE = 50


class ScansMissing(TellPerson):
    """Papers that were to be scanned have no file yet."""

    code = "dossiers.scans_missing"

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names

    def message(self) -> str:
        return _("Còn giấy tờ chưa quét: %(papers)s. Hãy quét ở phần Giấy tờ của hồ sơ rồi chuyển bước.") % {
            "papers": "; ".join(self.names)
        }


class NothingToScan(TellPerson):
    """The component was shown, looked up, reused, came online, or already has a good scan."""

    code = "dossiers.nothing_to_scan"
    says = gettext_lazy("Giấy tờ này không phải quét, hoặc đã có bản quét đạt. Hãy tải lại trang để xem.")


class AlreadyChecked(TellPerson):
    code = "dossiers.scan_already_checked"
    says = gettext_lazy("Bản quét này đã được kiểm tra, hoặc không chọn để kiểm tra. Hãy xem bản tiếp theo.")


class CheckerIsScanner(TellPerson):
    """A second person looks a scan over, never the one who made it."""

    code = "dossiers.checker_is_scanner"
    status = 403
    says = gettext_lazy("Bạn đã quét giấy tờ này nên người khác phải kiểm tra. Hãy chọn bản do đồng nghiệp quét.")


# -- reuse --------------------------------------------------------------------------------------------------------------


def taken_from_store(
    papers: Sequence[Any], *, version: procedures.VersionView, owner: stored.Owner, how: str, on: date
) -> dict[str, StoredPaper]:
    """The stored paper for each component that names one, checked: the owner's, still good, fitting, and with consent.

    papers   PaperIn; those without `stored` are passed over, and without any nothing is asked of the database
    how      how the owner agreed: a value of ReuseConsent.How
    raises   BadInput beside the paper, ConsentNeeded
    """
    asked = {paper.code: paper for paper in papers if paper.stored}
    if not asked:
        return {}
    if not how:
        raise store.ConsentNeeded
    found = stored.by_codes(paper.stored for paper in asked.values())
    names = {paper.code: paper.name for paper in version.papers}
    taken: dict[str, StoredPaper] = {}
    problems: dict[str, str] = {}
    for code, paper in asked.items():
        one = found.get(typed_code(paper.stored))
        mine = one is not None and (
            (one.owner_id_number != "" and one.owner_id_number == owner.id_number)
            or (one.account_id is not None and one.account_id == owner.account_id)
        )
        wanted = Wanted(procedure_code=version.code, paper_code=code, name=names.get(code, ""))
        if one is None or not mine:
            # Somebody else's paper and none at all read alike: a code tells nothing of whose it is.
            problems[f"papers.{code}"] = _("Kho của chủ hồ sơ không có giấy tờ này. Hãy tra lại kho, hoặc nhận bản giấy.")
        elif not stored.is_usable(one, on=on):
            problems[f"papers.{code}"] = store.PaperNotUsable(one.code).message()
        elif not fits(stored.held(one), wanted):
            problems[f"papers.{code}"] = _("Giấy tờ trong kho không thay được giấy tờ này. Hãy chọn giấy tờ khác.")
        elif one.pk in {other.pk for other in taken.values()}:
            problems[f"papers.{code}"] = _("Giấy tờ trong kho này đã dùng cho giấy tờ khác của hồ sơ. Hãy chọn giấy tờ khác.")
        elif paper.how != Component.How.REUSED:
            problems[f"papers.{code}"] = _("Giấy tờ lấy từ kho phải ghi là dùng lại.")
        else:
            taken[code] = one
    if problems:
        raise BadInput(problems)
    return taken


@command
def note_reuse(
    dossier_id: int, taken: Mapping[str, int], *, how: str, note: str = "", actor: Actor, at: datetime
) -> list[ReusedComponent]:
    """Tie the dossier's components to the papers they came from: consent, use and link, each with its event.

    taken   component's code -> id in the store, as `taken_from_store` checked it
    raises  PaperNotUsable when a paper was replaced in between, ConsentNeeded
    """
    dossier = Dossier.objects.get(pk=dossier_id)
    version = procedures.version(dossier.version_id)
    day = timezone.localdate(at)
    use = store.Use(
        dossier_id=dossier.pk,
        dossier_code=str(dossier),
        procedure_code=version.code,
        procedure=version.name,
        unit_id=dossier.receiving_unit_id,
        unit_name=units.unit_row(dossier.receiving_unit_id, as_of=day).full_name,
        how=how,
        note=note,
    )
    components = {
        # A supplement may bring another one of the same kind: the latest is meant.
        one.paper_code: one
        for one in Component.objects.filter(dossier=dossier, how=Component.How.REUSED, paper_code__in=taken).order_by("id")
    }
    links = []
    # In the order of the store, so that two dossiers that take the same papers wait for each other and never in a circle.
    for code, paper_id in sorted(taken.items(), key=lambda pair: pair[1]):
        used = store.reuse(paper_id, use=use, on=day, actor=actor, at=at)
        paper = used.paper
        component = components[code]
        component.file_id = paper.file_id
        component.save(update_fields=["file"])
        links.append(
            ReusedComponent.objects.create(
                component=component,
                reuse=used,
                paper_code=paper.code,
                number=paper.number,
                issued_on=paper.issued_on,
                is_result=paper.kind == StoredPaper.Kind.RESULT,
            )
        )
        record(
            events.COMPONENT_REUSED,
            dossier,
            actor=actor,
            at=at,
            unit_id=dossier.receiving_unit_id,
            component=code,
            component_name=component.name,
            paper=paper.code,
        )
    return links


def must_be_open_to_officers(dossier: Dossier, file_id: int) -> None:
    """An owner who took the consent back has closed the paper to officers. Raises ConsentWithdrawn."""
    if ReusedComponent.objects.filter(
        component__dossier=dossier, component__file_id=file_id, reuse__consent__withdrawn_at__isnull=False
    ).exists():
        raise store.ConsentWithdrawn


# -- scanning -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Brought:
    """A scan handed in with a reception: what the file says, and how many sides of the paper were counted."""

    attributes: Attributes
    pages: int | None


def scans_among(papers: Sequence[Any]) -> dict[int, Brought]:
    """The scans among these papers, by file. Reads files: call it before a number is drawn."""
    scanned = [paper for paper in papers if paper.how == Component.How.SCANNED and paper.file_id is not None]
    return {paper.file_id: Brought(file_attributes(paper.file_id), paper.pages) for paper in scanned}


@command
def note_scans(dossier_id: int, scans: Mapping[int, Brought], *, actor: Actor, at: datetime) -> list[Digitisation]:
    """Write down the scans that a reception or a supplement brought along (`scans_among` them).

    A faulty one is not refused here, where a person waits at the desk: like one whose pages nobody counted, it is always
    looked over by a second person.
    """
    dossier = Dossier.objects.get(pk=dossier_id)
    new = Component.objects.filter(dossier=dossier, how=Component.How.SCANNED, file_id__in=scans, scans__isnull=True)
    return [
        _written(component, dossier, scans[component.file_id], actor=actor, at=at)
        for component in new.order_by("id")
        if component.file_id is not None
    ]


@command
def scan_component(component_id: int, *, file_id: int, pages: int, actor: Actor, at: datetime) -> Digitisation:
    """Scan a paper that lies at the desk, for the first time or after a rejected scan.

    pages   sides as counted by the officer
    raises  NotFound, NotYourDuty, NothingToScan, BadInput with every fault of the scan
    """
    component, dossier = _component(component_id)
    actor.must("receive dossiers", unit_id=dossier.receiving_unit_id)
    if component.how != Component.How.SCANNED or dossier.ended_at is not None:
        raise NothingToScan
    if component.scans.exclude(state=Digitisation.State.REJECTED).exists():
        raise NothingToScan
    if not 1 <= pages <= 2000:
        raise BadInput({"pages": _("Số trang từ 1 đến 2000.")})
    must_be_theirs([file_id], "file", actor=actor, dossier_id=dossier.pk)
    attributes = file_attributes(file_id)
    if faults := scanning.problems_of(attributes, pages=pages, least_dpi=setting("scan_min_dpi", on=timezone.localdate(at))):
        raise BadInput({"file": " ".join([*faults, _("Hãy quét lại.")])})
    component.file_id = file_id
    component.save(update_fields=["file"])
    return _written(component, dossier, Brought(attributes, pages), actor=actor, at=at)


def _written(component: Component, dossier: Dossier, brought: Brought, *, actor: Actor, at: datetime) -> Digitisation:
    assert component.file_id is not None  # asked for by both callers
    known, pages = brought.attributes, brought.pages
    faulty = scanning.problems_of(known, pages=pages, least_dpi=setting("scan_min_dpi", on=timezone.localdate(at)))
    again = component.scans.exists()
    picked = (
        bool(faulty)
        or pages is None
        or again
        or scanning.is_picked(
            component.pk, component.file_id, percent=setting("quality_check_percent", on=timezone.localdate(at))
        )
    )
    scan = Digitisation.objects.create(
        component=component,
        unit_id=dossier.receiving_unit_id,
        file_id=component.file_id,
        pages=pages,
        images=known.pages,
        dpi=known.dpi,
        in_colour=known.in_colour,
        pdf_version=known.pdf_version,
        scanned_by_id=actor.person_id,
        scanned_by_name=actor.name,
        scanned_at=at,
        state=Digitisation.State.WAITING if picked else Digitisation.State.NOT_PICKED,
    )
    record(
        events.SCANNED,
        dossier,
        actor=actor,
        at=at,
        unit_id=dossier.receiving_unit_id,
        component=component.paper_code,
        component_name=component.name,
        scan=scan.pk,
        picked=picked,
    )
    if not picked:
        _into_store(scan, component, dossier, actor=actor, at=at)
    return scan


@command
def check_scan(scan_id: int, *, accept: bool, reason: str = "", actor: Actor, at: datetime) -> Digitisation:
    """A second person says whether a scan is good. Rejected with a reason, the paper is scanned again.

    Raises NotFound, NotYourDuty, CheckerIsScanner, AlreadyChecked, BadInput.
    """
    scan = must_exist(
        Digitisation.objects.select_for_update(of=("self",)).select_related("component__dossier").filter(pk=scan_id).first()
    )
    component, dossier = scan.component, scan.component.dossier
    actor.must("receive dossiers", unit_id=scan.unit_id)
    if actor.person_id is None:
        raise NotYourDuty("receive dossiers")  # a check is always somebody's
    if actor.person_id == scan.scanned_by_id:
        raise CheckerIsScanner
    if scan.state != Digitisation.State.WAITING:
        raise AlreadyChecked
    reason = one_line(reason)[:300]
    if not accept and not reason:
        raise BadInput({"reason": _("Hãy ghi vì sao phải quét lại, để người quét biết sửa gì.")})
    scan.state = Digitisation.State.ACCEPTED if accept else Digitisation.State.REJECTED
    scan.checked_by_id, scan.checked_by_name, scan.checked_at = actor.person_id, actor.name, at
    scan.reason = "" if accept else reason
    scan.save(update_fields=["state", "checked_by", "checked_by_name", "checked_at", "reason"])
    record(
        events.SCAN_CHECKED,
        dossier,
        actor=actor,
        at=at,
        unit_id=scan.unit_id,
        component=component.paper_code,
        component_name=component.name,
        scan=scan.pk,
        accepted=accept,
    )
    if accept:
        _into_store(scan, component, dossier, actor=actor, at=at)
    return scan


def _into_store(scan: Digitisation, component: Component, dossier: Dossier, *, actor: Actor, at: datetime) -> None:
    """A good scan gets its paper code in the owner's store."""
    paper = store.keep(
        store.NewPaper(
            kind=StoredPaper.Kind.DIGITISED,
            source=f"dossiers.digitisation/{scan.pk}",
            owner_id_number=dossier.owner_id_number,
            account_id=owner_account(dossier),
            procedure_code=procedures.version(dossier.version_id).code,
            paper_code=component.paper_code,
            title=component.name,
            file_id=scan.file_id,
            signature="person" if scan.signed_at else "none",
            dossier_id=dossier.pk,
            dossier_code=str(dossier),
        ),
        actor=actor,
        at=at,
    )
    if paper is not None:
        scan.stored_code = paper.code
        scan.save(update_fields=["stored_code"])


def owner_account(dossier: Dossier) -> int | None:
    """The owner's account: the one that filed, unless it filed for somebody else."""
    return dossier.account_id if not dossier.filer else None


def must_be_scanned(dossier: Dossier, *, on: date) -> None:
    """Where the setting asks for it, nothing leaves the desk while a paper to be scanned has no file. Raises ScansMissing."""
    if not setting("scan_before_transfer", on=on):
        return
    lacking = Component.objects.filter(dossier=dossier, how=Component.How.SCANNED, file__isnull=True).order_by("id")
    if names := list(lacking.values_list("name", flat=True)):
        raise ScansMissing(names)


def _component(component_id: int) -> tuple[Component, Dossier]:
    """Under the dossier's lock: two scans of one paper at once leave one. Raises NotFound."""
    component = must_exist(Component.objects.filter(pk=component_id).first())
    dossier = Dossier.objects.select_for_update().get(pk=component.dossier_id)
    component.refresh_from_db()
    return component, dossier


def file_attributes(file_id: int) -> Attributes:
    """What a stored file says of itself."""
    row, content = opened_row(file_id)
    with content:
        return attributes_of(content, row.content_type)


# -- the officer's signature on scans -----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SignedScan:
    """What became of one of many."""

    scan_id: int
    name: str
    done: bool
    message: str = ""


def sign_scans(scan_ids: Sequence[int], *, pin: str, actor: Actor, at: datetime) -> list[SignedScan]:
    """The officer's digital signature on good scans, each on its own: one refusal does not undo the others.

    Not to be called in a transaction. A wrong PIN or no certificate ends it at once. Raises the refusals of `signing`.
    """
    scans = Digitisation.objects.filter(pk__in=list(scan_ids)[:SIGNED_AT_ONCE], signed_at=None).exclude(
        state__in=[Digitisation.State.REJECTED, Digitisation.State.WAITING]
    )
    done = []
    for scan in scans.select_related("component").order_by("pk"):
        actor.must("receive dossiers", unit_id=scan.unit_id)
        try:
            signed = signing.sign_as_person(
                scan.file_id,
                pin=pin,
                reason="Số hóa giấy tờ",
                lines=["BẢN SỐ HÓA", actor.name],
                unit_id=scan.unit_id,
                once=f"dossiers.digitisation/{scan.pk}",
                actor=actor,
                at=at,
            )
            _keep_signed(scan.pk, signed.file_id, actor=actor, at=at)
        except (NotAPdf, PdfEncrypted, PdfLocked, PdfTooComplex) as refusal:
            done.append(SignedScan(scan_id=scan.pk, name=scan.component.name, done=False, message=refusal.message()))
        else:
            done.append(SignedScan(scan_id=scan.pk, name=scan.component.name, done=True))
    return done


@command
def _keep_signed(scan_id: int, file_id: int, *, actor: Actor, at: datetime) -> Digitisation:
    scan = Digitisation.objects.select_for_update(of=("self",)).select_related("component__dossier").get(pk=scan_id)
    component = scan.component
    scan.signed_at, scan.signed_by_name = at, actor.name
    scan.save(update_fields=["signed_at", "signed_by_name"])
    component.file_id = file_id
    component.save(update_fields=["file"])
    if scan.stored_code and (paper := stored.by_codes([scan.stored_code]).get(scan.stored_code)):
        store.renew_file(paper.pk, file_id=file_id, signature="person", actor=actor, at=at)
    record(
        events.SCAN_SIGNED,
        component.dossier,
        actor=actor,
        at=at,
        unit_id=scan.unit_id,
        component=component.paper_code,
        component_name=component.name,
        scan=scan.pk,
    )
    return scan
