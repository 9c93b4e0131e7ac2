"""How a figure becomes points, and how one dossier is judged: pure functions, no database, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from thongsuot.kernel.working_time import WorkingCalendar, working_days_between

TOO_FEW = 30  # below so many cases a share says little: lists mark it (a habit of statistics, not a legal figure)
# Of a city's procedures; ministries have other figures (QĐ 766/QĐ-TTg, 1.1 and 1.2).
ANNOUNCED_BEFORE = 5  # working days from the decision to the day its legal text takes effect, at least
SHOWN_WITHIN = 5  # working days from the decision until everyone can read it, at most
_HUNDREDTH = Decimal("0.01")


def rate(part: int, whole: int) -> Decimal | None:
    """R in per cent; None without anything to divide: no data is not nought. Source: QĐ 766/QĐ-TTg."""
    return Decimal(part) * 100 / Decimal(whole) if whole else None


def score(of_hundred: Decimal, points: Decimal, threshold: Decimal | None) -> Decimal:
    """R x Pmax / 100; with a threshold T: Pmax when R >= T, else R x Pmax / T. Source: QĐ 766/QĐ-TTg."""
    bounded = min(max(of_hundred, Decimal(0)), Decimal(100))
    if threshold is None:
        return rounded(bounded * points / 100)
    return rounded(points if bounded >= threshold else bounded * points / threshold)


def rounded(value: Decimal) -> Decimal:
    return value.quantize(_HUNDREDTH, ROUND_HALF_UP)


def announced_in_time(decided_on: date, effective_on: date, calendar: WorkingCalendar) -> bool:
    """Was the decision that publishes a procedure signed early enough before its legal text took effect?"""
    return working_days_between(decided_on, effective_on, calendar) >= ANNOUNCED_BEFORE


def shown_in_time(decided_on: date, shown_on: date, calendar: WorkingCalendar) -> bool:
    return working_days_between(decided_on, shown_on, calendar) <= SHOWN_WITHIN


def band_of(total: Decimal, bands: Sequence[tuple[str, Decimal]]) -> str:
    """The key of the highest band reached; empty below all. `bands`: (key, floor)."""
    reached = [(floor, key) for key, floor in bands if total >= floor]
    return max(reached)[1] if reached else ""


class Verdict(StrEnum):
    """By which sentence of item 2.1 a dossier counts as it does."""

    RESULT_IN_TIME = "result_in_time"
    RESULT_LATE = "result_late"
    TWO_SUPPLEMENTS = "two_supplements"
    TWO_SUPPLEMENTS_ENDED = "two_supplements_ended"
    ENDED_IN_TIME = "ended_in_time"
    ENDED_LATE = "ended_late"
    ENDED_WAITING = "ended_waiting"
    ENDED_WAITING_LATE = "ended_waiting_late"
    WAITING = "waiting"
    WAITING_LATE = "waiting_late"
    OPEN_IN_TIME = "open_in_time"
    OPEN_LATE = "open_late"

    @property
    def in_time(self) -> bool:
        return self in _IN_TIME


_IN_TIME = frozenset(
    {Verdict.RESULT_IN_TIME, Verdict.ENDED_IN_TIME, Verdict.ENDED_WAITING, Verdict.WAITING, Verdict.OPEN_IN_TIME}
)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What judging one dossier needs: the columns of `models.Fact` of the same names."""

    status: int
    due_at: datetime | None
    closed_at: datetime | None
    in_time: bool | None
    late_at: datetime | None
    waiting_from: datetime | None
    supplements: int


def verdict(fact: Judged, *, as_of: datetime) -> Verdict:
    """Why a dossier counts as in time or late at an instant. What happened after `as_of` is not known then.

    Source: QĐ 766/QĐ-TTg, item 2.1: the end is the instant of status 9, else 10, else 8/3/7; without any, the last day of the
    period; of a single open supplement request its instant; more than one request and no result is late.
    """
    if fact.closed_at is not None and fact.closed_at <= as_of:
        return _closed(fact)
    late = fact.late_at is not None and fact.late_at < as_of
    if fact.waiting_from is not None and fact.waiting_from <= as_of:
        if fact.supplements > 1:
            return Verdict.TWO_SUPPLEMENTS
        return Verdict.WAITING_LATE if late else Verdict.WAITING
    if late:
        twice = fact.supplements > 1 and fact.due_at is not None and fact.late_at is not None and fact.late_at < fact.due_at
        return Verdict.TWO_SUPPLEMENTS if twice else Verdict.OPEN_LATE
    return Verdict.OPEN_IN_TIME


def _closed(fact: Judged) -> Verdict:
    if fact.status in (9, 10):
        return Verdict.RESULT_IN_TIME if fact.in_time else Verdict.RESULT_LATE
    if fact.supplements > 1:
        return Verdict.TWO_SUPPLEMENTS_ENDED
    if fact.waiting_from is not None:
        return Verdict.ENDED_WAITING if fact.in_time else Verdict.ENDED_WAITING_LATE
    return Verdict.ENDED_IN_TIME if fact.in_time else Verdict.ENDED_LATE
