"""Asking another body and answering. The clock goes on; silence is agreement only where the procedure's data says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.dossiers import events
from thongsuot.dossiers.actions import errors
from thongsuot.dossiers.actions.moving import Case, locked, must_be, must_hold_step
from thongsuot.dossiers.models import Opinion, Status
from thongsuot.dossiers.queries.settings import setting
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotYourDuty, TellPerson, must_exist
from thongsuot.kernel.events import EventKind
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import one_line
from thongsuot.kernel.working_time import add_working_days, working_days_between
from thongsuot.units import queries as units
from thongsuot.units.models import Body

REMINDERS_APART_HOURS = 4


class RemindedJustNow(TellPerson):
    code = "dossiers.reminded_just_now"
    says = gettext_lazy("Vừa nhắc cách đây chưa lâu. Hãy gọi điện nếu cần gấp, hoặc nhắc lại sau vài giờ.")


class NothingToPutOff(TellPerson):
    code = "dossiers.nothing_to_put_off"
    says = gettext_lazy("Hạn trả lời vẫn là ngày làm việc nên giữ nguyên. Hãy tải lại trang để xem hạn.")


def waiting_for(case: Case) -> int:
    """Questions about the dossier that nobody answered yet."""
    return Opinion.objects.filter(dossier=case.dossier, answered_at=None).count()


@command
def ask_opinion(
    dossier_id: int, *, body_id: int, question: str, answer_by: date | None = None, actor: Actor, at: datetime
) -> Opinion:
    """Ask a body: of the resolving unit, of its city, of another commune of the city, or a department. The clock goes on.

    answer_by   the last day to answer; None: the usual number of working days (setting `opinion_days`)
    Whether silence past that day is agreement is taken from the step that is open, with the text that says so.
    Raises NotYourDuty, MoveNotAllowed, BadInput, NotFound.
    """
    case = locked(dossier_id, at=at)
    dossier, day = case.dossier, timezone.localdate(at)
    must_be(dossier, Status.PROCESSING)
    must_hold_step(case, actor)
    question = one_line(question)
    if not question:
        raise BadInput({"question": _("Hãy ghi điều cần hỏi.")})
    city_id = units.city_of(dossier.resolving_unit_id)
    in_city = Q(unit_id=city_id) | Q(unit__parent_id=city_id)
    body = must_exist(Body.objects.filter(in_force(day), in_city, pk=body_id).first())
    if answer_by is None:
        answer_by = add_working_days(day, setting("opinion_days", on=day), case.calendar)
    most = setting("opinion_days_most", on=day)
    if not case.calendar.works(answer_by) or not day <= answer_by or working_days_between(day, answer_by, case.calendar) > most:
        raise BadInput(
            {"answer_by": _("Hạn trả lời phải là ngày làm việc, trong %(most)s ngày làm việc tới.") % {"most": most}}
        )
    opinion = Opinion.objects.create(
        dossier=dossier,
        body=body,
        question=question[:1000],
        asked_at=at,
        asked_by_name=actor.name,
        answer_until=case.calendar.closing(answer_by),
        silence_basis=case.step.silence_basis[:300],
    )
    record(
        events.OPINION_ASKED,
        dossier,
        actor=actor,
        at=at,
        unit_id=dossier.resolving_unit_id,
        body=body.pk,
        body_name=body.name,
        answer_until=opinion.answer_until,
        opinion=opinion.pk,
    )
    return opinion


@command
def give_opinion(opinion_id: int, *, answer: str, actor: Actor, at: datetime) -> Opinion:
    """Answer for the body that was asked. Raises NotYourDuty, BadInput, NotFound."""
    opinion = _locked(opinion_id)
    actor.must("process dossiers", unit_id=opinion.body.unit_id)
    answer = one_line(answer)
    if not answer:
        raise BadInput({"answer": _("Hãy ghi ý kiến trả lời.")})
    opinion.answer, opinion.answered_at, opinion.answered_by_name = answer[:2000], at, actor.name
    opinion.save()
    record(
        events.OPINION_GIVEN,
        opinion.dossier,
        actor=actor,
        at=at,
        unit_id=opinion.body.unit_id,
        body=opinion.body_id,
        body_name=opinion.body.name,
        late=at > opinion.answer_until,
    )
    return opinion


def _tell(kind: EventKind, opinion: Opinion, *, actor: Actor, at: datetime, **facts: object) -> None:
    """In the history of the dossier, where the unit that asked reads it."""
    record(
        kind,
        opinion.dossier,
        actor=actor,
        at=at,
        unit_id=opinion.dossier.resolving_unit_id,
        opinion=opinion.pk,
        body=opinion.body_id,
        body_name=opinion.body.name,
        **facts,
    )


@command
def remind_opinion(opinion_id: int, *, actor: Actor, at: datetime) -> Opinion:
    """Send the body asked a reminder: a letter to its people follows as a reaction. Not again within some hours.

    Raises NotFound, NotYourDuty, RemindedJustNow.
    """
    opinion = _locked(opinion_id)
    must_follow(actor, opinion.dossier.resolving_unit_id)
    check_apart(opinion.reminded_at, at)
    opinion.reminded_at = at
    opinion.save(update_fields=["reminded_at"])
    _tell(events.OPINION_REMINDED, opinion, actor=actor, at=at, late=at > opinion.answer_until)
    return opinion


def silent_ones(*, at: datetime) -> list[int]:
    """Questions past their date whose silence is agreement by the procedure: at most 500 at a time.

    Of dossiers that still wait for them: silence agrees to nothing that is decided or over.
    """
    waiting = {"dossier__resolved_at": None, "dossier__ended_at": None}
    found = Opinion.objects.filter(answered_at=None, answer_until__lt=at, **waiting).exclude(silence_basis="")
    return list(found.order_by("answer_until", "pk").values_list("pk", flat=True)[:500])


@command
def settle_silence(opinion_id: int, *, actor: Actor, at: datetime) -> Opinion:
    """Past the date without an answer: agreement, where the procedure's data names the text that says so.

    Raises NotFound, NotYourDuty (only the house does this), BadInput when silence says nothing here or the date is not past,
    MoveNotAllowed when the dossier is decided or over.
    """
    opinion = _locked(opinion_id)
    if not actor.trusted:
        actor.must("process dossiers", unit_id=opinion.dossier.resolving_unit_id)
    if opinion.dossier.resolved_at is not None or opinion.dossier.ended_at is not None:
        raise errors.MoveNotAllowed(opinion.dossier.status)
    if not opinion.silence_basis or at <= opinion.answer_until:
        raise BadInput({"opinion": _("Chưa quá hạn trả lời, hoặc thủ tục không coi im lặng là đồng ý. Hãy chờ hoặc nhắc.")})
    opinion.answered_at, opinion.by_silence = at, True
    opinion.save(update_fields=["answered_at", "by_silence"])
    record(
        events.OPINION_SILENT,
        opinion.dossier,
        actor=actor,
        at=at,
        unit_id=opinion.dossier.resolving_unit_id,
        body=opinion.body_id,
        body_name=opinion.body.name,
        basis=opinion.silence_basis,
        answer_until=opinion.answer_until,
    )
    return opinion


def to_put_off(days: Sequence[date]) -> list[int]:
    """Questions still waiting whose last day is one of these days."""
    found = Opinion.objects.filter(answered_at=None, dossier__ended_at=None, answer_until__date__in=list(days))
    return list(found.order_by("pk").values_list("pk", flat=True))


@command
def put_off_answer(opinion_id: int, *, actor: Actor, at: datetime) -> Opinion:
    """The last day to answer became a day off: it is the next working day, or silence would agree a working day too soon.

    Raises NotFound, NotYourDuty (only the house does this), NothingToPutOff when that day is worked.
    """
    if not actor.trusted:
        raise NotYourDuty("put off answers")
    opinion = _locked(opinion_id)
    calendar = units.working_calendar(opinion.dossier.resolving_unit_id, on=timezone.localdate(at))
    before = opinion.answer_until
    after = calendar.closing(calendar.working_day_from(timezone.localdate(before)))
    if after <= before:
        raise NothingToPutOff
    opinion.answer_until = after
    opinion.save(update_fields=["answer_until"])
    _tell(events.OPINION_PUT_OFF, opinion, actor=actor, at=at, answer_until=after)
    return opinion


FOLLOWERS = ("process dossiers", "assign dossiers", "review dossiers", "sign results")


def must_follow(actor: Actor, unit_id: int) -> None:
    """Whoever works on the resolving unit's dossiers may remind. Raises NotYourDuty."""
    if not any(actor.may(duty, unit_id=unit_id) for duty in FOLLOWERS):
        actor.must(FOLLOWERS[0], unit_id=unit_id)


def check_apart(reminded_at: datetime | None, at: datetime) -> None:
    """Raises RemindedJustNow."""
    if reminded_at is not None and (at - reminded_at).total_seconds() < REMINDERS_APART_HOURS * 3600:
        raise RemindedJustNow


def _locked(opinion_id: int) -> Opinion:
    """The row of one that waits for an answer. Raises NotFound."""
    found = Opinion.objects.select_related("dossier", "body").select_for_update(of=("self",))
    opinion = must_exist(found.filter(pk=opinion_id, answered_at=None).first())
    return opinion
