"""A partner's leg: taken over, given back, reminded of, answered through the mailbox; and the tax office's payment notice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.dossiers import events
from thongsuot.dossiers.actions import errors, legs
from thongsuot.dossiers.actions.moving import Case, locked, must_be, must_hold_step, open_run, pause
from thongsuot.dossiers.actions.opinions import check_apart, must_follow
from thongsuot.dossiers.actions.own_files import not_theirs
from thongsuot.dossiers.actions.processing import forward, return_step
from thongsuot.dossiers.models import Dossier, Leg, PaymentNotice, Status, StepRun
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.events import EventKind
from thongsuot.kernel.text import one_line
from thongsuot.people import queries as people

MOST_DONG = 10**12


@command
def take_over_leg(dossier_id: int, *, actor: Actor, at: datetime) -> Dossier:
    """A person of the partner takes the dossier over and becomes the holder of its step. The limit runs as it did.

    Raises NotYourDuty, NotAtPartner, AlreadyTaken.
    """
    case = locked(dossier_id, at=at)
    leg = _open_leg(case)
    must_hold_step(case, actor)
    if leg.taken_at is not None and leg.taken_by_name:
        raise errors.AlreadyTaken
    leg.taken_at, leg.taken_by_name = at, actor.name
    leg.save(update_fields=["taken_at", "taken_by_name"])
    run = open_run(case.dossier)
    if run is not None and run.assignee_id is None and actor.person_id is not None:
        run.assignee_id, run.assignee_name = actor.person_id, actor.name
        run.save(update_fields=["assignee_id", "assignee_name"])
        case.dossier.assignee_id = actor.person_id
        case.dossier.save(update_fields=["assignee_id"])
    _taken(case, leg, by_system=False, actor=actor, at=at)
    return case.dossier


def to_take_over(*, at: datetime) -> list[int]:
    """Dossiers whose hand-over nobody confirmed although their limit runs: at most 1,000 at a time."""
    found = Leg.objects.filter(finished_at=None, taken_at=None, starts_at__lte=at).order_by("starts_at", "pk")
    return list(found.values_list("dossier_id", flat=True)[:1000])


@command
def count_as_taken(dossier_id: int, *, actor: Actor, at: datetime) -> Dossier:
    """Nobody confirmed: handed over by 15:00 it counts as taken at once, after that on the next working morning.

    Raises NotAtPartner, NotYourDuty (only the house does this), AlreadyTaken.
    """
    if not actor.trusted:
        raise NotYourDuty("count as taken")
    case = locked(dossier_id, at=at)
    leg = Leg.objects.select_for_update().filter(dossier=case.dossier, finished_at=None).first()
    if leg is None:
        raise errors.NotAtPartner
    if leg.taken_at is not None or leg.starts_at > at:
        raise errors.AlreadyTaken
    leg.taken_at = leg.starts_at
    leg.save(update_fields=["taken_at"])
    _taken(case, leg, by_system=True, actor=actor, at=at)
    return case.dossier


def _taken(case: Case, leg: Leg, *, by_system: bool, actor: Actor, at: datetime) -> None:
    _tell(events.LEG_TAKEN, case, leg, actor=actor, at=at, by_system=by_system, taken_at=leg.taken_at, due_at=leg.due_at)


def _tell(kind: EventKind, case: Case, leg: Leg, *, actor: Actor, at: datetime, **facts: object) -> None:
    """What a partner did with its leg, under its name of that day."""
    by = legs.name_of(leg, on=timezone.localdate(at))
    record(kind, case.dossier, actor=actor, at=at, unit_id=leg.unit_id, leg=leg.number, by=by, **facts)


@command
def return_leg(dossier_id: int, *, reason: str, actor: Actor, at: datetime) -> Dossier:
    """The partner does not take it on and gives it back to the leg before, to the step that sent it. The due date stays.

    Raises NotYourDuty, NotAtPartner, NoEarlierLeg, BadInput.
    """
    case = locked(dossier_id, at=at)
    must_be(case.dossier, Status.PROCESSING)
    leg = _open_leg(case)
    must_hold_step(case, actor)
    reason = one_line(reason)[:1000]
    if not reason:
        raise BadInput({"reason": _("Hãy ghi vì sao trả lại, để nơi gửi biết cần sửa gì.")})
    step = case.step
    target = _sent_from(case, leg)
    leg.reason = reason
    leg.save(update_fields=["reason"])
    _tell(events.LEG_RETURNED, case, leg, actor=actor, at=at, reason=reason)
    return return_step(dossier_id, step_key=step.key, to_step=target, reason=reason, actor=actor, at=at)


def _sent_from(case: Case, leg: Leg) -> str:
    """The step that was finished when the dossier was handed to this leg. Raises NoEarlierLeg at the desk's own."""
    before = StepRun.objects.filter(dossier=case.dossier, finished_at__lte=leg.handed_over_at, step_no__gt=0)
    here = case.dossier.step_no or 0
    sent = before.exclude(step_no=here).order_by("-number").values_list("step_key", flat=True).first()
    number = case.step_numbered(sent) if sent else None
    if sent is None or number is None or number >= here:
        raise errors.NoEarlierLeg
    return sent


@command
def remind_leg(dossier_id: int, *, actor: Actor, at: datetime) -> Dossier:
    """The resolving unit reminds the partner that has the dossier; a letter to its people follows as a reaction.

    Raises NotYourDuty, NotAtPartner, RemindedJustNow.
    """
    case = locked(dossier_id, at=at)
    must_follow(actor, case.dossier.resolving_unit_id)
    leg = _open_leg(case)
    check_apart(leg.reminded_at, at)
    leg.reminded_at = at
    leg.save(update_fields=["reminded_at"])
    record(
        events.LEG_REMINDED,
        case.dossier,
        actor=actor,
        at=at,
        unit_id=case.dossier.resolving_unit_id,
        leg=leg.number,
        to_unit=leg.unit_id,
        to=legs.name_of(leg, on=timezone.localdate(at)),
        due_at=leg.due_at,
        late=at > leg.due_at,
    )
    return case.dossier


@command
def answer_for_partner(
    dossier_id: int, *, step_key: str, answered_by: str, document: str, note: str = "", actor: Actor, at: datetime
) -> Dossier:
    """Enter what a partner without accounts answered on paper: its step is finished in its name. A stand-in, and says so.

    answered_by   who answered there; document   number and day of their letter
    Raises NotYourDuty, NotAtPartner, NoticeMissing, BadInput and the refusals of `forward`.
    """
    case = locked(dossier_id, at=at)
    stand_in, words = _in_the_name_of(case, answered_by=answered_by, document=document, actor=actor)
    note = one_line(note)
    if case.step.key == step_key:
        legs.check_leaving(case, note=note)  # who answered is no reason why nothing is due
    return forward(dossier_id, step_key=step_key, note=f"{words} {note}".strip()[:1000], actor=stand_in, at=at)


@command
def notice_for_partner(
    dossier_id: int,
    *,
    step_key: str,
    answered_by: str,
    document: str,
    number: str,
    amount_dong: int,
    pay_by: date,
    file_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> PaymentNotice:
    """Enter the payment notice of a tax office without accounts. Raises as `answer_for_partner` and `issue_payment_notice`."""
    case = locked(dossier_id, at=at)
    stand_in, _words = _in_the_name_of(case, answered_by=answered_by, document=document, actor=actor)
    return issue_payment_notice(
        dossier_id,
        step_key=step_key,
        number=number,
        amount_dong=amount_dong,
        pay_by=pay_by,
        file_id=file_id,
        actor=stand_in,
        at=at,
    )


def _in_the_name_of(case: Case, *, answered_by: str, document: str, actor: Actor) -> tuple[Actor, str]:
    """The actor with the partner's power for this one step, still under their own name; and the words for the slip."""
    dossier = case.dossier
    must_follow(actor, dossier.resolving_unit_id)
    leg = _open_leg(case)
    day = timezone.localdate(case.at)
    body = legs.name_of(leg, on=day)
    if people.staff_with_duty(case.step.duty, leg.unit_id, on=day):
        raise NotYourDuty("answer for partner")  # its own people answer
    answered_by, document = one_line(answered_by)[:200], one_line(document)[:100]
    problems = {}
    if not answered_by:
        problems["answered_by"] = _("Hãy ghi người trả lời ở cơ quan phối hợp.")
    if not document:
        problems["document"] = _("Hãy ghi số và ngày văn bản trả lời.")
    if problems:
        raise BadInput(problems)
    words = _("%(body)s trả lời: %(who)s, văn bản %(document)s.") % {
        "body": body,
        "who": answered_by,
        "document": document,
    }
    held = frozenset({leg.unit_id})
    duties = {**actor.duties, case.step.duty: actor.units_for(case.step.duty) | held}
    return replace(actor, duties=duties, post=(_("Nhập thay %(body)s") % {"body": body})[:200]), words


@command
def issue_payment_notice(
    dossier_id: int,
    *,
    step_key: str,
    number: str,
    amount_dong: int,
    pay_by: date,
    file_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> PaymentNotice:
    """The tax office says what is to be paid: its step ends, the dossier goes on and stands in 6 until payment is proved.

    Only the body of a step that asks for payment issues it. Raises NotYourDuty, WrongStep, NotAtPartner, BadInput.
    """
    case = locked(dossier_id, at=at)
    dossier, step = case.dossier, case.step
    must_be(dossier, Status.PROCESSING)
    if step.key != step_key:
        raise errors.WrongStep(step.name)
    leg = _open_leg(case)
    if not step.asks_payment:
        raise errors.NotAtPartner
    must_hold_step(case, actor)
    number = one_line(number)[:60]
    problems = {}
    if not number:
        problems["number"] = _("Hãy ghi số thông báo.")
    if not 0 < amount_dong <= MOST_DONG:
        problems["amount_dong"] = _("Số tiền phải từ 1 đồng trở lên. Không phát sinh nghĩa vụ thì chuyển bước và ghi lý do.")
    if pay_by < timezone.localdate(at):
        problems["pay_by"] = _("Hạn nộp không được ở trong quá khứ.")
    if says := not_theirs([file_id], actor=actor, dossier_id=dossier_id):
        problems["file"] = says
    if problems:
        raise BadInput(problems)
    notice = PaymentNotice.objects.create(
        dossier=dossier,
        leg=leg,
        number=number,
        amount_dong=amount_dong,
        pay_by=pay_by,
        file_id=file_id,
        issued_at=at,
        issued_by_name=actor.name,
    )
    body = legs.name_of(leg, on=timezone.localdate(at))
    record(
        events.PAYMENT_NOTICE_ISSUED,
        dossier,
        actor=actor,
        at=at,
        unit_id=leg.unit_id,
        notice=notice.pk,
        number=number,
        amount_dong=amount_dong,
        pay_by=pay_by,
        by=body,
    )
    forward(dossier_id, step_key=step_key, actor=actor, at=at)
    waiting = locked(dossier_id, at=at)
    pause(waiting, Status.PAYMENT_REQUESTED, at=at)
    waiting.dossier.save()
    record(
        events.PAYMENT_REQUESTED,
        waiting.dossier,
        actor=actor,
        at=at,
        unit_id=waiting.dossier.resolving_unit_id,
        reason=_("Nộp tiền theo thông báo số %(number)s của %(body)s, chậm nhất %(day)s.")
        % {"number": number, "body": body, "day": f"{pay_by:%d/%m/%Y}"},
        amount_dong=amount_dong,
    )
    return notice


def _open_leg(case: Case) -> Leg:
    """The partner's leg that is open, under its lock. Raises NotAtPartner."""
    if case.dossier.step_unit_id is None:
        raise errors.NotAtPartner
    leg = Leg.objects.select_related("body").select_for_update(of=("self",)).filter(dossier=case.dossier, finished_at=None)
    found = leg.first()
    if found is None:
        raise errors.NotAtPartner
    return found
