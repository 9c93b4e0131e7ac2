"""The list of updates: filled from the history after each step, an index of it and nothing more.

A client asks for what is newer than it has. What is listed late, the worker having been away, is listed as of then: else nobody
who asked meanwhile would ever hear of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from thongsuot.feedback.models import FeedbackTicket
from thongsuot.kernel.events import Happened
from thongsuot.kernel.models import Event
from thongsuot.open311 import rules
from thongsuot.open311.models import StatusUpdate

_AT_ONCE = timedelta(minutes=2)


def list_update(happened: Happened, *, at: datetime) -> None:
    """May run twice: each event stands in the list once. Of what sender and handler write only that it was written is told."""
    ticket = FeedbackTicket.objects.filter(pk=happened.subject_id).only("city_id", "round").first()
    if ticket is None or happened.name not in rules.STATUS_AFTER:
        return
    event = Event.objects.only("at").get(pk=happened.id)
    turn = happened.facts.get("round")
    StatusUpdate.objects.get_or_create(
        event_id=happened.id,
        defaults={
            "city_id": ticket.city_id,
            "ticket": ticket,
            "kind": happened.name,
            "round": turn if isinstance(turn, int) else ticket.round,
            "at": event.at if at - event.at < _AT_ONCE else at,
        },
    )
