"""What follows elsewhere from what happens here, and here from what happens elsewhere. Each runs in the worker, maybe twice."""

from __future__ import annotations

from datetime import date
from typing import cast

from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.kernel.events import Happened, on
from thongsuot.people import actions
from thongsuot.units import events


@on(events.POINT_MOVED)
def take_people_along(happened: Happened) -> None:
    """Whoever works at the point works for the body that gets to run it."""
    since = date.fromisoformat(cast(str, happened.facts["valid_from"]))
    actions.follow_point(happened.subject_id, valid_from=since, actor=system("worker"), at=clock.now())
