"""What commands of tickets share: who may, the calendar, the clock of a ticket."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import F, Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from thongsuot.feedback import events
from thongsuot.feedback.actions import errors
from thongsuot.feedback.models import Answer, FeedbackTicket, Routing, TimeLimit
from thongsuot.feedback.models.tickets import STEPS_AT
from thongsuot.feedback.queries.reception import keeps_sender_close
from thongsuot.feedback.queries.settings import limit, setting
from thongsuot.feedback.rules import clocks
from thongsuot.feedback.rules.clocks import Clock, Limit
from thongsuot.feedback.rules.masking import public_point
from thongsuot.feedback.words import SENDER, PublicPoint
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty, must_exist
from thongsuot.kernel.events import EventKind
from thongsuot.kernel.text import nfc, search_key
from thongsuot.kernel.working_time import WorkingCalendar
from thongsuot.units import queries as units
from thongsuot.units.models import Unit

State, Step = FeedbackTicket.State, TimeLimit.Step
TAKE, HANDLE, APPROVE, MANAGE = "take feedback", "handle feedback", "approve feedback", "manage feedback"
WITH_UNIT = frozenset({State.ROUTED, State.ACCEPTED, State.IN_PROGRESS})
WITH_OPERATOR = frozenset({State.NEW, State.VALIDATING})
UNANSWERED = frozenset({State.REFUSED, State.HANDED_OVER, State.MERGED})
TOLD = frozenset({State.APPROVED, State.PUBLISHED, State.RATED})


def locked(ticket_id: int) -> FeedbackTicket:
    """Raises NotFound."""
    return must_exist(FeedbackTicket.objects.select_for_update(of=("self",)).filter(pk=ticket_id).first())


def locked_in_order(rows: QuerySet[FeedbackTicket]) -> QuerySet[FeedbackTicket]:
    """What others hang on before what hangs on it, then as they were made: whoever locks many locks them so, and nobody waits
    in a circle.
    """
    return rows.select_for_update(of=("self",)).order_by(F("parent_id").asc(nulls_first=True), "pk")


def locked_with_parent(ticket_id: int) -> tuple[FeedbackTicket, FeedbackTicket | None]:
    """And the one it hangs on, locked before it. Raises NotFound; NotInThisState when it was hung elsewhere meanwhile."""
    parent_id = FeedbackTicket.objects.filter(pk=ticket_id).values_list("parent_id", flat=True).first()
    parent = locked(parent_id) if parent_id else None
    ticket = locked(ticket_id)
    if ticket.parent_id != parent_id:
        raise errors.NotInThisState
    return ticket, parent


def must_be_in(ticket: FeedbackTicket, states: Collection[str]) -> None:
    """Raises IsMerged, AlreadyEnded, NotInThisState."""
    if ticket.state not in states:
        if ticket.state == State.MERGED:
            raise errors.IsMerged
        raise errors.AlreadyEnded if ticket.ended_at else errors.NotInThisState


def must_handle(ticket: FeedbackTicket, actor: Actor) -> None:
    """Who works on it at the unit, or an operator of the city. Raises NotYourDuty."""
    if not handles(ticket, actor):
        raise NotYourDuty(HANDLE if ticket.unit_id else TAKE)


def must_be_real(ticket: FeedbackTicket) -> None:
    """Nothing of a drill reaches who does not take part in it. Raises IsDrill."""
    if ticket.drill:
        raise errors.IsDrill


def handles(ticket: FeedbackTicket, actor: Actor) -> bool:
    if actor.may(TAKE, unit_id=ticket.city_id):
        return True
    unit_id = ticket.unit_id
    return unit_id is not None and any(actor.may(duty, unit_id=unit_id) for duty in (HANDLE, APPROVE))


def must_be_sender(ticket: FeedbackTicket, secret: str, actor: Actor) -> None:
    """Whoever holds the link, whose account sent it, or an operator on their behalf. Raises NotFound."""
    if (secret and secret == ticket.secret) or actor.may(TAKE, unit_id=ticket.city_id):
        return
    mine = actor.person_id is not None and ticket.reporter.person_id == actor.person_id
    if not mine:
        raise NotFound


def put_search_key(ticket: FeedbackTicket) -> None:
    """Within a command, of a stored ticket: what officers find it by. Blank of what is kept close at citizen reception: what
    it says is found by nobody here, nor is it on any list.
    """
    ticket.search_key = "" if keeps_sender_close(ticket) else search_key(f"{ticket.words} {ticket.address}")
    ticket.save(update_fields=["search_key"])


def public_place(ticket: FeedbackTicket) -> tuple[float | None, float | None]:
    """Where everybody may read that it is: nowhere when it is masked, else as near as its category says."""
    if ticket.masked or ticket.latitude is None or ticket.longitude is None:
        return None, None
    return public_point(ticket.latitude, ticket.longitude, _decimals(ticket))


def round_public_place(ticket: FeedbackTicket) -> None:
    """As near as its category says now, and never nearer than whoever published it let everybody read."""
    if ticket.public_latitude is not None and ticket.public_longitude is not None:
        point = public_point(ticket.public_latitude, ticket.public_longitude, _decimals(ticket))
        ticket.public_latitude, ticket.public_longitude = (None, None) if ticket.masked else point


def _decimals(ticket: FeedbackTicket) -> int:
    return ticket.category.public_decimals if ticket.category else PublicPoint.BLOCK


def must_reach_sender(ticket: FeedbackTicket) -> None:
    """Raises SenderUnverified, SenderUnreachable."""
    if ticket.reporter.unverified:
        raise errors.SenderUnverified
    if not reaches_sender(ticket):
        raise errors.SenderUnreachable


def reaches_sender(ticket: FeedbackTicket) -> bool:
    """Who came in person or wrote on paper need not have left where to reach them."""
    sender = ticket.reporter
    return not sender.unverified and bool(sender.phone or sender.email or sender.person_id)


def sender_as(actor: Actor, *, account: int | None) -> Actor:
    """What the sender does is told of "the sender": history is never erased, so neither their name nor their account stands
    there, or beside what they hand in. `account`: the sender's. An operator on their behalf, the house, the software of others
    stay who they are.
    """
    is_account = actor.person_id is not None and actor.person_id == account
    if not is_account and (actor.trusted or actor.is_staff or (actor.via == "api" and actor.person_id is None)):
        return actor
    with override("vi"):
        return replace(actor, person_id=None, name=str(SENDER), post="")


def by_sender(ticket: FeedbackTicket, actor: Actor) -> Actor:
    return sender_as(actor, account=ticket.reporter.person_id)


def calendar_of(city_id: int, at: datetime) -> WorkingCalendar:
    return units.working_calendar(city_id, on=timezone.localdate(at))


def number_of(key: str, ticket: FeedbackTicket, at: datetime) -> int:
    return setting(key, city_id=ticket.city_id, on=timezone.localdate(at))


def limit_of(step: str, ticket: FeedbackTicket) -> Limit | None:
    """The limit in force when the ticket was reported: it is judged by the rule of its own day. What came back is sent on as
    soon as anything is, where a stream has no limit for that.
    """
    of: dict[str, Any] = {"city_id": ticket.city_id, "stream": ticket.stream, "urgency": ticket.urgency}
    found = limit(step, **of, on=timezone.localdate(ticket.reported_at))
    return limit_of(Step.CLASSIFY, ticket) if found is None and step == Step.GUIDE else found


def step_due(step: str, ticket: FeedbackTicket, at: datetime) -> datetime | None:
    """None: that step has no limit."""
    found = limit_of(step, ticket)
    return clocks.due(at, found, calendar_of(ticket.city_id, at)) if found else None


def step_of(ticket: Any) -> TimeLimit.Step | None:
    """Whose time `step_due_at` is, of a ticket or of a row of a list."""
    if ticket.state in WITH_OPERATOR:
        return Step.GUIDE if ticket.returns or ticket.round > 1 else Step.CLASSIFY
    return Step.RECEIVE if ticket.state == State.ROUTED else Step.PUBLISH if ticket.state in TOLD else None


def step_limit(ticket: FeedbackTicket) -> Limit | None:
    """Of the step that runs. None: none does, or it has no limit."""
    step = step_of(ticket)
    return limit_of(step, ticket) if step else None


def begin_step(ticket: FeedbackTicket, at: datetime) -> None:
    """Within a command, of a ticket in its new state: when the step of that state is to be done; none: nothing is."""
    step = step_of(ticket)
    ticket.step_due_at, ticket.step_from = (step_due(step, ticket, at), at) if step else (None, None)
    ticket.step_for = None  # a ladder of its own, also where it is due at the very instant at which the one before was


def answer_limit(ticket: FeedbackTicket) -> Limit:
    found = limit_of(Step.ANSWER, ticket)
    if found is None:
        raise LookupError(f"no limit ships for answers of {ticket.stream}")
    return found


def clock_of(ticket: FeedbackTicket) -> Clock:
    assert ticket.clock_from is not None
    assert ticket.due_at is not None
    assert ticket.clock_minutes is not None
    return Clock(ticket.clock_from, ticket.due_at, ticket.clock_minutes)


def answered_first(ticket: FeedbackTicket) -> bool:
    """Its answer is due before the step is: the ladder of the answer tells it, and the step's has nothing to add."""
    due_at, step_due_at = ticket.due_at, ticket.step_due_at
    return ticket.state == State.ROUTED and due_at is not None and step_due_at is not None and due_at <= step_due_at


def put_clock(ticket: FeedbackTicket, clock: Clock, at: datetime, *, climbed: int = 0) -> None:
    """The ticket's answer is due by this clock; `climbed`: the highest rung that was climbed on it. Where another ladder is to
    tell of the step from now on, the step's is made anew, unless somebody was told by it.
    """
    was_first = answered_first(ticket)
    ticket.clock_from, ticket.due_at, ticket.clock_minutes = clock.since, clock.due_at, clock.minutes
    if answered_first(ticket) != was_first and not ticket.step_told:
        ticket.step_for = None
    rung = clocks.next_rung(climbed, clock, calendar_of(ticket.city_id, at))
    if climbed == clocks.DUE and (chased := step_due(Step.CHASE, ticket, at)):  # late once: the next time the chair learns it
        if ticket.next_rung == clocks.AGAIN and ticket.next_rung_at is not None:
            chased = min(chased, ticket.next_rung_at)  # whatever it is called by now puts that off no further
        rung = clocks.Rung(clocks.AGAIN, max(clock.due_at, chased))
    if ticket.drill:  # nobody is reminded of it, and it is late on no list
        rung = None
    ticket.next_rung, ticket.next_rung_at = (rung.rung, rung.at) if rung else (None, None)


def keep_change(ticket: Model, kind: EventKind, at: datetime) -> None:
    """With each event of a ticket that others may know of; what is written in it is theirs. Never earlier than it was."""
    if not isinstance(ticket, FeedbackTicket) or not kind.public or kind is events.MESSAGED:
        return
    if all(known < at for name in STEPS_AT if (known := getattr(ticket, name))):
        ticket.changed_at = at
        FeedbackTicket.objects.filter(pk=ticket.pk).update(changed_at=at)


def stop_clock(ticket: FeedbackTicket) -> None:
    """Nothing is waited for any more; when it was due stays written."""
    ticket.next_rung = ticket.next_rung_at = ticket.step_due_at = ticket.paused_at = None


def end_waiting_answer(ticket: FeedbackTicket, at: datetime) -> None:
    """What was written for approval goes nowhere any more: the ticket went another way."""
    ticket.replies.filter(state=Answer.State.SUBMITTED).update(state=Answer.State.SENT_BACK, decided_at=at)


def end_waiting_extension(ticket: FeedbackTicket, at: datetime) -> None:
    """Nobody is to decide about more time any more: it is answered, or somebody else's. By nobody: it was not refused."""
    ticket.asked_extensions.filter(granted=None).update(granted=False, decided_at=at)


def clock_runs(ticket: FeedbackTicket) -> bool:
    """A unit has yet to answer it. With the operators `due_at` is what another unit had; after the answer it is over."""
    waits = ticket.state in {*WITH_UNIT, State.ASKED, State.ANSWERED}
    return waits and ticket.unit_id is not None and ticket.due_at is not None


def late_since(ticket: FeedbackTicket, at: datetime) -> datetime | None:
    """From when the answer that is waited for is late. While its sender is asked it gets no later than it was."""
    due_at = ticket.due_at
    return due_at if due_at is not None and due_at < (ticket.paused_at or at) and not ticket.drill else None


def count_breach(ticket: FeedbackTicket, late_at: datetime | None) -> None:
    """Late, and the ladder had no time to say so before its clock was changed or ended: it counts all the same."""
    if late_at is not None and climbed_on(ticket) < clocks.DUE:
        ticket.breaches += 1


def running(ticket: FeedbackTicket) -> Routing | None:
    """Of a unit that has it: the routing by which it does. Those of earlier rounds are over, though nobody ended them."""
    return ticket.routings.filter(returned_at=None, unit_id=ticket.unit_id or 0).order_by("-routed_at", "-pk").first()


def end_routing(ticket: FeedbackTicket, at: datetime) -> None:
    """What an operator takes away again was not returned by the unit, and does not count as that; late it was, if it was."""
    if ticket.unit_id is not None:
        late_at = late_since(ticket, at)
        count_breach(ticket, late_at)
        if (routing := running(ticket)) is not None:
            routing.returned_at, routing.late_at = at, late_at
            routing.save(update_fields=["returned_at", "late_at"])
        end_waiting_extension(ticket, at)


def climbed_on(ticket: FeedbackTicket) -> int:
    """The highest rung of the running clock that somebody was told of."""
    rungs = ticket.escalations.filter(clock=clock_number(ticket)).order_by("-rung").values_list("rung", flat=True)
    return rungs.first() or 0


def clock_number(ticket: FeedbackTicket) -> int:
    """Each routing starts a clock, but for one to a successor: that goes on with it. The number of the one that runs."""
    return ticket.routings.exclude(because=Routing.Because.SUCCESSOR).count()


def locked_city(city_id: int) -> Unit:
    """Changes of one city's catalogue, and its drills, come one after the other."""
    return must_exist(Unit.objects.select_for_update(no_key=True).filter(pk=city_id).first())


def words_of(text: str, field: str = "words", *, least: int = 1, most: int = 4000) -> str:
    """Lines stay lines. Raises BadInput."""
    words = nfc(text.replace("\r\n", "\n"))
    if len(words) < least:
        raise BadInput({field: _("Hãy viết rõ hơn một chút: ít nhất %(least)s ký tự.") % {"least": least}})
    if len(words) > most:
        raise BadInput({field: _("Phần này dài quá %(most)s ký tự. Hãy viết ngắn hơn.") % {"most": most}})
    return words


def keep_link(ticket: FeedbackTicket, link: str, at: datetime) -> None:
    """To a picture that lies elsewhere: never opened by us, for handlers alone, and beside the words, which are long enough."""
    if link:
        ticket.notes.create(unit_id=ticket.city_id, words=_("Liên kết ảnh người gửi đưa: %(link)s") % {"link": link}, at=at)
