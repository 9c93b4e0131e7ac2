"""Duties, digests of codes, what a consultation may be about, days of a campaign. Pure."""

from __future__ import annotations

import re
import secrets
from datetime import date, time

from django.db.models import TextChoices
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.codes import in_fours

ARRANGE = "arrange helpers"
LEAD_AID = "lead legal aid"
CODE_DIGITS = 6
LETTERS_AN_HOUR = 20  # codes that one helper may have sent; more is a game
MOST_HELPED = 2_000  # in one shift; more is a typing mistake
COUNTED_WITHIN = 7  # days after a shift in which its helper still enters what came of it
NOTE_AT_MOST = 5_000
DAY_BEGINS, DAY_ENDS = time(6), time(22)
SEALED_FOR = "assistance.consultation"
SECRET = re.compile(r"[\w-]{43}")


class Topic(TextChoices):
    LAND = "land", _("Đất đai, nhà ở")
    FAMILY = "family", _("Hôn nhân, gia đình, hộ tịch")
    LABOUR = "labour", _("Lao động, bảo hiểm")
    ADMINISTRATIVE = "administrative", _("Khiếu nại, thủ tục hành chính")
    CIVIL = "civil", _("Dân sự, vay nợ, thừa kế")
    CRIMINAL = "criminal", _("Hình sự")
    OTHER = "other", _("Việc khác")


class Outcome(TextChoices):
    ADVISED = "advised", _("Đã tư vấn xong")
    AGAIN = "again", _("Hẹn tư vấn tiếp")
    REFERRED = "referred", _("Giới thiệu đến nơi khác")


def new_digits() -> str:
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


def digest(helper_id: int, digits: str) -> str:
    """A code is good for one helper alone, and the database does not know it."""
    return salted_hmac("assistance.consent", f"{helper_id}:{digits}", algorithm="sha256").hexdigest()


def typed_digits(text: str) -> str:
    """As people read it out and type it: '482 913', '482-913'."""
    return re.sub(r"[\s.-]", "", text)[:20]


def typed_number(text: str) -> str:
    """The number on a helper's card, however it is typed: 'tg 7h4p22' is TG-7H4P-22."""
    return f"TG-{in_fours(re.sub(r'[^0-9A-Z]', '', text.upper()).removeprefix('TG')[:12])}"


def in_threes(digits: str) -> str:
    return f"{digits[:3]} {digits[3:]}"


def day_number(starts_on: date, days: int, on: date) -> int:
    """Of a campaign: 1 on its first day; 0 before it, the last one's after it."""
    return max(0, min(days, (on - starts_on).days + 1))


def overlaps(one: tuple[time, time], other: tuple[time, time]) -> bool:
    """Two half-open spans of one day."""
    return one[0] < other[1] and other[0] < one[1]
