"""Mail about accounts: codes, links, news of security; duties that an upgrade gives to posts."""

from __future__ import annotations

from django.core.mail import EmailMessage
from procrastinate.contrib.django import app

from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.kernel.jobs import RETRY
from thongsuot.people import actions
from thongsuot.people.models import Appointment


@app.task(name="people.send_account_mail", retry=RETRY)
def send_account_mail(to: str, subject: str, text: str) -> None:
    """May run twice: the same mail then arrives twice, which harms nobody."""
    EmailMessage(subject=subject, body=text, to=[to]).send()


@app.periodic(cron="* * * * *")
@app.task(name="people.give_owed", queueing_lock="people.give_owed", lock="people.give_owed")
def give_owed(timestamp: int) -> None:
    """By the worker, not by the migration: programs of the release before, which do not know the duty, have ended by then."""
    for appointment_id in Appointment.objects.filter(owed__isnull=False).order_by("pk").values_list("pk", flat=True):
        actions.give_owed(appointment_id, actor=system("worker"), at=clock.now())
