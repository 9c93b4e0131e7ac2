"""The answer: written, approved, told to every sender; then published without what is private, or withheld with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from thongsuot.feedback import events
from thongsuot.feedback.actions import cells, errors
from thongsuot.feedback.actions.common import (
    APPROVE,
    TAKE,
    TOLD,
    State,
    Step,
    end_waiting_extension,
    locked,
    must_be_in,
    must_be_real,
    must_handle,
    public_place,
    step_due,
    stop_clock,
    words_of,
)
from thongsuot.feedback.actions.photographing import keep_photos, publish_photos, read_photos, store_photos
from thongsuot.feedback.facts import PhotoUpload
from thongsuot.feedback.models import Answer, FeedbackTicket, Photo
from thongsuot.feedback.rules.masking import holds_private
from thongsuot.feedback.words import WithheldReason
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.text import one_line, search_key


@command
def submit_answer(
    ticket_id: int,
    words: str,
    *,
    done: bool = True,
    photos: Sequence[PhotoUpload] = (),
    before: Sequence[PhotoUpload] = (),
    actor: Actor,
    at: datetime,
) -> Answer:
    """What the unit wants to answer, for whoever approves. `photos`: after the work; `before`: the unit's own, before it.

    Raises NotYourDuty, NotInThisState, BadInput, what pictures refuse.
    """
    ticket = locked(ticket_id)
    must_handle(ticket, actor)
    must_be_in(ticket, {State.ACCEPTED, State.IN_PROGRESS})
    sets = [(Photo.Role.AFTER, photos), (Photo.Role.BEFORE, before)]
    kept = [
        (role, read_photos(given, city_id=ticket.city_id, at=at), store_photos(given, actor=actor, at=at))
        for role, given in sets
        if given
    ]
    answer = Answer.objects.create(
        ticket=ticket,
        round=ticket.round,
        unit_id=must_exist(ticket.unit_id),
        words=words_of(words),
        done=done,
        written_by_id=actor.person_id,
        written_at=at,
    )
    for role, read, stored in kept:
        keep_photos(ticket, stored, read, role=role, answer=answer, at=at)
    end_waiting_extension(ticket, at)
    ticket.state = State.ANSWERED
    ticket.save(update_fields=["state"])
    record(events.SUBMITTED, ticket, actor=actor, at=at, unit_id=ticket.unit_id, answer=answer.pk)
    return answer


@command
def send_back_answer(answer_id: int, *, note: str, actor: Actor, at: datetime) -> Answer:
    """To be written anew, and what is wanted. Raises NotYourDuty, HigherReview, NotInThisState, BadInput."""
    ticket, answer = _waiting(answer_id, actor)
    answer.state, answer.note = Answer.State.SENT_BACK, words_of(note, "note", most=1000)
    answer.decided_at, answer.decided_by_id = at, actor.person_id
    answer.save()
    ticket.state = State.IN_PROGRESS
    ticket.save(update_fields=["state"])
    record(events.SENT_BACK, ticket, actor=actor, at=at, unit_id=ticket.unit_id, answer=answer.pk)
    return answer


@command
def take_back_answer(answer_id: int, *, actor: Actor, at: datetime) -> Answer:
    """Who wrote it wants to change it, while nobody has decided. Raises NotYourDuty, NotInThisState."""
    ticket_id = must_exist(Answer.objects.filter(pk=answer_id).values_list("ticket_id", flat=True).first())
    ticket = locked(ticket_id)
    must_handle(ticket, actor)
    answer = Answer.objects.select_for_update(of=("self",)).get(pk=answer_id)
    if answer.state != Answer.State.SUBMITTED or ticket.state != State.ANSWERED:
        raise errors.NotInThisState
    answer.state, answer.decided_at, answer.decided_by_id = Answer.State.SENT_BACK, at, actor.person_id
    answer.save()
    ticket.state = State.IN_PROGRESS
    ticket.save(update_fields=["state"])
    record(events.SENT_BACK, ticket, actor=actor, at=at, unit_id=ticket.unit_id, answer=answer.pk, taken_back=True)
    return answer


@command
def approve_answer(answer_id: int, *, actor: Actor, at: datetime) -> Answer:
    """It goes to the sender, and to the senders of all children. Whoever wrote it does not approve it.

    Raises NotYourDuty, HigherReview, OwnAnswer, NotInThisState.
    """
    ticket, answer = _waiting(answer_id, actor)
    if answer.written_by_id is not None and answer.written_by_id == actor.person_id:
        raise errors.OwnAnswer
    answer.state, answer.decided_at, answer.decided_by_id = Answer.State.APPROVED, at, actor.person_id
    answer.save()
    more_time = ticket.asked_extensions.filter(round=ticket.round, asked_at__gte=ticket.routed_at or at, late=True)
    in_time = bool(ticket.due_at and at <= ticket.due_at) and not more_time.exists()
    ticket.state, ticket.answered_at = State.APPROVED, at
    stop_clock(ticket)
    ticket.step_due_at = None if ticket.withheld else step_due(Step.PUBLISH, ticket, at)
    ticket.save()
    cells.keep(ticket)
    record(
        events.ANSWERED,
        ticket,
        actor=actor,
        at=at,
        unit_id=ticket.unit_id,
        answer=answer.pk,
        round=ticket.round,
        in_time=in_time,
    )
    return answer


def _waiting(answer_id: int, actor: Actor) -> tuple[FeedbackTicket, Answer]:
    ticket_id = must_exist(Answer.objects.filter(pk=answer_id).values_list("ticket_id", flat=True).first())
    ticket = locked(ticket_id)
    answer = Answer.objects.select_for_update(of=("self",)).get(pk=answer_id)
    if not actor.may(APPROVE, unit_id=ticket.city_id):
        actor.must(APPROVE, unit_id=must_exist(ticket.unit_id))
        if ticket.higher_review and ticket.unit_id != ticket.city_id:
            raise errors.HigherReview
    if answer.state != Answer.State.SUBMITTED or ticket.state != State.ANSWERED:
        raise errors.NotInThisState
    return ticket, answer


@command
def publish(ticket_id: int, *, question: str, answer: str, address: str = "", actor: Actor, at: datetime) -> FeedbackTicket:
    """What everybody may read, as whoever publishes it read it over. Pictures go along as covered, without their facts.

    Of a masked ticket the ward is all that is said of the place.
    Raises NotYourDuty, NotInThisState, IsDrill, StillPrivate, PhotosNotReady, BadInput.
    """
    ticket = locked(ticket_id)
    _must_publish(ticket, actor)
    must_be_in(ticket, TOLD)
    must_be_real(ticket)
    if ticket.published_at is not None:
        raise errors.IsPublic
    reply = must_exist(ticket.replies.filter(state=Answer.State.APPROVED).order_by("-round").first())
    question, said = words_of(question, "question"), words_of(answer, "answer")
    address = "" if ticket.masked else one_line(address)[:300]
    private = _private_of(ticket)
    if any(holds_private(text, private) for text in (question, said, address)):
        raise errors.StillPrivate
    publish_photos(ticket)
    reply.public_words = said
    reply.save(update_fields=["public_words"])
    ticket.withheld = ""
    ticket.public_words, ticket.public_address, ticket.published_at = question, address, at
    ticket.public_latitude, ticket.public_longitude = public_place(ticket)
    ticket.public_key = search_key(f"{ticket.number} {question} {address} {said}")[:4500]
    if ticket.state == State.APPROVED:
        ticket.state = State.PUBLISHED
    ticket.step_due_at = None
    ticket.save()
    cells.keep(ticket)
    record(events.PUBLISHED, ticket, actor=actor, at=at, unit_id=ticket.unit_id, answer=reply.pk)
    return ticket


@command
def withhold(ticket_id: int, reason: str, *, actor: Actor, at: datetime) -> FeedbackTicket:
    """Answered, and not for everybody to read; the sender is told why. Raises NotYourDuty, NotInThisState, BadInput."""
    ticket = locked(ticket_id)
    _must_publish(ticket, actor)
    must_be_in(ticket, TOLD)
    if reason not in WithheldReason.values:
        raise BadInput({"reason": _("Hãy chọn lý do.")})
    was_public = ticket.published_at is not None
    if was_public:
        take_off(ticket)
    ticket.withheld, ticket.step_due_at = reason, None
    ticket.save()
    cells.keep(ticket)
    record(events.WITHHELD, ticket, actor=actor, at=at, unit_id=ticket.unit_id, reason=reason, was_public=was_public)
    return ticket


@command
def unpublish(ticket_id: int, *, actor: Actor, at: datetime) -> FeedbackTicket:
    """Off the public pages at once, to be looked at again. Raises NotYourDuty, NotInThisState."""
    ticket = locked(ticket_id)
    _must_publish(ticket, actor)
    if ticket.published_at is None:
        raise errors.NotInThisState
    take_off(ticket)
    ticket.step_due_at = None if ticket.ended_at else step_due(Step.PUBLISH, ticket, at)
    ticket.save()
    cells.keep(ticket)
    record(events.UNPUBLISHED, ticket, actor=actor, at=at, unit_id=ticket.unit_id)
    return ticket


def take_off(ticket: FeedbackTicket) -> None:
    """Within a command: nothing of it is public any more once it is saved and `cells.keep` was told."""
    ticket.published_at = ticket.public_latitude = ticket.public_longitude = None
    ticket.public_words = ticket.public_address = ticket.public_key = ""
    if ticket.state == State.PUBLISHED:
        ticket.state = State.APPROVED
    ticket.photos.update(public=None)
    ticket.replies.update(public_words="")


def _must_publish(ticket: FeedbackTicket, actor: Actor) -> None:
    if not actor.may(TAKE, unit_id=ticket.city_id):
        actor.must(APPROVE, unit_id=ticket.unit_id or ticket.city_id)


def _private_of(ticket: FeedbackTicket) -> tuple[str, ...]:
    """Of this sender, and of everybody whose report hangs on it."""
    of = FeedbackTicket.objects.filter(parent=ticket).values("reporter__name", "reporter__phone", "reporter__email")
    sender = ticket.reporter
    rows = [
        (sender.name, sender.phone, sender.email),
        *((row["reporter__name"], row["reporter__phone"], row["reporter__email"]) for row in of),
    ]
    return tuple(text for row in rows for text in row if text)
