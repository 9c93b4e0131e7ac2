"""All points of the demo city are open, with somebody at the counter for two weeks; the last three lack something."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from thongsuot.counters import actions
from thongsuot.counters.actions.errors import NothingToChange
from thongsuot.counters.models import Counter
from thongsuot.counters.queries.city import CityPoint, city_points
from thongsuot.counters.queries.rosters import points_on
from thongsuot.counters.rules import SERVE
from thongsuot.counters.sheets import COLUMNS, NOON
from thongsuot.kernel.actor import system
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.working_time import Shift
from thongsuot.people import queries as people
from thongsuot.people.demo import demo_units, open_desks
from thongsuot.people.models import Person

MORNING, AFTERNOON = Shift(time(7, 30), time(11, 30)), Shift(time(13, 30), time(17))
WEEK = ((MORNING, AFTERNOON),) * 5 + ((MORNING,), ())
EVIDENCE = "Giấy chứng nhận lớp nghiệp vụ một cửa (ví dụ)"
ROSTERED, LACKING = 14, 3
HOUSE = system("cli")


def set_up_city(city_id: int, *, since: datetime, at: datetime) -> None:
    """Where there is nothing yet: hours, a queue with a counter, training, and rosters, which go on at each start.

    The last three points lack something: hours; training; somebody in the afternoon.
    """
    day, opened = timezone.localdate(at), timezone.localdate(since)
    open_desks(city_id, at=at)
    points = city_points(city_id, on=day)
    cast = {unit.id for unit in demo_units(city_id, at=at)}
    others = sorted(house_id for house_id, row in points.items() if row.point.unit_id not in cast)
    closed, untrained, mornings = lacking_of(others)
    with suppress(NothingToChange):
        wanted = [house_id for house_id in others if house_id != closed]
        actions.set_hours_of_many(
            city_id, week=WEEK, valid_from=opened, house_ids=wanted, only_missing=True, actor=HOUSE, at=since
        )
    ready = set(Counter.objects.filter(point__in=others).values_list("point", flat=True))
    for house_id in others:
        if house_id not in ready:
            _counter(points[house_id].point.id, at=since)
    lines = _lines(points, opened, day, untrained=untrained, mornings=mornings)
    if lines:
        sent = actions.send_rosters(_file(lines), name="lich-truc-mau.csv", city_id=city_id, actor=HOUSE, at=at)
        actions.import_rosters(sent.pk, city_id=city_id, actor=HOUSE, at=at)


def lacking_of(house_ids: list[int]) -> tuple[int | None, int | None, int | None]:
    """The last three, where there are more: without hours, training, somebody in the afternoon."""
    if len(house_ids) <= LACKING:
        return None, None, None
    return house_ids[-3], house_ids[-2], house_ids[-1]


def _counter(point_id: int, *, at: datetime) -> None:
    queue = actions.open_queue(point_id, letter="A", name="Mọi việc", name_en="All matters", fields=[], actor=HOUSE, at=at)
    actions.open_counter(point_id, number=1, name="", queues=[queue.pk], actor=HOUSE, at=at)


def _lines(
    points: dict[int, CityPoint], opened: date, day: date, *, untrained: int | None, mornings: int | None
) -> list[dict[str, str]]:
    """An officer at each counter, as many as there are, where a shift has nobody."""
    lacking = [
        row
        for row in points_on({one.point.unit_id for one in points.values()}, on=day, days=ROSTERED)
        if any(not one.seats and not (row.house_id == mornings and one.span.starts >= NOON) for one in row.shifts)
    ]
    houses = [row.house_id for row in lacking]
    officers = people.officers_of_houses(houses, SERVE, on=day)
    ids = {who for rows in officers.values() for who, _name in rows}
    emails = dict(Person.objects.filter(pk__in=ids).values_list("pk", "email"))
    numbers: dict[int, list[int]] = {}
    counters = Counter.objects.filter(in_force(day), point__in=houses).order_by("number")
    for house_id, number in counters.values_list("point", "number"):
        numbers.setdefault(house_id, []).append(number)
    last = day + timedelta(days=ROSTERED - 1)
    return [
        {
            "point": str(row.point.id),
            "email": emails[who],
            "counter": str(number),
            "first": f"{day:%d/%m/%Y}",
            "last": f"{last:%d/%m/%Y}",
            "shift": "sáng" if row.house_id == mornings else "",
        }
        | ({"trained_on": f"{opened:%d/%m/%Y}", "evidence": EVIDENCE} if row.house_id != untrained else {})
        for row in lacking
        for number, (who, _name) in zip(numbers.get(row.house_id, ()), officers.get(row.house_id, ()), strict=False)
    ]


def _file(lines: list[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([str(column.heading) for column in COLUMNS])
    writer.writerows([[line.get(column.key, "") for column in COLUMNS] for line in lines])
    return text.getvalue().encode()
