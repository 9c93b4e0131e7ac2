"""Mail about accounts: codes, links, news of security."""

from __future__ import annotations

from django.core.mail import EmailMessage
from procrastinate.contrib.django import app

from thongsuot.kernel.jobs import RETRY


@app.task(name="people.send_account_mail", retry=RETRY)
def send_account_mail(to: str, subject: str, text: str) -> None:
    """May run twice: the same mail then arrives twice, which harms nobody."""
    EmailMessage(subject=subject, body=text, to=[to]).send()
