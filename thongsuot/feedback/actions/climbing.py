"""The ladder: whoever must act is told at 50, 80 and 100 % of the time, the chair when it is late for the second time.

Each rung is climbed once: the row that says so and the next instant are written in one transaction, whoever asks twice finds
the ticket already further on. Nobody is told at night: a rung reached then is climbed when the office opens.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy

from thongsuot.feedback import events
from thongsuot.feedback.actions.common import Step, calendar_of, clock_number, clock_of, locked, step_due
from thongsuot.feedback.models import Escalation, FeedbackTicket
from thongsuot.feedback.rules import clocks
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import NotYourDuty, TellPerson

MOST_AT_ONCE = 500


class NothingToClimb(TellPerson):
    """Somebody else climbed it, the ticket was answered meanwhile, or the office is closed."""

    code = "feedback.nothing_to_climb"
    says = gettext_lazy("Chưa đến lúc nhắc việc này.")


def to_climb(*, at: datetime) -> list[int]:
    """Tickets with a rung that was reached, the longest waiting first."""
    rows = FeedbackTicket.objects.filter(next_rung_at__lte=at).order_by("next_rung_at")
    return list(rows.values_list("pk", flat=True)[:MOST_AT_ONCE])


@command
def climb(ticket_id: int, *, actor: Actor, at: datetime) -> Escalation:
    """The highest rung reached by now; those below it that nobody came to are left out. Raises NotYourDuty, NothingToClimb."""
    if not actor.trusted:
        raise NotYourDuty("take feedback")
    ticket = locked(ticket_id)
    calendar = calendar_of(ticket.city_id, at)
    if ticket.next_rung is None or ticket.next_rung_at is None or ticket.next_rung_at > at or not clocks.may_tell(at, calendar):
        raise NothingToClimb
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
