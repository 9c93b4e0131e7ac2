"""What the sender of a ticket does with it: answers a question, writes, rates, says that it is not settled, takes it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.counters.satisfaction import Level
from thongsuot.feedback import events
from thongsuot.feedback.actions import cells, errors
from thongsuot.feedback.actions.common import (
    TOLD,
    State,
    begin_step,
    by_sender,
    calendar_of,
    end_waiting_extension,
    keep_link,
    locked,
    locked_with_parent,
    must_be_in,
    must_be_real,
    must_be_sender,
    number_of,
    words_of,
)
from thongsuot.feedback.actions.handling import go_on
from thongsuot.feedback.actions.merging import part_children
from thongsuot.feedback.actions.photographing import keep_photos, read_photos, store_photos
from thongsuot.feedback.actions.placing import answers_there
from thongsuot.feedback.actions.routing import ended, sent_to
from thongsuot.feedback.facts import PhotoUpload
from thongsuot.feedback.models import FeedbackTicket, Message, Photo, Rating, Reporter
from thongsuot.feedback.rules import clocks
from thongsuot.feedback.rules.routing import Way
from thongsuot.kernel.actor import Actor, system
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput

_MOST_AT_ONCE = 1000


@command
def reply(
    ticket_id: int,
    words: str,
    *,
    photos: Sequence[PhotoUpload] = (),
    link: str = "",
    secret: str = "",
    actor: Actor,
    at: datetime,
) -> Message:
    """From the sender; `link` as in `ReportFacts`. What was waited for goes on.

    Raises NotFound, AlreadyEnded, BadInput, what pictures refuse.
    """
    ticket = locked(ticket_id)
    must_be_sender(ticket, secret, actor)
    actor = by_sender(ticket, actor)
    must_be_in(ticket, frozenset(State.values) - {State.REFUSED, State.HANDED_OVER, State.MERGED, State.CLOSED})
    most = number_of("messages_day", ticket, at)
    lately = ticket.messages.filter(by_sender=True, at__gt=at - timedelta(days=1)).order_by("-at")[:most]
    if len(lately) >= most:
        raise errors.TooMany("message", again_at=lately[most - 1].at + timedelta(days=1))
    read = read_photos(photos, city_id=ticket.city_id, at=at)
    stored = store_photos(photos, actor=actor, at=at)
    said = Message.objects.create(ticket=ticket, by_sender=True, by_id=actor.person_id, words=words_of(words), at=at)
    keep_link(ticket, link, at)
    keep_photos(ticket, stored, read, role=Photo.Role.REPLY, message=said, at=at)
    waited = ticket.state == State.ASKED
    if waited:
        go_on(ticket, at)
    kind = events.REPLIED if waited else events.MESSAGED
    record(kind, ticket, actor=actor, at=at, unit_id=ticket.unit_id or ticket.city_id, by_sender=True, message=said.pk)
    return said


@command
def rate(ticket_id: int, level: int, *, words: str = "", secret: str = "", actor: Actor, at: datetime) -> Rating:
    """Once for each round, after the answer. Raises NotFound, NotInThisState, AlreadyRated, BadInput."""
    ticket = locked(ticket_id)
    must_be_sender(ticket, secret, actor)
    actor = by_sender(ticket, actor)
    answered = ticket
    if ticket.parent_id:  # whoever hangs on another ticket rates that answer, for themselves
        answered = FeedbackTicket.objects.get(pk=ticket.parent_id)
    if answered.state not in {*TOLD, State.CLOSED}:
        raise errors.NotInThisState
    if level not in Level.values:
        raise BadInput({"level": _("Hãy chọn một mức hài lòng.")})
    if ticket.ratings.filter(round=answered.round).exists():
        raise errors.AlreadyRated
    rating = Rating.objects.create(
        ticket=ticket, round=answered.round, level=level, words=words_of(words, least=0, most=1000), at=at
    )
    if ticket.state in {State.APPROVED, State.PUBLISHED}:
        ticket.state = State.RATED
        ticket.save(update_fields=["state"])
    record(events.RATED, ticket, actor=actor, at=at, unit_id=answered.unit_id, level=level, round=answered.round)
    return rating


@command
def reopen(ticket_id: int, words: str, *, secret: str = "", actor: Actor, at: datetime) -> FeedbackTicket:
    """Not settled: back to the unit with a fresh clock, and a higher reviewer for the next answer. In time, and not for ever.
    Whoever hangs on another ticket opens that one.

    Raises NotFound, IsDrill, NotInThisState, CannotReopen, BadInput.
    """
    own, parent = locked_with_parent(ticket_id)
    must_be_sender(own, secret, actor)
    must_be_real(own)
    actor = by_sender(own, actor)
    ticket = parent or own
    if not may_reopen(ticket, at, sender=own.reporter):
        raise errors.CannotReopen if ticket.answered_at else errors.NotInThisState
    said = words_of(words)
    if own.pk != ticket.pk:
        # What one sender writes another does not read: it stays with their own, and the handlers find it here.
        ticket.notes.create(by_id=None, unit_id=ticket.city_id, words=f"{own.number}: {said}"[:4000], at=at)
    Message.objects.create(ticket=own, by_sender=True, by_id=actor.person_id, words=said, at=at)
    end_waiting_extension(ticket, at)
    ticket.round += 1
    ticket.higher_review, ticket.ended_at = True, None
    ticket.answered_at = ticket.first_due_at = None
    unit_id = ticket.unit_id
    by_child = {"child": own.pk} if own.pk != ticket.pk else {}
    record(events.REOPENED, ticket, actor=actor, at=at, unit_id=unit_id, round=ticket.round, **by_child)
    if unit_id is None or not answers_there(unit_id, city_id=ticket.city_id, on=timezone.localdate(at)):
        ticket.unit = ticket.handler = None  # it ended meanwhile: an operator finds who goes on
        ticket.state = State.VALIDATING
        begin_step(ticket, at)
        ticket.save()
    else:
        before = ticket.routings.exclude(because="successor").order_by("-routed_at", "-pk").first()
        because = before.because if before else "operator"
        sent_to(ticket, Way(unit_id=unit_id, because=because, place_by=ticket.place_by), actor=system(actor.via), at=at)
    cells.keep(ticket)
    return ticket


def may_reopen(ticket: FeedbackTicket, at: datetime, *, sender: Reporter | None = None) -> bool:
    """Answered, not long ago, and not opened again too often. `sender`: its own, or whoever sent one that hangs on it."""
    if ticket.state not in {*TOLD, State.CLOSED} or ticket.answered_at is None:
        return False
    until = reopen_until(ticket, at, sender=sender or ticket.reporter)
    return at <= until and ticket.round <= number_of("reopens_most", ticket, at)


def reopen_until(ticket: FeedbackTicket, at: datetime, *, sender: Reporter) -> datetime:
    """Of an answered one. Whom nobody could write to learns it when the address is confirmed: the days count from then."""
    answered_at = ticket.answered_at or at
    since = max(answered_at, sender.confirmed_at or answered_at)
    return since + timedelta(days=number_of("reopen_days", ticket, at))


@command
def close(ticket_id: int, *, actor: Actor, at: datetime) -> FeedbackTicket:
    """Nothing more may come: by the house, when the time to say "not satisfied" is over. Raises NotYourDuty, NotInThisState."""
    ticket = locked(ticket_id)
    actor.must("take feedback", unit_id=ticket.city_id)
    must_be_in(ticket, TOLD)
    if may_reopen(ticket, at):
        raise errors.NotInThisState
    if ticket.step_due_at is not None:  # nobody decided about publishing it yet: that stays to be done
        raise errors.NotInThisState
    ended(ticket, State.CLOSED, at)
    record(events.CLOSED, ticket, actor=actor, at=at, unit_id=ticket.unit_id, why="answered")
    return ticket


@command
def close_unanswered(ticket_id: int, *, actor: Actor, at: datetime) -> FeedbackTicket:
    """What was asked never came. Raises NotYourDuty, NotInThisState."""
    ticket = locked(ticket_id)
    actor.must("take feedback", unit_id=ticket.city_id)
    until = asked_until(ticket)
    if ticket.state != State.ASKED or until is None or at <= until:
        raise errors.NotInThisState
    if ticket.suspected:  # no clock ends what may be a complaint: an operator decides
        ticket.state, ticket.state_before, ticket.paused_at = State.VALIDATING, "", None
        begin_step(ticket, at)
        ticket.save()
        record(events.CLASSIFIED, ticket, actor=actor, at=at, unit_id=ticket.city_id, not_answered=True)
        return ticket
    ticket.refusal = "unclear"
    part_children(ticket, actor=actor, at=at)
    ended(ticket, State.REFUSED, at)
    record(events.REFUSED, ticket, actor=actor, at=at, unit_id=ticket.unit_id or ticket.city_id, reason="not_completed")
    return ticket


def asked_until(ticket: FeedbackTicket) -> datetime | None:
    """Until when the sender's answer is waited for, as it was said when they were asked. None: nothing is asked."""
    asked_at = ticket.paused_at
    if asked_at is None:
        return None
    days = clocks.Limit(number_of("ask_days", ticket, asked_at), "working_days")
    return clocks.due(asked_at, days, calendar_of(ticket.city_id, asked_at))


def to_close(*, at: datetime) -> list[int]:
    """Answered so long ago that few cities let them be opened again; `close` asks each one's own number of days. A drill ends
    when whoever sent it ends it.
    """
    rows = FeedbackTicket.objects.filter(state__in=TOLD, answered_at__lt=at - timedelta(days=1), step_due_at=None, drill=False)
    return list(rows.order_by("answered_at").values_list("pk", flat=True)[:_MOST_AT_ONCE])


def asked_long_ago(*, at: datetime) -> list[int]:
    rows = FeedbackTicket.objects.filter(state=State.ASKED, paused_at__lt=at - timedelta(days=1), drill=False)
    return list(rows.order_by("paused_at").values_list("pk", flat=True)[:_MOST_AT_ONCE])
