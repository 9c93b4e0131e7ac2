"""What a way out is asked and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from django.conf import settings

from thongsuot.notices import rules
from thongsuot.notices.models import Trouble

STAND_IN = "stand-in"


@dataclass(frozen=True, kw_only=True)
class Message:
    """One notice as one way carries it.

    to           an address or a number this way reaches
    reference    the same whenever this delivery is tried: the partner that honours it sends once
    words        of an SMS, or the plain mail
    values       parameters of the partner's own template
    unsubscribe  where an optional letter is declined; empty when the law orders it
    answers_to   the address that reads answers to such letters; empty: nobody does
    """

    to: str
    reference: str
    words: str
    subject: str = ""
    template: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    unsubscribe: str = ""
    answers_to: str = ""


class NotTaken(Exception):
    """It was not taken. `for_good`: the partner looked at it and would say the same tomorrow."""

    def __init__(self, trouble: Trouble, *, for_good: bool) -> None:
        super().__init__(trouble.value)
        self.trouble, self.for_good = trouble, for_good


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a partner says later of one delivery. `digest`: of what was signed."""

    reference: str
    delivered: bool
    said_at: datetime
    digest: bytes


class UnreadableReport(Exception):
    """Not signed with our key, too old, or not in the partner's own form. `why` is a word for the log, without any data."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Way(Protocol):
    """Implementations are used by several threads at once and keep nothing."""

    name: str

    def send(self, message: Message) -> str:
        """The partner's own id of it, or empty. Raises NotTaken; anything unclear counts as "later"."""

    def read_report(self, body: bytes, headers: Mapping[str, str], *, at: datetime) -> Report | None:
        """A report that came by our address for them; None: signed and well, but no word of a delivery.

        Raises UnreadableReport. `headers` by lower-case names.
        """


def connected() -> frozenset[str]:
    """Which ways this installation has."""
    addresses = {rules.SMTP: settings.EMAIL_HOST, rules.SMS: settings.SMS_URL, rules.ZALO: settings.ZALO_URL}
    return frozenset(way for way, address in addresses.items() if address)


def played() -> frozenset[str]:
    """Which of them a stand-in plays, in this process or on this machine."""
    local = ("http://127.", "http://localhost", "http://[::1]")
    addresses = {rules.SMS: settings.SMS_URL, rules.ZALO: settings.ZALO_URL}
    return frozenset(way for way, address in addresses.items() if address == STAND_IN or address.startswith(local))


def way_named(name: str) -> Way:
    from thongsuot.notices.ways.sms import SmsWay
    from thongsuot.notices.ways.smtp import SmtpWay
    from thongsuot.notices.ways.zalo import ZaloWay

    ways: dict[str, type[Way]] = {rules.SMTP: SmtpWay, rules.SMS: SmsWay, rules.ZALO: ZaloWay}
    return ways[name]()
