"""What became of units, step by step through any chain of decisions, as a citizen asks it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch

from thongsuot.units.models import PartPlace, Succession, Unit, UnitName
from thongsuot.units.queries.units import UnitRow, unit_row, unit_rows

Extent = Succession.Extent


@dataclass(frozen=True, kw_only=True)
class Renamed:
    """A unit that went on under another name or kind."""

    before: str
    after: str
    on: date
    decision: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """One successor, named as it began: which part went there, by which act; and what became of it later.

    part, places   the part in the words of the decision; the streets, villages and groups of it
    """

    unit: UnitRow
    extent: str
    part: str
    places: tuple[str, ...]
    likeliest: bool
    on: date
    decision: str
    title: str
    then: Story

    @property
    def took_people(self) -> bool:
        return self.extent != Extent.LAND_ONLY


@dataclass(frozen=True, kw_only=True)
class Story:
    """A unit, named as on the last day it was so called, and where it went; no steps: it goes on.

    stays_alike   it has gone whole to one unit of the same name, made of nothing else, of which nothing changed or will since
    """

    unit: UnitRow
    within: str
    steps: tuple[Step, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    stays_alike: bool = False

    @property
    def with_people(self) -> list[Step]:
        return [step for step in self.steps if step.took_people]

    @property
    def land_only(self) -> list[Step]:
        return [step for step in self.steps if not step.took_people]

    @property
    def is_split(self) -> bool:
        return len(self.with_people) > 1

    def ids(self) -> Iterator[int]:
        """The unit and all that came of it."""
        yield self.unit.id
        for step in self.steps:
            yield from step.then.ids()

    def now(self, day: date) -> list[UnitRow]:
        """Where its people belong on the day, each unit once, the likeliest way first."""
        if self.unit.exists_on(day) or not self.steps:
            return [self.unit]
        found: dict[int, UnitRow] = {}
        for step in sorted(self.with_people, key=lambda step: not step.likeliest):
            for unit in step.then.now(day):
                found.setdefault(unit.id, unit)
        return list(found.values())


@dataclass(kw_only=True)
class _Read:
    successions: dict[int, list[Succession]] = field(default_factory=dict)
    origins: dict[int, set[int]] = field(default_factory=dict)
    renamed: dict[int, list[Renamed]] = field(default_factory=dict)


def stories(unit_ids: Iterable[int], *, as_of: date) -> dict[int, Story]:
    """What became of units, and will by what is decided. Six queries for a chain of one decision, two more for each after."""
    ids = list(unit_ids)
    read = _read(ids)
    every = {*ids, *(one.new_unit_id for those in read.successions.values() for one in those)}
    known = unit_rows(every, as_of=date.max)
    parents = {row.parent_id for row in known.values() if row.parent_id is not None}
    above = unit_rows(parents, as_of=as_of)
    unit_rows({row.parent_id for row in above.values() if row.parent_id is not None}, as_of=as_of)
    return {pk: _story(pk, read, as_of) for pk in ids if pk in known}


def _read(ids: Collection[int]) -> _Read:
    read, frontier, seen = _Read(), set(ids), set(ids)
    while frontier:
        rows = (
            Succession.objects.filter(old_unit__in=frontier)
            .select_related("decision")
            .prefetch_related(Prefetch("places", PartPlace.objects.order_by("pk")))
        )
        frontier = set()
        for row in rows:
            read.successions.setdefault(row.old_unit_id, []).append(row)
            if row.new_unit_id not in seen:
                seen.add(row.new_unit_id)
                frontier.add(row.new_unit_id)
    new = {row.new_unit_id for those in read.successions.values() for row in those}
    for new_id, old_id in Succession.objects.filter(new_unit__in=new).values_list("new_unit_id", "old_unit_id"):
        read.origins.setdefault(new_id, set()).add(old_id)
    before: dict[int, str] = {}
    for name in UnitName.objects.filter(unit__in=seen).order_by("unit_id", "valid_from").select_related("decision"):
        if name.unit_id in before:
            read.renamed.setdefault(name.unit_id, []).append(
                Renamed(
                    before=before[name.unit_id],
                    after=name.full_name,
                    on=name.valid_from,
                    decision=name.decision.number if name.decision else "",
                )
            )
        before[name.unit_id] = name.full_name
    return read


def _story(unit_id: int, read: _Read, as_of: date, *, called_on: date | None = None) -> Story:
    last = unit_row(unit_id, as_of=date.max)
    # Named as it was when it ended, as it is while it exists: what is asked for is the paper in somebody's hand.
    day = called_on or (last.last_day if last.valid_to is not None and last.valid_to <= as_of else as_of) or as_of
    unit = unit_row(unit_id, as_of=max(day, last.valid_from))
    steps = [_step(row, read, as_of) for row in read.successions.get(unit_id, ())]
    order = list(Extent)
    steps.sort(
        key=lambda step: (not step.took_people, not step.likeliest, order.index(Extent(step.extent)), step.unit.sort_name)
    )
    return Story(
        unit=unit,
        within=_within(unit),
        steps=tuple(steps),
        renamed=tuple(read.renamed.get(unit_id, ())),
        stays_alike=len(steps) == 1
        and steps[0].extent == Extent.WHOLE
        and steps[0].on <= as_of
        and steps[0].unit.full_name == unit.full_name
        and not steps[0].then.steps
        and not steps[0].then.renamed
        and read.origins.get(steps[0].unit.id) == {unit_id},
    )


def _step(row: Succession, read: _Read, as_of: date) -> Step:
    day = row.decision.effective_on
    return Step(
        unit=unit_row(row.new_unit_id, as_of=day),
        extent=row.extent,
        part=row.part,
        places=tuple(place.name for place in row.places.all()),
        likeliest=row.likeliest,
        on=day,
        decision=row.decision.number,
        title=row.decision.title,
        then=_story(row.new_unit_id, read, as_of),
    )


def _within(unit: UnitRow) -> str:
    """What it lies in, as people write it, on its last day."""
    day, names, row = unit.last_day or date.max, [], unit
    while row.parent_id is not None:
        row = unit_row(row.parent_id, as_of=day)
        names.append(row.full_name)
    return ", ".join(names)


def ended_districts(city_id: int) -> list[UnitRow]:
    """Districts that ended and lay in the city, or in a province that went into it. Two queries, in Vietnamese order."""
    before = Succession.objects.filter(new_unit=city_id).values("old_unit_id")
    found = Unit.objects.filter(level=Unit.Level.DISTRICT, valid_to__isnull=False)
    own = found.filter(parent=city_id) | found.filter(parent__in=before)
    rows = unit_rows(own.values_list("pk", flat=True), as_of=date.max)
    return sorted(rows.values(), key=lambda row: (row.sort_name, row.kind, row.code))


def communes_in(district: UnitRow) -> list[UnitRow]:
    """Communes that lay in a district on its last day, in Vietnamese order. Two queries."""
    day = district.last_day or district.valid_from
    inside = Unit.objects.filter(parent=district.id, level=Unit.Level.COMMUNE, valid_from__lte=day).exclude(valid_to__lte=day)
    rows = unit_rows(inside.values_list("pk", flat=True), as_of=day)
    return sorted(rows.values(), key=lambda row: (row.sort_name, row.kind, row.code))
