"""The time in which offices work, as one line of seconds without nights and holidays: queues are counted on it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta, tzinfo


class WorkAxis:
    """Working seconds from the opening of the first working day. Built from plain facts, not from the program's clockwork."""

    def __init__(
        self, first: date, last: date, *, works: Callable[[date], bool], shifts: Sequence[tuple[time, time]], zone: tzinfo
    ) -> None:
        self.starts: list[datetime] = []
        self.before: list[float] = []
        total, day = 0.0, first
        while day <= last:
            if works(day):
                for begins, ends in shifts:
                    start = datetime.combine(day, begins, zone)
                    self.starts.append(start)
                    self.before.append(total)
                    total += (datetime.combine(day, ends, zone) - start).total_seconds()
            day += timedelta(days=1)
        self.end = total
        self.day_seconds = sum(
            (datetime.combine(first, ends) - datetime.combine(first, begins)).total_seconds() for begins, ends in shifts
        )

    def seconds(self, at: datetime) -> float:
        """Working time before an instant."""
        place = bisect_right(self.starts, at) - 1
        if place < 0:
            return 0.0
        length = (self.before[place + 1] if place + 1 < len(self.before) else self.end) - self.before[place]
        return self.before[place] + min((at - self.starts[place]).total_seconds(), length)

    def instant(self, seconds: float) -> datetime:
        """The instant at which that much working time has passed; beyond the last day it runs on."""
        place = max(0, bisect_right(self.before, seconds) - 1)
        return self.starts[place] + timedelta(milliseconds=round((seconds - self.before[place]) * 1000))
