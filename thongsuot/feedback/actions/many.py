"""One press for many tickets: each by its own command, so that one refusal undoes none of the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy

from thongsuot.feedback.actions.answering import publish
from thongsuot.feedback.actions.merging import merge
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


def publish_as_proposed(ticket_id: int, *, actor: Actor, at: datetime) -> FeedbackTicket:
    """With the words the rules propose, where there is no picture that somebody must look at first.

    Raises PhotosToLookAt and what `publish` refuses.
    """
    ticket = must_exist(FeedbackTicket.objects.select_related("reporter").filter(pk=ticket_id).first())
    if ticket.photos.filter(kept_back=False, broken=False).exclude(role=Photo.Role.REPLY).exists():
        raise PhotosToLookAt
    reply = must_exist(ticket.replies.filter(state=Answer.State.APPROVED).order_by("-round").first())
    names = (ticket.reporter.name,)
    return publish(
        ticket_id,
        question=masking.public_words(ticket.words, names=names),
        answer=masking.public_words(reply.words, names=names),
        address=masking.public_address(ticket.address),
        actor=actor,
        at=at,
    )
