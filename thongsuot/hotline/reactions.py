"""What the hotline does when feedback forgets who reported: nothing leads from the ticket to the telephone any more."""

from __future__ import annotations

from django.db.models import Q

from thongsuot.feedback import events as feedback
from thongsuot.hotline import actions, asking
from thongsuot.hotline.models import Call
from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.kernel.events import Happened, on


@on(feedback.FORGOTTEN)
def forget_caller(happened: Happened) -> None:
    """The numbers first: an exchange that does not answer for its recordings is asked again by the next run of the job."""
    at, calls = clock.now(), Call.objects.filter(ticket=happened.subject_id).order_by("pk")
    for call in calls.filter(Q(caller__isnull=False) | Q(notices__isnull=False)).distinct():
        actions.forget_caller(call.pk, actor=system("worker"), at=at)
    for call in calls.exclude(recording=""):
        asking.forget(call.pk, at=at)
