"""What a load of units brings: plain facts by codes and days, read from files or made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time


@dataclass(frozen=True, kw_only=True)
class DecisionFact:
    number: str
    title: str
    signed_on: date | None
    effective_on: date


@dataclass(frozen=True, kw_only=True)
class NameFact:
    """`name` is without its kind; `kind` is a `UnitName.Kind`."""

    kind: str
    name: str
    valid_from: date
    valid_to: date | None = None
    decision: str = ""


@dataclass(frozen=True, kw_only=True)
class UnitFact:
    """The parent is the unit that bears `parent_code` on `valid_from`."""

    code: str
    level: str
    parent_code: str = ""
    valid_from: date
    valid_to: date | None = None
    names: tuple[NameFact, ...]
    identifier: str = ""
    identifier_is_example: bool = False
    latitude: float | None = None
    longitude: float | None = None
    area_km2: float | None = None


@dataclass(frozen=True, kw_only=True)
class SuccessionFact:
    """From the unit that bore `old_code` until `on` to the one that bears `new_code` from then."""

    old_code: str
    new_code: str
    on: date
    extent: str
    likeliest: bool = False
    decision: str
    evidence: str = ""
    part: str = ""
    places: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PlannedUnitFact:
    """A unit that a draft decision begins, ends or changes: `what` is a `PlannedUnit.What`. Of an end only the code counts."""

    what: str
    code: str
    level: str
    parent_code: str = ""
    kind: str = ""
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class PlannedSuccessionFact:
    """`part` in the words of the decision; `places`: streets, villages, groups of it as addresses name them."""

    old_code: str
    new_code: str
    extent: str
    likeliest: bool = False
    part: str = ""
    places: tuple[str, ...] = ()
    evidence: str = ""


@dataclass(frozen=True, kw_only=True)
class PlanFacts:
    """A decision on units as it is drafted. `expected`: how many units of a kind begin, as its text says.

    `left_out`: lines of its file that could not be used.
    """

    number: str
    title: str
    signed_on: date | None
    effective_on: date
    province_code: str = ""
    expected: Mapping[str, int] = field(default_factory=dict)
    units: tuple[PlannedUnitFact, ...] = ()
    successions: tuple[PlannedSuccessionFact, ...] = ()
    left_out: int = 0


@dataclass(frozen=True, kw_only=True)
class DayFact:
    day: date
    effect: str
    name: str
    kind: str = ""
    provisional: bool = False
    basis: str = ""


@dataclass(frozen=True, kw_only=True)
class CalendarChange:
    """Days that come into the calendar and days that go out of it, by one announcement: a swap is two of them."""

    add: tuple[DayFact, ...] = ()
    remove: tuple[date, ...] = ()

    @property
    def days(self) -> list[date]:
        """Every day it touches, in order."""
        return sorted({*(fact.day for fact in self.add), *self.remove})

    def taken_back(self, removed: Sequence[DayFact]) -> CalendarChange:
        """The change that undoes it. `removed`: what the removed days were."""
        return CalendarChange(add=tuple(removed), remove=tuple(fact.day for fact in self.add))


@dataclass(frozen=True, kw_only=True)
class ServingChange:
    """From a day on a body plays a partner's role for a unit, or for the city when `unit_id` is None; no body: nobody does."""

    role: str
    unit_id: int | None
    body_id: int | None
    day: date


@dataclass(frozen=True, kw_only=True)
class AgencyEnd:
    """From a day on there is no such agency."""

    unit_id: int
    day: date


@dataclass(frozen=True, kw_only=True)
class CountryFacts:
    """Units in any order; parents must be among them or stored already."""

    source: str
    decisions: tuple[DecisionFact, ...] = ()
    units: tuple[UnitFact, ...] = ()
    successions: tuple[SuccessionFact, ...] = ()
    days: tuple[DayFact, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BodyFact:
    """`part_of` names the kind (the first of it) or the very name of the body above it."""

    kind: str
    name: str
    part_of: str = ""
    is_example: bool = False
    valid_from: date | None = None  # None: from the unit's first day
    valid_to: date | None = None


@dataclass(frozen=True, kw_only=True)
class AgencyFact:
    """A body that receives or resolves in its own name. `place`: the number after the city's identifier (made up by us)."""

    code: str
    kind: str
    name: str
    place: int
    role: str = ""
    is_example: bool = False


@dataclass(frozen=True, kw_only=True)
class AssuranceFact:
    """What holds for people's papers when units change, with its basis. `checked`: somebody held it against the text."""

    key: str
    valid_from: date
    valid_to: date | None
    text_vi: str
    text_en: str
    basis: str
    source: str
    checked: bool


@dataclass(frozen=True, kw_only=True)
class PointFact:
    name: str
    address: str
    opening_hours: str
    phone: str
    latitude: float | None = None
    longitude: float | None = None
    is_example: bool = False


@dataclass(frozen=True, kw_only=True)
class FacilityDetailsFact:
    """How a facility is found. All of it may be unknown."""

    address: str = ""
    opening_hours: str = ""
    phone: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, kw_only=True)
class FacilityFact:
    """A facility as it comes: `kind` is a `Facility.Kind`, `parent_code` the facility whose point it is."""

    code: str
    kind: str
    name: str
    unit_id: int
    valid_from: date
    parent_code: str = ""
    details: FacilityDetailsFact = FacilityDetailsFact()


@dataclass(frozen=True, kw_only=True)
class ConversionFacts:
    """The head of a conversion. `expected`: how many lines of each kind its text counts; "point": service points."""

    number: str
    title: str
    signed_on: date | None
    effective_on: date
    expected: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ConversionLineFact:
    """From its day on a facility is this (an empty name, no unit: as before), or a service point is run by that body."""

    facility_id: int | None = None
    kind: str = ""
    name: str = ""
    parent_id: int | None = None
    unit_id: int | None = None
    point_id: int | None = None
    managed_by_id: int | None = None
    chosen_by: str = ""


@dataclass(frozen=True, kw_only=True)
class HoursFact:
    morning: tuple[time, time] = (time(8), time(12))
    afternoon: tuple[time, time] = (time(13), time(17))
    cut_off: time = time(15)
    basis: str = ""


@dataclass(kw_only=True)
class LoadReport:
    """What a load added; `differing` names what is stored otherwise than the file says and was left as it is."""

    decisions: int = 0
    units: int = 0
    ended: int = 0
    names: int = 0
    successions: int = 0
    days: int = 0
    bodies: int = 0
    points: int = 0
    differing: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return any((self.decisions, self.units, self.ended, self.names, self.successions, self.days, self.bodies, self.points))
