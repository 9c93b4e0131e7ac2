"""One dossier as the officer and the owner see it. The same history for both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from thongsuot.dossiers import rules
from thongsuot.dossiers.models import (
    Component,
    Dossier,
    FeeDue,
    Opinion,
    Result,
    Status,
    StepRun,
    SupplementRequest,
)
from thongsuot.dossiers.queries.deadlines import Dates, due_of
from thongsuot.dossiers.queries.worklist import units_of
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound
from thongsuot.kernel.history import HistoryRow, history_of
from thongsuot.procedures import queries as procedures
from thongsuot.units import queries as units


@dataclass(frozen=True, kw_only=True)
class CasePage:
    """Everything a dossier's page shows. Nine queries, however long its life was."""

    dossier: Dossier
    version: procedures.VersionView
    tag: str
    status: Status
    due: rules.Due | None
    resolving_unit: str
    receiving_unit: str
    runs: list[StepRun]
    open_run: StepRun | None
    components: list[Component]
    supplements: list[SupplementRequest]
    opinions: list[Opinion]
    fees: list[FeeDue]
    result: Result | None
    history: list[HistoryRow]

    @property
    def fees_open(self) -> list[FeeDue]:
        return [fee for fee in self.fees if fee.paid_at is None and fee.amount_dong]

    @property
    def fee_total(self) -> int:
        return sum(fee.amount_dong for fee in self.fees)

    @property
    def upcoming(self) -> list[procedures.Step]:
        """Steps that are still to come, with their own limits."""
        if self.dossier.step_no is None or self.status in rules.FINAL:
            return [] if self.status in rules.FINAL or self.status == Status.RESOLVED else list(self.version.steps)
        return list(self.version.steps[self.dossier.step_no + 1 :])


def access_dossier(dossier_id: int, *, actor: Actor) -> Dossier:
    """The dossier, if the actor handles dossiers in its resolving or receiving unit. Raises NotFound: others learn nothing."""
    dossier = Dossier.objects.filter(pk=dossier_id).first()
    if dossier is None or not (actor.trusted or {dossier.resolving_unit_id, dossier.receiving_unit_id} & units_of(actor)):
        raise NotFound
    return dossier


def fee_of(dossier_id: int, code: str) -> int:
    """The id of a dossier's fee by its code, the first still unpaid. Raises NotFound."""
    fees = FeeDue.objects.filter(dossier_id=dossier_id, code=code).order_by("-paid_at", "id")
    fee_id = fees.values_list("id", flat=True).first()
    if fee_id is None:
        raise NotFound
    return fee_id


def case_page(dossier: Dossier, *, now: datetime, public_only: bool = False) -> CasePage:
    """`public_only` leaves out the events that are the house's own affair: what the owner sees."""
    version = procedures.version(dossier.version_id)
    runs = list(StepRun.objects.filter(dossier=dossier).order_by("number"))
    return CasePage(
        dossier=dossier,
        version=version,
        tag=rules.TAGS[dossier.status],
        status=Status(dossier.status),
        due=due_of(Dates.of(dossier), version, now=now),
        resolving_unit=units.unit_row(dossier.resolving_unit_id, as_of=now.date()).full_name,
        receiving_unit=units.unit_row(dossier.receiving_unit_id, as_of=now.date()).full_name,
        runs=runs,
        open_run=next((run for run in runs if run.finished_at is None), None),
        components=list(Component.objects.filter(dossier=dossier).select_related("file__blob").order_by("id")),
        supplements=list(SupplementRequest.objects.filter(dossier=dossier).order_by("id")),
        opinions=list(Opinion.objects.filter(dossier=dossier).select_related("body").order_by("id")),
        fees=list(FeeDue.objects.filter(dossier=dossier).order_by("id")),
        result=Result.objects.filter(dossier=dossier).select_related("file__blob").first(),
        history=history_of(dossier, public_only=public_only),
    )


@dataclass(frozen=True, kw_only=True)
class NextAction:
    """What can be done now. A forbidden one stays visible with its reason."""

    key: str
    label: str
    because: str = ""  # why not; empty when it can be done
    danger: bool = False
    main: bool = False


def next_actions(page: CasePage, *, actor: Actor) -> list[NextAction]:
    """The actions of a dossier's page in the order of the work, for this actor."""
    dossier, status = page.dossier, page.status
    desk = actor.may("receive dossiers", unit_id=dossier.receiving_unit_id)
    leads = actor.may("review dossiers", unit_id=dossier.resolving_unit_id) or actor.may(
        "sign results", unit_id=dossier.resolving_unit_id
    )
    actions: list[NextAction] = []
    holds = False
    if dossier.step_no is not None and status in (Status.RECEIVED, Status.PROCESSING):
        step = page.version.steps[dossier.step_no]
        at_desk = dossier.step_no == 0
        unit_id = dossier.receiving_unit_id if at_desk else dossier.resolving_unit_id
        holds = actor.may(step.duty, unit_id=unit_id)
        because = "" if holds else _("Bước “%(step)s” thuộc nhiệm vụ của người khác.") % {"step": step.name}
        drafted = page.result is not None and page.result.file_id is not None
        if step.duty == "process dossiers" and holds:
            actions.append(
                NextAction(
                    key="du-thao",
                    label=_("Thay dự thảo kết quả") if drafted else _("Đính kèm dự thảo kết quả"),
                    main=not drafted,
                )
            )
            because = "" if drafted else _("Chưa có dự thảo kết quả.")
        actions.append(NextAction(key="chuyen", label=forward_label(step.duty), main=not because, because=because))
        if dossier.step_no > 1:
            actions.append(NextAction(key="tra-lai", label=_("Trả lại bước trước"), because="" if holds else _NOT_YOURS()))
        if step.duty in ("process dossiers", "receive dossiers") and holds and not at_desk:
            actions.append(NextAction(key="hoi-y-kien", label=_("Hỏi cơ quan khác")))
        if actor.may("assign dossiers", unit_id=unit_id):
            actions.append(NextAction(key="doi-nguoi", label=_("Chuyển người khác")))
    if status == Status.REGISTERED:
        actions.append(NextAction(key="tiep-nhan", label=_("Tiếp nhận"), main=True, because="" if desk else _NOT_YOURS()))
        actions.append(NextAction(key="tu-choi", label=_("Không tiếp nhận"), danger=True, because="" if desk else _NOT_YOURS()))
    if status in (Status.REGISTERED, Status.RECEIVED, Status.PROCESSING):
        because = ""
        if dossier.supplement_count:
            last = page.supplements[-1].requested_at if page.supplements else None
            because = _("Đã yêu cầu bổ sung một lần%(day)s. Yêu cầu lần hai làm hồ sơ bị tính trễ.") % {
                "day": f" {last:%d/%m/%Y}" if last else ""
            }
        elif not (desk if status == Status.REGISTERED else holds):
            because = _NOT_YOURS()
        actions.append(NextAction(key="bo-sung", label=_("Yêu cầu bổ sung"), because=because))
    if status == Status.SUPPLEMENT_REQUESTED and desk:
        actions.append(NextAction(key="nhan-bo-sung", label=_("Nhận bổ sung tại quầy"), main=True))
    if status in (Status.RECEIVED, Status.PROCESSING):
        actions.append(NextAction(key="nghia-vu", label=_("Yêu cầu nghĩa vụ tài chính"), because="" if holds else _NOT_YOURS()))
        actions.append(
            NextAction(
                key="hen-lai",
                label=_("Xin lỗi và hẹn lại"),
                because=_("Đã hẹn lại một lần.") if dossier.promised_at else "" if holds or leads else _NOT_YOURS(),
            )
        )
    if status == Status.PAYMENT_REQUESTED:
        actions.append(
            NextAction(key="da-nop", label=_("Xác nhận đã thực hiện nghĩa vụ"), main=True, because="" if desk else _NOT_YOURS())
        )
    if status == Status.RESOLVED:
        back = actor.may("hand back results", unit_id=dossier.receiving_unit_id)
        actions.append(NextAction(key="tra-ket-qua", label=_("Trả kết quả"), main=True, because="" if back else _NOT_YOURS()))
    if desk and status in (
        Status.REGISTERED,
        Status.RECEIVED,
        Status.PROCESSING,
        Status.SUPPLEMENT_REQUESTED,
        Status.PAYMENT_REQUESTED,
    ):
        signed = page.result is not None and page.result.signed_at is not None
        actions.append(
            NextAction(key="rut", label=_("Rút hồ sơ theo yêu cầu"), danger=True, because=_("Kết quả đã ký.") if signed else "")
        )
    if leads and rules.may_move(status, Status.STOPPED):
        actions.append(NextAction(key="dung", label=_("Dừng giải quyết"), danger=True))
    return actions


def _NOT_YOURS() -> str:  # noqa: N802 - a constant that must be translated when it is read
    return _("Việc này thuộc nhiệm vụ của người khác.")


def forward_label(duty: str) -> str:
    """What finishing a step of this duty is called on its button."""
    return _FORWARD.get(duty, _FORWARD[""])()


_FORWARD = {
    "": lambda: _("Chuyển bước tiếp"),
    "receive dossiers": lambda: _("Chuyển xử lý"),
    "assign dossiers": lambda: _("Phân công"),
    "process dossiers": lambda: _("Trình soát dự thảo"),
    "review dossiers": lambda: _("Trình ký"),
    "sign results": lambda: _("Ký kết quả"),
    "issue results": lambda: _("Vào sổ, phát hành"),
}
