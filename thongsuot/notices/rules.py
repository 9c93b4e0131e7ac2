"""Whom letters can reach, when a delivery is tried again. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from thongsuot.kernel.text import one_line

SMTP_SECONDS = 20

# After each failed attempt the next wait; after the last one it is given up: two days in all.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1_440))


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """To whom. `person_id` is the account, when there is one: the message then also stands on that person's own page."""

    name: str
    email: str = ""
    phone: str = ""
    person_id: int | None = None


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts; None: give up."""
    return WAITS[attempts - 1] if attempts <= len(WAITS) else None


def clean_email(email: str) -> str:
    return one_line(email)[:254].lower()


def clean_phone(phone: str) -> str:
    """Digits and a leading plus: what search compares."""
    return re.sub(r"[^\d+]", "", phone)[:20]


def masked_email(email: str) -> str:
    """mi•••@thongsuot.example: the owner recognises it, nobody else can use it."""
    local, _at, domain = email.partition("@")
    return f"{local[: min(2, max(1, len(local) // 2))]}•••@{domain}" if domain else "•••"
