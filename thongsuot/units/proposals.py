"""What the library `holidays` knows of a year, held against our calendar. It proposes; only a person or a file changes days."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import holidays
from django.utils.translation import gettext as _

from thongsuot.units import queries
from thongsuot.units.facts import DayFact
from thongsuot.units.models import CalendarDay
from thongsuot.units.queries import DayRow

Effect = CalendarDay.Effect


@dataclass(frozen=True, kw_only=True)
class Proposals:
    """One year, compared.

    missing    days the library has and our calendar has not
    differing  days both have, with another effect: (ours, the library's)
    ours       days only our calendar has: swapped days the library does not know, or mistakes of ours
    """

    year: int
    source: str
    missing: tuple[DayFact, ...]
    differing: tuple[tuple[DayRow, DayFact], ...]
    ours: tuple[DayRow, ...]


def proposals_for(year: int, *, today: date) -> Proposals:
    """A year not yet begun is provisional: the government decides swapped days late in the year before."""
    return compared(year, queries.days_of(year), list(_library_days(year, provisional=year > today.year)))


def compared(year: int, ours: Iterable[DayRow], theirs: Iterable[DayFact]) -> Proposals:
    stored = {row.date: row for row in ours}
    known = {fact.day: fact for fact in theirs}
    return Proposals(
        year=year,
        source=_source(),
        missing=tuple(fact for day, fact in sorted(known.items()) if day not in stored),
        differing=tuple(
            (stored[day], fact) for day, fact in sorted(known.items()) if day in stored and stored[day].effect != fact.effect
        ),
        ours=tuple(row for day, row in sorted(stored.items()) if day not in known),
    )


def _library_days(year: int, *, provisional: bool) -> Iterable[DayFact]:
    calendar = holidays.country_holidays("VN", years=year, language="vi")
    for day, name in calendar.items():
        yield DayFact(day=day, effect=Effect.OFF, name=name, kind="holiday", provisional=provisional, basis=_source())
    for day in calendar.weekend_workdays:
        if day.year == year:
            yield DayFact(
                day=day, effect=Effect.WORK, name=_("Ngày làm bù"), kind="swap_work", provisional=provisional, basis=_source()
            )


def _source() -> str:
    return f"holidays {importlib.metadata.version('holidays')}"
