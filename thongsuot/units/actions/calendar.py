"""The working calendar: hours of a city, days off and days worked in exchange."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.dated import change_from
from thongsuot.kernel.errors import BadInput, TellPerson
from thongsuot.kernel.text import one_line
from thongsuot.units import events, queries
from thongsuot.units.facts import CalendarChange, DayFact, HoursFact
from thongsuot.units.models import CalendarDay, Unit, WorkingHours


class DayAlreadySet(TellPerson):
    code = "units.day_already_set"

    def __init__(self, day: date, name: str) -> None:
        self.day, self.name = day, name

    def message(self) -> str:
        return _("Ngày %(day)s đã có trong lịch: %(name)s. Hãy bỏ dòng đó trước khi thêm lại.") % {
            "day": f"{self.day:%d/%m/%Y}",
            "name": self.name,
        }


class DayNotSet(TellPerson):
    code = "units.day_not_set"

    def __init__(self, day: date) -> None:
        self.day = day

    def message(self) -> str:
        return _("Ngày %(day)s không có trong lịch. Tải lại trang để xem lịch mới.") % {"day": f"{self.day:%d/%m/%Y}"}


class DayChangesNothing(TellPerson):
    """A weekend day off, or an ordinary day worked: it would only mislead."""

    code = "units.day_changes_nothing"

    def __init__(self, day: date) -> None:
        self.day = day

    def message(self) -> str:
        return _("Ngày %(day)s vốn đã là ngày làm việc. Chỉ thêm ngày làm bù vào thứ Bảy hoặc Chủ nhật.") % {
            "day": f"{self.day:%d/%m/%Y}"
        }


@command
def put_days(days: Sequence[DayFact], *, city_id: int, actor: Actor, at: datetime) -> int:
    """The days a city starts with; days already in the calendar stay as they are. Returns how many came."""
    actor.must("manage calendar", unit_id=city_id)
    known = set(CalendarDay.objects.values_list("date", flat=True))
    new = [CalendarDay(date=fact.day, **_fields(fact)) for fact in days if fact.day not in known]
    CalendarDay.objects.bulk_create(new)
    city = Unit.objects.get(pk=city_id)
    record(events.DAYS_LOADED, city, actor=actor, at=at, unit_id=city_id, days=[row.date for row in new])
    transaction.on_commit(queries.clear_caches)
    return len(new)


@command
def change_days(city_id: int, change: CalendarChange, *, actor: Actor, at: datetime) -> None:
    """Days come and go by one announcement, all or none. Who must move because of it reacts to `events.DAYS_CHANGED`.

    Raises NotYourDuty, BadInput, DayAlreadySet, DayNotSet, DayChangesNothing.
    """
    city = Unit.objects.select_for_update().get(pk=city_id)
    actor.must("manage calendar", unit_id=city_id)
    check_change(change)
    removed = list(CalendarDay.objects.filter(date__in=change.remove).order_by("date"))
    CalendarDay.objects.filter(pk__in=[row.pk for row in removed]).delete()
    CalendarDay.objects.bulk_create(CalendarDay(date=fact.day, **_fields(fact)) for fact in change.add)
    record(
        events.DAYS_CHANGED,
        city,
        actor=actor,
        at=at,
        unit_id=city_id,
        added=[{"day": fact.day, "effect": fact.effect, "name": fact.name, "basis": fact.basis} for fact in change.add],
        removed=[{"day": row.date, "effect": row.effect, "name": row.name, "basis": row.basis} for row in removed],
    )
    transaction.on_commit(queries.clear_caches)


def check_change(change: CalendarChange) -> None:
    """Would it be refused as the calendar is now? Raises BadInput, DayAlreadySet, DayNotSet, DayChangesNothing."""
    known = dict(CalendarDay.objects.filter(date__in=change.days).values_list("date", "name"))
    if not change.days:
        raise BadInput({"day": _("Chưa chọn ngày nào nên lịch không đổi.")})
    for day in change.remove:
        if day not in known:
            raise DayNotSet(day)
    coming: set[date] = set()
    for fact in change.add:
        if not one_line(fact.name):
            raise BadInput({"name": _("Hãy ghi tên ngày, ví dụ: Quốc khánh, Ngày làm bù.")})
        if fact.effect == CalendarDay.Effect.WORK and fact.day.weekday() < 5:
            raise DayChangesNothing(fact.day)
        if fact.day in coming or (fact.day in known and fact.day not in change.remove):
            raise DayAlreadySet(fact.day, known.get(fact.day, fact.name))
        coming.add(fact.day)


@command
def set_hours(city_id: int, hours: HoursFact, *, valid_from: date, actor: Actor, at: datetime) -> WorkingHours:
    """Shifts and cut-off of a city from a day on. Raises NotYourDuty, BadInput."""
    city = Unit.objects.select_for_update().get(pk=city_id)
    actor.must("manage calendar", unit_id=city_id)
    if not hours.morning[0] < hours.morning[1] <= hours.afternoon[0] < hours.afternoon[1]:
        raise BadInput({"morning": _("Giờ làm việc phải theo thứ tự: sáng từ, sáng đến, chiều từ, chiều đến.")})
    if not hours.morning[0] < hours.cut_off <= hours.afternoon[1]:
        raise BadInput({"cut_off": _("Giờ chốt nhận trong ngày phải nằm trong giờ làm việc.")})
    values = {
        "morning_starts": hours.morning[0],
        "morning_ends": hours.morning[1],
        "afternoon_starts": hours.afternoon[0],
        "afternoon_ends": hours.afternoon[1],
        "cut_off": hours.cut_off,
        "basis": one_line(hours.basis),
    }
    row = change_from(WorkingHours.objects.filter(city=city), valid_from, {"city": city}, values)
    record(events.HOURS_SET, city, actor=actor, at=at, unit_id=city_id, valid_from=valid_from, **values)
    transaction.on_commit(queries.clear_caches)
    return row


def _fields(fact: DayFact) -> dict[str, object]:
    fields = asdict(fact)
    del fields["day"]
    return {name: one_line(value) if isinstance(value, str) else value for name, value in fields.items()}
