"""Letters and what they must be told, whom they can reach, when a delivery is tried again. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from thongsuot.kernel.text import one_line

# What every letter is told:
#   code       the dossier's code, or the submission's before reception
#   procedure  its name
#   agency     who writes: "Trung tâm Phục vụ hành chính công phường Hoàn Kiếm"
#   contact    a telephone number to ask at; may be empty
#   link       where the reader sees more
COMMON = frozenset({"code", "procedure", "agency", "contact", "link"})

# Letter -> what it is told besides. Instants are datetimes, sums are whole đồng, lists are lists of sentences.
LETTERS: dict[str, frozenset[str]] = {
    key: COMMON | more
    for key, more in {
        "submission_received": {"submitted_at", "answer_due_at"},
        "received": {"received_at", "due_at", "return_place"},
        "supplement_requested": {"points", "until"},  # until: a datetime or None
        "payment_requested": {"amount_dong", "how"},
        "due_moved": {"old_due_at", "due_at", "calendar"},  # calendar: moved because the calendar changed
        "moved": {"from_unit", "to_unit", "address", "due_at", "due_moved"},  # another unit resolves it now; due_at may be None
        "named_to_hand_over": {"title", "heads"},  # to who hands over for a unit that ends; procedure: its name
        "extended": {"old_due_at", "due_at", "reason"},
        "refused": {"reasons", "guidance"},
        "apology": {"due_at", "new_due_at", "reason", "return_place"},
        "result_ready": {"return_place"},  # empty: only the electronic original
        "result_changed": {"what", "number", "reason"},  # what: a sentence
        "returned": {"returned_at"},
        "stopped": {"reason", "papers_back"},
        "withdrawn": {"papers_back"},
        "deadline_near": {"due_at", "step"},  # to an officer
        "certificate_ending": {"ends_at", "days"},  # to the holder or whoever manages certificates; code: its serial number
        "partner_reminder": {"due_at", "body", "asker", "what"},  # to the officers of a partner, or of a body asked
    }.items()
}

SUBJECT_LENGTH = 200
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
