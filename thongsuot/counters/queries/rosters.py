"""Who is meant to sit where in each shift, who was trained, who sits without being meant to, and where nobody does."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from thongsuot.counters.models import Counter, Queue, RosterEntry, Sitting, Training
from thongsuot.counters.queries.opening import open_times_of
from thongsuot.counters.rules import SERVE
from thongsuot.counters.rules.opening import OpenTimes, days_from
from thongsuot.counters.rules.rosters import ALL_FIELDS, gaps, overlap, trained_fields
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.working_time import VIET_NAM, Shift
from thongsuot.people import queries as people
from thongsuot.units import queries as units
from thongsuot.units.queries import PointRow

WEEK = 7


@dataclass(frozen=True, kw_only=True)
class SeatRow:
    """Somebody at a counter in a shift. trained: for something that is done there."""

    counter_id: int
    number: int
    person_id: int
    name: str
    trained: bool


class Why(TextChoices):
    """Why nobody will take a seat that was planned."""

    NO_SHIFT = "no_shift", _("điểm không mở cửa ca đó")
    NO_COUNTER = "no_counter", _("quầy đã thôi dùng")
    NOT_THERE = "not_there", _("người này không còn làm việc tại điểm vào ngày đó")


@dataclass(frozen=True, kw_only=True)
class Stray:
    entry: RosterEntry
    why: Why


@dataclass(frozen=True, kw_only=True)
class ShiftRow:
    """gaps: letter and name of queues for which nobody trained is meant to sit; unplanned: who sat there all the same."""

    day: date
    span: Shift
    seats: list[SeatRow]
    gaps: list[str]
    unplanned: list[tuple[int, str]]

    @property
    def staffed(self) -> bool:
        return any(seat.trained for seat in self.seats)


def trainings_of(person_ids: Collection[int]) -> dict[int, list[Training]]:
    """By person, the latest first. One query."""
    found: dict[int, list[Training]] = {}
    rows = Training.objects.filter(person__in=person_ids, withdrawn_at=None).order_by("-trained_on", "-pk")
    for row in rows:
        found.setdefault(row.person_id, []).append(row)
    return found


def shifts_of(house_ids: Collection[int], *, first: date, days: int = WEEK) -> dict[int, list[ShiftRow]]:
    """The shifts of those days, by house; days gone by count too. A dozen queries and five a day, however many houses.

    A seat counts when its counter is in use and its officer works there on that day; `strays_of` gives the others.
    """
    wanted = days_from(first, days)
    times = open_times_of(house_ids, on=first)
    entries: dict[tuple[int, date, object], list[RosterEntry]] = {}
    for row, why in _judged(house_ids, wanted, times):
        if why is None:
            entries.setdefault((row.point_id, row.day, row.starts), []).append(row)
    calls: dict[int, set[int]] = {}
    for counter_id, queue_id in Counter.queues.through.objects.filter(counter__point__in=house_ids).values_list(
        "counter_id", "queue_id"
    ):
        calls.setdefault(counter_id, set()).add(queue_id)
    queues: dict[int, list[Queue]] = {}
    for queue in Queue.objects.filter(in_force(first), point__in=house_ids).order_by("letter", "pk"):
        queues.setdefault(queue.point_id, []).append(queue)
    trainings = trainings_of({row.person_id for rows in entries.values() for row in rows})
    sat: dict[tuple[int, date], list[Sitting]] = {}
    for one in Sitting.objects.filter(counter__point__in=house_ids, day__in=wanted).select_related("counter"):
        sat.setdefault((one.counter.point_id, one.day), []).append(one)
    found: dict[int, list[ShiftRow]] = {}
    for house_id in house_ids:
        open_queues = queues.get(house_id, [])
        fields = {queue.pk: queue.fields for queue in open_queues}
        rows: list[ShiftRow] = []
        for day in wanted:
            for span in times[house_id].spans(day):
                planned = sorted(entries.get((house_id, day, span.starts), []), key=lambda row: row.counter.number)
                known = {
                    row.person_id: trained_fields(
                        ((one.trained_on, one.fields) for one in trainings.get(row.person_id, ())), on=day
                    )
                    for row in planned
                }
                missing = gaps(fields, ((calls.get(row.counter_id, ()), known[row.person_id]) for row in planned))
                rows.append(
                    ShiftRow(
                        day=day,
                        span=span,
                        seats=[
                            SeatRow(
                                counter_id=row.counter_id,
                                number=row.counter.number,
                                person_id=row.person_id,
                                name=row.person_name,
                                trained=known[row.person_id] is ALL_FIELDS or bool(known[row.person_id]),
                            )
                            for row in planned
                        ],
                        gaps=[f"{queue.letter} - {queue.name}" for queue in open_queues if queue.pk in missing],
                        unplanned=_unplanned(sat.get((house_id, day), ()), planned, day, span),
                    )
                )
        found[house_id] = rows
    return found


def _judged(
    house_ids: Collection[int], days: Sequence[date], times: Mapping[int, OpenTimes]
) -> Iterator[tuple[RosterEntry, Why | None]]:
    """What was planned for those days, and why nobody will sit there: None for most. A query, and five a day."""
    officers: dict[date, dict[int, list[tuple[int, str]]]] = {}
    planned = RosterEntry.objects.filter(point__in=house_ids, day__in=days).select_related("counter")
    for row in planned.order_by("day", "starts", "counter__number"):
        if row.day not in officers:
            officers[row.day] = people.officers_of_houses(house_ids, SERVE, on=row.day)
        ends = row.counter.valid_to
        if row.starts not in {span.starts for span in times[row.point_id].spans(row.day)}:
            yield row, Why.NO_SHIFT
        elif row.counter.valid_from > row.day or (ends is not None and ends <= row.day):
            yield row, Why.NO_COUNTER
        elif row.person_id not in dict(officers[row.day].get(row.point_id, ())):
            yield row, Why.NOT_THERE
        else:
            yield row, None


def strays_of(house_id: int, *, first: date, days: int = WEEK) -> list[Stray]:
    """Seats of those days that were planned and that nobody will take, by time."""
    judged = _judged([house_id], days_from(first, days), open_times_of([house_id], on=first))
    return [Stray(entry=row, why=why) for row, why in judged if why is not None]


def busy_in(span: Shift, person_ids: Collection[int], *, day: date) -> set[int]:
    """Who of them is planned, at whichever point, for a shift that overlaps the span. Half a dozen queries."""
    planned = list(RosterEntry.objects.filter(person__in=person_ids, day=day))
    times = open_times_of({row.point_id for row in planned}, on=day)
    return {
        row.person_id
        for row in planned
        if row.starts == span.starts
        or any(one.starts == row.starts and overlap(one, span) for one in times[row.point_id].spans(day))
    }


def _unplanned(sittings: Iterable[Sitting], planned: Iterable[RosterEntry], day: date, span: Shift) -> list[tuple[int, str]]:
    """(counter's number, name) of who sat in that shift where nobody planned them; one who sits still sits to its end."""
    meant = {(row.counter_id, row.person_id) for row in planned}
    starts, ends = (datetime.combine(day, clock, VIET_NAM) for clock in span)
    return sorted(
        {
            (one.counter.number, one.person_name)
            for one in sittings
            if (one.counter_id, one.person_id) not in meant and one.from_at < ends and (one.until_at or ends) > starts
        }
    )


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True, kw_only=True)
class PointShifts:
    """A point on one day, or some. known: its hours are set up; house_id: of its counters."""

    point: PointRow
    house_id: int
    unit: str
    known: bool
    shifts: list[ShiftRow]

    @property
    def lacking(self) -> list[ShiftRow]:
        """Shifts in which nobody trained is meant to sit."""
        return [row for row in self.shifts if not row.staffed]

    @property
    def ready(self) -> bool:
        return self.known and not self.lacking


def points_on(unit_ids: Iterable[int], *, on: date, days: int = 1) -> list[PointShifts]:
    """All points of those units from that day on, those that lack somebody first. As few queries, however many points."""
    points = {point.id: point for of_unit in units.points_of(unit_ids, as_of=on).values() for point in of_unit}
    houses = units.houses_of(points)
    times = open_times_of(set(houses.values()), on=on)
    shifts = shifts_of(set(houses.values()), first=on, days=days)
    names = units.unit_rows({point.unit_id for point in points.values()}, as_of=on)
    rows = [
        PointShifts(
            point=points[point_id],
            house_id=house_id,
            unit=names[points[point_id].unit_id].full_name,
            known=times[house_id].known,
            shifts=shifts[house_id],
        )
        for point_id, house_id in houses.items()
    ]
    return sorted(rows, key=lambda row: (row.ready, row.known, names[row.point.unit_id].sort_name, row.point.id))


def officers_at(house_id: int, *, on: date) -> list[tuple[int, str]]:
    """(person, name) of who may serve there on that day, in Vietnamese order; who stands in for one of them comes last."""
    return people.officers_of_houses([house_id], SERVE, on=on).get(house_id, [])
