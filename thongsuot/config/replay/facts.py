"""What the city is, read from its database: places with their weight, procedures with what must be handed in, the calendar."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from thongsuot.config.replay import mix
from thongsuot.config.replay.axis import WorkAxis
from thongsuot.config.replay.slow_time import SlowCalendar
from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.procedures import queries as procedures
from thongsuot.procedures.catalogue_files import complete_codes, examples_of
from thongsuot.procedures.content import Step
from thongsuot.procedures.models import Procedure
from thongsuot.units import queries as units
from thongsuot.units.models import CalendarDay, Succession, WorkingHours

# No figures of people by new unit are at hand: the old communes a unit was made of stand in for its size, and a ward counts a
# quarter more than a rural commune, being denser.
ORIGIN_WEIGHTS = {"whole": 1.0, "part_land_all_population": 0.8, "part": 0.4, "land_only": 0.0}
WARD_WEIGHT = 1.25


@dataclass(frozen=True, slots=True)
class Place:
    unit_id: int
    code: str
    name: str
    weight: float


@dataclass(frozen=True, slots=True)
class Kind:
    """A procedure as those who file and those who work see it. `limit`: (value, unit)."""

    code: str
    body: str
    limit: tuple[int, str]
    steps: tuple[Step, ...]  # all of them: which of them a dossier passes, its arrival says
    channels: frozenset[int]
    papers: tuple[str, ...]  # required and handed in
    form: dict[str, Any] | None  # an example that is accepted
    quantities: tuple[str, ...]  # what its fees are counted by
    has_fees: bool
    anywhere: bool
    result: str
    weight: float

    @property
    def same_day(self) -> bool:
        return self.limit[1] in ("same_day", "working_hours")


@dataclass(frozen=True, slots=True)
class City:
    id: int
    first: date
    days: int
    until: date  # the last day on which officers work
    places: tuple[Place, ...]
    kinds: tuple[Kind, ...]
    calendar: SlowCalendar
    axis: WorkAxis


def read_city(code: str, *, first: date, days: int, until: date, most_units: int | None = None) -> City:
    """Places and procedures in the order of their codes: the same database content gives the same replay."""
    city = units.unit_by_code(code, as_of=first)
    rows = sorted((row for row in units.units_under(city.id, as_of=first) if row.level == "commune"), key=lambda row: row.code)
    places = _places(rows[:most_units])
    calendar = _calendar(city.id, first)
    return City(
        id=city.id,
        first=first,
        days=days,
        until=until,
        places=places,
        kinds=_kinds(places[0].unit_id, first),
        calendar=calendar,
        axis=WorkAxis(first, until + timedelta(days=60), works=calendar.works, shifts=calendar.shifts, zone=calendar.zone),
    )


def _places(rows: list[units.UnitRow]) -> tuple[Place, ...]:
    weights: dict[int, float] = defaultdict(float)
    origins = Succession.objects.filter(new_unit_id__in=[row.id for row in rows])
    for unit_id, extent in origins.values_list("new_unit_id", "extent"):
        weights[unit_id] += ORIGIN_WEIGHTS[extent]
    return tuple(
        Place(
            unit_id=row.id,
            code=row.code,
            name=row.full_name,
            weight=max(weights[row.id], 0.5) * (WARD_WEIGHT if row.kind == "phuong" else 1.0),
        )
        for row in rows
    )


def _calendar(city_id: int, first: date) -> SlowCalendar:
    hours = next(
        row
        for row in WorkingHours.objects.filter(city_id=city_id).order_by("valid_from")
        if row.valid_from <= first and (row.valid_to is None or first < row.valid_to)
    )
    days = list(CalendarDay.objects.values_list("date", "effect"))
    return SlowCalendar(
        shifts=((hours.morning_starts, hours.morning_ends), (hours.afternoon_starts, hours.afternoon_ends)),
        off=frozenset(day for day, effect in days if effect == "off"),
        worked=frozenset(day for day, effect in days if effect == "work"),
        cut_off=hours.cut_off,
        zone=VIET_NAM,
    )


def _kinds(unit_id: int, first: date) -> tuple[Kind, ...]:
    complete, found = set(complete_codes()), []
    for code in sorted(Procedure.objects.values_list("code", flat=True)):
        try:
            version = procedures.version_in_force(code, on=first)
            right = procedures.competence(code, unit_id=unit_id, on=first)
        except TellPerson:
            continue  # not, or no longer, the communes'
        form = None
        if version.form_schema:
            if code not in complete:
                continue  # a form that nobody gave an example of
            form = _in_the_past(examples_of(code)["good"], first)
        found.append(
            Kind(
                code=code,
                body=right.body_kind,
                limit=(version.limit.value, str(version.limit.unit)),
                steps=version.steps,
                channels=version.channels,
                papers=tuple(paper.code for paper in version.papers if paper.is_needed),
                form=form,
                quantities=tuple(sorted({q for rule in version.fee_rules for q in _counted(rule)})),
                has_fees=bool(version.fee_rules),
                anywhere=version.non_boundary,
                result=(version.results[0].name if version.results else version.name)[:300],
                weight=0.0,
            )
        )
    return _weighted(found)


def _counted(rule: procedures.FeeRule) -> tuple[str, ...]:
    if rule.form == "per_page":
        return ("pages", rule.quantity)
    return (rule.quantity,) if rule.form == "per_copy" else ()


def _weighted(kinds: list[Kind]) -> tuple[Kind, ...]:
    """Those of the list have their weight; of the others of one body each next gets less: all occur, some are common."""
    ranks: dict[str, int] = defaultdict(int)
    raw: dict[str, float] = {}
    sums: dict[str, float] = defaultdict(float)
    for kind in sorted(kinds, key=lambda kind: kind.code[::-1]):  # an order that means nothing, yet stays the same
        if kind.code not in mix.PROCEDURE_WEIGHTS:
            ranks[kind.body] += 1
            raw[kind.code] = 1.0 / (ranks[kind.body] + 4)
            sums[kind.body] += raw[kind.code]
    return tuple(
        replace(
            kind,
            weight=mix.PROCEDURE_WEIGHTS[kind.code]
            if kind.code in mix.PROCEDURE_WEIGHTS
            else raw[kind.code] / sums[kind.body] * mix.BODY_WEIGHTS.get(kind.body, 5),
        )
        for kind in kinds
    )


def _in_the_past(value: Any, first: date) -> Any:
    """An example form with its days moved before the replay begins: a birth is registered after it happened."""
    if isinstance(value, dict):
        return {key: _in_the_past(part, first) for key, part in value.items()}
    if isinstance(value, list):
        return [_in_the_past(part, first) for part in value]
    if isinstance(value, str) and len(value) == 10:
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return value
        while day >= first - timedelta(days=7):
            day -= timedelta(days=364)
        return day.isoformat()
    return value
