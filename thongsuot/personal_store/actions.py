"""Keeping papers, changing what they are worth, consent and reuse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotYourDuty, TellPerson, must_exist
from thongsuot.kernel.text import one_line, search_key
from thongsuot.people.models import Person
from thongsuot.personal_store import events, rules
from thongsuot.personal_store.models import Reuse, ReuseConsent, StoredPaper


class PaperNotUsable(TellPerson):
    """Replaced, revoked, run out, or not offered by its owner."""

    code = "personal_store.not_usable"
    status = 422

    def __init__(self, paper_code: str) -> None:
        self.paper_code = paper_code

    def message(self) -> str:
        return _("Giấy tờ %(code)s không dùng lại được nữa. Hãy tra lại kho, hoặc nhận bản giấy và quét.") % {
            "code": self.paper_code
        }


class ConsentNeeded(TellPerson):
    """No paper of a person is used without their consent."""

    code = "personal_store.consent_needed"
    status = 422
    says = gettext_lazy("Chưa có đồng ý của chủ giấy tờ. Hãy hỏi chủ hồ sơ rồi ghi họ đồng ý bằng cách nào.")


class ConsentWithdrawn(TellPerson):
    """The owner took the consent back: the paper is closed, whatever the dossier still says of it."""

    code = "personal_store.consent_withdrawn"
    status = 403
    says = gettext_lazy("Chủ giấy tờ đã rút lại đồng ý nên không mở được bản này. Hãy đề nghị người nộp đưa bản khác.")


class AlreadyWithdrawn(TellPerson):
    code = "personal_store.already_withdrawn"
    says = gettext_lazy("Đồng ý này đã được rút lại trước đó. Bạn không phải làm gì thêm.")


@dataclass(frozen=True, kw_only=True)
class NewPaper:
    """A paper as whoever made it announces it. Without ID number and account it belongs to nobody and is not kept.

    source      names where it came from, for life: "dossiers.result/12"
    signature   a value of StoredPaper.Signature
    """

    kind: str
    source: str
    owner_id_number: str
    account_id: int | None
    procedure_code: str
    title: str
    file_id: int
    paper_code: str = ""
    type_code: str = ""
    number: str = ""
    issuing_unit_id: int | None = None
    issuing_body: str = ""
    issued_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    scope: str = ""
    signature: str = "none"
    proof_code: str = ""
    dossier_id: int | None = None
    dossier_code: str = ""


def keep(paper: NewPaper, *, actor: Actor, at: datetime) -> StoredPaper | None:
    """Put a paper into its owner's store; announced again, the first one is returned. None when it has no owner to go to."""
    if not paper.owner_id_number and paper.account_id is None:
        return None
    if known := StoredPaper.objects.filter(source=paper.source).first():
        return known
    try:
        return _keep(paper, actor=actor, at=at)
    except IntegrityError:
        return StoredPaper.objects.get(source=paper.source)  # somebody announced it between these lines


@command
def _keep(paper: NewPaper, *, actor: Actor, at: datetime) -> StoredPaper:
    title = one_line(paper.title)[:500]
    with transaction.atomic():
        stored = StoredPaper.objects.create(
            code=rules.new_code(),
            kind=paper.kind,
            source=paper.source,
            owner_id_number=paper.owner_id_number,
            account_id=paper.account_id,
            procedure_code=paper.procedure_code,
            paper_code=paper.paper_code,
            type_code=paper.type_code,
            title=title,
            title_key=search_key(title)[:500],
            number=paper.number,
            issuing_unit_id=paper.issuing_unit_id,
            issuing_body=paper.issuing_body[:300],
            issued_on=paper.issued_on,
            valid_from=paper.valid_from,
            valid_to=paper.valid_to,
            scope=paper.scope,
            file_id=paper.file_id,
            signature=paper.signature,
            proof_code=paper.proof_code,
            dossier_id=paper.dossier_id,
            dossier_code=paper.dossier_code,
            stored_at=at,
        )
    record(
        events.KEPT,
        stored,
        actor=actor,
        at=at,
        unit_id=paper.issuing_unit_id,
        paper=stored.code,
        sort=stored.kind,
        source=stored.source,
    )
    return stored


@command
def change_worth(
    paper_id: int, *, state: str, reason: str, replaced_by: int | None = None, actor: Actor, at: datetime
) -> StoredPaper:
    """Say that a paper was corrected, replaced or revoked. It stays readable and is offered no more. Again: nothing new.

    Called by whoever changed it, after their own check of duties. Raises NotFound, BadInput.
    """
    paper = _locked(paper_id)
    if state not in (StoredPaper.State.CORRECTED, StoredPaper.State.REPLACED, StoredPaper.State.REVOKED):
        raise BadInput({"state": _("Hãy chọn đính chính, thay thế hay thu hồi.")})
    reason = one_line(reason)[:500]
    if not reason:
        raise BadInput({"reason": _("Hãy ghi lý do.")})
    paper.state, paper.state_reason, paper.state_at, paper.replaced_by_id = state, reason, at, replaced_by
    paper.save(update_fields=["state", "state_reason", "state_at", "replaced_by"])
    record(events.CHANGED, paper, actor=actor, at=at, unit_id=paper.issuing_unit_id, paper=paper.code, state=state)
    return paper


@command
def renew_file(paper_id: int, *, file_id: int, signature: str, actor: Actor, at: datetime) -> StoredPaper:
    """The same paper, now with a digital signature on it. Raises NotFound."""
    paper = _locked(paper_id)
    paper.file_id, paper.signature = file_id, signature
    paper.save(update_fields=["file", "signature"])
    record(events.FILE_RENEWED, paper, actor=actor, at=at, unit_id=paper.issuing_unit_id, paper=paper.code, signature=signature)
    return paper


@dataclass(frozen=True, kw_only=True)
class Use:
    """In what a paper is used: the dossier, where it is resolved, and how the owner agreed (a value of ReuseConsent.How)."""

    dossier_id: int
    dossier_code: str
    procedure_code: str
    procedure: str
    unit_id: int
    unit_name: str
    how: str
    note: str = ""


@command
def reuse(paper_id: int, *, use: Use, on: date, actor: Actor, at: datetime) -> Reuse:
    """Note the owner's consent and that the paper is used. The caller has checked who the owner of the dossier is.

    Raises NotFound, PaperNotUsable, ConsentNeeded.
    """
    paper = _locked(paper_id)
    if use.how not in ReuseConsent.How.values:
        raise ConsentNeeded
    if not rules.is_usable(
        state=paper.state, is_offered=paper.is_offered, valid_from=paper.valid_from, valid_to=paper.valid_to, on=on
    ):
        raise PaperNotUsable(paper.code)
    consent = ReuseConsent.objects.create(
        paper=paper,
        procedure_code=use.procedure_code,
        how=use.how,
        note=one_line(use.note)[:300],
        given_at=at,
        noted_by_id=actor.person_id,
        noted_by_name=actor.name,
        unit_id=use.unit_id,
    )
    record(
        events.CONSENT_GIVEN,
        paper,
        actor=actor,
        at=at,
        unit_id=use.unit_id,
        paper=paper.code,
        how=use.how,
        dossier=use.dossier_id,
    )
    used = Reuse.objects.create(
        paper=paper,
        consent=consent,
        dossier_id=use.dossier_id,
        dossier_code=use.dossier_code,
        procedure=use.procedure[:500],
        unit_id=use.unit_id,
        unit_name=use.unit_name[:300],
        by_name=actor.name[:200],
        by_post=actor.post[:200],
        at=at,
    )
    record(events.REUSED, paper, actor=actor, at=at, unit_id=use.unit_id, paper=paper.code, dossier=use.dossier_id)
    return used


@command
def withdraw_consent(consent_id: int, *, actor: Actor, at: datetime) -> ReuseConsent:
    """The owner takes a consent back: from now on nobody opens the paper through that dossier.

    What was decided with it before stays as it is. Raises NotFound, NotYourDuty, AlreadyWithdrawn.
    """
    consent = must_exist(
        ReuseConsent.objects.select_for_update(of=("self",)).select_related("paper").filter(pk=consent_id).first()
    )
    must_own(consent.paper, actor)
    if consent.withdrawn_at is not None:
        raise AlreadyWithdrawn
    consent.withdrawn_at = at
    consent.save(update_fields=["withdrawn_at"])
    record(
        events.CONSENT_WITHDRAWN,
        consent.paper,
        actor=actor,
        at=at,
        unit_id=consent.unit_id,
        paper=consent.paper.code,
        consent=consent.pk,
    )
    return consent


@command
def offer(paper_id: int, *, is_offered: bool, actor: Actor, at: datetime) -> StoredPaper:
    """The owner lets a paper be offered in new dossiers, or keeps it back. Raises NotFound, NotYourDuty."""
    paper = _locked(paper_id)
    must_own(paper, actor)
    paper.is_offered = is_offered
    paper.save(update_fields=["is_offered"])
    record(events.OFFER_CHANGED, paper, actor=actor, at=at, paper=paper.code, offered=is_offered)
    return paper


def must_own(paper: StoredPaper, actor: Actor) -> None:
    """Raises NotYourDuty for whoever is not the owner."""
    if actor.trusted:
        return
    person = Person.objects.filter(pk=actor.person_id).only("id_number").first() if actor.person_id is not None else None
    numbers = [person.id_number] if person is not None and person.id_number else []
    if not rules.belongs(
        owner_id_number=paper.owner_id_number, account_id=paper.account_id, id_numbers=numbers, person_id=actor.person_id
    ):
        raise NotYourDuty("own paper")


def _locked(paper_id: int) -> StoredPaper:
    paper = must_exist(StoredPaper.objects.select_for_update().filter(pk=paper_id).first())
    return paper
