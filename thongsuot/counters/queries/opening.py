"""When points are open: their own hours, days that differ, the city's calendar."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.counters.models import HallSettings, OpeningException, OpeningHours
from thongsuot.counters.rules.opening import LOOKED_AHEAD, OpenTimes, days_from, of_json, spans_on, written
from thongsuot.counters.rules.settings import USUAL, Settings
from thongsuot.counters.words import WEEKDAYS
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.working_time import Shift
from thongsuot.units import queries as units


def open_times_of(house_ids: Collection[int], *, on: date) -> dict[int, OpenTimes]:
    """From that day on, for each house. Two queries, and two for the points whose hours are known."""
    last = days_from(on, LOOKED_AHEAD)[-1]
    found = {house_id: OpenTimes(known=False, days={}) for house_id in house_ids}
    hours: dict[int, list[OpeningHours]] = {}
    for row in OpeningHours.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on), point__in=house_ids, valid_from__lte=last):
        hours.setdefault(row.point_id, []).append(row)
    if not hours:
        return found
    differs: dict[int, dict[date, tuple[tuple[Shift, ...], str]]] = {}
    for one in OpeningException.objects.filter(point__in=hours, day__gte=on, day__lte=last, withdrawn_at=None):
        differs.setdefault(one.point_id, {})[one.day] = (of_json(one.spans), one.reason)
    points = units.points_of_houses(hours, as_of=on)
    for house_id, rows in hours.items():
        # Between a reorganisation and its run there is no point on that day; its hours are there all the same.
        unit_id = points[house_id].unit_id if house_id in points else units.unit_of_point(house_id)
        calendar = units.working_calendar(unit_id, on=on)
        said = differs.get(house_id, {})
        exceptions = {day: spans for day, (spans, _reason) in said.items()}
        days, this_week = {}, None
        for day in days_from(on, LOOKED_AHEAD):
            held = [one for one in rows if one.valid_from <= day and (one.valid_to is None or day < one.valid_to)]
            if not held:
                continue
            week = tuple(of_json(spans) for spans in held[0].week)
            this_week = this_week or week
            days[day] = spans_on(day, week, calendar=calendar, exceptions=exceptions)
        reason = said[on][1] if on in said else _("Nghỉ theo lịch chung") if on in calendar.off else ""
        found[house_id] = OpenTimes(known=bool(days), days=days, week=this_week or (), reason=reason)
    return found


def open_times(house_id: int, *, on: date) -> OpenTimes:
    return open_times_of([house_id], on=on)[house_id]


def hours_of(house_id: int) -> list[OpeningHours]:
    """All that were, are and will be in force, the latest first. One query."""
    return list(OpeningHours.objects.filter(point=house_id).order_by("-valid_from", "-pk"))


def exceptions_of_all(house_ids: Collection[int], *, since: date) -> list[OpeningException]:
    """One query; none without houses."""
    found = OpeningException.objects.filter(point__in=house_ids, day__gte=since, withdrawn_at=None)
    return list(found.order_by("day")) if house_ids else []


def settings_row(house_id: int | None, *, on: date) -> HallSettings | None:
    """What was settled for that point alone, or for all."""
    return HallSettings.objects.filter(in_force(on), point=house_id).first()


def settings_of(house_id: int | None, *, on: date) -> Settings:
    """Its own, else those for all, else the usual ones. One query."""
    return settings_of_all([house_id], on=on)[house_id]


def settings_of_all(house_ids: Collection[int | None], *, on: date) -> dict[int | None, Settings]:
    """settings_of of each. One query."""
    own = Q(point__in=[house_id for house_id in house_ids if house_id is not None])
    rows = {row.point_id: row for row in HallSettings.objects.filter(own | Q(point=None), in_force(on))}
    common = rows.get(None)
    names = [name for name in Settings.__dataclass_fields__ if name != "least_area_m2"]
    found: dict[int | None, Settings] = {}
    for house_id in house_ids:
        row = rows.get(house_id) or common
        if row is None:
            found[house_id] = USUAL
            continue
        values = {name: getattr(row, name) for name in names}
        # How big a room must be is said for all.
        found[house_id] = Settings(least_area_m2=common.least_area_m2 if common else 0, **values)
    return found


def week_words(week: Collection[Collection[Shift]]) -> list[tuple[str, str]]:
    """Days that open alike in one line: ('Thứ Hai đến Thứ Sáu', '07:30-11:30, 13:30-17:00')."""
    lines: list[tuple[int, int, str]] = []
    for place, spans in enumerate(week):
        hours = written(spans) or _("đóng cửa")
        if lines and lines[-1][2] == hours:
            lines[-1] = (lines[-1][0], place, hours)
        else:
            lines.append((place, place, hours))
    return [
        (
            str(WEEKDAYS[first])
            if first == last
            else _("%(first)s đến %(last)s") % {"first": WEEKDAYS[first], "last": WEEKDAYS[last]},
            hours,
        )
        for first, last, hours in lines
    ]


def opens_words(times: OpenTimes, at: datetime) -> str:
    """Whether it is open, and what it says at the door: until when, or when it opens again."""
    day = timezone.localdate(at)
    if times.is_open(at):
        local = timezone.localtime(at).time()
        ends = next((span.ends for span in times.spans(day) if span.starts <= local < span.ends), None)
        return _("Đang mở cửa, đến %(at)s.") % {"at": f"{ends:%H:%M}"} if ends else ""
    why = f" {times.reason}." if times.reason else ""
    opens = times.next_opening(at)
    if opens is None:
        return _("Đang đóng cửa.") + why
    if opens.date() == day:
        return _("Đang đóng cửa, mở lại lúc %(at)s hôm nay.") % {"at": f"{opens:%H:%M}"} + why
    when = {"at": f"{opens:%H:%M}", "weekday": WEEKDAYS[opens.weekday()], "day": f"{opens:%d/%m}"}
    return _("Đang đóng cửa, mở lại lúc %(at)s %(weekday)s, %(day)s.") % when + why
