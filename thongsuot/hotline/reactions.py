"""What the hotline does when feedback forgets who reported: nothing leads from the ticket to the telephone any more."""

from __future__ import annotations

from django.db.models import Q

from thongsuot.feedback import events as feedback
from thongsuot.hotline import asking, events
from thongsuot.hotline.queries import recordings
from thongsuot.kernel import clock
from thongsuot.kernel.events import Happened, on


@on(feedback.FORGOTTEN)
def forget_caller(happened: Happened) -> None:
    """Of each call that brought the ticket, not of one that is held: its release comes back to it."""
    of_it = Q(ticket=happened.subject_id) | Q(further_tickets__ticket=happened.subject_id)
    for call_id in recordings.of_forgotten().filter(of_it).order_by("pk").values_list("pk", flat=True).distinct():
        asking.forget_caller(call_id, at=clock.now())


@on(events.RECORDING_RELEASED)
def forget_released(happened: Happened) -> None:
    """What was to be forgotten while it was held."""
    if recordings.of_forgotten().filter(pk=happened.subject_id).exists():
        asking.forget_caller(happened.subject_id, at=clock.now())
