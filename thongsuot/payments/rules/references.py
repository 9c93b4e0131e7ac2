"""What a payment is called outside the house, and how it is found again in the words of a bank transfer."""

from __future__ import annotations

import re
import secrets
import unicodedata

PURPOSE_AT_MOST = 25  # of VietQR
_MARK = "TS"
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # 31, a prime: one wrong character, or two that changed places, never fits
_RANDOM = 6
_GLUED = 6  # characters of a number that stays itself when a bank drops the blank before it
LENGTH = len(_MARK) + _RANDOM + 1
_FOUND = re.compile(rf"(?=({_MARK}[{_LETTERS}]{{{_RANDOM + 1}}}))")


def new_reference() -> str:
    """Nine characters that nobody mistakes for others, the last of them a check."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(_RANDOM))
    return _MARK + drawn + _check(drawn)


def reference_in(words: str) -> str:
    """Our reference in what a transfer says; "" for none, or two that differ. Banks add words, drop spaces and case."""
    letters = re.sub(r"[^0-9A-Z]", "", words.upper())
    found = {one for one in _FOUND.findall(letters) if _check(one[len(_MARK) : -1]) == one[-1]}
    return found.pop() if len(found) == 1 else ""


def purpose_of(reference: str, code: str) -> str:
    """At most 25 characters: the reference, then as much of the end of the code as there is room for, without signs.

    >>> purpose_of("TS234567M", "H26.107-261120-0011")
    'TS234567M 261072611200011'
    """
    room = PURPOSE_AT_MOST - len(reference) - 1
    return f"{reference} {plain(code)[-room:]}".strip()


def plain(text: str) -> str:
    """Letters and digits alone, large: how codes are told from each other in what banks carry."""
    return re.sub(r"[^0-9A-Z]", "", unmarked(text).upper())


def says(words: str, number: str) -> bool:
    """Do these words hold that number of a slip or an order, whatever its case, blanks and signs? Never a part of a longer one.

    >>> says("NOP TIEN GNT00123 NGAY 6", "gnt 00123"), says("GNT001234", "GNT 00123")
    (True, False)
    """
    letters = plain(number)
    if not letters:
        return False
    guard = r"(?<!\d)" if letters[0].isdigit() else r"(?<![A-Z])" if len(letters) < _GLUED else ""
    end = r"(?!\d)" if letters[-1].isdigit() else r"(?![A-Z])"
    return re.search(guard + r"[^0-9A-Z]*".join(letters) + end, unmarked(words).upper()) is not None


def unmarked(text: str) -> str:
    """Vietnamese without marks, in the letters that banks carry."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(one for one in plain if one.isascii() and one.isprintable())


def _check(drawn: str) -> str:
    return _LETTERS[sum((place + 1) * _LETTERS.index(one) for place, one in enumerate(drawn)) % len(_LETTERS)]
