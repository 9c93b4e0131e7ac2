"""Printed forms of a dossier: what each is told, from what the history says. The same history gives the same document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from thongsuot.dossiers import events, printing, rules, words
from thongsuot.dossiers.actions.legs import name_of
from thongsuot.dossiers.actions.proving import receipt_code
from thongsuot.dossiers.models import (
    Carriage,
    Component,
    Dossier,
    FeeDue,
    Leg,
    PaperDebt,
    Pause,
    Status,
    StepRun,
    SupplementRequest,
)
from thongsuot.dossiers.printing import facts as f
from thongsuot.dossiers.printing.facts import Meaning
from thongsuot.dossiers.queries import case as cases
from thongsuot.dossiers.queries.steps import answers_of
from thongsuot.kernel.errors import NotFound, must_exist
from thongsuot.kernel.history import HistoryRow, history_of
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import instant
from thongsuot.people.rules import DUTIES
from thongsuot.procedures import queries as procedures
from thongsuot.procedures.words import limit_words
from thongsuot.signing import proofs
from thongsuot.units import queries as units
from thongsuot.units.models import Body, PointDetails
from thongsuot.web import stand_ins

FOR_THE_OWNER = frozenset(
    {Meaning.RECEIPT, Meaning.SUPPLEMENT, Meaning.REFUSAL, Meaning.APOLOGY, Meaning.STOP_NOTICE, Meaning.SUBMISSION_SLIP}
)
"""The control slip stays inside the agencies."""


@dataclass(frozen=True, kw_only=True)
class Printable:
    """A form this dossier has by now, under the title its day gave it."""

    meaning: Meaning
    title: str


@dataclass(frozen=True, kw_only=True)
class Document:
    name: str
    pdf: bytes


def printables(dossier: Dossier, *, for_owner: bool = False) -> list[Printable]:
    """What can be printed, in the order of a dossier's life. No query."""
    day = _first_day(dossier)
    there = {
        Meaning.SUBMISSION_SLIP: dossier.submitted_at is not None and dossier.received_at is None,
        Meaning.RECEIPT: dossier.received_at is not None,
        Meaning.SUPPLEMENT: dossier.supplement_count > 0,
        Meaning.REFUSAL: dossier.status == Status.REFUSED_INTAKE,
        Meaning.APOLOGY: dossier.promised_at is not None,
        Meaning.STOP_NOTICE: dossier.status in (Status.STOPPED, Status.WITHDRAWN),
        Meaning.CONTROL_SLIP: dossier.received_at is not None,
    }
    return [
        Printable(meaning=meaning, title=printing.form_for(meaning, on=day).title)
        for meaning, has in there.items()
        if has and (not for_owner or meaning in FOR_THE_OWNER)
    ]


def document(dossier: Dossier, meaning: Meaning) -> Document:
    """The form as PDF, always in Vietnamese. Raises NotFound when the dossier has none of this kind."""
    if meaning not in {printable.meaning for printable in printables(dossier)}:
        raise NotFound
    with translation.override("vi"):
        facts = _MAKE[meaning](_Told(dossier))
    pdf = printing.render(meaning, facts, printing.form_for(meaning, on=_first_day(dossier)))
    return Document(name=f"{dossier}-{meaning.value.replace('_', '-')}.pdf", pdf=pdf)


def _first_day(dossier: Dossier) -> date:
    """The day whose forms a dossier keeps: of its reception, before that of its filing."""
    at = dossier.received_at or dossier.submitted_at
    assert at is not None  # it came by one of the two ways
    return timezone.localdate(at)


class _Told:
    """A dossier and its history, as the forms want them."""

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier
        self.version = procedures.version(dossier.version_id)
        self.history = history_of(dossier)

    def last(self, kind: Any) -> HistoryRow:
        """The latest event of a kind. Raises NotFound."""
        row = must_exist(next((row for row in reversed(self.history) if row.name == kind.name), None))
        return row

    @property
    def case(self) -> f.Case:
        dossier = self.dossier
        address = f"{settings.PUBLIC_URL.rstrip('/')}{reverse('dossiers:track')}?{urlencode({'ma': str(dossier)})}"
        return f.Case(
            procedure_name=self.version.name,
            procedure_code=self.version.code,
            code=dossier.code or "",
            submission_code=dossier.submission_code or "",
            look_up_url=address,
        )

    @property
    def applicant(self) -> f.Applicant:
        dossier, filer = self.dossier, self.dossier.filer or {}
        return f.Applicant(
            owner_name=dossier.owner_name,
            id_number=dossier.owner_id_number,
            address=dossier.owner_address,
            phone=dossier.owner_phone,
            email=dossier.owner_email,
            filer_name=filer.get("name", ""),
            filer_relation=filer.get("relation", ""),
        )

    def sheet(self, unit_id: int, at: datetime, number: object = "") -> dict[str, Any]:
        """What every form carries. `number`: of its series, written as 07/TTPVHCC."""
        agency, made_up = agency_of(unit_id, on=timezone.localdate(at))
        said = [*stand_ins.announced(), *([_("Địa chỉ và số điện thoại của nơi nhận là ví dụ.")] if made_up else [])]
        return {
            "agency": agency,
            "made_at": at,
            "number": f"{str(number).zfill(2)}/TTPVHCC" if number else "",
            "stand_in": " ".join(said),
        }

    def papers(self, *, until: datetime) -> tuple[f.Paper, ...]:
        rows = Component.objects.filter(dossier=self.dossier, added_at__lte=until).order_by("id")
        return tuple(_paper(row) for row in rows)


def agency_of(unit_id: int, *, on: date) -> tuple[f.Agency, bool]:
    """The block at the top left as of a day; and whether its address is a made-up example."""
    unit = units.unit_row(unit_id, as_of=on)
    if unit.level == "agency":
        return _of_agency(unit, on=on), False
    committee = units.body(unit_id, Body.Kind.PEOPLE_COMMITTEE, as_of=on)
    centre = units.body(unit_id, Body.Kind.SERVICE_CENTRE, as_of=on)
    point = PointDetails.objects.filter(in_force(on), point__unit_id=unit_id).order_by("id").first()
    of_unit = f"{unit.full_name[:1].lower()}{unit.full_name[1:]}"
    agency = f.Agency(
        above=f"{committee.name if committee else _('Ủy ban nhân dân')} {of_unit}",
        name=centre.name if centre else _("Bộ phận Một cửa"),
        place=unit.name,
        address=point.address if point else "",
        phone=point.phone if point else "",
    )
    return agency, bool(point and point.is_example)


def _of_agency(unit: units.UnitRow, *, on: date) -> f.Agency:
    """A department or a branch under its city; a branch writes for the city's service centre."""
    city = units.unit_row(units.city_of(unit.id), as_of=on)
    over = Body.Kind.SERVICE_CENTRE if units.agency_kind(unit.id, on=on) == Body.Kind.BRANCH else Body.Kind.PEOPLE_COMMITTEE
    body = units.body(city.id, over, as_of=on)
    of_city = f"{city.full_name[:1].lower()}{city.full_name[1:]}"
    return f.Agency(above=f"{body.name} {of_city}" if body else city.full_name, name=unit.full_name, place=city.name)


_ELECTRONIC = frozenset({Component.How.UPLOADED, Component.How.DATA, Component.How.REUSED})


def _paper(row: Component) -> f.Paper:
    notes = {
        Component.How.DATA: _("Tra từ dữ liệu"),
        Component.How.REUSED: _("Dùng lại bản đã có"),
        Component.How.SHOWN: _("Đã xuất trình, không nộp"),
        Component.How.WAIVED: _("Miễn: %(reason)s") % {"reason": row.reason},
    }
    how = Component.How(row.how)
    kept = how in (Component.How.SCANNED,)
    return f.Paper(
        name=row.name,
        originals=row.originals if kept else 0,
        copies=row.copies if kept else 0,
        electronic=int(how in _ELECTRONIC),
        note=notes.get(how, ""),
    )


def _post_of(row: HistoryRow) -> str:
    """What stands above the name: in what right a signer signed, a line each; else the first post without its body."""
    signed_as: Any = row.facts.get("signed_as")
    if signed_as:
        return "\n".join(str(line) for line in signed_as)
    return row.actor_post.split(";")[0].split(",")[0].strip()


def _received(dossier: Dossier) -> tuple[datetime, datetime, str]:
    """When it came, when it is due, its code: a received dossier has all three (constraint dossier_code_once_received)."""
    assert dossier.received_at is not None
    assert dossier.due_at is not None
    assert dossier.code is not None
    return dossier.received_at, dossier.due_at, dossier.code


def _receipt(told: _Told) -> f.ReceiptFacts:
    dossier, event = told.dossier, told.last(events.RECEIVED)
    received_at, due_at, code = _received(dossier)
    sheet = told.sheet(dossier.receiving_unit_id, received_at, code.rsplit("-", 1)[-1])
    agency: f.Agency = sheet["agency"]
    due = event.facts.get("due_at")
    return f.ReceiptFacts(
        **sheet,
        case=told.case,
        applicant=told.applicant,
        papers=told.papers(until=received_at),
        time_limit=limit_words(told.version.limit),
        received_at=received_at,
        # As promised then: later pauses have their own slips.
        due_at=datetime.fromisoformat(due) if isinstance(due, str) else due_at,
        return_place=", ".join(part for part in (agency.name, agency.address) if part),
        return_by=str(dossier.get_return_by_display()),
        officer=f.Signer(post=_("Người tiếp nhận hồ sơ"), name=event.actor_name),
        charges=tuple(
            f.Charge(name=fee.name, amount_dong=fee.amount_dong, paid=fee.paid_at is not None)
            for fee in FeeDue.objects.filter(dossier=dossier).order_by("id")
        ),
        filer_signs=dossier.submitted_at is None,
        proof=f.ProofLine(
            code=proofs.code_as_shown(receipt_code(dossier)),
            url=proofs.url(receipt_code(dossier)),
            svg=proofs.qr_svg(receipt_code(dossier)),
        ),
    )


def _supplement(told: _Told) -> f.SupplementFacts:
    dossier = told.dossier
    request = must_exist(SupplementRequest.objects.filter(dossier=dossier).order_by("-id").first())
    return f.SupplementFacts(
        **told.sheet(dossier.receiving_unit_id, request.requested_at, request.slip_number),
        case=told.case,
        applicant=told.applicant,
        points=tuple(f.Lacking(what=item) for item in request.items),
        guidance=request.reason,
        until=request.answer_until,
        officer=f.Signer(post=_("Người hướng dẫn"), name=request.requested_by_name),
    )


def _refusal(told: _Told) -> f.RefusalFacts:
    event, dossier = told.last(events.REFUSED), told.dossier
    reasons: Any = event.facts.get("reasons", ())
    return f.RefusalFacts(
        **told.sheet(dossier.receiving_unit_id, event.at, event.facts.get("slip") or ""),
        case=told.case,
        applicant=told.applicant,
        reasons=tuple(str(reason) for reason in reasons),
        officer=f.Signer(post=_("Người tiếp nhận hồ sơ"), name=event.actor_name),
        filer_signs=dossier.submitted_at is None,
    )


def _apology(told: _Told) -> f.ApologyFacts:
    dossier, event = told.dossier, told.last(events.REAPPOINTED)
    assert dossier.promised_at is not None  # what `printables` asks
    received_at, _due_at, _code = _received(dossier)
    sheet = told.sheet(dossier.receiving_unit_id, event.at, event.facts.get("slip") or "")
    agency: f.Agency = sheet["agency"]
    elsewhere = dossier.resolving_unit_id != dossier.receiving_unit_id
    return f.ApologyFacts(
        **sheet,
        case=told.case,
        applicant=told.applicant,
        received_at=received_at,
        due_at=datetime.fromisoformat(str(event.facts["due_at"])),
        new_due_at=dossier.promised_at,
        reason=str(event.facts.get("reason", "")),
        return_place=", ".join(part for part in (agency.name, agency.address) if part),
        signer=f.Signer(post=_post_of(event), name=event.actor_name),
        responsible=agency_of(dossier.resolving_unit_id, on=timezone.localdate(event.at))[0].above if elsewhere else "",
    )


def _control_slip(told: _Told) -> f.ControlSlipFacts:
    dossier = told.dossier
    received_at, due_at, code = _received(dossier)
    runs = StepRun.objects.filter(dossier=dossier).order_by("number")
    pauses = Pause.objects.filter(dossier=dossier, starts_at__gte=received_at).order_by("id")
    names = {Status.SUPPLEMENT_REQUESTED: _("Chờ bổ sung"), Status.PAYMENT_REQUESTED: _("Chờ nghĩa vụ tài chính")}
    paused = tuple(
        _("%(why)s: %(start)s đến %(end)s")
        % {
            "why": names[Status(pause.status)],
            "start": instant(pause.starts_at),
            "end": instant(pause.ends_at) if pause.ends_at else "…",
        }
        for pause in pauses
    )
    extended = next((row for row in told.history if row.name == events.EXTENDED.name), None)
    return f.ControlSlipFacts(
        **told.sheet(dossier.resolving_unit_id, received_at, code.rsplit("-", 1)[-1]),
        case=told.case,
        applicant=told.applicant,
        received_at=received_at,
        due_at=due_at,
        hand_overs=tuple(_hand_overs(list(runs), dossier.owner_name)),
        legs=tuple(_leg(leg) for leg in Leg.objects.filter(dossier=dossier).select_related("body").order_by("number")),
        paused=paused,
        extended=words.extension_words(extended.facts) if extended else "",
        left_out=_left_out(told, [run.step_no for run in runs]),
    )


def _left_out(told: _Told, passed: Sequence[int]) -> tuple[str, ...]:
    """The steps of a branch this dossier does not take, by name."""
    dossier, steps = told.dossier, told.version.steps
    here = dossier.step_no if dossier.step_no is not None else max(passed, default=None)
    return tuple(steps[place].name for place in rules.steps_left_out(here, steps, answers_of(dossier), passed))


def _hand_overs(runs: Sequence[StepRun], owner_name: str) -> list[f.HandOver]:
    giver = owner_name
    lines = []
    for run in runs:
        receiver = run.assignee_name or str(DUTIES[run.duty].label)
        lines.append(
            f.HandOver(
                step=run.name,
                giver=giver,
                receiver=receiver,
                received_at=run.started_at,
                due_at=run.due_at,
                handed_at=run.finished_at,
                pace=_pace(run),
                note=run.note,
            )
        )
        giver = receiver
    return lines


def _leg(leg: Leg) -> f.LegLine:
    returned = leg.outcome == Leg.Outcome.RETURNED
    return f.LegLine(
        body=name_of(leg, on=timezone.localdate(leg.handed_over_at)),
        handed_over_at=leg.handed_over_at,
        limit=words.working_hours(leg.minutes),
        due_at=leg.due_at,
        taken_at=leg.taken_at,
        taken_by=leg.taken_by_name or (_("hệ thống tính là đã nhận") if leg.taken_at else ""),
        given_back_at=leg.finished_at,
        pace=_leg_pace(leg),
        late=words.working_hours(leg.late_minutes) if leg.late_minutes else "",
        note=_("Trả lại: %(reason)s") % {"reason": leg.reason or _("theo yêu cầu")} if returned else "",
    )


def _leg_pace(leg: Leg) -> f.Pace | None:
    """By what the leg was charged: pauses are left out of that, so the clock on the wall does not decide."""
    if leg.finished_at is None:
        return None
    if leg.late_minutes:
        return f.Pace.LATE
    same_day = timezone.localdate(leg.finished_at) == timezone.localdate(leg.due_at)
    return f.Pace.ON_TIME if same_day else f.Pace.EARLY


def _pace(run: StepRun) -> f.Pace | None:
    """Before, on or after its time: 'on' is the same working day."""
    if run.finished_at is None or run.due_at is None:
        return None
    if run.finished_at > run.due_at:
        return f.Pace.LATE
    same_day = timezone.localdate(run.finished_at) == timezone.localdate(run.due_at)
    return f.Pace.ON_TIME if same_day else f.Pace.EARLY


def _stop_notice(told: _Told) -> f.StopFacts:
    dossier = told.dossier
    withdrawn = dossier.status == Status.WITHDRAWN
    event = told.last(events.WITHDRAWN if withdrawn else events.STOPPED)
    # Only when the time the owner was given is over: stopped sooner, the paper would say what is not so.
    asked = SupplementRequest.objects.filter(dossier=dossier, completed_at=None, answer_until__lt=event.at).first()
    kind = f.StopKind.WITHDRAWN if withdrawn else f.StopKind.NOT_SUPPLEMENTED if asked else f.StopKind.OTHER
    return f.StopFacts(
        **told.sheet(dossier.resolving_unit_id, event.at, event.facts.get("slip") or ""),
        case=told.case,
        applicant=told.applicant,
        kind=kind,
        signer=f.Signer(post=_post_of(event), name=event.actor_name if event.actor_post else ""),
        received_at=dossier.received_at,
        asked_at=event.at if withdrawn else None,
        requested_at=asked.requested_at if asked and not withdrawn else None,
        reason=str(event.facts.get("reason", "")),
        basis=words.authority_words(cases.authority_of(dossier)),
    )


def _submission_slip(told: _Told) -> f.SubmissionFacts:
    dossier, event = told.dossier, told.last(events.SUBMITTED)
    assert dossier.submitted_at is not None
    until = event.facts.get("answer_due_at")
    return f.SubmissionFacts(
        **told.sheet(dossier.receiving_unit_id, dossier.submitted_at),
        case=told.case,
        applicant=told.applicant,
        papers=told.papers(until=dossier.submitted_at),
        submitted_at=dossier.submitted_at,
        answer_due_at=datetime.fromisoformat(str(until)),
    )


def carriage_slip(carriage: Carriage) -> Document:
    """The slip of a trip, with what was on it when it left, always in Vietnamese."""
    on = timezone.localdate(carriage.sent_at)
    names = units.unit_rows([carriage.from_unit_id, carriage.to_unit_id], as_of=on)
    agency, made_up = agency_of(carriage.from_unit_id, on=on)
    what = dict(PaperDebt.What.choices)
    with translation.override("vi"):
        said = [*stand_ins.announced(), *([_("Địa chỉ và số điện thoại của nơi nhận là ví dụ.")] if made_up else [])]
        facts = f.CarriageFacts(
            agency=agency,
            made_at=carriage.sent_at,
            number=str(carriage),
            stand_in=" ".join(said),
            code=carriage.code,
            scan_url=f"{settings.PUBLIC_URL.rstrip('/')}{reverse('dossiers:carriages')}?{urlencode({'ma': carriage.code})}",
            from_name=names[carriage.from_unit_id].full_name,
            to_name=names[carriage.to_unit_id].full_name,
            sent_at=carriage.sent_at,
            carrier=carriage.carrier,
            rows=tuple(
                f.CarriedRow(
                    code=item["code"],
                    what=str(what.get(item["what"], "")),
                    papers=tuple(f.Paper(**paper) for paper in item["papers"]),
                    originals=sum(paper["originals"] for paper in item["papers"]),
                    copies=sum(paper["copies"] for paper in item["papers"]),
                )
                for item in carriage.items
            ),
            received_at=carriage.received_at,
            discrepancies=carriage.discrepancies,
            giver=f.Signer(post=_("Bên giao"), name=carriage.sent_by_name),
            taker=f.Signer(post=_("Bên nhận"), name=carriage.received_by_name),
        )
    pdf = printing.render(Meaning.CARRIAGE_SLIP, facts, printing.form_for(Meaning.CARRIAGE_SLIP, on=on))
    return Document(name=f"phieu-ban-giao-{carriage.number:04}-{carriage.year}.pdf", pdf=pdf)


_MAKE: dict[Meaning, Callable[[_Told], f.Facts]] = {
    Meaning.RECEIPT: _receipt,
    Meaning.SUPPLEMENT: _supplement,
    Meaning.REFUSAL: _refusal,
    Meaning.APOLOGY: _apology,
    Meaning.CONTROL_SLIP: _control_slip,
    Meaning.STOP_NOTICE: _stop_notice,
    Meaning.SUBMISSION_SLIP: _submission_slip,
}
