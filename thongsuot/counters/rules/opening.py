"""When a point is open. Pure: spans are pairs of times, a week is seven lists of them, Monday first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from thongsuot.kernel.working_time import DAY, VIET_NAM, Shift, WorkingCalendar

Week = tuple[tuple[Shift, ...], ...]
LOOKED_AHEAD = 30  # days in which the next opening is looked for
SPANS_AT_MOST = 4  # a day


class UnreadableHours(ValueError):
    """What was written is no list of spans that follow each other."""


def read_spans(text: str) -> tuple[Shift, ...]:
    """'7:30-11:30, 13:30-17:00' as people write it; empty: closed. Raises UnreadableHours."""
    spans = []
    for part in text.replace(";", ",").replace("–", "-").split(","):
        if part.strip():
            first, dash, last = part.partition("-")
            if not dash:
                raise UnreadableHours(part.strip())
            spans.append(Shift(read_clock(first), read_clock(last)))
    ends = time.min
    for span in spans:
        if span.starts < ends or span.starts >= span.ends:
            raise UnreadableHours(text.strip())
        ends = span.ends
    if len(spans) > SPANS_AT_MOST:
        raise UnreadableHours(text.strip())
    return tuple(spans)


def read_clock(text: str) -> time:
    """7:30, 07h30, 17g, 17. Raises UnreadableHours."""
    hours, _colon, minutes = text.strip().lower().replace("h", ":").replace("g", ":").partition(":")
    try:
        return time(int(hours), int(minutes or 0))
    except ValueError:
        raise UnreadableHours(text.strip()) from None


def written(spans: Iterable[Shift]) -> str:
    return ", ".join(f"{span.starts:%H:%M}-{span.ends:%H:%M}" for span in spans)


def as_json(spans: Iterable[Shift]) -> list[list[str]]:
    return [[f"{span.starts:%H:%M}", f"{span.ends:%H:%M}"] for span in spans]


def of_json(stored: Iterable[Sequence[str]]) -> tuple[Shift, ...]:
    return tuple(Shift(time.fromisoformat(first), time.fromisoformat(last)) for first, last in stored)


def spans_on(
    day: date, week: Week, *, calendar: WorkingCalendar, exceptions: dict[date, tuple[Shift, ...]]
) -> tuple[Shift, ...]:
    """What was said of that very day; else none on a holiday, those of a Monday on a weekend day worked in exchange, those of
    its weekday on all others.
    """
    if day in exceptions:
        return exceptions[day]
    if day in calendar.on:
        return week[0]
    return () if day in calendar.off else week[day.weekday()]


@dataclass(frozen=True, kw_only=True)
class OpenTimes:
    """When a point is open around today. Nothing is refused for the hour on a day that has no hours yet.

    known   hours were set up, for some day at least
    days    {day: spans}, from today on; a day without hours set up is not there
    reason  why today differs from its weekday; usually empty
    """

    known: bool
    days: dict[date, tuple[Shift, ...]]
    week: Week = ()
    reason: str = ""

    def spans(self, day: date) -> tuple[Shift, ...]:
        return self.days.get(day, ())

    def is_open(self, at: datetime) -> bool:
        local = at.astimezone(VIET_NAM)
        day = local.date()
        return day not in self.days or any(span.starts <= local.time() < span.ends for span in self.days[day])

    def closing(self, day: date) -> datetime | None:
        """When its last span ends; None on a day without any."""
        spans = self.spans(day)
        return datetime.combine(day, spans[-1].ends, VIET_NAM) if spans else None

    def closed_for_the_day(self, at: datetime, *, after: timedelta = timedelta()) -> bool:
        """Not to be opened again on that day."""
        day = at.astimezone(VIET_NAM).date()
        closing = self.closing(day)
        return day in self.days and (closing is None or at >= closing + after)

    def next_opening(self, at: datetime) -> datetime | None:
        """The next beginning of a span after that instant; None when none is near."""
        for day in sorted(self.days):
            for span in self.days[day]:
                begins = datetime.combine(day, span.starts, VIET_NAM)
                if begins > at:
                    return begins
        return None


def slots(spans: Iterable[Shift], day: date, *, minutes: int) -> list[datetime]:
    """Beginnings of the slots of that length that end while the point is open."""
    found = []
    for span in spans:
        at, ends = (datetime.combine(day, clock, VIET_NAM) for clock in span)
        while at + timedelta(minutes=minutes) <= ends:
            found.append(at)
            at += timedelta(minutes=minutes)
    return found


def falls_in(at: datetime, minutes: int, spans: Iterable[Shift]) -> bool:
    """Whether so many minutes from that instant on pass while the point is open."""
    begins = at.astimezone(VIET_NAM)
    ends = begins + timedelta(minutes=minutes)
    return begins.date() == ends.date() and any(one.starts <= begins.time() and ends.time() <= one.ends for one in spans)


def days_from(first: date, count: int) -> list[date]:
    return [first + place * DAY for place in range(count)]
