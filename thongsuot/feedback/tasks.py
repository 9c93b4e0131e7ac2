"""Background work of feedback. Cron times are UTC."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.utils import translation
from procrastinate.contrib.django import app

from thongsuot.feedback import actions, counting, letters
from thongsuot.feedback.actions.common import WITH_UNIT, calendar_of
from thongsuot.feedback.mail_in import mailbox
from thongsuot.feedback.models import Escalation, FeedbackTicket, HeldMail, Routing
from thongsuot.feedback.queries.mail import held_now, whole_rests
from thongsuot.feedback.rules import clocks
from thongsuot.feedback.words import Urgency
from thongsuot.files import actions as files
from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.jobs import RETRY
from thongsuot.units import queries as units

log = logging.getLogger(__name__)
_MAIL_SECONDS = 50.0  # the next minute's run goes on


@app.periodic(cron="* * * * *")
@app.task(name="feedback.climb", retry=RETRY)
def climb(timestamp: int) -> None:
    """Each minute: rungs of the ladder that were reached. Killed between two tickets, the next run goes on with the rest."""
    now = clock.now()
    actions.arm_steps(at=now)
    for ticket_id in actions.to_climb(at=now):
        with suppress(actions.NothingToClimb):  # climbed or answered meanwhile, or the office is closed
            actions.climb(ticket_id, actor=system("worker"), at=now)


@app.periodic(cron="*/10 * * * *")
@app.task(name="feedback.close_over", retry=RETRY)
def close_over(timestamp: int) -> None:
    """What was answered and may be opened no more; what was asked and never answered. What went another way meanwhile is left
    alone.
    """
    now = clock.now()
    for ticket_id in actions.to_close(at=now):
        with suppress(TellPerson):
            actions.close(ticket_id, actor=system("worker"), at=now)
    for ticket_id in actions.asked_long_ago(at=now):
        with suppress(TellPerson):
            actions.close_unanswered(ticket_id, actor=system("worker"), at=now)


@app.periodic(cron="* * * * *")
@app.task(name="feedback.fold", queueing_lock="feedback.fold")
def fold(timestamp: int) -> None:
    """What changed within the last minute comes into the figures."""
    counting.fold()


@app.periodic(cron="40 19 * * *")
@app.task(name="feedback.forget_senders", retry=RETRY)
def forget_senders(timestamp: int) -> None:
    """Names and addresses of senders are not kept for ever; tickets stay, as their history does. One of whom that fails keeps
    nobody else's here: the log says so, and the next night tries again.
    """
    now = clock.now()
    for reporter_id in actions.to_forget(at=now):
        try:
            actions.forget_sender(reporter_id, actor=system("worker"), at=now)
        except TellPerson:  # forgotten or opened again meanwhile
            continue
        except Exception:
            log.exception("sender %s is not forgotten", reporter_id)


@app.periodic(cron="50 19 * * *")
@app.task(name="feedback.let_copies_go", retry=RETRY)
def let_copies_go(timestamp: int) -> None:
    """A picture drawn again with more of it covered leaves a copy on which that is seen. By night: whoever lets a file go waits
    for all hand-ins, and whoever covers a picture is not to wait.
    """
    now = clock.now()
    for file_id in actions.copies_of_before():
        files.let_go(file_id, actor=system("worker"), at=now)


@app.periodic(cron="* * * * *")
@app.task(name="feedback.fetch_mail", queueing_lock="feedback.fetch_mail", lock="feedback.fetch_mail")
def fetch_mail(timestamp: int) -> None:
    """Each minute: what people wrote. A mailbox that does not answer is asked again in a minute. Who takes feedback learns once
    a day of what waits.
    """
    if not (address := mailbox.address_of(settings.FEEDBACK_IMAP)):
        return
    city = units.unit_by_code(settings.CITY_CODE, as_of=clock.local_now().date())
    desk = actions.MailDesk(city.id, address, clock.now)
    if desk.is_full():
        return
    try:
        mailbox.fetch(address, settings.FEEDBACK_IMAP_PASSWORD, desk, time_is_up=mailbox.for_seconds(_MAIL_SECONDS))
    except mailbox.MailboxTrouble as trouble:
        log.warning("feedback mailbox cannot be read: %s", trouble.why)
    now = clock.now()
    held, whole = list(held_now(at=now).values_list("why", flat=True)), whole_rests(at=now)
    for why in sorted({*held, *([whole.why] if whole else [])}):
        with translation.override("vi"):
            said = str(HeldMail.Why(why).label)
        key = f"feedback.mail_held/{why}/{clock.local_now():%Y-%m-%d}"
        letters.tell_mail_held(said, max(desk.left, len(held)), city_id=city.id, send_key=key, at=now)


@app.task(name="feedback.remind", retry=RETRY)
def remind(escalation_id: int) -> None:
    """Who must act learns it, once; the sender, when it is late. Reached at night after all, it waits for the morning, and is
    not told when it is not so any more.
    """
    now = clock.now()
    climbed = Escalation.objects.select_related("ticket__category", "ticket__reporter").get(pk=escalation_id)
    ticket = climbed.ticket
    if waits := _waits(ticket, now):
        app.configure_task("feedback.remind", schedule_at=waits).defer(escalation_id=escalation_id)
        return
    if not actions.still_stands(climbed, now):
        return
    unit = letters.unit_name(climbed.unit_id or ticket.city_id, now)
    due_at = climbed.due_at if climbed.step else ticket.due_at
    send_key, due = f"feedback.climbed/{climbed.pk}", cast(dict[str, Any], {"due_at": due_at, "to_unit": unit})
    with translation.override("vi"):
        step, what = str(climbed.get_rung_display()), str(climbed.get_step_display())
    told = letters.reminded(climbed, now)
    if climbed.step:
        letters.tell_officers("feedback_step", ticket, told, send_key=send_key, at=now, step=step, what=what, **due)
        return
    letters.tell_officers("feedback_rung", ticket, told, send_key=send_key, at=now, step=step, **due)
    if climbed.rung == Escalation.Rung.DUE:
        letters.tell_senders("feedback_late", ticket, send_key=f"{send_key}/sender", at=now, **due)


@app.task(name="feedback.tell_urgent", retry=RETRY)
def tell_urgent(routing_id: int, decided: bool = False, by: int | None = None, child: int | None = None) -> None:
    """Whoever handles feedback in the unit: its hours run from now on, so nobody is woken before them. Nobody, when it is not
    urgent any more, or not theirs to work on.

    decided   an officer or another sender said so since: whoever accepted it before learns it too
    by        who said so, and need not be told
    child     whose sender said so: told once more, should an earlier claim have been one of no urgency
    """
    now = clock.now()
    routing = Routing.objects.select_related("ticket__category").get(pk=routing_id)
    ticket, claimed = routing.ticket, routing.ticket.urgent_claimed
    if routing.returned_at is not None or ticket.unit_id != routing.unit_id or ticket.state not in WITH_UNIT:
        return
    if not (claimed or ticket.urgency == Urgency.URGENT) or (routing.accepted_at is not None and not decided):
        return
    if waits := _waits(ticket, now):
        again = app.configure_task("feedback.tell_urgent", schedule_at=waits)
        again.defer(routing_id=routing_id, decided=decided, by=by, child=child)
        return
    told = (person for person in letters.holders("handle feedback", routing.unit_id, now) if person.pk != by)
    letter, word = ("feedback_claimed", "claimed") if claimed else ("feedback_urgent", "urgent")
    key = f"feedback.{word}/{routing.pk}" + (f"/{child}" if child and claimed else "")
    letters.tell_officers(letter, ticket, told, send_key=key, at=now, due_at=ticket.due_at or routing.due_at)


def _waits(ticket: FeedbackTicket, now: datetime) -> datetime | None:
    """When the office opens, if it is closed now."""
    calendar = calendar_of(ticket.city_id, now)
    return None if clocks.may_tell(now, calendar) else clocks.told_from(now, calendar)
