"""Background work of feedback. Cron times are UTC."""

from __future__ import annotations

import logging
from contextlib import suppress

from django.conf import settings
from procrastinate.contrib.django import app

from thongsuot.feedback import actions
from thongsuot.feedback.actions.errors import NotInThisState
from thongsuot.feedback.mail_in import mailbox
from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.kernel.errors import NotFound
from thongsuot.kernel.jobs import RETRY
from thongsuot.units import queries as units

log = logging.getLogger(__name__)
_MAIL_SECONDS = 50.0  # the next minute's run goes on


@app.periodic(cron="* * * * *")
@app.task(name="feedback.climb", retry=RETRY)
def climb(timestamp: int) -> None:
    """Each minute: rungs of the ladder that were reached. Killed between two tickets, the next run goes on with the rest."""
    now = clock.now()
    for ticket_id in actions.to_climb(at=now):
        with suppress(actions.NothingToClimb):  # climbed or answered meanwhile, or the office is closed
            actions.climb(ticket_id, actor=system("worker"), at=now)


@app.periodic(cron="*/10 * * * *")
@app.task(name="feedback.close_over", retry=RETRY)
def close_over(timestamp: int) -> None:
    """What was answered and may be opened no more; what was asked and never answered."""
    now = clock.now()
    for ticket_id in actions.to_close(at=now):
        with suppress(NotInThisState):
            actions.close(ticket_id, actor=system("worker"), at=now)
    for ticket_id in actions.asked_long_ago(at=now):
        with suppress(NotInThisState):
            actions.close_unanswered(ticket_id, actor=system("worker"), at=now)


@app.periodic(cron="40 19 * * *")
@app.task(name="feedback.forget_senders", retry=RETRY)
def forget_senders(timestamp: int) -> None:
    """Names and addresses of senders are not kept for ever; tickets stay, as their history does."""
    now = clock.now()
    for reporter_id in actions.to_forget(at=now):
        with suppress(NotFound):
            actions.forget_sender(reporter_id, actor=system("worker"), at=now)


@app.task(name="feedback.draw", retry=RETRY)
def draw(photo_id: int) -> None:
    actions.draw(photo_id, actor=system("worker"), at=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="feedback.fetch_mail", queueing_lock="feedback.fetch_mail", lock="feedback.fetch_mail")
def fetch_mail(timestamp: int) -> None:
    """Each minute: what people wrote. A mailbox that does not answer is asked again in a minute."""
    if not (address := mailbox.address_of(settings.FEEDBACK_IMAP)):
        return
    city = units.unit_by_code(settings.CITY_CODE, as_of=clock.local_now().date())

    def take(raw: bytes, whole: bool) -> object:
        return actions.take_mail(city.id, raw, whole=whole, at=clock.now())

    try:
        mailbox.fetch(address, settings.FEEDBACK_IMAP_PASSWORD, take, time_is_up=mailbox.for_seconds(_MAIL_SECONDS))
    except mailbox.MailboxTrouble as trouble:
        log.warning("feedback mailbox cannot be read: %s", trouble.why)
