"""What follows from what happens to entries: whoever must go on with one learns it. Runs in the worker, maybe twice."""

from __future__ import annotations

from thongsuot.citizen_reception import events, letters
from thongsuot.citizen_reception.models import ReceptionEntry
from thongsuot.kernel import clock
from thongsuot.kernel.events import Happened, on


def _tell_arrived(happened: Happened) -> None:
    """Ended or sent on meanwhile: nothing is said."""
    entry = ReceptionEntry.objects.get(pk=happened.subject_id)
    if entry.is_open and entry.due_at is not None and not happened.facts.get("again"):
        letters.tell_officers(entry, "vừa chuyển đến đơn vị", send_key=f"{happened.name}/{happened.id}", at=clock.now())


@on(events.TAKEN_OVER)
def tell_taken_over(happened: Happened) -> None:
    _tell_arrived(happened)


@on(events.TRANSFERRED)
def tell_transferred(happened: Happened) -> None:
    _tell_arrived(happened)
