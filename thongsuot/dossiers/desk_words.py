"""What only officers read: statuses short enough for a list, and how each step stood against its own limit."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from thongsuot.dossiers.models import Status, StepRun
from thongsuot.kernel.working_time import WorkingCalendar, working_minutes_between
from thongsuot.web.due import Due

# In lists, where fifty stand below each other. The page of a dossier has the national names.
SHORT_STATUS: dict[Status, Promise] = {
    Status.REGISTERED: gettext_lazy("Mới đăng ký"),
    Status.RECEIVED: gettext_lazy("Đã tiếp nhận"),
    Status.REFUSED_INTAKE: gettext_lazy("Không tiếp nhận"),
    Status.PROCESSING: gettext_lazy("Đang xử lý"),
    Status.SUPPLEMENT_REQUESTED: gettext_lazy("Chờ bổ sung"),
    Status.PAYMENT_REQUESTED: gettext_lazy("Chờ nộp tiền"),
    Status.WITHDRAWN: gettext_lazy("Đã rút"),
    Status.STOPPED: gettext_lazy("Đã dừng"),
    Status.RESOLVED: gettext_lazy("Đã xong"),
    Status.RETURNED: gettext_lazy("Đã trả"),
}

# What a step is, in a word: its own name is a sentence where a procedure has an e-process of its own.
SHORT_STEP: dict[str, Promise] = {
    "receive dossiers": gettext_lazy("Tiếp nhận"),
    "assign dossiers": gettext_lazy("Phân công"),
    "process dossiers": gettext_lazy("Xử lý"),
    "review dossiers": gettext_lazy("Soát"),
    "sign results": gettext_lazy("Ký"),
    "issue results": gettext_lazy("Vào sổ"),
    "hand back results": gettext_lazy("Trả kết quả"),
}


def step_words(run: StepRun, *, calendar: WorkingCalendar, now: datetime, paused_at: datetime | None = None) -> Due | None:
    """One line of the slip as a deadline of its own, counted in hours. None for a step whose time is not counted."""
    if run.due_at is None or not run.minutes:
        return None
    until = run.finished_at or paused_at or now
    # From the due instant backwards: it has moved with every pause, so pauses are out of what was used.
    left, over = working_minutes_between(until, run.due_at, calendar), working_minutes_between(run.due_at, until, calendar)
    whole, used = _up(run.minutes), _up(max(0, run.minutes - left))
    state, more = _against(run, left=left, over=over, paused=paused_at is not None)
    text = _("%(used)s trên %(all)s giờ, %(how)s") % {"used": used + _up(over), "all": whole, "how": more}
    return Due(blocks=whole, used=min(used, whole), over=_up(over), state=state, text=text)


def _against(run: StepRun, *, left: int, over: int, paused: bool) -> tuple[Literal["ok", "near", "late", "hold"], str]:
    if over:
        return "late", _("trễ %(hours)s") % {"hours": _hours(over)}
    if run.finished_at is not None:
        return "ok", _("xong trước hạn") if left else _("xong đúng hạn")
    if paused:
        return "hold", _("đang dừng")
    near = (run.minutes - left) * 10 >= run.minutes * 7
    return "near" if near else "ok", _("còn %(hours)s") % {"hours": _hours(left)}


def _up(minutes: int) -> int:
    return -(-minutes // 60)


def _hours(minutes: int) -> str:
    return ngettext("%(count)s giờ", "%(count)s giờ", _up(minutes)) % {"count": _up(minutes)}
