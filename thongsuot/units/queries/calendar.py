"""The working calendar of a city."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time

from django.utils.translation import gettext as _

from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.remember import SOON, remembered
from thongsuot.kernel.working_time import Shift, WorkingCalendar
from thongsuot.units.facts import CalendarChange
from thongsuot.units.models import CalendarDay, WorkingHours
from thongsuot.units.queries.units import city_of


class NoWorkingHours(TellPerson):
    """The city has no working hours on that day: no due date can be promised."""

    code = "units.no_working_hours"

    def __init__(self, on: date) -> None:
        self.on = on

    def message(self) -> str:
        return _("Chưa có giờ làm việc của thành phố cho ngày %(day)s. Quản trị viên cần khai giờ làm việc trước.") % {
            "day": f"{self.on:%d/%m/%Y}"
        }


@remembered(seconds=SOON)
def _exceptions() -> tuple[frozenset[date], frozenset[date]]:
    off: set[date] = set()
    worked: set[date] = set()
    for day, effect in CalendarDay.objects.values_list("date", "effect"):
        (off if effect == CalendarDay.Effect.OFF else worked).add(day)
    return frozenset(off), frozenset(worked)


@remembered(seconds=SOON)
def _hours(city_id: int, on: date) -> tuple[tuple[Shift, ...], time]:
    hours = WorkingHours.objects.filter(in_force(on), city_id=city_id).first()
    if hours is None:
        raise NoWorkingHours(on)
    shifts = (Shift(hours.morning_starts, hours.morning_ends), Shift(hours.afternoon_starts, hours.afternoon_ends))
    return shifts, hours.cut_off


@remembered(seconds=SOON)
def working_calendar(city_id: int, *, on: date) -> WorkingCalendar:
    """When the city's offices work, by the hours of that day and all known holidays. Raises NoWorkingHours.

    A commune's id gives its city's calendar.
    """
    shifts, cut_off = _hours(city_of(city_id), on)
    off, worked = _exceptions()
    return WorkingCalendar(shifts=shifts, off=off, on=worked, cut_off=cut_off)


def calendar_changed(city_id: int, changes: Sequence[CalendarChange], *, on: date) -> WorkingCalendar:
    """The calendar as it is, then with each change made in turn: for previews, or to see it as it was."""
    calendar = working_calendar(city_id, on=on)
    for change in changes:
        touched = frozenset(change.days)
        off = frozenset(fact.day for fact in change.add if fact.effect == CalendarDay.Effect.OFF)
        worked = frozenset(fact.day for fact in change.add) - off
        calendar = replace(calendar, off=calendar.off - touched | off, on=calendar.on - touched | worked)
    return calendar


@dataclass(frozen=True, kw_only=True)
class DayRow:
    """A day that differs from its weekday."""

    date: date
    effect: str
    name: str
    kind: str
    provisional: bool
    basis: str


def days_of(year: int) -> list[DayRow]:
    """The days of a year that differ from Monday to Friday, in order. One query."""
    rows = CalendarDay.objects.filter(date__year=year).order_by("date")
    return [DayRow(**row) for row in rows.values("date", "effect", "name", "kind", "provisional", "basis")]


@dataclass(frozen=True, kw_only=True)
class HoursRow:
    """Working hours of a city, for a time."""

    morning_starts: time
    morning_ends: time
    afternoon_starts: time
    afternoon_ends: time
    cut_off: time
    basis: str
    valid_from: date
    valid_to: date | None


def hours_of(city_id: int) -> list[HoursRow]:
    """All working hours of a city, oldest first. One query."""
    rows = WorkingHours.objects.filter(city_id=city_id).order_by("valid_from")
    return [HoursRow(**row) for row in rows.values(*HoursRow.__dataclass_fields__)]
