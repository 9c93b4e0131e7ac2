"""How pages of the hotline say how long something took, and how a call looks."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.hotline.models import Call, CallBack, OperatorPresence

# Which sign.
STATE_TAGS = {
    Call.State.RINGING: "new",
    Call.State.TALKING: "go",
    Call.State.HELD: "wait",
    Call.State.AFTER: "wait",
    Call.State.DONE: "done",
}
PRESENCE_TAGS = {
    OperatorPresence.State.READY: "done",
    OperatorPresence.State.BREAK: "wait",
    OperatorPresence.State.AFTER_CALL: "go",
}
CALL_BACK_TAGS = {CallBack.State.WAITING: "wait", CallBack.State.TAKEN: "go"}


def length(of: timedelta | None) -> str:
    """Minutes and seconds, as a clock has them: 4:05; a dash for nothing."""
    if of is None:
        return "-"
    seconds = max(0, round(of.total_seconds()))
    if seconds >= 3600:
        return f"{seconds // 3600}:{seconds % 3600 // 60:02}:{seconds % 60:02}"
    return f"{seconds // 60}:{seconds % 60:02}"


def percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}".replace(".", ",")


def back_words(back: CallBack) -> str:
    return _("Đã ghi gọi lại trước %(at)s.") % {"at": f"{timezone.localtime(back.due_at):%H:%M %d/%m/%Y}"}


def caller_of(call: Call, *, masked: bool = False) -> str:
    """The number, whole for who has the call, its last three digits for all others; or why there is none."""
    caller = getattr(call, "caller", None)
    if caller is not None:
        return _("Số đuôi %(digits)s") % {"digits": caller.number[-3:]} if masked else str(caller.number)
    return _("Số ẩn") if call.withheld else _("Không còn giữ số")
