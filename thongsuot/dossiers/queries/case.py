"""One dossier as the officer and the owner see it. The same history for both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.dossiers import events, rules
from thongsuot.dossiers.actions.opinions import FOLLOWERS
from thongsuot.dossiers.models import (
    Component,
    Dossier,
    FeeDue,
    Leg,
    Opinion,
    PaperDebt,
    PaymentNotice,
    Result,
    Status,
    StepRun,
    SupplementRequest,
)
from thongsuot.dossiers.queries.dates import due_of
from thongsuot.dossiers.queries.given import why_not_stopped, why_not_withdrawn
from thongsuot.dossiers.queries.settings import setting
from thongsuot.dossiers.queries.steps import answers_of
from thongsuot.dossiers.queries.worklist import units_of, units_seen
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound, TellPerson, must_exist
from thongsuot.kernel.history import HistoryRow, history_of
from thongsuot.people import queries as people
from thongsuot.procedures import queries as procedures
from thongsuot.procedures.rules import path_from
from thongsuot.units import queries as units


@dataclass(frozen=True, kw_only=True)
class CasePage:
    """Everything a dossier's page shows. At most twelve queries, however long its life was."""

    dossier: Dossier
    now: datetime
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
    legs: list[Leg]
    notices: list[PaymentNotice]
    debts: list[PaperDebt]
    fees: list[FeeDue]
    result: Result | None
    history: list[HistoryRow]

    @property
    def open_leg(self) -> Leg | None:
        return next((leg for leg in self.legs if leg.finished_at is None), None)

    @property
    def open_notice(self) -> PaymentNotice | None:
        return next((notice for notice in self.notices if notice.paid_at is None), None)

    @property
    def extension(self) -> HistoryRow | None:
        """The limit made longer, as the history tells it."""
        return next((row for row in self.history if row.name == events.EXTENDED.name), None)

    @property
    def takes_fees(self) -> bool:
        return self.status not in rules.ENDED_WITHOUT_RESULT

    @property
    def fees_open(self) -> list[FeeDue]:
        return [fee for fee in self.fees if fee.is_open and self.takes_fees]

    @property
    def fee_total(self) -> int:
        return sum(fee.amount_dong for fee in self.fees)

    @property
    def upcoming_places(self) -> list[int]:
        """The steps that are still to come, by their places in the process: those of this dossier's own way."""
        if self.status in rules.FINAL or (self.dossier.step_no is None and self.status == Status.RESOLVED):
            return []
        return path_from(self.version.steps, self.dossier.step_no, answers_of(self.dossier))

    @property
    def upcoming(self) -> list[procedures.Step]:
        """Steps that are still to come, with their own limits."""
        return [self.version.steps[place] for place in self.upcoming_places]

    @property
    def passed_places(self) -> list[int]:
        """The steps it was at before the open one, in the order of the process."""
        here = self.dossier.step_no
        return sorted({run.step_no for run in self.runs if here is None or run.step_no < here})

    @property
    def left_out_places(self) -> list[int]:
        """Steps of a branch that this dossier does not take. Ended early: what its way would not have met."""
        seen = [run.step_no for run in self.runs]
        here = self.dossier.step_no if self.dossier.step_no is not None else max(seen, default=None)
        return rules.steps_left_out(here, self.version.steps, answers_of(self.dossier), seen)

    @property
    def left_out(self) -> list[procedures.Step]:
        return [self.version.steps[place] for place in self.left_out_places]

    @property
    def step_states(self) -> dict[int, str]:
        """Of every step that is not simply to come: done, now or skipped."""
        states = {run.step_no: "done" for run in self.runs if run.outcome == StepRun.Outcome.DONE}
        states |= dict.fromkeys(self.left_out_places, "skipped")
        return states if self.dossier.step_no is None else {**states, self.dossier.step_no: "now"}


def access_dossier(dossier_id: int, *, actor: Actor) -> Dossier:
    """The dossier, if the actor handles dossiers where it is resolved, was received, has its leg now, or who keeps it.

    Raises NotFound: others learn nothing.
    """
    dossier = Dossier.objects.filter(pk=dossier_id).first()
    if dossier is None or not (actor.trusted or is_seen_by(dossier, actor)):
        raise NotFound
    return dossier


def is_seen_by(dossier: Dossier, actor: Actor) -> bool:
    """At a unit of theirs, or closed by one that ended and whose keeper theirs is."""
    places = places_of(dossier)
    return bool(places & units_of(actor)) or bool(places & units_seen(actor))


def fee_of(dossier_id: int, code: str) -> int:
    """The id of a dossier's fee by its code, the first still unpaid. Raises NotFound."""
    fees = FeeDue.objects.filter(dossier_id=dossier_id, code=code).order_by("-paid_at", "id")
    fee_id = must_exist(fees.values_list("id", flat=True).first())
    return fee_id


def places_of(dossier: Dossier) -> set[int]:
    """The units whose officers see it; a partner's only while its leg runs."""
    return {dossier.resolving_unit_id, dossier.receiving_unit_id, dossier.step_unit_id or dossier.resolving_unit_id}


def authority_of(dossier: Dossier) -> procedures.CompetenceView | None:
    """By what right it is resolved: that of its reception, also when a delegation has run out since. None before reception."""
    if dossier.received_at is None:
        return None
    on = timezone.localdate(dossier.received_at)
    try:
        return procedures.competence(procedures.version(dossier.version_id).code, unit_id=dossier.resolving_unit_id, on=on)
    except TellPerson:
        return None  # a right taken back for a time that is past


def case_page(dossier: Dossier, *, now: datetime, public_only: bool = False) -> CasePage:
    """`public_only` leaves out the events that are the house's own affair: what the owner sees."""
    version = procedures.version(dossier.version_id)
    runs = list(StepRun.objects.filter(dossier=dossier).order_by("number"))
    several = any(step.agency for step in version.steps)
    elsewhere = dossier.receiving_unit_id != dossier.resolving_unit_id
    return CasePage(
        dossier=dossier,
        now=now,
        version=version,
        tag=rules.TAGS[dossier.status],
        status=Status(dossier.status),
        due=due_of(dossier, version, now=now),
        resolving_unit=units.unit_row(dossier.resolving_unit_id, as_of=timezone.localdate(now)).full_name,
        receiving_unit=units.unit_row(dossier.receiving_unit_id, as_of=timezone.localdate(now)).full_name,
        runs=runs,
        open_run=next((run for run in runs if run.finished_at is None), None),
        components=list(Component.objects.filter(dossier=dossier).select_related("file__blob", "reused").order_by("id")),
        supplements=list(SupplementRequest.objects.filter(dossier=dossier).order_by("id")),
        opinions=list(Opinion.objects.filter(dossier=dossier).select_related("body").order_by("id")),
        legs=list(Leg.objects.filter(dossier=dossier).select_related("body").order_by("number")) if several else [],
        notices=list(PaymentNotice.objects.filter(dossier=dossier).order_by("id")) if several else [],
        debts=list(PaperDebt.objects.filter(dossier=dossier).select_related("carriage").order_by("id")) if elsewhere else [],
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
    reviews = actor.may("review dossiers", unit_id=dossier.resolving_unit_id)
    leads = reviews or actor.may("sign results", unit_id=dossier.resolving_unit_id)
    actions: list[NextAction] = []
    holds = False
    if dossier.step_no is not None and status in (Status.RECEIVED, Status.PROCESSING):
        step = page.version.steps[dossier.step_no]
        at_desk = dossier.step_no == 0
        unit_id = dossier.step_unit_id or (dossier.receiving_unit_id if at_desk else dossier.resolving_unit_id)
        holds = actor.may(step.duty, unit_id=unit_id)
        because = "" if holds else _("Bước “%(step)s” thuộc nhiệm vụ của người khác.") % {"step": step.name}
        drafted = page.result is not None and page.result.file_id is not None
        actions += _of_leg(page, step, holds=holds, actor=actor, now=page.now)
        goes_on = bool(page.upcoming) and page.upcoming[0].duty == step.duty and not page.upcoming[0].agency
        drafts = step.duty == "process dossiers" and not (step.agency or goes_on or any(one.agency for one in page.upcoming))
        if drafts and holds:
            actions.append(
                NextAction(
                    key="du-thao",
                    label=_("Thay dự thảo kết quả") if drafted else _("Đính kèm dự thảo kết quả"),
                    main=not drafted,
                )
            )
            because = "" if drafted else _("Chưa có dự thảo kết quả.")
        label = forward_label(step.duty if drafts or step.duty != "process dossiers" else "")
        main = not because and not any(action.main for action in actions)
        actions.append(NextAction(key="chuyen", label=label, main=main, because=because))
        if any(place > 0 for place in page.passed_places) and not step.agency:
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
        if dossier.supplement_count >= setting("supplement_requests", on=timezone.localdate(page.now)):
            last = page.supplements[-1].requested_at if page.supplements else None
            because = _("Đã yêu cầu bổ sung %(count)s lần%(day)s. Yêu cầu nhiều hơn một lần làm hồ sơ bị tính trễ.") % {
                "count": dossier.supplement_count,
                "day": f", {timezone.localdate(last):%d/%m/%Y}" if last else "",
            }
        elif not (desk if status == Status.REGISTERED else holds):
            because = _NOT_YOURS()
        actions.append(NextAction(key="bo-sung", label=_("Yêu cầu bổ sung"), because=because))
    if status == Status.SUPPLEMENT_REQUESTED and desk:
        actions.append(NextAction(key="nhan-bo-sung", label=_("Nhận bổ sung tại quầy"), main=True))
    if status in (Status.RECEIVED, Status.PROCESSING):
        if not any(step.asks_payment for step in page.version.steps):
            actions.append(
                NextAction(key="nghia-vu", label=_("Yêu cầu nghĩa vụ tài chính"), because="" if holds else _NOT_YOURS())
            )
        actions.append(
            NextAction(
                key="hen-lai",
                label=_("Xin lỗi và hẹn lại"),
                because=_("Đã hẹn lại một lần.") if dossier.promised_at else "" if holds or reviews else _NOT_YOURS(),
            )
        )
        if leads and page.version.extension_days:
            actions.append(NextAction(key="keo-dai", label=_("Kéo dài thời hạn"), because=_not_extendable(page)))
    if status == Status.PAYMENT_REQUESTED:
        actions.append(
            NextAction(key="da-nop", label=_("Xác nhận đã thực hiện nghĩa vụ"), main=True, because="" if desk else _NOT_YOURS())
        )
    if status == Status.RESOLVED:
        back = actor.may("hand back results", unit_id=dossier.receiving_unit_id)
        actions.append(NextAction(key="tra-ket-qua", label=_("Trả kết quả"), main=True, because="" if back else _NOT_YOURS()))
    if desk and rules.may_move(status, Status.WITHDRAWN):
        because = why_not_withdrawn(dossier, page.result)
        actions.append(NextAction(key="rut", label=_("Rút hồ sơ theo yêu cầu"), danger=True, because=because))
    if leads and rules.may_move(status, Status.STOPPED):
        actions.append(NextAction(key="dung", label=_("Dừng giải quyết"), danger=True, because=why_not_stopped(dossier)))
    return actions


def _of_leg(page: CasePage, step: procedures.Step, *, holds: bool, actor: Actor, now: datetime) -> list[NextAction]:
    """What the partner that has the dossier can do with its leg, and what the resolving unit can do about it."""
    leg, dossier = page.open_leg, page.dossier
    if leg is None or dossier.step_unit_id is None:
        return []
    found: list[NextAction] = []
    if holds:
        if not leg.taken_by_name:
            found.append(NextAction(key="nhan-chang", label=_("Nhận hồ sơ chuyển đến"), main=True))
        if step.asks_payment and page.open_notice is None:
            found.append(NextAction(key="thong-bao-nop", label=_("Ra thông báo nộp tiền"), main=bool(leg.taken_by_name)))
        found.append(NextAction(key="tra-chang", label=_("Trả lại chặng trước")))
    if any(actor.may(duty, unit_id=dossier.resolving_unit_id) for duty in FOLLOWERS):
        if not holds and not people.staff_with_duty(step.duty, leg.unit_id, on=timezone.localdate(now)):
            found.append(NextAction(key="nhap-thay", label=_("Nhập trả lời của cơ quan phối hợp"), main=True))
        found.append(NextAction(key="nhac-chang", label=_("Nhắc cơ quan đang giữ hồ sơ")))
    return found


def _not_extendable(page: CasePage) -> str:
    if page.extension is not None:
        return _("Đã kéo dài một lần.")
    if page.dossier.promised_at is not None:
        return _("Đã hẹn lại một lần.")
    late = page.dossier.due_at is not None and page.now > page.dossier.due_at
    return _("Đã quá hẹn trả.") if late else ""


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
