"""Vietnamese text: one form on input, search without marks, correct order, plain words for money and time."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from django.utils.translation import gettext as _

from thongsuot.kernel.working_time import VIET_NAM

_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[^0-9a-z]+")
# Control characters have no place in a name or an address; tab and newline become spaces.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")

# Dictionary order of letters; a tone mark only decides between otherwise equal words.
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_RANK = {letter: chr(ord("A") + i) for i, letter in enumerate(_LETTERS)}
_TONES = {"\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0301": "5", "\u0323": "6"}
_SHAPE_MARKS = {"\u0306", "\u0302", "\u031b"}  # breve, circumflex, horn: part of the letter


def nfc(text: str) -> str:
    """Text as we keep it: composed, without control characters, outer blanks cut."""
    return unicodedata.normalize("NFC", _CONTROL.sub("", text)).strip()


def one_line(text: str) -> str:
    """`nfc`, and every run of blanks is one blank."""
    return _SPACES.sub(" ", nfc(text))


def search_key(text: str) -> str:
    """Lower case without marks, words parted by one blank: 'Hoàn Kiếm' and 'HOAN  KIEM' are equal."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    plain = "".join(ch for ch in plain if not unicodedata.combining(ch))
    return _NOT_WORD.sub(" ", plain).strip()


def sort_key(text: str) -> str:
    """ASCII key whose byte order is Vietnamese dictionary order: letters first, tones after."""
    letters: list[str] = []
    tones: list[str] = []
    for ch in unicodedata.normalize("NFD", text.lower()):
        if ch in _TONES:
            if tones:
                tones[-1] = _TONES[ch]
        elif ch in _SHAPE_MARKS and letters:
            whole = unicodedata.normalize("NFC", _letter_of(letters[-1]) + ch)
            letters[-1] = _LETTER_RANK.get(whole, letters[-1])
        elif ch in _LETTER_RANK:
            letters.append(_LETTER_RANK[ch])
            tones.append("1")
        elif ch.isdigit() and ch.isascii():
            letters.append(ch)
            tones.append("1")
        elif letters and letters[-1] != " ":
            letters.append(" ")
            tones.append("1")
    return "".join(letters).rstrip() + "!" + "".join(tones)


def _letter_of(rank: str) -> str:
    place = ord(rank) - ord("A")
    return _LETTERS[place] if 0 <= place < len(_LETTERS) else rank


def slug(text: str) -> str:
    """For addresses of pages: 'Đăng ký khai sinh' gives 'dang-ky-khai-sinh'."""
    return search_key(text).replace(" ", "-")


def dong(amount: int) -> str:
    """Whole đồng as people write it: 20.000 đồng."""
    return _("%(amount)s đồng") % {"amount": number(amount)}


def number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def day(value: date) -> str:
    return value.strftime("%d/%m/%Y")


def instant(value: datetime) -> str:
    """Local time, day first: 20/11/2026 15:00."""
    return value.astimezone(VIET_NAM).strftime("%d/%m/%Y %H:%M")


def masked_id(number_text: str) -> str:
    """0015•••••077: enough for the owner to recognise, too little to misuse."""
    return f"{number_text[:4]}{'•' * max(0, len(number_text) - 7)}{number_text[-3:]}" if len(number_text) > 7 else "•••"


def masked_phone(phone: str) -> str:
    """09•• ••• •48"""
    digits = re.sub(r"\D", "", phone)
    return f"{digits[:2]}•• ••• •{digits[-2:]}" if len(digits) >= 6 else "•••"


def masked_name(name: str) -> str:
    """Nguyễn Thu Tr•••: the given name shows only how it begins."""
    words = name.split()
    if not words:
        return ""
    given = words[-1]
    return " ".join([*words[:-1], given[: max(1, len(given) // 2)] + "•••"])
