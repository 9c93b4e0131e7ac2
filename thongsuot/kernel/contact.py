"""How people are reached and told apart: e-mail, telephone, ID number. One test of each, whichever door it came in by."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

MOST_EMAIL = 254
_ID_NUMBER = re.compile(r"[0-9]{12}")
_OTHER_PAPER = re.compile(r"[0-9]{9}|[A-Z]{1,2}[0-9]{6,8}|[0-9]{10}(-[0-9]{3})?")  # old ID, passport, enterprise code
_PHONE = re.compile(r"0[0-9]{9,10}")
_BETWEEN_DIGITS = re.compile(r"[\s.()-]+")


def is_email(text: str) -> bool:
    """Can mail be addressed to it? One line, plain ASCII, short enough to be kept."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return text.isascii() and len(text) <= MOST_EMAIL and not re.search(r"\s", text)


def is_id_number(text: str) -> bool:
    """Twelve digits. Whether the person exists only the national database knows."""
    return _ID_NUMBER.fullmatch(text) is not None


def is_paper_number(text: str) -> bool:
    """The number a person or an enterprise is known by: the ID number, or what some still have instead."""
    return is_id_number(text) or _OTHER_PAPER.fullmatch(text) is not None


def digits_of(text: str) -> str:
    """A number without the blanks, dots, dashes and brackets people part it with."""
    return _BETWEEN_DIGITS.sub("", text)


def is_phone(text: str) -> bool:
    return _PHONE.fullmatch(text) is not None


def phone_as_kept(text: str) -> str | None:
    """Digits from 0: '+84 912 345 678' is '0912345678'. None when it is no Vietnamese number."""
    digits = digits_of(text)
    if digits.startswith("+84"):
        digits = "0" + digits[3:]
    return digits if is_phone(digits) else None
