"""The answer: written, approved, told to every sender; then published without what is private, or withheld with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from thongsuot.feedback import events
from thongsuot.feedback.actions import cells, errors
from thongsuot.feedback.actions.common import (
    APPROVE,
    TAKE,
    TOLD,
    State,
    begin_step,
    count_breach,
    end_waiting_extension,
    late_since,
    locked,
    must_be_in,
    must_be_real,
    must_handle,
    public_place,
    stop_clock,
    words_of,
)
from thongsuot.feedback.actions.photographing import keep_photos, publish_photos, read_photos, store_photos
from thongsuot.feedback.actions.revealing import must_not_reveal
from thongsuot.feedback.facts import PhotoUpload
from thongsuot.feedback.models import Answer, FeedbackTicket, Photo
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
    count_breach(ticket, late_since(ticket, at))
    ticket.state, ticket.answered_at = State.APPROVED, at
    stop_clock(ticket)
    if not ticket.withheld:
        begin_step(ticket, at)
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
        if ticket.higher_review:
            raise errors.HigherReview
    if ticket.higher_review and decided_before(ticket, actor):
        raise errors.SameReviewer
    if answer.state != Answer.State.SUBMITTED or ticket.state != State.ANSWERED:
        raise errors.NotInThisState
    return ticket, answer


def decided_before(ticket: FeedbackTicket, actor: Actor) -> bool:
    """An answer of an earlier round, with which the sender was not satisfied: a higher reviewer is never the same person.

    The city's own answers have nobody above the city: there it is another one of those who approve for it.
    """
    earlier = ticket.replies.filter(state=Answer.State.APPROVED, round__lt=ticket.round)
    return actor.person_id is not None and earlier.filter(decided_by=actor.person_id).exists()


@command
def publish(
    ticket_id: int,
    *,
    question: str,
    answer: str,
    address: str = "",
    earlier: Mapping[int, str] | None = None,
    reasons: Mapping[str, str] | None = None,
    actor: Actor,
    at: datetime,
) -> FeedbackTicket:
    """What everybody may read, as whoever publishes it read it over. Pictures go along as covered, without their facts.

    Opened again and answered anew, the new answer joins the earlier ones; what was public once and was taken off comes back
    with the day on which it was corrected. Of a masked ticket the ward is all that is said of the place.

    earlier   answers of earlier rounds, by round; blank: not published; None: as they stand
    reasons   what of `revealed` stays all the same, and why: a note of the handlers keeps it
    Raises NotYourDuty, NotInThisState, IsDrill, IsPublic, StillPrivate, PhotosNotReady, BadInput.
    """
    ticket = locked(ticket_id)
    must_publish(ticket, actor)
    replies = list(ticket.replies.filter(state=Answer.State.APPROVED).order_by("-round"))
    # What is closed comes back corrected; nothing else of it is published any more.
    must_be_in(ticket, {*TOLD, State.CLOSED} if any(one.published_at for one in replies) else TOLD)
    must_be_real(ticket)
    reply = must_exist(replies[0] if replies else None)
    if ticket.published_at is not None and reply.public_words:
        raise errors.IsPublic
    said = {reply.pk: words_of(answer, "answer")}
    for one in replies[1:]:
        words = one.public_words if earlier is None else earlier.get(one.round, "")
        said[one.pk] = words_of(words, f"answer-{one.round}", least=0)
    question = words_of(question, "question")
    address = "" if ticket.masked else one_line(address)[:300]
    stays = must_not_reveal(ticket, [question, address, *said.values()], reasons or {})
    publish_photos(ticket)
    for one in replies:
        _say(one, said[one.pk], at)
    for words, why in stays.items():
        note = _("Vẫn công khai “%(words)s”. Lý do: %(why)s") % {"words": words, "why": why}
        ticket.notes.create(by_id=actor.person_id, unit_id=ticket.unit_id or ticket.city_id, words=note, at=at)
    ticket.withheld = ""
    ticket.public_words, ticket.public_address, ticket.published_at = question, address, at
    ticket.public_latitude, ticket.public_longitude = public_place(ticket)
    ticket.public_key = search_key(" ".join([ticket.number, question, address, *said.values()]))[:4500]
    if ticket.state == State.APPROVED:
        ticket.state = State.PUBLISHED
    ticket.step_due_at = None
    ticket.save()
    cells.keep(ticket)
    facts = {"answer": reply.pk, "round": reply.round, "corrected": reply.corrected_at == at, "explained": len(stays)}
    record(events.PUBLISHED, ticket, actor=actor, at=at, unit_id=ticket.unit_id, **facts)
    return ticket


def _say(answer: Answer, words: str, at: datetime) -> None:
    """What was public before and comes back in other words, or after it was taken off, says that it was corrected."""
    if words == answer.public_words:
        return
    answer.public_words = words
    if words and answer.published_at is not None:
        answer.corrected_at = at
    elif words:
        answer.published_at = at
    answer.save(update_fields=["public_words", "published_at", "corrected_at"])


@command
def withhold(ticket_id: int, reason: str, *, actor: Actor, at: datetime) -> FeedbackTicket:
    """Answered, and not for everybody to read; the sender is told why. Raises NotYourDuty, NotInThisState, BadInput."""
    ticket = locked(ticket_id)
    must_publish(ticket, actor)
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
    must_publish(ticket, actor)
    if ticket.published_at is None:
        raise errors.NotInThisState
    take_off(ticket)
    if ticket.state in TOLD:  # opened again, another step runs
        begin_step(ticket, at)
    ticket.save()
    cells.keep(ticket)
    record(events.UNPUBLISHED, ticket, actor=actor, at=at, unit_id=ticket.unit_id)
    return ticket


def take_off(ticket: FeedbackTicket) -> None:
    """Within a command: nothing of it is public any more once it is saved and `cells.keep` was told."""
    # Those published before answers knew when they were.
    ticket.replies.filter(published_at=None).exclude(public_words="").update(published_at=ticket.published_at)
    ticket.published_at = ticket.public_latitude = ticket.public_longitude = None
    ticket.public_words = ticket.public_address = ticket.public_key = ""
    if ticket.state == State.PUBLISHED:
        ticket.state = State.APPROVED
    ticket.photos.update(public=None)
    ticket.replies.update(public_words="")


def must_publish(ticket: FeedbackTicket, actor: Actor) -> None:
    if not actor.may(TAKE, unit_id=ticket.city_id):
        actor.must(APPROVE, unit_id=ticket.unit_id or ticket.city_id)
