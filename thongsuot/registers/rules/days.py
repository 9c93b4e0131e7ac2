"""Days as old registers have them: whole, only a month, only a year, or not known. Pure.

A partial day is text: "1958-03-12", "1958-03", "1958" or "". Nothing is ever filled up.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from thongsuot.kernel.text import search_key

OLDEST_YEAR, LAST_YEAR = 1800, 2199
_SERIAL = re.compile(r"[0-9]{5}(\.0)?")
_EXCEL_EPOCH = date(1899, 12, 30)
# Words around the numbers of a day; what else stands there means that we do not understand it.
_SAID = {"ngay", "thang", "nam", "sinh", "khoang", "dl", "duong", "lich"}
_UNKNOWN = {"khong", "ro", "nho", "chua", "kr"}


@dataclass(frozen=True)
class ReadDay:
    """`value`: the partial day. `doubt`: why a person must look: "", "date" (unreadable, impossible), "serial_date"."""

    value: str
    doubt: str = ""


def read_day(text: str) -> ReadDay:
    """What a cell says: 12/3/1958, tháng 3 năm 1958, 1958, không rõ, a spreadsheet's serial number.

    A year of two digits and a day that is in no calendar are doubts: which one was meant only a person can tell.
    """
    text = text.strip()
    if _SERIAL.fullmatch(text):
        day = _EXCEL_EPOCH + timedelta(days=int(float(text)))
        return ReadDay(day.isoformat(), "serial_date")
    if any(ch.isdigit() and not ch.isascii() for ch in text):
        return ReadDay("", "date")  # digits of other scripts: `search_key` would drop them and leave another day
    words = search_key(text).split()
    numbers = [word for word in words if word.isdigit()]
    rest = [word for word in words if not word.isdigit() and word not in _SAID]
    if any(word not in _UNKNOWN for word in rest):
        return ReadDay("", "date")
    if not numbers:
        return ReadDay("") if rest or not text.strip("-./ ?") else ReadDay("", "date")
    if len(numbers) == 1 and len(numbers[0]) == 8:
        numbers = [numbers[0][:2], numbers[0][2:4], numbers[0][4:]]
    if len(numbers) == 3 and len(numbers[0]) == 4:
        numbers.reverse()  # 1958-03-12
    if len(numbers) > 3 or len(numbers[-1]) != 4 or any(len(part) > 2 for part in numbers[:-1]):
        return ReadDay("", "date")
    year, *smaller = (int(part) for part in reversed(numbers))
    value = _partial(year, *smaller)
    return ReadDay(value) if value else ReadDay("", "date")


def _partial(year: int, month: int = 0, day: int = 0) -> str:
    """Empty when no calendar has it. 00 for month or day is how old books write "not known"."""
    if not OLDEST_YEAR <= year <= LAST_YEAR or not 0 <= month <= 12:
        return ""
    if month == 0:
        return f"{year}" if day == 0 else ""
    if day == 0:
        return f"{year}-{month:02}"
    return f"{year}-{month:02}-{day:02}" if day <= monthrange(year, month)[1] else ""


def year_of(value: str) -> int | None:
    return int(value[:4]) if value else None


def earliest(value: str) -> date | None:
    """The first day it can mean."""
    if not value:
        return None
    year, month, day = (*(int(part) for part in value.split("-")), 1, 1)[:3]
    return date(year, month, day)


def latest(value: str) -> date | None:
    """The last day it can mean."""
    if not value:
        return None
    parts = [int(part) for part in value.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    return date(year, month, parts[2] if len(parts) > 2 else monthrange(year, month)[1])


def surely_before(one: str, other: str) -> bool:
    """Whatever the unknown parts are."""
    last, first = latest(one), earliest(other)
    return last is not None and first is not None and last < first


def in_words(value: str) -> str:
    """12/03/1958; tháng 03/1958; năm 1958; không rõ."""
    parts = value.split("-")
    if len(parts) == 3:
        return f"{parts[2]}/{parts[1]}/{parts[0]}"
    if len(parts) == 2:
        return _("tháng %(month)s") % {"month": f"{parts[1]}/{parts[0]}"}
    return _("năm %(year)s") % {"year": value} if value else _("không rõ")


def as_typed(value: str) -> str:
    """For a field of a form: what `read_day` reads back as the same."""
    return "/".join(reversed(value.split("-"))) if value else ""
