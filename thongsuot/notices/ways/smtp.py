"""By the mail server of the settings. It tells us nothing later: what it took counts as sent."""

from __future__ import annotations

import smtplib
from collections.abc import Mapping
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from thongsuot.notices import rules
from thongsuot.notices.models import Trouble
from thongsuot.notices.ways.protocol import Message, NotTaken, Report, UnreadableReport


class SmtpWay:
    name = rules.SMTP

    def send(self, message: Message) -> str:
        domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
        headers = {"Message-ID": f"<notice-{message.reference}@{domain}>", "Auto-Submitted": "auto-generated"}
        body = message.words
        if message.unsubscribe:
            # RFC 8058: the reader's mail program shows a button of its own, and posts to this address.
            headers |= {
                "List-Unsubscribe": f"<{message.unsubscribe}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            }
            body += f"\nKhông muốn nhận thư loại này nữa:\n{message.unsubscribe}\n"
        mail = EmailMessage(
            subject=message.subject,
            body=body,
            to=[message.to],
            reply_to=[message.answers_to] if message.answers_to else None,
            connection=get_connection(timeout=rules.SMTP_SECONDS),
            headers=headers,
        )
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as refusal:
            codes = [code for code, _words in refusal.recipients.values()]
            raise NotTaken(Trouble.REFUSED_ADDRESS, for_good=all(code >= 500 for code in codes)) from None
        except smtplib.SMTPDataError as refusal:
            raise NotTaken(Trouble.REFUSED_CONTENT, for_good=refusal.smtp_code >= 500) from None
        except (smtplib.SMTPException, OSError):
            # Login, sender, connection, silence: ours or theirs to mend, none of it this letter's fault.
            raise NotTaken(Trouble.SERVER, for_good=False) from None
        return ""

    def read_report(self, body: bytes, headers: Mapping[str, str], *, at: datetime) -> Report | None:
        raise UnreadableReport("no reports by this way")
