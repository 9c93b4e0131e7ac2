"""When a line counts as lost, what a test must show, by when a conference must be ready. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from thongsuot.kernel.working_time import WorkingCalendar, local_day

HOLD = "hold conferences"
ATTEND = "attend conferences"

# A site's page says every 3 s that it is there. One beat may be late or lost on the way, two in a row are a fault: 2 x 3 s.
# The hub's board asks every 3 s too, so a drop is seen at the latest 6 + 3 s after the last beat: under the 10 s asked for.
BEAT_EVERY = timedelta(seconds=3)
SILENT_AFTER = timedelta(seconds=6)

# Timings of online reception of citizens, taken as the default of conferences too: NĐ 154/2026/NĐ-CP [to check].
KNOWN_WORKING_DAYS = 5
TESTED_WORKING_DAYS = 1
CONNECTED_BEFORE = timedelta(hours=1)

MOST_PEOPLE = 5_000


def silent_since(at: datetime) -> datetime:
    """A line last heard before this instant is silent at `at`; one heard exactly then is not."""
    return at - SILENT_AFTER


def is_silent(seen_at: datetime | None, at: datetime) -> bool:
    """Never heard, or not for more than SILENT_AFTER."""
    return seen_at is None or seen_at < silent_since(at)


def away(gaps: Iterable[tuple[datetime, datetime]]) -> timedelta:
    """How long all gaps of a site were together."""
    return sum((until - since for since, until in gaps), timedelta())


@dataclass(frozen=True, kw_only=True)
class Milestones:
    """Until when the sites must be known, every site have passed a test, every site be connected."""

    known: date
    tested: date
    connected: datetime


def milestones(starts_at: datetime, calendar: WorkingCalendar) -> Milestones:
    """Counted back from the start by working days of the city."""
    day = local_day(starts_at)
    return Milestones(
        known=_back(day, KNOWN_WORKING_DAYS, calendar),
        tested=_back(day, TESTED_WORKING_DAYS, calendar),
        connected=starts_at - CONNECTED_BEFORE,
    )


def _back(day: date, working_days: int, calendar: WorkingCalendar) -> date:
    for _ in range(working_days):
        day = calendar.last_working_day(day)
    return day
