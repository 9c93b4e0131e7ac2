"""Days of reception: of one unit, as people read them; of all units, against what the law asks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from thongsuot.citizen_reception import rules
from thongsuot.citizen_reception.models import DayChange, ReceptionDay
from thongsuot.citizen_reception.queries.access import receivers_of
from thongsuot.citizen_reception.queries.settings import frequency, setting
from thongsuot.kernel.periods import not_over
from thongsuot.kernel.working_time import DAY
from thongsuot.units import queries as units
from thongsuot.units.queries import UnitRow


@dataclass(frozen=True, kw_only=True)
class DayRow:
    """One coming day. state: held, moved, called_off, day_off; `other`: where a moved day went, or came from; so of a day off.

    own_day   the day of the pattern that is changed, when this one is to be changed
    """

    pattern_id: int
    day: date
    starts: str
    ends: str
    where: str
    receiver: str
    by_head: bool
    state: str
    other: date | None
    reason: str

    @property
    def own_day(self) -> date:
        return self.other if self.state == "held" and self.other else self.day


def _announced(on: date) -> QuerySet[ReceptionDay]:
    """Not over; or over, but one of its days was moved to a day that is still to come: people were told that one."""
    moved = Q(changes__moved_to__gte=on, changes__day__lt=F("valid_to"))
    return ReceptionDay.objects.filter(not_over(on) | moved).distinct()


def patterns_of(unit_ids: Collection[int], *, on: date) -> list[ReceptionDay]:
    """Recurring days that hold or will, with their changes. Two queries."""
    rows = _announced(on).filter(unit__in=list(unit_ids)).prefetch_related("changes")
    return list(rows.order_by("unit_id", "week", "weekday", "starts", "pk"))


def coming(unit_id: int, *, today: date, days: int = rules.DAYS_SHOWN) -> list[DayRow]:
    """Its days from today on, in order; none of a unit that has ended by then."""
    patterns = patterns_of([unit_id], on=today)
    unit, calendar = units.unit_row(unit_id, as_of=today), units.working_calendar(unit_id, on=today)
    places = units.point_names({one.point_id for one in patterns if one.point_id is not None}, as_of=today)
    found = []
    for one in patterns:
        changes = {change.day: change for change in one.changes.all()}
        where = ", ".join(part for part in (places.get(one.point_id or 0, ""), one.place) if part)
        for held in rules.days_of(as_pattern(one), today, today + (days - 1) * DAY, calendar, make_up=makes_up(today)):
            if not unit.exists_on(held.day):
                continue
            change = changes.get(held.other if held.state == "held" and held.other else held.day)
            found.append(
                DayRow(
                    pattern_id=one.pk,
                    day=held.day,
                    starts=rules.clock(one.starts),
                    ends=rules.clock(one.ends),
                    where=where,
                    receiver=one.receiver,
                    by_head=one.by_head,
                    state=held.state,
                    other=held.other,
                    reason=change.reason if change else _("Trùng ngày nghỉ") if held.other and held.state == "held" else "",
                )
            )
    return sorted(found, key=lambda row: (row.day, row.starts, row.pattern_id))


def makes_up(on: date) -> bool:
    """Is a day that falls on a day off held on the next working day, by the rule of that day?"""
    return bool(setting("holiday_make_up", on=on))


def as_pattern(one: ReceptionDay) -> rules.Pattern:
    changes = {change.day: change.moved_to for change in one.changes.all()}
    return rules.Pattern(weekday=one.weekday, week=one.week, valid_from=one.valid_from, valid_to=one.valid_to, changes=changes)


def stands_on(one: ReceptionDay, day: date) -> date | None:
    """On which day that one of its own is held, as announced so far: itself, or a later one. None: it has no such day."""
    pattern, calendar = as_pattern(one), units.working_calendar(one.unit_id, on=day)
    held = rules.days_of(pattern, day, day, calendar, make_up=makes_up(day)) if rules.is_own(pattern, day) else []
    return next((row.other or row.day for row in held if row.state != "held" or row.other is None), None)


@dataclass(frozen=True, kw_only=True)
class UnitDays:
    """A unit against the law. state: none (no schedule), few, enough; `next_day`: its head's next day."""

    unit: UnitRow
    state: str
    next_day: date | None
    asked: rules.Frequency


def all_units(city_id: int, *, today: date) -> list[UnitDays]:
    """The city, its agencies and communes, those without a schedule first. A few queries whatever their number."""
    rows = receivers_of(city_id, on=today)
    calendar = units.working_calendar(city_id, on=today)
    heads: dict[int, list[date]] = {}
    have = set()
    for one in patterns_of([row.id for row in rows], on=today):
        have.add(one.unit_id)
        if one.by_head:
            last = today + rules.DAYS_SHOWN * DAY
            days = rules.days_of(as_pattern(one), today, last, calendar, make_up=makes_up(today))
            heads.setdefault(one.unit_id, []).extend(held.day for held in days if held.state == "held")
    found = []
    for row in rows:
        asked, days_held = frequency(row.level, on=today), sorted(set(heads.get(row.id, [])))
        short = rules.falls_short(days_held, asked, today=today, calendar=calendar)
        state = "none" if row.id not in have else "few" if short else "enough"
        found.append(UnitDays(unit=row, state=state, next_day=days_held[0] if days_held else None, asked=asked))
    order = {"none": 0, "few": 1, "enough": 2}
    return sorted(found, key=lambda row: (order[row.state], row.unit.level, row.unit.sort_name))


def receiving_units(city_id: int, *, today: date) -> list[UnitRow]:
    """Units with a schedule, for the public list."""
    have = set(_announced(today).values_list("unit_id", flat=True))
    return [row for row in receivers_of(city_id, on=today) if row.id in have]


def change_of(pattern_id: int, day: date) -> DayChange | None:
    return DayChange.objects.filter(day_of=pattern_id, day=day).first()
