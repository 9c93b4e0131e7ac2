"""How busy points are at this moment: who waits, who works, what would help."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count
from django.utils import timezone

from thongsuot.counters.models import Sitting
from thongsuot.counters.queries import services
from thongsuot.counters.queries.hall import Hall, halls
from thongsuot.counters.queries.waits import waits_in
from thongsuot.counters.rules import Advice, Wait, advice, with_one_more
from thongsuot.units import queries as units
from thongsuot.units.queries import PointRow


@dataclass(frozen=True, kw_only=True)
class PointLoad:
    """wait: the longest of its queues for who comes now; manned, counters: at work, set up; served, officers: today.

    elsewhere: the point where people wait least, when that would help
    """

    point: PointRow
    unit: str
    waiting: int
    wait: Wait | None
    manned: int
    counters: int
    served: int
    officers: int
    advice: Advice | None
    with_one_more: timedelta | None
    elsewhere: str

    @property
    def per_officer(self) -> float | None:
        return self.served / self.officers if self.officers else None


def load(unit_ids: Iterable[int], *, at: datetime) -> list[PointLoad]:
    """Points of those units that have counters, where people wait longest first. A dozen queries, however many points."""
    on = timezone.localdate(at)
    points = {point.id: point for of_unit in units.points_of(unit_ids, as_of=on).values() for point in of_unit}
    houses = {house_id: points[point_id] for point_id, house_id in units.houses_of(points).items()}
    seen = {house_id: hall for house_id, hall in halls(houses, on=on).items() if hall.counters}
    waits = waits_in(seen, at=at)
    longest = {house_id: _longest(hall, waits) for house_id, hall in seen.items()}
    sat_today = Sitting.objects.filter(counter__point__in=seen, day=on)
    served = services.count_on(seen, on=on)
    officers = dict(sat_today.values_list("counter__point").annotate(n=Count("person", distinct=True)).order_by())
    names = units.unit_rows({point.unit_id for point in houses.values()}, as_of=on)
    best = sorted((wait.mean, house_id) for house_id, wait in longest.items() if wait is not None)
    rows = []
    for house_id, hall in seen.items():
        wait = longest[house_id]
        manned = sum(row.at_work for row in hall.counters)
        elsewhere = next(((mean, other) for mean, other in best if other != house_id), None)
        helps = advice(
            wait.mean if wait else None,
            waiting=hall.waiting,
            manned=manned,
            counters=len(hall.counters),
            best_elsewhere=elsewhere[0] if elsewhere else None,
        )
        one_more = with_one_more(wait.mean, manned=manned) if wait and helps is Advice.OPEN_COUNTER else None
        rows.append(
            PointLoad(
                point=houses[house_id],
                unit=names[houses[house_id].unit_id].full_name,
                waiting=hall.waiting,
                wait=wait,
                manned=manned,
                counters=len(hall.counters),
                served=served.get(house_id, 0),
                officers=officers.get(house_id, 0),
                advice=helps,
                with_one_more=one_more,
                elsewhere=houses[elsewhere[1]].name if elsewhere and helps is Advice.OTHER_POINT else "",
            )
        )
    return sorted(rows, key=_longest_first)


def _longest(hall: Hall, waits: Mapping[int, Wait]) -> Wait | None:
    """None: nobody calls there, or too little is known."""
    known = [waits[row.id] for row in hall.queues if row.id in waits]
    return max(known, key=lambda wait: wait.mean, default=None)


def _longest_first(row: PointLoad) -> tuple[bool, timedelta, int, str]:
    """Where somebody waits and nobody calls, nothing is known: those stand above all."""
    uncalled = row.waiting > 0 and row.manned == 0
    return not uncalled, -(row.wait.mean if row.wait else timedelta()), -row.waiting, row.unit


@dataclass(frozen=True, kw_only=True)
class OfficerLoad:
    """mean: how long one was served by them; None when none was done."""

    name: str
    served: int
    mean: timedelta | None


def officers(house_id: int, *, first: date, last: date) -> list[OfficerLoad]:
    """Who served how many at a point in those days, most first; for who arranges its counters. One query."""
    rows = services.by_officer(house_id, first=first, last=last)
    return [OfficerLoad(name=row.name, served=row.served, mean=row.mean) for row in rows]
