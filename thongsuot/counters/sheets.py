"""The list with which rosters and training of many points come in, and what one row of it says. No database."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.counters.rules.opening import UnreadableHours, read_clock
from thongsuot.files.tables import Column
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.text import search_key
from thongsuot.kernel.working_time import Shift

COLUMNS = (
    Column(
        key="point",
        heading=gettext_lazy("Mã điểm"),
        example="12",
        how=gettext_lazy("Mã của điểm trong tệp mẫu tải về từ trang này."),
        required=True,
    ),
    Column(
        key="email",
        heading=gettext_lazy("Thư điện tử của cán bộ"),
        example="lan@vidu.vn",
        how=gettext_lazy("Địa chỉ đăng nhập của cán bộ."),
        required=True,
    ),
    Column(
        key="counter",
        heading=gettext_lazy("Số quầy"),
        example="1",
        how=gettext_lazy("Để trống cả năm cột lịch trực: dòng chỉ ghi tập huấn."),
    ),
    Column(
        key="first",
        heading=gettext_lazy("Từ ngày"),
        example="02/11/2026",
        how=gettext_lazy("Ngày đầu tiên, ghi ngày/tháng/năm."),
    ),
    Column(
        key="last",
        heading=gettext_lazy("Đến ngày"),
        example="27/11/2026",
        how=gettext_lazy("Ngày cuối cùng; để trống: chỉ ngày đầu tiên."),
    ),
    Column(
        key="weekdays",
        heading=gettext_lazy("Các thứ"),
        example="2-6",
        how=gettext_lazy("2-6 là thứ Hai đến thứ Sáu; 2, 4, 7; CN là Chủ nhật. Để trống: mọi ngày mở cửa."),
    ),
    Column(
        key="shift",
        heading=gettext_lazy("Ca"),
        example="sáng",
        how=gettext_lazy("sáng, chiều, hoặc giờ bắt đầu ca như 7:30. Để trống: mọi ca trong ngày."),
    ),
    Column(
        key="trained_on",
        heading=gettext_lazy("Ngày tập huấn"),
        example="15/09/2026",
        how=gettext_lazy("Để trống: dòng không ghi tập huấn."),
    ),
    Column(
        key="evidence",
        heading=gettext_lazy("Giấy tờ chứng minh"),
        example="Giấy chứng nhận số 12",
        how=gettext_lazy("Bắt buộc khi có ngày tập huấn."),
    ),
    Column(
        key="fields",
        heading=gettext_lazy("Lĩnh vực tập huấn"),
        example="Hộ tịch; Chứng thực",
        how=gettext_lazy("Tên các lĩnh vực, cách nhau dấu chấm phẩy. Để trống: mọi lĩnh vực."),
    ),
)
ROSTER_KEYS = ("counter", "first", "last", "weekdays", "shift")
SUNDAY, NOON = 6, time(12)
_WEEKDAY = re.compile(r"(?:t|thu)? ?([2-7])|cn|chu nhat")
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})|(\d{4})-(\d{2})-(\d{2})(?:[ T]00:00(?::00)?)?")
EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, kw_only=True)
class Seating:
    """counter at all shifts that `takes`, on those weekdays (0 is Monday) from the first day to the last."""

    counter: int
    first: date
    last: date
    weekdays: frozenset[int]
    shift: str | time

    def takes(self, span: Shift) -> bool:
        if isinstance(self.shift, time):
            return span.starts == self.shift
        return self.shift == "" or (span.starts < NOON) == (self.shift == "sang")


@dataclass(frozen=True, kw_only=True)
class Trained:
    on: date
    evidence: str
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Line:
    point_id: int
    email: str
    seating: Seating | None
    trained: Trained | None


def read_line(cells: Mapping[str, str], *, fields: Mapping[str, str], today: date, furthest: date) -> Line:
    """What a row says. fields: {search key of the name: code}. Raises BadInput by keys of the columns."""
    wrong: dict[str, str] = {}
    point, email = cells.get("point", ""), cells.get("email", "").lower()
    if not re.fullmatch(r"[0-9]{1,9}", point):
        wrong["point"] = _("Mã điểm là một số. Hãy chép mã từ tệp mẫu của trang này.")
    if "@" not in email:
        wrong["email"] = _("Chưa ghi thư điện tử của cán bộ. Ví dụ: lan@vidu.vn.")
    seating = _seating(cells, wrong, today, furthest) if any(cells.get(key) for key in ROSTER_KEYS) else None
    about_training = any(cells.get(key) for key in ("trained_on", "evidence", "fields"))
    trained = _trained(cells, wrong, today, fields) if about_training else None
    if seating is None and trained is None and not wrong:
        wrong["counter"] = _("Dòng chưa ghi lịch trực, cũng chưa ghi tập huấn. Hãy ghi một trong hai hoặc bỏ dòng.")
    if wrong:
        raise BadInput(wrong)
    return Line(point_id=int(point), email=email, seating=seating, trained=trained)


def _seating(cells: Mapping[str, str], wrong: dict[str, str], today: date, furthest: date) -> Seating | None:
    number = cells.get("counter", "")
    if not re.fullmatch(r"[0-9]{1,2}", number):
        wrong["counter"] = _("Số quầy là một số từ 1 đến 99.")
    first = _day(cells, "first", wrong)
    last = _day(cells, "last", wrong) if cells.get("last") else first
    if first is not None and last is not None and "last" not in wrong:
        if first < today:
            wrong["first"] = _("Ngày này đã qua. Hãy ghi từ hôm nay trở đi.")
        elif last < first:
            wrong["last"] = _("Ngày cuối đứng trước ngày đầu. Hãy sửa lại.")
        elif last > furthest:
            wrong["last"] = _("Lịch trực nhập trước nhiều nhất đến %(day)s.") % {"day": f"{furthest:%d/%m/%Y}"}
    weekdays, shift = _weekdays(cells.get("weekdays", "")), _shift(cells.get("shift", ""))
    if weekdays is None:
        wrong["weekdays"] = _("Chưa đọc được các thứ. Hãy ghi như: 2-6 hoặc 2, 4, CN.")
    if shift is None:
        wrong["shift"] = _("Ca ghi là sáng, chiều, hoặc giờ bắt đầu ca như 7:30.")
    if wrong or first is None or last is None or weekdays is None or shift is None:
        return None
    return Seating(counter=int(number), first=first, last=last, weekdays=weekdays, shift=shift)


def _trained(cells: Mapping[str, str], wrong: dict[str, str], today: date, known: Mapping[str, str]) -> Trained | None:
    on, evidence = _day(cells, "trained_on", wrong), cells.get("evidence", "")
    if on is not None and on > today:
        wrong["trained_on"] = _("Ngày tập huấn chưa đến. Hãy ghi sau khi đã học xong.")
    if not evidence or len(evidence) > 200:
        wrong["evidence"] = _("Chưa ghi giấy tờ chứng minh. Ví dụ: Giấy chứng nhận số 12, lớp tháng 9.")
    names = [part.strip() for part in cells.get("fields", "").split(";") if part.strip()]
    if unknown := [name for name in names if search_key(name) not in known]:
        wrong["fields"] = _("Không có lĩnh vực %(codes)s trong danh mục.") % {"codes": ", ".join(unknown)}
    if wrong or on is None:
        return None
    return Trained(on=on, evidence=evidence, fields=tuple(sorted({known[search_key(name)] for name in names})))


def _day(cells: Mapping[str, str], key: str, wrong: dict[str, str]) -> date | None:
    match = _DAY.fullmatch(cells.get(key, ""))
    try:
        if match:
            day, month, year = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
            return datetime(int(year), int(month), int(day)).date()  # noqa: DTZ001 - a day, of no zone
    except ValueError:
        pass
    wrong[key] = _("Chưa đọc được ngày. Hãy ghi ngày/tháng/năm, ví dụ 02/11/2026.")
    return None


def _weekdays(text: str) -> frozenset[int] | None:
    """As Vietnamese count them: 2 is Monday. None: not read."""
    found: set[int] = set()
    for part in re.split(r"[,;]", text) if text.strip() else ():
        places = [_place(one) for one in part.replace("–", "-").split("-")]
        first, last = places[0], places[-1]
        if len(places) > 2 or first is None or last is None or last < first:
            return None
        found |= set(range(first, last + 1))
    return frozenset(found) if found else EVERY_DAY


def _place(text: str) -> int | None:
    match = _WEEKDAY.fullmatch(search_key(text))
    if match is None:
        return None
    return int(match[1]) - 2 if match[1] else SUNDAY


def _shift(text: str) -> str | time | None:
    """sang, chieu, nothing for all, or when it begins. None: not read."""
    key = search_key(text).strip()
    if key in {"", "ca ngay"}:
        return ""
    if key in {"sang", "chieu"}:
        return key
    try:
        return read_clock(text)
    except UnreadableHours:
        return None


def blank_rows(points: Iterable[tuple[int, Collection[str]]]) -> list[list[str]]:
    """For the template: by (code of the point, addresses) a row for each officer, or one without."""
    rest = [""] * (len(COLUMNS) - 2)
    return [[str(point_id), email, *rest] for point_id, emails in points for email in (emails or [""])]
