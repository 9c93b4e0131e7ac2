"""How busy points are at this moment: who waits, who works, what would help."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count
from django.utils import timezone

from thongsuot.counters.models import Sitting
from thongsuot.counters.queries import services
from thongsuot.counters.queries.hall import Hall, QueueRow, halls
from thongsuot.counters.queries.opening import open_times_of
from thongsuot.counters.queries.waits import waits_in
from thongsuot.counters.rules import Advice, Wait, advice, with_one_more
from thongsuot.units import queries as units
from thongsuot.units.queries import PointRow


@dataclass(frozen=True, kw_only=True)
class PointLoad:
    """uncalled: who of them waits in queues that no manned counter calls, of these letters.

    wait: the longest of its queues for who comes now; manned, counters: at work, set up; served, officers: today.

    elsewhere: the point where people wait least, when that would help
    """

    point: PointRow
    unit: str
    waiting: int
    uncalled: int
    uncalled_letters: str
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
    levels = {house_id: names[point.unit_id].level for house_id, point in houses.items()}
    open_now = {house_id for house_id, times in open_times_of(seen, on=on).items() if times.is_open(at)}
    rows = []
    for house_id, hall in seen.items():
        wait, worst = longest[house_id]
        uncalled = [row for row in hall.queues if row.uncalled]
        manned = sum(row.at_work for row in hall.counters)
        others = [one for one in open_now if one != house_id and levels[one] == levels[house_id]] if worst else []
        offers = [(_wait_for(worst, seen[one], waits), one) for one in others] if worst else []
        elsewhere = min(((mean, one) for mean, one in offers if mean is not None), default=None)
        helps = advice(
            wait.mean if wait else None,
            waiting=hall.waiting,
            manned=manned,
            counters=len(hall.counters),
            best_elsewhere=elsewhere[0] if elsewhere else None,
            uncalled=sum(row.uncalled for row in uncalled),
        )
        shortens = wait is not None and helps is Advice.OPEN_COUNTER and not uncalled
        one_more = with_one_more(wait.mean, manned=manned) if wait and shortens else None
        rows.append(
            PointLoad(
                point=houses[house_id],
                unit=names[houses[house_id].unit_id].full_name,
                waiting=hall.waiting,
                uncalled=sum(row.uncalled for row in uncalled),
                uncalled_letters=", ".join(row.letter for row in uncalled),
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


def _longest(hall: Hall, waits: Mapping[int, Wait]) -> tuple[Wait | None, QueueRow | None]:
    """None: nobody calls there, or too little is known."""
    known = [(waits[row.id], row) for row in hall.queues if row.id in waits]
    return max(known, key=lambda one: one[0].mean, default=(None, None))


def _wait_for(wanted: QueueRow, hall: Hall, waits: Mapping[int, Wait]) -> timedelta | None:
    """How long people with the work of that queue wait in another hall; None: it is not taken there, or nothing is known."""
    rest = [row for row in hall.queues if not row.fields]  # they take what has no queue of its own
    ways = [[row for row in hall.queues if code in row.fields] or rest for code in wanted.fields] or [rest]
    if not all(ways):
        return None
    known = [waits.get(row.id) for way in ways for row in way]
    return None if None in known else max(one.mean for one in known if one is not None)


def _longest_first(row: PointLoad) -> tuple[bool, timedelta, int, str]:
    """Where somebody waits in a queue that nobody calls, nothing is known: those stand above all."""
    return not row.uncalled, -(row.wait.mean if row.wait else timedelta()), -row.waiting, row.unit


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
