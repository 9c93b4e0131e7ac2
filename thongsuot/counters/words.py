"""How pages say how long somebody waited, and how a ticket looks."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from thongsuot.counters.models import Ticket

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
