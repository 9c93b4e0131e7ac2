"""How officers read a ticket: deadlines, why it came here, its history, templates filled in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from thongsuot.feedback import events
from thongsuot.feedback.actions.common import TOLD, step_of
from thongsuot.feedback.models import FeedbackTicket, Routing
from thongsuot.feedback.rules import templates
from thongsuot.feedback.words import SENDER, PlaceBy
from thongsuot.kernel.actor import system
from thongsuot.kernel.history import HistoryRow
from thongsuot.kernel.text import instant
from thongsuot.kernel.working_time import WorkingCalendar, to_the_minute, working_minutes_between
from thongsuot.units import queries as units
from thongsuot.web.due import Due

State = FeedbackTicket.State
TAGS: dict[str, str] = {
    State.NEW: "new",
    State.VALIDATING: "go",
    State.ASKED: "wait",
    State.REFUSED: "end",
    State.ROUTED: "new",
    State.ACCEPTED: "go",
    State.IN_PROGRESS: "go",
    State.ANSWERED: "wait",
    State.APPROVED: "done",
    State.PUBLISHED: "done",
    State.RATED: "done",
    State.CLOSED: "end",
    State.MERGED: "end",
    State.HANDED_OVER: "end",
}
# Short enough for a column.
SHORT: dict[str, Promise] = {
    State.NEW: gettext_lazy("Mới"),
    State.VALIDATING: gettext_lazy("Đang xem"),
    State.ASKED: gettext_lazy("Chờ người gửi"),
    State.REFUSED: gettext_lazy("Không tiếp nhận"),
    State.ROUTED: gettext_lazy("Chờ đơn vị nhận"),
    State.ACCEPTED: gettext_lazy("Đã nhận"),
    State.IN_PROGRESS: gettext_lazy("Đang xử lý"),
    State.ANSWERED: gettext_lazy("Chờ duyệt"),
    State.APPROVED: gettext_lazy("Đã trả lời"),
    State.PUBLISHED: gettext_lazy("Đã công khai"),
    State.RATED: gettext_lazy("Đã đánh giá"),
    State.CLOSED: gettext_lazy("Đã đóng"),
    State.MERGED: gettext_lazy("Đã gộp"),
    State.HANDED_OVER: gettext_lazy("Tiếp công dân"),
}
_RUNS = frozenset({State.ROUTED, State.ACCEPTED, State.IN_PROGRESS, State.ANSWERED, State.ASKED})
_STEP_ALONE = frozenset({State.NEW, State.VALIDATING, *TOLD})


def due_words(ticket: Any, *, now: datetime, calendar: WorkingCalendar) -> Due | None:
    """What runs now of a ticket or of a row of a list, as pages draw it; None when nothing is waited for."""
    if ticket.state in _STEP_ALONE:
        since = ticket.answered_at if ticket.state in TOLD else ticket.reported_at
        return _drawn(ticket.step_due_at, since, None, now, calendar, step=True) if ticket.step_due_at else None
    if ticket.state not in _RUNS:
        return None
    if ticket.state == State.ASKED:
        small = _("Chờ người gửi từ %(at)s") % {"at": instant(ticket.paused_at)} if ticket.paused_at else ""
        return Due(blocks=1, used=0, state="hold", text=_("Đồng hồ đang dừng"), small=small)
    if ticket.step_due_at is not None and (ticket.due_at is None or ticket.step_due_at < ticket.due_at >= now):
        small = _("Trả lời trước %(at)s") % {"at": instant(ticket.due_at)} if ticket.due_at else ""
        return _drawn(ticket.step_due_at, ticket.routed_at or ticket.reported_at, None, now, calendar, small, step=True)
    if ticket.due_at is None:
        return None
    return _drawn(ticket.due_at, ticket.routed_at or ticket.reported_at, ticket.clock_minutes, now, calendar)


def step_name(ticket: Any) -> str:
    """Of the step that runs, of a ticket or of a row of a list; "" when none does."""
    step = step_of(ticket) if ticket.step_due_at else None
    return str(step.label) if step else ""


def due_of(city_id: int, now: datetime) -> Callable[[Any], Due | None]:
    """For the rows of one page."""
    calendar = units.working_calendar(city_id, on=timezone.localdate(now))
    return lambda ticket: due_words(ticket, now=now, calendar=calendar)


def _drawn(
    due_at: datetime,
    since: datetime,
    whole: int | None,
    now: datetime,
    calendar: WorkingCalendar,
    small: str = "",
    *,
    step: bool = False,
) -> Due:
    minutes_a_day = calendar.minutes_per_day()
    whole = whole or _between(since, due_at, calendar) or 1
    late = due_at < now
    left = _between(due_at, now, calendar) if late else _between(now, due_at, calendar)
    size = minutes_a_day if whole > 2 * minutes_a_day else 60 if whole > 60 else 5
    over = {"over": amount(left, minutes_a_day)}
    said = (_("Quá hạn bước %(over)s") if step else _("Quá hạn %(over)s")) % over
    text = said if late else _left(left, due_at, now, minutes_a_day, step=step)
    used = whole if late else max(0, whole - left)
    near = not late and used >= whole * 0.7
    return Due(
        blocks=max(1, -(-whole // size)),
        used=used // size,
        over=max(1, left // size) if late else 1,
        state="late" if late else "near" if near else "ok",
        text=text,
        small=small or _("Hẹn %(at)s") % {"at": instant(due_at)},
    )


def _between(start: datetime, end: datetime, calendar: WorkingCalendar) -> int:
    return working_minutes_between(to_the_minute(start), to_the_minute(end), calendar) if start < end else 0


def _left(left: int, due_at: datetime, now: datetime, minutes_a_day: int, *, step: bool) -> str:
    # Outside of working hours nothing runs down by the clock of the office; what is counted by the minute does.
    said = amount(left, minutes_a_day) if left else amount(max(1, int((due_at - now).total_seconds() // 60)), 24 * 60)
    return (_("Bước này còn %(left)s") if step else _("Còn %(left)s")) % {"left": said}


def amount(minutes: int, minutes_a_day: int) -> str:
    """'2 ngày', '3 giờ', '4 phút': the largest that fits twice, else the next smaller."""
    if minutes >= 2 * minutes_a_day:
        days = minutes // minutes_a_day
        return ngettext("%(count)s ngày", "%(count)s ngày", days) % {"count": days}
    if minutes >= 120:
        hours = minutes // 60
        return ngettext("%(count)s giờ", "%(count)s giờ", hours) % {"count": hours}
    return ngettext("%(count)s phút", "%(count)s phút", max(1, minutes)) % {"count": max(1, minutes)}


# -- who did it -----------------------------------------------------------------------------------------------------------

_SENDERS = frozenset(
    kind.name for kind in (events.REPORTED, events.REPLIED, events.RATED, events.REOPENED, events.JOINED, events.ROUTED)
)


def actor_name(row: HistoryRow) -> str:
    """Of an officer their name; whoever reported is the sender, also in what was recorded before that was the rule."""
    somebody = row.actor_post or row.actor_name == system("").name
    if somebody or not (row.name in _SENDERS or row.facts.get("by_sender")):
        return row.actor_name
    return str(SENDER)


# -- why it came here ----------------------------------------------------------------------------------------------------

_WHY: dict[str, Promise] = {
    Routing.Because.PLACE: gettext_lazy("Việc xảy ra trên địa bàn đơn vị này."),
    Routing.Because.COMPETENCE: gettext_lazy("Đơn vị này có thẩm quyền về lĩnh vực của phản ánh."),
    Routing.Because.DOSSIER: gettext_lazy("Phản ánh nói đến hồ sơ do đơn vị này giải quyết."),
    Routing.Because.NAMED: gettext_lazy("Người gửi nêu đơn vị này, và lĩnh vực không có đơn vị nào khác phụ trách."),
    Routing.Because.OPERATOR: gettext_lazy("Người tiếp nhận quyết định chuyển đến đơn vị này."),
    Routing.Because.SUCCESSOR: gettext_lazy("Đơn vị này kế tục đơn vị đã giữ phản ánh."),
}


def why_here(because: str, place_by: str = "", basis: str = "") -> str:
    """Whole sentences: the reason, how the place is known, by what text."""
    said = [str(_WHY[because])] if because in _WHY else []
    if place_by:
        said.append(_("Nơi xảy ra: %(how)s.") % {"how": _lower(str(PlaceBy(place_by).label))})
    if basis:
        said.append(_("Căn cứ: %(basis)s.") % {"basis": basis.rstrip(".")})
    return " ".join(said)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


# -- templates -----------------------------------------------------------------------------------------------------------


def filled(words: str, ticket: FeedbackTicket, *, unit: str, place: str) -> str:
    """A template for one ticket."""
    values = {
        "số phản ánh": ticket.number,
        "nơi xảy ra": ticket.address or place,
        "lĩnh vực": ticket.category.name if ticket.category else "",
        "đơn vị": unit,
        "ngày gửi": f"{timezone.localtime(ticket.reported_at):%d/%m/%Y}",
        "hạn trả lời": instant(ticket.due_at) if ticket.due_at else "",
    }
    return templates.filled(words, values)


# -- what was hidden -----------------------------------------------------------------------------------------------------


def marked(before: str, after: str) -> list[tuple[str, bool]]:
    """`before` in pieces, with whether the piece is no more in `after`: what a reader sees at a glance."""
    mine, theirs = re.findall(r"\s+|[^\s]+", before), re.findall(r"\s+|[^\s]+", after)
    pieces: list[tuple[str, bool]] = []
    for tag, start, end, *_rest in SequenceMatcher(a=mine, b=theirs, autojunk=False).get_opcodes():
        text = "".join(mine[start:end])
        if text:
            pieces.append((text, tag != "equal" and bool(text.strip())))
    return pieces
