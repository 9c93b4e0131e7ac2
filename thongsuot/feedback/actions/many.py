"""One press for many tickets: each by its own command, so that one refusal undoes none of the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext_lazy

from thongsuot.feedback.actions import errors
from thongsuot.feedback.actions.answering import publish
from thongsuot.feedback.actions.merging import merge
from thongsuot.feedback.actions.revealing import proposed, revealed
from thongsuot.feedback.models import Answer, FeedbackTicket, Photo
from thongsuot.feedback.rules import masking
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import TellPerson, must_exist


class PhotosToLookAt(TellPerson):
    """Nobody publishes a picture without having looked at it."""

    code = "feedback.photos_to_look_at"
    says = gettext_lazy("Phản ánh này có ảnh. Hãy mở ra, che mặt người và biển số xe rồi công khai.")


@dataclass(frozen=True, kw_only=True)
class Each:
    """What became of one of many; `message`: why not."""

    ticket_id: int
    number: str
    done: bool
    message: str = ""


def for_each(ticket_ids: Sequence[int], run: Callable[[int], object]) -> list[Each]:
    numbers = dict(FeedbackTicket.objects.filter(pk__in=ticket_ids).values_list("pk", "number"))
    results = []
    for ticket_id in ticket_ids:
        message = ""
        try:
            run(ticket_id)
        except TellPerson as refusal:
            message = refusal.message()
        results.append(Each(ticket_id=ticket_id, number=numbers.get(ticket_id, ""), done=not message, message=message))
    return results


def merge_many(parent_id: int, child_ids: Sequence[int], *, actor: Actor, at: datetime) -> list[Each]:
    """All at once; when one of them refuses, each by itself, so that the others hang on the parent all the same."""
    try:
        merge(parent_id, child_ids, actor=actor, at=at)
    except TellPerson:
        return for_each(child_ids, lambda one: merge(parent_id, [one], actor=actor, at=at))
    return for_each(child_ids, lambda _one: None)


class TextsToLookAt(TellPerson):
    """What hides a place, was corrected, or may tell who it was, is read one by one."""

    code = "feedback.texts_to_look_at"
    says = gettext_lazy(
        "Phản ánh này phải đọc riêng: được che nơi xảy ra, đã thôi công khai, hoặc còn điều cần xem. Hãy mở ra."
    )


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What everybody would read of one ticket; `answer_id`: whose words these are; `refusal`: why it is not among the many."""

    ticket_id: int
    answer_id: int = 0
    question: str = ""
    answer: str = ""
    address: str = ""
    refusal: TellPerson | None = None


def proposals(ticket_ids: Sequence[int]) -> dict[int, Proposal]:
    """Each as `publish_as_proposed` would publish it. A few queries for each: of a page, never of all."""
    tickets = FeedbackTicket.objects.select_related("reporter").filter(pk__in=ticket_ids)
    return {ticket.pk: _proposal(ticket) for ticket in tickets}


def _proposal(ticket: FeedbackTicket) -> Proposal:
    replies = list(ticket.replies.filter(state=Answer.State.APPROVED).order_by("-round"))
    if not replies:
        return Proposal(ticket_id=ticket.pk, refusal=errors.NotInThisState())
    told = Proposal(
        ticket_id=ticket.pk,
        answer_id=replies[0].pk,
        question=ticket.public_words or proposed(ticket, ticket.words),
        answer=proposed(ticket, replies[0].words),
        address=ticket.public_address or masking.public_address(ticket.address),
    )
    # Published along with it, as they stand: found fault with, they would be refused there.
    earlier = [one.public_words for one in replies[1:]]
    taken_off = ticket.published_at is None and any(one.published_at for one in replies)
    photos = ticket.photos.filter(kept_back=False, broken=False, public=None).exclude(role=Photo.Role.REPLY)
    if ticket.masked or taken_off or revealed(ticket, [told.question, told.answer, told.address, *earlier]):
        return replace(told, refusal=TextsToLookAt())
    return replace(told, refusal=PhotosToLookAt()) if photos.exists() else told


def publish_as_proposed(ticket_id: int, *, answer_id: int | None = None, actor: Actor, at: datetime) -> FeedbackTicket:
    """With the words the rules propose, where there is nothing that somebody must look at first.

    answer_id   of the answer whose words were shown: another one that came meanwhile nobody has read
    Raises PhotosToLookAt, TextsToLookAt and what `publish` refuses.
    """
    ticket = must_exist(FeedbackTicket.objects.select_related("reporter").filter(pk=ticket_id).first())
    told = _proposal(ticket)
    if answer_id not in {None, told.answer_id}:
        raise errors.NotInThisState
    if told.refusal is not None:
        raise told.refusal
    return publish(ticket_id, question=told.question, answer=told.answer, address=told.address, actor=actor, at=at)
