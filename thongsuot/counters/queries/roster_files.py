"""What a file of rosters and training would do to the points of a city. Nothing is written here."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from django.utils.translation import gettext as _

from thongsuot.counters.models import Counter, RosterEntry, Training
from thongsuot.counters.queries.city import CityPoint, city_points
from thongsuot.counters.queries.opening import open_times_of
from thongsuot.counters.rules import SERVE
from thongsuot.counters.rules.opening import LOOKED_AHEAD, days_from
from thongsuot.counters.rules.rosters import overlap
from thongsuot.counters.sheets import COLUMNS, Line, Seating, read_line
from thongsuot.files.models import StoredFile
from thongsuot.files.table_rows import judged, rows_in, told_by_row
from thongsuot.files.tables import TableRow
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.text import search_key
from thongsuot.kernel.working_time import Shift
from thongsuot.people import queries as people
from thongsuot.people.models import Person
from thongsuot.procedures import queries as procedures
from thongsuot.units import queries as units

MOST_ROWS = 10_000
AHEAD = 3 * LOOKED_AHEAD  # days for which rosters come in


@dataclass(frozen=True, kw_only=True)
class Seat:
    line: int
    house_id: int
    day: date
    span: Shift
    counter_id: int
    person_id: int
    name: str

    @property
    def starts(self) -> time:
        return self.span.starts


@dataclass(frozen=True, kw_only=True)
class TrainedRow:
    house_id: int
    person_id: int
    fields: tuple[str, ...]
    on: date
    evidence: str
    known: bool


@dataclass(frozen=True, kw_only=True)
class RosterPlan:
    """replaced: entries of today that the file's shifts take the place of."""

    houses: dict[int, CityPoint]
    seats: list[Seat]
    trainings: list[TrainedRow]
    replaced: list[int]

    def entries(self) -> list[RosterEntry]:
        return [
            RosterEntry(
                point_id=one.house_id,
                day=one.day,
                starts=one.starts,
                counter_id=one.counter_id,
                person_id=one.person_id,
                person_name=one.name,
            )
            for one in self.seats
        ]

    def new_trainings(self) -> list[Training]:
        return [
            Training(person_id=one.person_id, fields=list(one.fields), trained_on=one.on, evidence=one.evidence)
            for one in self.trainings
            if not one.known
        ]

    def unit_of(self, person_id: int) -> int:
        return self.houses[self._house_of[person_id]].point.unit_id

    @cached_property
    def _house_of(self) -> dict[int, int]:
        return {one.person_id: one.house_id for one in self.trainings}

    def shifts_by_house(self) -> dict[int, set[tuple[date, time]]]:
        found: dict[int, set[tuple[date, time]]] = {}
        for one in self.seats:
            found.setdefault(one.house_id, set()).add((one.day, one.starts))
        return found

    def by_point(self) -> Iterator[tuple[CityPoint, int, int, int]]:
        """(point, shifts, seats in them, trainings that are new)."""
        shifts, seats = self.shifts_by_house(), Tally(one.house_id for one in self.seats)
        trained = Tally(one.house_id for one in self.trainings if not one.known)
        for house_id, row in self.houses.items():
            yield row, len(shifts.get(house_id, ())), seats[house_id], trained[house_id]

    @property
    def figures(self) -> dict[str, int]:
        return {
            "points": len(self.houses),
            "shifts": sum(len(shifts) for shifts in self.shifts_by_house().values()),
            "seats": len(self.seats),
            "replaced": len(self.replaced),
            "trainings": sum(not one.known for one in self.trainings),
        }


class RosterLines(NamedTuple):
    """What a file says, row by row; nothing was looked up yet but the names of fields."""

    rows: list[TableRow]
    lines: list[Line]


def roster_lines(stored: StoredFile, *, today: date) -> RosterLines:
    """Raises RowsRefused with every row that cannot be read, NotATable."""
    rows = rows_in(stored, COLUMNS, most_rows=MOST_ROWS)
    names = {search_key(row.name): row.code for row in procedures.fields(on=today)}
    furthest = today + timedelta(days=AHEAD - 1)
    return RosterLines(
        rows, judged(rows, COLUMNS, lambda row: read_line(row.cells, fields=names, today=today, furthest=furthest))
    )


def roster_plan(read: RosterLines, *, city_id: int, today: date) -> RosterPlan:
    """Raises RowsRefused with every row that cannot be used."""
    with told_by_row(read.rows, COLUMNS):
        return _planned(read.lines, city_id=city_id, today=today)


def _planned(lines: Sequence[Line], *, city_id: int, today: date) -> RosterPlan:
    """Raises BadInput by "line.key"."""
    of_city, wrong = city_points(city_id, on=today), dict[str, str]()
    houses = units.houses_of({line.point_id for line in lines})
    persons = {row.email: row for row in Person.objects.filter(email__in={line.email for line in lines}, is_active=True)}
    used = {house_id for house_id in houses.values() if house_id in of_city}
    known = _Known(used, lines, today=today)
    seats: list[Seat] = []
    trainings: dict[tuple[int, tuple[str, ...], date, str], TrainedRow] = {}
    for place, line in enumerate(lines):
        house_id, person = houses.get(line.point_id), persons.get(line.email)
        if house_id not in used or house_id is None:
            wrong[f"{place}.point"] = _("Thành phố không có điểm mang mã này. Hãy chép mã từ tệp mẫu của trang này.")
            continue
        if person is None:
            wrong[f"{place}.email"] = _("Không có tài khoản nào dùng địa chỉ này. Hãy sửa địa chỉ hoặc mở tài khoản trước.")
            continue
        if line.trained is not None:
            if person.pk not in known.officers(house_id, today):
                wrong[f"{place}.email"] = _("Người này không tiếp nhận hồ sơ tại điểm. Hãy bổ nhiệm vào điểm trước.")
            one = line.trained
            key = (person.pk, one.fields, one.on, one.evidence)
            trainings[key] = TrainedRow(
                house_id=house_id,
                person_id=person.pk,
                fields=one.fields,
                on=one.on,
                evidence=one.evidence,
                known=key in known.trained,
            )
        if line.seating is not None:
            seats += _seats(place, line.seating, house_id, person, known, wrong)
    _once(seats, wrong)
    shifts = {(one.house_id, one.day, one.starts) for one in seats}
    replaced = [row.pk for row in known.planned if (row.point_id, row.day, row.starts) in shifts]
    elsewhere: dict[tuple[int, date], list[Shift]] = {}
    for row in known.planned:
        if (row.point_id, row.day, row.starts) not in shifts:
            elsewhere.setdefault((row.person_id, row.day), []).append(known.span(row.point_id, row.day, row.starts))
    for seat in seats:
        if any(overlap(seat.span, one) for one in elsewhere.get((seat.person_id, seat.day), ())):
            wrong.setdefault(f"{seat.line}.email", _busy(seat))
    if wrong:
        raise BadInput(wrong)
    touched = {one.house_id for one in chain[Seat | TrainedRow](seats, trainings.values())}
    return RosterPlan(
        houses={house_id: row for house_id, row in of_city.items() if house_id in touched},
        seats=seats,
        trainings=list(trainings.values()),
        replaced=replaced,
    )


class _Known:
    """What is there for those houses and people, read once."""

    def __init__(self, houses: Collection[int], lines: Sequence[Line], *, today: date) -> None:
        self.houses = houses
        seatings = [line.seating for line in lines if line.seating is not None]
        last = max((one.last for one in seatings), default=today)
        emails = {line.email for line in lines}
        planned = RosterEntry.objects.filter(day__gte=today, day__lte=last)
        self.planned = [*planned.filter(point__in=houses), *planned.filter(person__email__in=emails).exclude(point__in=houses)]
        wanted = {*houses, *(row.point_id for row in self.planned)}
        self.spans: dict[int, dict[date, tuple[Shift, ...]]] = {house_id: {} for house_id in wanted}
        begins = today
        while seatings and begins <= last:
            for house_id, times in open_times_of(wanted, on=begins).items():
                self.spans[house_id] |= times.days
            begins += timedelta(days=LOOKED_AHEAD)
        counters = Counter.objects.filter(point__in=houses)
        self.counters = {(row.point_id, row.number): row for row in counters.order_by("valid_from", "pk")}
        trained = Training.objects.filter(person__email__in=emails, withdrawn_at=None)
        self.trained = {(row.person_id, tuple(row.fields), row.trained_on, row.evidence) for row in trained}
        self._officers: dict[date, dict[int, dict[int, str]]] = {}

    def officers(self, house_id: int, day: date) -> dict[int, str]:
        """{person: name} of who may serve there on that day; each day is asked for once."""
        if day not in self._officers:
            found = people.officers_of_houses(self.houses, SERVE, on=day)
            self._officers[day] = {house: dict(rows) for house, rows in found.items()}
        return self._officers[day].get(house_id, {})

    def span(self, house_id: int, day: date, starts: time) -> Shift:
        """Of a seat that is planned; a moment when the point does not open then any more."""
        found = (one for one in self.spans[house_id].get(day, ()) if one.starts == starts)
        return next(found, Shift(starts, starts.replace(second=59)))

    def counter(self, house_id: int, number: int, day: date) -> Counter | None:
        found = self.counters.get((house_id, number))
        usable = found is not None and found.valid_from <= day and (found.valid_to is None or day < found.valid_to)
        return found if usable else None


def _seats(place: int, said: Seating, house_id: int, person: Person, known: _Known, wrong: dict[str, str]) -> Iterator[Seat]:
    nothing = True
    for day in days_from(said.first, (said.last - said.first).days + 1):
        spans = known.spans[house_id].get(day, ()) if day.weekday() in said.weekdays else ()
        for span in spans:
            if not said.takes(span):
                continue
            nothing, counter = False, known.counter(house_id, said.counter, day)
            if counter is None:
                wrong[f"{place}.counter"] = _("Điểm không có quầy số này vào ngày %(day)s.") % {"day": f"{day:%d/%m/%Y}"}
                return
            name = known.officers(house_id, day).get(person.pk)
            if name is None:
                wrong[f"{place}.email"] = _("Người này không tiếp nhận hồ sơ tại điểm vào ngày %(day)s.") % {
                    "day": f"{day:%d/%m/%Y}"
                }
                return
            yield Seat(
                line=place,
                house_id=house_id,
                day=day,
                span=span,
                counter_id=counter.pk,
                person_id=person.pk,
                name=name,
            )
    if nothing:
        wrong[f"{place}.first"] = _(
            "Điểm không mở cửa ca nào như dòng này ghi. Hãy đặt giờ mở cửa trước, hoặc sửa ngày, thứ, ca."
        )


def _once(seats: Sequence[Seat], wrong: dict[str, str]) -> None:
    """One person at a counter in a shift, one counter for a person."""
    at_counter, of_person = dict[object, Seat](), dict[object, list[Seat]]()
    for one in seats:
        if at_counter.setdefault((one.counter_id, one.day, one.starts), one) is not one:
            wrong.setdefault(
                f"{one.line}.counter",
                _("Tệp đã xếp người khác, hoặc chính người này, ngồi quầy đó ca %(starts)s ngày %(day)s.") % _when(one),
            )
        elif any(overlap(one.span, other.span) for other in of_person.setdefault((one.person_id, one.day), [])):
            wrong.setdefault(f"{one.line}.email", _busy(one))
        else:
            of_person[one.person_id, one.day].append(one)


def _busy(seat: Seat) -> str:
    return _("Người này đã được xếp chỗ khác ca %(starts)s ngày %(day)s.") % _when(seat)


def _when(seat: Seat) -> dict[str, str]:
    return {"starts": f"{seat.starts:%H:%M}", "day": f"{seat.day:%d/%m/%Y}"}


def officer_rows(city_id: int, *, on: date) -> list[tuple[int, list[str]]]:
    """(point, addresses of who may serve there on that day), in the order of the city's points."""
    points = city_points(city_id, on=on)
    officers = people.officers_of_houses(points, SERVE, on=on)
    ids = {person_id for rows in officers.values() for person_id, _name in rows}
    emails = dict(Person.objects.filter(pk__in=ids).values_list("pk", "email"))
    return [(row.point.id, [emails[who] for who, _name in officers.get(house, ())]) for house, row in points.items()]
