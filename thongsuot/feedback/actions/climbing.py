"""The ladder: whoever must act is told at 50, 80 and 100 % of the time, the chair when it is late for the second time.

The answer has one, and so has each step until it is done: classifying, receiving, publishing. A step's is made by the worker
from when the step is due, so that it follows whatever moved that.

Each rung is climbed once: the row that says so and the next instant are written in one transaction, whoever asks twice finds
the ticket already further on. Nobody is told at night: a rung reached then is climbed when the office opens.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from thongsuot.feedback import events
from thongsuot.feedback.actions.common import (
    WITH_UNIT,
    State,
    Step,
    answered_first,
    calendar_of,
    clock_number,
    clock_of,
    locked,
    step_due,
    step_limit,
    step_of,
)
from thongsuot.feedback.models import Escalation, FeedbackTicket
from thongsuot.feedback.rules import clocks
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import NotYourDuty, TellPerson

MOST_AT_ONCE = 500
_STEP_RUNS = Q(step_due_at__isnull=False, drill=False) & ~Q(state=State.ASKED)


class NothingToClimb(TellPerson):
    """Somebody else climbed it, the ticket was answered meanwhile, or the office is closed."""

    code = "feedback.nothing_to_climb"
    says = gettext_lazy("Chưa đến lúc nhắc việc này.")


def to_climb(*, at: datetime) -> list[int]:
    """Tickets with a rung that was reached, the longest waiting first; those of the answer before those of steps."""
    found: dict[int, None] = {}
    for rows, by in (
        (FeedbackTicket.objects.filter(next_rung_at__lte=at), "next_rung_at"),
        (FeedbackTicket.objects.filter(_STEP_RUNS, step_for=F("step_due_at"), step_rung_at__lte=at), "step_rung_at"),
    ):
        found |= dict.fromkeys(rows.order_by(by).values_list("pk", flat=True)[:MOST_AT_ONCE])
    return list(found)


def arm_steps(*, at: datetime) -> int:
    """Steps that began, or go on after a pause, since this was last run: when somebody is told of each. Returns how many."""
    rows = FeedbackTicket.objects.filter(_STEP_RUNS).exclude(step_for=F("step_due_at")).order_by("step_due_at", "pk")
    return sum(_arm(ticket, at) for ticket in rows[:MOST_AT_ONCE])


def _arm(ticket: FeedbackTicket, at: datetime) -> int:
    """Unless it changed meanwhile: then the next run does. What is half over when it goes on is told when it is nearer."""
    due_at = ticket.step_due_at
    assert due_at is not None
    past, first = _ladder(ticket, due_at, at)
    made = FeedbackTicket.objects.filter(pk=ticket.pk, step_due_at=due_at, state=ticket.state)
    return made.update(step_for=due_at, step_told=past, step_rung_at=first, step_number=F("step_number") + 1)


def _ladder(ticket: FeedbackTicket, due_at: datetime, at: datetime, *, told: int = 0) -> tuple[int, datetime | None]:
    """The highest rung that was told or is past, and when the next is climbed; none where the answer's ladder tells it."""
    if answered_first(ticket):
        return told, None
    rungs = _step_rungs(ticket, due_at, at)
    told = max([told, *(rung.rung for rung in rungs if rung.at <= at and rung.rung < clocks.DUE)])
    return told, next(rung.at for rung in rungs if rung.rung > told)


def _step_rungs(ticket: FeedbackTicket, due_at: datetime, at: datetime) -> list[clocks.Rung]:
    return clocks.step_rungs(due_at, step_limit(ticket), calendar_of(ticket.city_id, at), at=at)


def count_step_anew(ticket: FeedbackTicket, was: clocks.Limit | None, at: datetime) -> None:
    """Within a command that gave it another stream or urgency: the step that runs has its time from when it began, with what
    pauses put to that. Of its ladder nobody is told twice.

    was   the limit the step had until now
    """
    limit, began, before = step_limit(ticket), ticket.step_from, ticket.step_due_at
    if began is None or step_of(ticket) is None:
        return
    due_at, calendar = before, calendar_of(ticket.city_id, at)
    if limit is None or was is None or before is None:
        due_at = clocks.due(began, limit, calendar) if limit else None
    elif limit[:2] != was[:2]:
        running = clocks.Clock(began, before, 0)
        due_at = clocks.by_limit(running, limit, was=was, started_at=began, calendar=calendar).due_at
    ticket.step_due_at = due_at
    if due_at is None or before is None or ticket.step_for != before:
        return  # the worker makes its ladder
    if due_at == before and answered_first(ticket) == (ticket.step_rung_at is None):
        return  # as it was
    ticket.step_for = due_at
    if ticket.step_told < clocks.DUE:
        ticket.step_told, ticket.step_rung_at = _ladder(ticket, due_at, at, told=ticket.step_told)
    elif ticket.step_told == clocks.DUE and due_at > at:
        ticket.step_rung_at = step_due(Step.CHASE, ticket, due_at)


@command
def climb(ticket_id: int, *, actor: Actor, at: datetime) -> Escalation:
    """The highest rung reached by now; those below it that nobody came to are left out. Raises NotYourDuty, NothingToClimb."""
    if not actor.trusted:
        raise NotYourDuty("take feedback")
    ticket = locked(ticket_id)
    calendar = calendar_of(ticket.city_id, at)
    if not clocks.may_tell(at, calendar):
        raise NothingToClimb
    if ticket.next_rung is None or ticket.next_rung_at is None or ticket.next_rung_at > at:
        return _climb_step(ticket, actor=actor, at=at)
    rung, clock = ticket.next_rung, clock_of(ticket)
    while (after := clocks.next_rung(rung, clock, calendar)) is not None and after.at <= at:
        rung = after.rung
    climbed = Escalation.objects.create(
        ticket=ticket,
        clock=clock_number(ticket),
        rung=rung,
        unit_id=ticket.unit_id,
        due_at=clock.due_at,
        climbed_at=at,
    )
    if rung >= clocks.DUE:
        ticket.breaches += 1
    if rung == clocks.DUE:
        # The city has it on its list; when it is still not done by then, the chair has it too.
        ticket.next_rung, ticket.next_rung_at = clocks.AGAIN, step_due(Step.CHASE, ticket, at)
        if ticket.next_rung_at is None:
            ticket.next_rung = None
    elif rung == clocks.AGAIN:
        ticket.next_rung = ticket.next_rung_at = None
    elif after is not None:
        ticket.next_rung, ticket.next_rung_at = after.rung, after.at
    ticket.save(update_fields=["breaches", "next_rung", "next_rung_at"])
    record(
        events.CLIMBED,
        ticket,
        actor=actor,
        at=at,
        unit_id=ticket.unit_id,
        rung=rung,
        due_at=clock.due_at,
        breaches=ticket.breaches,
        escalation=climbed.pk,
    )
    return climbed


def _climb_step(ticket: FeedbackTicket, *, actor: Actor, at: datetime) -> Escalation:
    """By the ladder made when the step began, whatever the ticket became meanwhile: its step is due when it was."""
    due_at, planned = ticket.step_due_at, ticket.step_rung_at
    runs = due_at is not None and ticket.step_for == due_at and ticket.state != State.ASKED
    if due_at is None or not runs or planned is None or planned > at:
        raise NothingToClimb
    rung, after = clocks.NEAR, due_at
    if ticket.step_told >= clocks.DUE:
        rung = clocks.AGAIN
    elif due_at <= at:
        rung = clocks.DUE
    elif ticket.step_told < clocks.HALF:
        near_at = clocks.near_after_half(planned, due_at, calendar_of(ticket.city_id, at))
        rung, after = (clocks.HALF, near_at) if near_at > at else (rung, after)
    climbed = Escalation.objects.create(
        ticket=ticket,
        clock=-ticket.step_number,
        step=step_of(ticket) or "",
        rung=rung,
        unit_id=ticket.unit_id,
        due_at=due_at,
        climbed_at=at,
    )
    ticket.step_told = rung
    if rung < clocks.DUE:
        ticket.step_rung_at = after
    else:
        ticket.step_rung_at = step_due(Step.CHASE, ticket, at) if rung == clocks.DUE else None
    ticket.save(update_fields=["step_told", "step_rung_at"])
    record(
        events.CLIMBED,
        ticket,
        actor=actor,
        at=at,
        unit_id=ticket.unit_id or ticket.city_id,
        rung=rung,
        due_at=due_at,
        step=climbed.step,
        escalation=climbed.pk,
    )
    return climbed


def still_stands(climbed: Escalation, at: datetime) -> bool:
    """Whoever is told of it now is told what is so: not answered, done, asked, sent elsewhere or put off meanwhile."""
    ticket, late = climbed.ticket, climbed.rung >= clocks.DUE
    if climbed.step:
        due_at = ticket.step_due_at
        same = ticket.step_for == due_at and climbed.clock == -ticket.step_number and ticket.state != State.ASKED
        return due_at is not None and same and (not late or due_at <= at)
    waits = ticket.state in {*WITH_UNIT, State.ANSWERED} and climbed.clock == clock_number(ticket)
    return waits and ticket.due_at is not None and (not late or ticket.due_at <= at)
