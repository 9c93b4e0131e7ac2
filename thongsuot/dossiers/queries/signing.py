"""What waits for a leader's signature, with what the open step is signed, how a result was signed, and how a batch stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from thongsuot.dossiers.models import Dossier, Result, ResultSigning, SigningBatch, SigningBatchItem, Status, StepRun
from thongsuot.dossiers.queries.case import CasePage
from thongsuot.dossiers.queries.given import copies_given
from thongsuot.kernel.actor import Actor
from thongsuot.procedures import queries as procedures
from thongsuot.signing.errors import CannotSign
from thongsuot.signing.models import Certificate
from thongsuot.signing.queries import choosing

MOST_WAITING = 200


@dataclass(frozen=True, kw_only=True)
class Means:
    """The certificate for a step that ends with a signature, or why there is none to use."""

    holder: Certificate | None
    refusal: str = ""


def means_for(page: CasePage, *, actor: Actor, at: datetime) -> Means | None:
    """None: the open step needs no signature, or the leader signed on paper and there is nothing to sign over."""
    dossier = page.dossier
    if dossier.step_no is None or (page.result is not None and copies_given(page.result)):
        return None
    duty = page.version.steps[dossier.step_no].duty
    try:
        if duty == "sign results":
            return Means(holder=choosing.of_person(actor.person_id, unit_id=dossier.resolving_unit_id, at=at))
        if duty == "issue results" and signed_digitally(page.result):
            return Means(holder=choosing.of_agency(dossier.resolving_unit_id, at=at))
    except CannotSign as refusal:
        return Means(holder=None, refusal=refusal.message())
    return None


def signed_digitally(result: Result | None) -> bool:
    return (
        result is not None
        and ResultSigning.objects.filter(result=result, fallen_at=None, signed_how=ResultSigning.How.DIGITAL).exists()
    )


@dataclass(frozen=True, kw_only=True)
class SignedHow:
    """How a result was signed and issued, in a sentence, and the code of its proof."""

    sentence: str | None
    code: str


def signed_how(result: Result | None) -> SignedHow:
    """Two queries."""
    if result is None or result.signed_at is None:
        return SignedHow(sentence=None, code="")
    if copies_given(result):
        return SignedHow(sentence=_("Mỗi bản sao điện tử có chữ ký số của cơ quan"), code="")
    line = ResultSigning.objects.filter(result=result, fallen_at=None).first()
    if line is None:
        return SignedHow(sentence=None, code="")
    parts = [
        _("Người có thẩm quyền ký số")
        if line.signed_how == "digital"
        else _("Ký tay trên giấy: %(why)s") % {"why": line.paper_reason}
    ]
    if line.issued_how == "digital":
        parts.append(_("cơ quan ký số"))
    elif line.issued_how == "paper" and line.signed_how == "digital":
        parts.append(_("cơ quan đóng dấu trên giấy: %(why)s") % {"why": line.issue_paper_reason})
    return SignedHow(sentence=", ".join(parts), code=line.code if line.issued_how and result.number else "")


@dataclass(frozen=True, kw_only=True)
class WaitingRow:
    """A dossier that waits for this leader's signature."""

    id: int
    code: str
    procedure: str
    owner_name: str
    due_at: datetime | None
    step_key: str
    step_name: str
    title: str
    file_id: int | None
    is_pdf: bool


def waiting_for(actor: Actor) -> list[WaitingRow]:
    """At a step of signing in the actor's units, given to the actor or to nobody; most urgent first. One query."""
    runs = (
        StepRun.objects.filter(
            Q(assignee_id=actor.person_id) | Q(assignee=None),
            finished_at=None,
            duty="sign results",
            dossier__resolving_unit_id__in=actor.units_for("sign results"),
            dossier__status__in=[Status.RECEIVED, Status.PROCESSING],
        )
        .order_by("dossier__due_at", "dossier_id")
        .values(
            "dossier_id",
            "dossier__code",
            "dossier__version_id",
            "dossier__owner_name",
            "dossier__due_at",
            "step_key",
            "name",
            "dossier__result__title",
            "dossier__result__file_id",
            "dossier__result__file__blob__content_type",
        )[:MOST_WAITING]
    )
    return [
        WaitingRow(
            id=run["dossier_id"],
            code=run["dossier__code"] or "",
            procedure=procedures.version(run["dossier__version_id"]).name,
            owner_name=run["dossier__owner_name"],
            due_at=run["dossier__due_at"],
            step_key=run["step_key"],
            step_name=run["name"],
            title=run["dossier__result__title"] or "",
            file_id=run["dossier__result__file_id"],
            is_pdf=run["dossier__result__file__blob__content_type"] == "application/pdf",
        )
        for run in runs
    ]


@dataclass(frozen=True, kw_only=True)
class BatchLine:
    dossier_id: int
    code: str
    state: str
    message: str


@dataclass(frozen=True, kw_only=True)
class BatchPage:
    batch: SigningBatch
    lines: Sequence[BatchLine]
    done: int
    refused: int
    waiting: int

    @property
    def total(self) -> int:
        return len(self.lines)

    @property
    def percent(self) -> int:
        return 100 * (self.total - self.waiting) // self.total if self.total else 100


def batch_page(batch: SigningBatch) -> BatchPage:
    """Two queries."""
    items = list(batch.items.order_by("place"))
    codes = dict(Dossier.objects.filter(pk__in=[item.dossier_id for item in items]).values_list("pk", "code"))
    states = [item.state for item in items]
    return BatchPage(
        batch=batch,
        lines=[
            BatchLine(dossier_id=item.dossier_id, code=codes[item.dossier_id] or "", state=item.state, message=item.message)
            for item in items
        ],
        done=states.count(SigningBatchItem.State.DONE),
        refused=states.count(SigningBatchItem.State.REFUSED),
        waiting=states.count(SigningBatchItem.State.WAITING),
    )
