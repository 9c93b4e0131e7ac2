"""How the national portal words limits, fees, channels and papers; and what we make of it when it says too little.

Nobody is promised too much: of several limits the longest is taken, a lost unit is never read as calendar days, and
whatever is not certain is said to be so (`How`, and `unverified` of a version).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from django.utils.translation import gettext_noop

from thongsuot.kernel.deadlines import Limit, LimitUnit
from thongsuot.procedures.content import Subject

How = Literal["certain", "longest", "bare", "unknown"]

UNKNOWN_LIMIT = Limit(15, LimitUnit.WORKING_DAYS)
CERTIFICATION = "Chứng thực"

_UNITS = {
    "Ngày làm việc": LimitUnit.WORKING_DAYS,
    "Ngày": LimitUnit.CALENDAR_DAYS,
    "Giờ": LimitUnit.WORKING_HOURS,
    "Tháng": LimitUnit.MONTHS,
}
_LIMIT = re.compile(r"(\d{1,4})(?: (Ngày làm việc|Ngày|Giờ|Tháng))?")
_IN_DAYS = {LimitUnit.WORKING_DAYS: 1.4, LimitUnit.CALENDAR_DAYS: 1.0, LimitUnit.WORKING_HOURS: 0.175, LimitUnit.MONTHS: 30.0}
_LONGEST_BARE = 60  # a bare 120 or 1500 is not a number of days
_AMOUNT = re.compile(r"([\d.,]+) Việt Nam Đồng")
_FREE = re.compile(r"Miễn phí|(?:Lệ phí|Phí) : (?:0|Không|không) Đồng")
_CHANNELS = {"Trực tiếp": 1, "Trực tuyến": 2, "Dịch vụ bưu chính": 3}

SUBJECTS = {
    gettext_noop("Công dân Việt Nam"): Subject.CITIZEN,
    gettext_noop("Người Việt Nam định cư ở nước ngoài"): Subject.OVERSEAS,
    gettext_noop("Người nước ngoài"): Subject.FOREIGNER,
    gettext_noop("Cán bộ, công chức, viên chức"): Subject.OFFICIAL,
    gettext_noop("Doanh nghiệp"): Subject.ENTERPRISE,
    gettext_noop("Doanh nghiệp Việt Nam"): Subject.VIETNAMESE_ENTERPRISE,
    gettext_noop("Doanh nghiệp có vốn đầu tư nước ngoài"): Subject.FOREIGN_ENTERPRISE,
    gettext_noop("Hợp tác xã"): Subject.COOPERATIVE,
    gettext_noop("Tổ chức (không bao gồm doanh nghiệp, HTX)"): Subject.ORGANISATION,
    gettext_noop("Tổ chức nước ngoài"): Subject.FOREIGN_ORGANISATION,
    gettext_noop("Tổ chức Đảng"): Subject.PARTY_ORGANISATION,
    gettext_noop("Đảng viên"): Subject.PARTY_MEMBER,
}
# Some pages come with a kind cut at its commas.
_PIECES = {
    "Cán bộ": Subject.OFFICIAL,
    "công chức": Subject.OFFICIAL,
    "viên chức": Subject.OFFICIAL,
    "Tổ chức (không bao gồm doanh nghiệp": Subject.ORGANISATION,
    "HTX)": Subject.ORGANISATION,
}


class ReadLimit(NamedTuple):
    limit: Limit
    how: How


class ReadFee(NamedTuple):
    """`free`, `stated` (one amount, its conditions unknown) or `unknown`."""

    amount_dong: int
    how: Literal["free", "stated", "unknown"]


def limit_of(texts: Iterable[str], *, field: str) -> ReadLimit:
    """From limits as shown ("5 Ngày làm việc", "3", ""). An empty limit of a certification means at once."""
    parts = sorted({text.strip() for text in texts if text.strip()})
    found = [match for part in parts if (match := _LIMIT.fullmatch(part)) and int(match[1]) > 0]
    if not parts and field == CERTIFICATION:
        return ReadLimit(Limit(1, LimitUnit.SAME_DAY), "certain")
    if not found or len(found) != len(parts):
        return ReadLimit(UNKNOWN_LIMIT, "unknown")
    if not all(match[2] for match in found):
        days = int(found[0][1])
        if len(found) == 1 and days <= _LONGEST_BARE:
            return ReadLimit(Limit(days, LimitUnit.WORKING_DAYS), "bare")
        return ReadLimit(UNKNOWN_LIMIT, "unknown")
    limits = [Limit(int(match[1]), _UNITS[match[2]]) for match in found]
    longest = max(limits, key=lambda limit: limit.value * _IN_DAYS[limit.unit])
    return ReadLimit(longest, "certain" if len(found) == 1 else "longest")


def fee_of(texts: Iterable[str]) -> ReadFee:
    """From fees as shown, one per channel; different ones are as good as none."""
    different = {text.strip() for text in texts}
    if len(different) != 1:
        return ReadFee(0, "unknown")
    [text] = different
    if _FREE.fullmatch(text):
        return ReadFee(0, "free")
    if match := _AMOUNT.fullmatch(text):
        return ReadFee(int(re.sub(r"\D", "", match[1])), "stated")
    return ReadFee(0, "unknown")


def subjects_of(texts: Iterable[str]) -> frozenset[Subject]:
    """From the kinds as shown; what is no kind is left out."""
    known = SUBJECTS | _PIECES
    return frozenset(known[text.strip()] for text in texts if text.strip() in known)


def channels_of(names: Iterable[str]) -> frozenset[int]:
    """National channel codes; names the portal does not have are passed over."""
    return frozenset(_CHANNELS[name.strip()] for name in names if name.strip() in _CHANNELS)


class PaperLine(NamedTuple):
    """A line of the portal's list of papers."""

    group: str
    name: str
    originals: int
    copies: int
    has_form: bool


_FORM = re.compile(r"(Tờ khai|Mẫu|Đơn|Giấy đề nghị|Phiếu)\b")
_CASE = re.compile(r"(Trường hợp|Đối với|Nếu)\b")


def papers_among(lines: Sequence[PaperLine]) -> list[PaperLine]:
    """The lines that are papers: notes and headings stand in the same list, with no copies to hand in."""
    papers = [line for line in lines if line.originals + line.copies > 0 and not line.group.startswith("Lưu ý")]
    return papers or [line for line in lines if not line.group.startswith("Lưu ý")]


def paper_kind(line: PaperLine) -> Literal["submit", "show", "form"]:
    if "xuất trình" in line.group:
        return "show"
    return "form" if line.has_form or _FORM.match(line.name) else "submit"


def is_conditional(line: PaperLine) -> bool:
    """Needed in some cases only: nobody is sent home for lack of it."""
    return bool(_CASE.match(line.name) or _CASE.match(line.group))
