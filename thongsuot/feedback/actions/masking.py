"""Whether everybody may read where something is: by its kind, as its sender asks, or as an officer decides."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from thongsuot.feedback import events
from thongsuot.feedback.actions import cells, errors
from thongsuot.feedback.actions.answering import must_publish, take_off
from thongsuot.feedback.actions.common import (
    TOLD,
    UNANSWERED,
    State,
    Step,
    locked,
    must_be_in,
    must_be_real,
    step_due,
    words_of,
)
from thongsuot.feedback.models import FeedbackTicket
from thongsuot.feedback.words import MaskedBy, Stream
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput


def masked_by_kind(ticket: FeedbackTicket) -> bool:
    """Wasteful conduct also where nobody found its category yet."""
    return ticket.category.masked if ticket.category is not None else ticket.stream == Stream.WASTE


def mask_by_kind(ticket: FeedbackTicket) -> None:
    """Within a command: its kind may be another one, and what somebody asked for stays. Where it is not known any more who did,
    it stays masked.
    """
    if not ticket.masked_by and not ticket.masked:
        ticket.masked_by = MaskedBy.KIND
    ticket.masked = masked_by_kind(ticket) or ticket.masked_by != MaskedBy.KIND


@command
def mask(ticket_id: int, *, masked: bool, why: str, actor: Actor, at: datetime) -> FeedbackTicket:
    """Where it is becomes public nowhere, or may be published again by who reads it over; why stays in a note. Not against the
    sender, nor against what its category says of all of its kind.

    Raises NotYourDuty, NotInThisState, IsDrill, BadInput.
    """
    ticket = locked(ticket_id)
    must_publish(ticket, actor)
    must_be_in(ticket, frozenset(State.values) - UNANSWERED)
    must_be_real(ticket)
    if masked == ticket.masked and not (masked and ticket.masked_by == MaskedBy.KIND):
        raise errors.NotInThisState
    if not masked and ticket.masked_by == MaskedBy.SENDER:
        said = _("Người gửi không muốn công khai nơi xảy ra, nên phản ánh vẫn được che. Nội dung, trả lời vẫn công khai được.")
        raise BadInput({"masked": said})
    if not masked and masked_by_kind(ticket):
        said = _("Lĩnh vực này luôn được che nơi xảy ra. Nếu phân loại chưa đúng, hãy phân loại lại.")
        raise BadInput({"masked": said})
    was_public = ticket.published_at is not None
    ticket.masked, ticket.masked_by = masked, MaskedBy.OFFICER if masked else MaskedBy.KIND
    if masked and was_public:
        take_off(ticket)
        if ticket.state in TOLD:  # opened again, another step runs
            ticket.step_due_at = step_due(Step.PUBLISH, ticket, at)
    ticket.save()
    cells.keep(ticket)
    words = f"{'Che' if masked else 'Thôi che'} nơi xảy ra khi công khai: {words_of(why, 'why', most=1000)}"
    ticket.notes.create(by_id=actor.person_id, unit_id=ticket.unit_id or ticket.city_id, words=words, at=at)
    more = {"was_public": True} if masked and was_public else {}
    record(events.MASKED, ticket, actor=actor, at=at, unit_id=ticket.unit_id or ticket.city_id, masked=masked, **more)
    return ticket
