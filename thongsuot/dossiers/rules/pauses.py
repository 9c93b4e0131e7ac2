"""When the clock stands still, and the time of steps and legs without it. What a pause does to a limit: `kernel.deadlines`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from thongsuot.dossiers.models.dossier import Status
from thongsuot.kernel.deadlines import Limit, LimitUnit, due_after_pause
from thongsuot.kernel.working_time import WorkingCalendar, add_working_minutes, working_minutes_between

# Papers are missing, or what was assessed must be paid: it is the citizen's turn. Nothing else halts the clock, an opinion
# asked of another body neither.
PAUSED = frozenset({Status.SUPPLEMENT_REQUESTED, Status.PAYMENT_REQUESTED})
_STAND_STILL = Limit(0, LimitUnit.WORKING_HOURS)  # steps and legs run in minutes, whatever the limit of the dossier
Halts = Iterable[tuple[datetime, datetime]]
"""From when and until when the clock stood, in order; they do not overlap."""


def halts_of_limit(halts: Halts, *, received_at: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """Those that moved the due instant: before the reception its clock did not run yet."""
    return tuple(halt for halt in halts if halt[0] >= received_at)


def work_due(starts_at: datetime, minutes: int, halts: Halts, calendar: WorkingCalendar) -> datetime:
    """When the time of a step or leg is over: its minutes from its start, every finished pause since then run through.

    Handed over after 15:00 its time starts the next morning: what stood still before that was none of it.
    """
    due = add_working_minutes(starts_at, minutes, calendar)
    for stood, ran in halts:
        due = due_after_pause(due, max(stood, starts_at), ran, _STAND_STILL, calendar)
    return due


def minutes_used(starts_at: datetime, ended_at: datetime, halts: Halts, calendar: WorkingCalendar) -> int:
    """Working minutes between two instants, without those in which the clock stood still."""
    used = working_minutes_between(starts_at, ended_at, calendar)
    for stood, ran in halts:
        used -= working_minutes_between(max(stood, starts_at), min(ran, ended_at), calendar)
    return max(used, 0)
