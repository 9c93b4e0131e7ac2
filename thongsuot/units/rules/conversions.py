"""Which station of a unit becomes its central one, and what a conversion must say before it may be approved. Pure functions."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from thongsuot.kernel.text import search_key
from thongsuot.units.facts import ConversionFacts, ConversionLineFact
from thongsuot.units.models import Facility
from thongsuot.units.rules.reorganising import Fault

Kind = Facility.Kind
Place = tuple[float, float]
_STATION, _POINT = "Trạm y tế", "Điểm y tế"


class ChosenBy(StrEnum):
    """Why a station is proposed as the central one of its unit."""

    ONLY = "only"
    PERSON = "person"
    NEAREST = "nearest"
    NAME = "name"
    FIRST = "first"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A facility in force on the day of a conversion, as it is without it. `ends`: when that is known to end or change."""

    facility_id: int
    code: str
    kind: str
    name: str
    unit_id: int
    parent_id: int | None
    valid_from: date
    ends: date | None
    place: Place | None = None


@dataclass(frozen=True, kw_only=True)
class Managed:
    """A service point in force on that day, and who would run it."""

    point_id: int
    name: str
    unit_id: int
    managed_by_id: int
    valid_from: date
    ends: date | None


@dataclass(frozen=True, kw_only=True)
class Around:
    """What a conversion of one city meets on its day.

    units   {unit of the city in force that day: its full name}
    bodies  {body in force that day, of the city or of a unit of it: whose it is; the city's for one of its agencies}
    codes   {facility or point: what a person knows it by}, also of those not in force
    """

    city_id: int
    facilities: Mapping[int, Standing]
    points: Mapping[int, Managed]
    units: Mapping[int, str]
    bodies: Mapping[int, int]
    codes: Mapping[tuple[str, int], str]


# --- the proposal


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A unit whose stations become one with points. `place`: where its seat is, when that is known."""

    unit_id: int
    name: str
    full_name: str
    place: Place | None


def proposed(seat: Seat, facilities: Sequence[Standing], *, chosen: int | None = None) -> list[ConversionLineFact]:
    """Lines that make one station of the unit its central one and the others its points. Without facilities: none."""
    stations = [one for one in facilities if one.kind == Kind.HEALTH_STATION] or list(facilities)
    if not stations:
        return []
    central, why = _central(seat, sorted(stations, key=lambda one: one.code), chosen, list(facilities))
    lines = [
        ConversionLineFact(
            facility_id=central.facility_id,
            kind=Kind.HEALTH_STATION,
            name=f"{_STATION} {seat.full_name[:1].lower()}{seat.full_name[1:]}",
            chosen_by=why,
        )
    ]
    for one in sorted(facilities, key=lambda one: one.code):
        if one is not central:
            lines.append(
                ConversionLineFact(
                    facility_id=one.facility_id,
                    kind=Kind.HEALTH_POINT,
                    name=_POINT + one.name[len(_STATION) :] if one.name.startswith(_STATION) else "",
                    parent_id=central.facility_id,
                )
            )
    return lines


def _central(
    seat: Seat, stations: Sequence[Standing], chosen: int | None, every: Sequence[Standing]
) -> tuple[Standing, ChosenBy]:
    for one in every:
        if one.facility_id == chosen:
            return one, ChosenBy.PERSON
    if len(stations) == 1:
        return stations[0], ChosenBy.ONLY
    placed = [(distance_km(seat.place, one.place), one) for one in stations if seat.place and one.place]
    if placed:
        return min(placed, key=lambda pair: pair[0])[1], ChosenBy.NEAREST
    key = search_key(seat.name)
    named = [one for one in stations if search_key(one.name).endswith(f" {key}")]
    return (named[0], ChosenBy.NAME) if named else (stations[0], ChosenBy.FIRST)


def distance_km(one: Place | None, other: Place | None) -> float:
    """Between two places some kilometres apart; what has no place is infinitely far."""
    if one is None or other is None:
        return math.inf
    north = one[0] - other[0]
    east = (one[1] - other[1]) * math.cos(math.radians((one[0] + other[0]) / 2))
    return math.hypot(north, east) * 111.2


# --- the check


@dataclass(frozen=True)
class _After:
    """What a facility is on the day, with the conversion."""

    code: str
    kind: str
    unit_id: int
    parent_id: int | None


def faults(head: ConversionFacts, lines: Sequence[ConversionLineFact], around: Around) -> list[Fault]:
    """Everything that is wrong with the conversion, at once."""
    return list(_Check(head, lines, around).run())


class _Check:
    def __init__(self, head: ConversionFacts, lines: Sequence[ConversionLineFact], around: Around) -> None:
        self.head, self.around, self.day = head, around, head.effective_on
        self.facility_lines = [one for one in lines if one.facility_id is not None]
        self.point_lines = [one for one in lines if one.point_id is not None]
        by_facility = {one.facility_id: one for one in self.facility_lines if one.facility_id is not None}
        self.after = {
            pk: self._after(standing, by_facility.get(pk), around.facilities) for pk, standing in around.facilities.items()
        }

    @staticmethod
    def _after(standing: Standing, line: ConversionLineFact | None, known: Mapping[int, Standing]) -> _After:
        if line is None:
            return _After(standing.code, standing.kind, standing.unit_id, standing.parent_id)
        return _After(standing.code, line.kind, line.unit_id or standing.unit_id, line.parent_id)

    def run(self) -> Iterator[Fault]:
        if not self.facility_lines and not self.point_lines:
            yield Fault(key="empty")
            return
        yield from self._twice()
        for line in self.facility_lines:
            yield from self._facility(line)
        for line in self.point_lines:
            yield from self._point(line)
        yield from self._units()
        yield from self._counts()

    def _called(self, what: str, pk: int | None) -> str:
        return self.around.codes.get((what, pk or 0), str(pk))

    def _twice(self) -> Iterator[Fault]:
        for what, ids in (
            ("facility", [one.facility_id for one in self.facility_lines]),
            ("point", [one.point_id for one in self.point_lines]),
        ):
            for pk, times in Counter(ids).items():
                if times > 1:
                    yield Fault(key="twice", about=self._called(what, pk))

    def _facility(self, line: ConversionLineFact) -> Iterator[Fault]:
        about = self._called("facility", line.facility_id)
        standing = self.around.facilities.get(line.facility_id or 0)
        if standing is None:
            yield Fault(key="facility_unknown", about=about)
            return
        yield from self._period(about, standing.valid_from, standing.ends)
        after = self.after[standing.facility_id]
        if after.unit_id not in self.around.units:
            yield Fault(key="unit_unknown", about=about)

    def _period(self, about: str, valid_from: date, ends: date | None) -> Iterator[Fault]:
        """What held until the day ends on it, and what begins holds without an end: no gap, nothing twice."""
        if valid_from >= self.day:
            yield Fault(key="begins_then", about=about, facts={"day": valid_from})
        if ends is not None:
            yield Fault(key="changes_otherwise", about=about, facts={"day": ends})

    def _point(self, line: ConversionLineFact) -> Iterator[Fault]:
        about = self._called("point", line.point_id)
        point = self.around.points.get(line.point_id or 0)
        if point is None:
            yield Fault(key="point_unknown", about=about)
            return
        yield from self._period(about, point.valid_from, point.ends)
        owner = self.around.bodies.get(line.managed_by_id or 0)
        if owner is None:
            yield Fault(key="body_unknown", about=about)
        elif owner not in {point.unit_id, self.around.city_id}:
            yield Fault(key="body_elsewhere", about=about)
        elif line.managed_by_id == point.managed_by_id:
            yield Fault(key="same_manager", about=about)

    def _units(self) -> Iterator[Fault]:
        """In every unit it touches: one central station, and every point belongs to it."""
        by_unit: dict[int, list[tuple[int, _After]]] = {}
        for pk, after in self.after.items():
            by_unit.setdefault(after.unit_id, []).append((pk, after))
        for unit_id in self._touched():
            if unit_id not in self.around.units:
                continue
            those = by_unit.get(unit_id, [])
            central = [after.code for _pk, after in those if after.kind == Kind.HEALTH_STATION]
            if len(central) != 1 and those:
                key = "two_central" if central else "no_central"
                yield Fault(key=key, about=self.around.units[unit_id], facts={"codes": sorted(central)})
            for pk, after in those:
                yield from self._parent(pk, after)

    def _touched(self) -> list[int]:
        moved = {one.facility_id for one in self.facility_lines if one.facility_id is not None}
        touched = {self.after[pk].unit_id for pk in moved if pk in self.after}
        touched |= {self.around.facilities[pk].unit_id for pk in moved if pk in self.around.facilities}
        # A station that ends as such leaves points behind, perhaps in other units.
        touched |= {after.unit_id for after in self.after.values() if after.parent_id in moved}
        return sorted(touched, key=lambda pk: self.around.units.get(pk, ""))

    def _parent(self, pk: int, after: _After) -> Iterator[Fault]:
        if after.kind == Kind.HEALTH_STATION:
            if after.parent_id is not None:
                yield Fault(key="station_with_parent", about=after.code)
            return
        if after.parent_id is None:
            yield Fault(key="point_without_parent", about=after.code)
            return
        parent = self.after.get(after.parent_id)
        if parent is None or after.parent_id == pk:
            yield Fault(key="parent_unknown", about=after.code)
        elif parent.kind != Kind.HEALTH_STATION:
            yield Fault(key="parent_no_station", about=after.code, facts={"parent": parent.code})
        elif parent.unit_id != after.unit_id:
            yield Fault(key="parent_elsewhere", about=after.code, facts={"parent": parent.code})

    def _counts(self) -> Iterator[Fault]:
        planned = planned_counts([*self.facility_lines, *self.point_lines])
        for kind, expected in self.head.expected.items():
            if planned[kind] != expected:
                yield Fault(key="count", facts={"kind": kind, "expected": expected, "planned": planned[kind]})


def planned_counts(lines: Iterable[ConversionLineFact]) -> Counter[str]:
    """How many lines are of each kind of facility; "point": of service points."""
    return Counter(str(one.kind) if one.facility_id is not None else "point" for one in lines)
