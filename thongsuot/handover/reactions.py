"""What follows from a changeover's events. Each runs in the worker, maybe twice."""

from __future__ import annotations

from thongsuot.handover import events, tasks
from thongsuot.kernel.events import Happened, on


@on(events.ASKED)
def do_what_was_asked(happened: Happened) -> None:
    tasks.do.defer(changeover_id=happened.subject_id, what=str(happened.facts["what"]), plan_hash=str(happened.facts["hash"]))


@on(events.RUN_ENDED)
def tell_owners(happened: Happened) -> None:
    tasks.tell_owners.defer(changeover_id=happened.subject_id)
