"""Handing one notice to the mail server.

At least once: the row is locked while we talk to the server, so two jobs never send the same notice together; only a crash
after the server's "taken" and before our commit makes it go twice, then with the same Message-ID, by which mailboxes
recognise a copy.
"""

from __future__ import annotations

import smtplib
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction

from thongsuot.kernel.actor import Actor
from thongsuot.notices import actions, rules
from thongsuot.notices.models import Notice

Trouble = Notice.Trouble


class NotTaken(Exception):
    """The mail server did not take it. `for_good`: it would say the same tomorrow."""

    def __init__(self, trouble: Notice.Trouble, *, for_good: bool) -> None:
        super().__init__(trouble.value)
        self.trouble, self.for_good = trouble, for_good


def deliver(notice_id: int, *, actor: Actor, at: datetime) -> None:
    """Send it unless it was sent, given up or taken back meanwhile."""
    with transaction.atomic():
        notice = Notice.objects.select_for_update().filter(pk=notice_id, state=Notice.State.QUEUED).first()
        if notice is None:
            return
        if not settings.EMAIL_HOST:
            actions.note_kept(notice, actor=actor, at=at)
            return
        try:
            _hand_over(notice)
        except NotTaken as refusal:
            actions.note_trouble(notice, refusal.trouble, for_good=refusal.for_good, actor=actor, at=at)
        else:
            actions.note_sent(notice, actor=actor, at=at)


def _hand_over(notice: Notice) -> None:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    message = EmailMessage(
        subject=notice.subject,
        body=notice.body,
        to=[notice.email],
        connection=get_connection(timeout=rules.SMTP_SECONDS),
        headers={"Message-ID": f"<notice-{notice.pk}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as refusal:
        codes = [code for code, _words in refusal.recipients.values()]
        raise NotTaken(Trouble.REFUSED_ADDRESS, for_good=all(code >= 500 for code in codes)) from None
    except smtplib.SMTPDataError as refusal:
        raise NotTaken(Trouble.REFUSED_CONTENT, for_good=refusal.smtp_code >= 500) from None
    except (smtplib.SMTPException, OSError):
        # Login, sender, connection, silence: ours or theirs to mend, none of it this letter's fault.
        raise NotTaken(Trouble.SERVER, for_good=False) from None
