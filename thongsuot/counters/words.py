"""How pages say how long somebody waited, and how a ticket looks."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.counters.models import Ticket
from thongsuot.counters.rules import Wait

# Monday first.
WEEKDAYS = (
    gettext_lazy("Thứ Hai"),
    gettext_lazy("Thứ Ba"),
    gettext_lazy("Thứ Tư"),
    gettext_lazy("Thứ Năm"),
    gettext_lazy("Thứ Sáu"),
    gettext_lazy("Thứ Bảy"),
    gettext_lazy("Chủ nhật"),
)
# Of a ticket: which sign.
STATE_TAGS = {
    Ticket.State.WAITING: "wait",
    Ticket.State.CALLED: "new",
    Ticket.State.SERVING: "go",
    Ticket.State.DONE: "done",
    Ticket.State.LEFT: "end",
    Ticket.State.CANCELLED: "end",
}


def minutes(length: timedelta | None) -> str:
    """Whole minutes, the last one begun; a dash when nobody waited so far."""
    if length is None:
        return "-"
    return _("%(minutes)s phút") % {"minutes": -(-int(length.total_seconds()) // 60)}


def about(wait: Wait) -> str:
    """An estimate as people are told it: from the least to the most, in whole minutes."""
    least, most = (round(one.total_seconds() / 60) for one in (wait.least, wait.most))
    if most <= 1:
        return _("gần như không phải chờ")
    if least == most:
        return _("khoảng %(minutes)s phút") % {"minutes": most}
    return _("khoảng %(least)s đến %(most)s phút") % {"least": least, "most": most}
