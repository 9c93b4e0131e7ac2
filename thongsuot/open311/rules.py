"""GeoReport v2 as pure functions: states, spans of time, what is read from a request. No database, no clock, no request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.feedback.models import FeedbackTicket
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.text import nfc
from thongsuot.kernel.working_time import VIET_NAM

State = FeedbackTicket.State
OPEN, CLOSED = "open", "closed"
OPEN_STATES = frozenset(
    {State.NEW, State.VALIDATING, State.ASKED, State.ROUTED, State.ACCEPTED, State.IN_PROGRESS, State.ANSWERED}
)
CLOSED_STATES = frozenset(State.values) - OPEN_STATES

# The standard: "a span of 90 days or the first 1000 requests, whichever is smallest".
SPAN = timedelta(days=90)
MOST = 1000
LAST_PAGE = 1000
FIRST_YEAR, LAST_YEAR = 2000, 2100
WIDEST_METRES = 50_000

# The states of the extension by mySociety; what has none of its own there is open or closed.
_FINE = {
    State.VALIDATING: "investigating",
    State.ASKED: "investigating",
    State.ACCEPTED: "action_scheduled",
    State.IN_PROGRESS: "in_progress",
    State.ANSWERED: "in_progress",
    State.MERGED: "duplicate",
    State.REFUSED: "no_further_action",
    State.HANDED_OVER: "no_further_action",
}
_REFUSED_AS = {"duplicate": "duplicate", "outside_scope": "not_councils_responsibility"}
# Every word of the extension a client may send with an update; ours decide what becomes of a ticket, so it changes nothing.
STATUS_WORDS = frozenset(
    {
        OPEN,
        CLOSED,
        "fixed",
        "in_progress",
        "action_scheduled",
        "investigating",
        "duplicate",
        "not_councils_responsibility",
        "no_further_action",
        "internal_referral",
        "reopen",
        "for_triage",
    }
)

# What becomes of a ticket with each step that everybody may know of.
STATUS_AFTER = {
    "feedback.routed": OPEN,
    "feedback.returned": OPEN,
    "feedback.accepted": OPEN,
    "feedback.started": OPEN,
    "feedback.asked": OPEN,
    "feedback.replied": OPEN,
    "feedback.extended": OPEN,
    "feedback.reopened": OPEN,
    "feedback.unmerged": OPEN,
    "feedback.taken_back": OPEN,
    "feedback.answered": CLOSED,
    "feedback.published": CLOSED,
    "feedback.refused": CLOSED,
    "feedback.merged": CLOSED,
    "feedback.handed_over": CLOSED,
    "feedback.closed": CLOSED,
}
# Of what turned out to be a complaint or a denunciation nothing more is said: what it was stays between the sender and them.
HANDED_OVER = gettext_lazy("Đã chuyển nơi có trách nhiệm giải quyết.")

# What a network may do that shows no key, where the city set nothing.
READ_HOUR, KEYLESS_HOUR = 3000, 30
DEFAULT_BASIS = gettext_lazy("mức mặc định của hệ thống, thành phố chưa đặt")


def status_of(state: str) -> str:
    return OPEN if state in OPEN_STATES else CLOSED


def fine_status(state: str, *, refusal: str = "", done: bool | None = None) -> str:
    """`done`: what a published answer says of the matter; None: nothing public is known of it."""
    if state == State.REFUSED:
        return _REFUSED_AS.get(refusal, "no_further_action")
    if state not in _FINE and status_of(state) == CLOSED and done is not None:
        return "fixed" if done else "no_further_action"
    return _FINE.get(State(state), status_of(state))


@dataclass(frozen=True, kw_only=True)
class Query:
    """What `GET requests` asks for. `numbers` overrides all else, as the standard says.

    start, end   of `requested_datetime`; none: asked by what changed, whenever it was requested
    """

    numbers: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    statuses: frozenset[str] = frozenset()
    start: datetime | None = None
    end: datetime | None = None
    updated_after: datetime | None = None
    updated_before: datetime | None = None
    point: tuple[float, float] | None = None
    radius: float = 0
    words: str = ""
    page: int = 1
    size: int = MOST

    @property
    def first(self) -> int:
        return (self.page - 1) * self.size


def instant(text: str, name: str) -> datetime | None:
    """A W3C date and time. Without its zone, or a day alone: as the clocks of Việt Nam show it. Raises BadInput."""
    text = text.strip()
    if not text:
        return None
    # An offset whose plus was not encoded arrives as a blank.
    text = re.sub(r"(T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?) (\d{2}:?\d{2})$", r"\1+\2", text)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year < LAST_YEAR:
        raise BadInput({name: _("%(name)s: hãy ghi ngày giờ dạng 2026-01-31T08:00:00+07:00.") % {"name": name}})
    return found if found.tzinfo else found.replace(tzinfo=VIET_NAM)


def span(start: datetime | None, end: datetime | None, *, now: datetime) -> tuple[datetime, datetime]:
    """The range of `requested_datetime`: a missing end is 90 days from the other, without both the last 90. Raises BadInput."""
    if start is None and end is None:
        return now - SPAN, now
    if start is None:
        assert end is not None
        return end - SPAN, end
    if end is None:
        return start, start + SPAN
    if end < start:
        raise BadInput({"end_date": _("end_date ở trước start_date. Hãy đổi lại hai ngày.")})
    if end - start > SPAN:
        raise BadInput({"end_date": _("start_date và end_date cách nhau quá 90 ngày. Hãy hỏi từng khoảng ngắn hơn.")})
    return start, end


def words_between_commas(values: Iterable[str], name: str) -> tuple[str, ...]:
    """Declared several times or parted by commas; each once, in order. Raises BadInput."""
    found = tuple(dict.fromkeys(word for value in values for part in value.split(",") if (word := part.strip())))
    if len(found) > MOST:
        raise BadInput({name: _("%(name)s: mỗi lần hỏi nhiều nhất %(most)s mã.") % {"name": name, "most": MOST}})
    return found


def statuses(values: Iterable[str]) -> frozenset[str]:
    """Raises BadInput."""
    found = frozenset(word.lower() for word in words_between_commas(values, "status"))
    if found - {OPEN, CLOSED}:
        raise BadInput({"status": _("status chỉ nhận open hoặc closed.")})
    return found


def whole(text: str, name: str, *, most: int, default: int) -> int:
    """Raises BadInput."""
    text = text.strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= most):
        raise BadInput({name: _("%(name)s: hãy ghi một số từ 1 đến %(most)s.") % {"name": name, "most": most}})
    return int(text)


def degrees(text: str, name: str) -> float | None:
    """Raises BadInput."""
    text = text.strip()
    if not text:
        return None
    if not re.fullmatch(r"[+-]?\d{1,3}(\.\d{1,20})?", text) or abs(float(text)) > 180:
        raise BadInput({name: _("%(name)s: hãy ghi độ thập phân, ví dụ 21.028511.") % {"name": name}})
    return float(text)


def point(latitude: str, longitude: str) -> tuple[float, float] | None:
    """Both or none. Raises BadInput."""
    lat, long = degrees(latitude, "lat"), degrees(longitude, "long")
    if (lat is None) != (long is None):
        raise BadInput({"lat": _("lat và long phải đi cùng nhau. Hãy ghi cả hai.")})
    return None if lat is None or long is None else (lat, long)


_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,80})\](?:\[\d{0,4}\])?")


def attributes(fields: Iterable[tuple[str, Sequence[str]]]) -> dict[str, object]:
    """`attribute[code]=a`, `attribute[code][]=a&attribute[code][]=b`: code -> text, or a list of them."""
    found: dict[str, list[str]] = {}
    for name, values in fields:
        if named := _ATTRIBUTE.fullmatch(name):
            found.setdefault(named[1], []).extend(value for value in values if value.strip())
    return {code: values if len(values) > 1 else values[0] for code, values in found.items() if values}


def link(text: str, name: str = "media_url") -> str:
    """An address of the web as it was sent; never opened by us. Raises BadInput."""
    text = text.strip()
    if text and not re.fullmatch(r"https?://[!-~]{3,490}", text):
        raise BadInput({name: _("%(name)s: hãy ghi một liên kết bắt đầu bằng http, không quá 500 ký tự.") % {"name": name}})
    return text


def full_name(first: str, last: str) -> str:
    """As people here write it: the family name first."""
    return nfc(f"{last} {first}")
