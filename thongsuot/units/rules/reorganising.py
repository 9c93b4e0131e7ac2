"""What a decision on units must say before it may be approved, and who keeps what cannot be divided. Pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from thongsuot.kernel.text import search_key
from thongsuot.units.facts import PlanFacts, PlannedSuccessionFact, PlannedUnitFact, SuccessionFact
from thongsuot.units.models import PlannedUnit, Succession, Unit
from thongsuot.units.rules.words import COMMUNE_KINDS, DISTRICT_KINDS, PROVINCE_KINDS

Extent, What, Level = Succession.Extent, PlannedUnit.What, Unit.Level

_KINDS: dict[str, frozenset[str]] = {
    Level.COMMUNE: COMMUNE_KINDS,
    Level.DISTRICT: DISTRICT_KINDS,
    Level.PROVINCE: PROVINCE_KINDS,
}
_TAKES_ALL_PEOPLE = frozenset({Extent.WHOLE, Extent.PART_LAND_ALL_POPULATION})
_TAKES_PEOPLE = _TAKES_ALL_PEOPLE | {Extent.PART}


@dataclass(frozen=True, kw_only=True)
class Existing:
    """A unit that is there, or will be by an approved decision."""

    code: str
    level: str
    parent_code: str
    kind: str
    name: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What a plan that takes effect on a day meets.

    before     units that exist on the day before
    after      units that exist on that day, had the plan not been made; those that begin by other approved decisions too
    provinces  {code of a province of before: code of the one it is then}
    later      codes of units that approved decisions change or end on a later day; `begun_later` of those that begin later
    """

    before: Mapping[str, Existing]
    after: Mapping[str, Existing]
    provinces: Mapping[str, str]
    later: frozenset[str] = frozenset()
    begun_later: frozenset[str] = frozenset()

    def province_of(self, code: str) -> str:
        """The province in which a unit of before then lies; empty when nobody knows."""
        unit = self.before.get(code) or self.after.get(code)
        while unit is not None and unit.parent_code:
            unit = self.before.get(unit.parent_code)
        return self.provinces.get(unit.code, "") if unit is not None else ""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong with a plan. `key` is one of `plan_words.SENTENCES`; `about` the code it is about, empty: the whole.

    One that does not block is a remark: a person looks, the plan may be approved.
    """

    key: str
    about: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    blocks: bool = True


def level_of(code: str) -> str:
    """Of a national code, by its length: 2 digits a province, 3 a district, 5 a commune."""
    return {2: Level.PROVINCE, 3: Level.DISTRICT}.get(len(code), Level.COMMUNE)


def faults(plan: PlanFacts, around: Surroundings) -> list[Fault]:
    """Everything that is wrong with the plan, at once."""
    return list(_Check(plan, around).run())


class _Check:
    def __init__(self, plan: PlanFacts, around: Surroundings) -> None:
        self.plan, self.before, self.after = plan, around.before, around.after
        self.later, self.begun_later = around.later, around.begun_later
        self.ends = {unit.code: unit for unit in plan.units if unit.what == What.ENDS}
        self.begins = {unit.code: unit for unit in plan.units if unit.what == What.BEGINS}
        self.changes = {unit.code: unit for unit in plan.units if unit.what == What.CHANGES}
        self.heirs: dict[str, list[PlannedSuccessionFact]] = {}
        self.inherits = {one.new_code for one in plan.successions}
        for one in plan.successions:
            self.heirs.setdefault(one.old_code, []).append(one)

    def run(self) -> Iterator[Fault]:
        if self.plan.left_out:
            yield Fault(key="left_out", facts={"count": self.plan.left_out})
        if not self.plan.units:
            yield Fault(key="empty")
            return
        for code in sorted({*self.ends, *self.changes} & self.later):
            yield Fault(key="changes_later", about=code)
        for code in sorted(set(self.begins) & self.begun_later):
            yield Fault(key="begins_later", about=code)
        for code, unit in self.ends.items():
            yield from self._end(code, unit)
        for code, unit in self.begins.items():
            yield from self._begin(code, unit)
        for code, unit in self.changes.items():
            yield from self._change(code, unit)
        for code, heirs in self.heirs.items():
            yield from self._successions(code, heirs)
        yield from self._same_names()
        yield from self._counts()

    def _end(self, code: str, unit: PlannedUnitFact) -> Iterator[Fault]:
        there = self.before.get(code)
        if there is None:
            yield Fault(key="ends_unknown", about=code)
            return
        if there.valid_to is not None:
            yield Fault(key="ends_otherwise", about=code, facts={"day": there.valid_to})
        if there.valid_from >= self.plan.effective_on:
            yield Fault(key="ends_before_it_began", about=code, facts={"day": there.valid_from})
        took = [one for one in self.heirs.get(code, ()) if one.extent in _TAKES_PEOPLE]
        children = [one for one in self.before.values() if one.parent_code == code and one.level != Level.AGENCY]
        left = [one.code for one in children if one.code not in self.ends and one.valid_to is None]
        if left:
            # The communes of a province have a decision of their own: its day is the same, its approval comes later.
            blocks = unit.level != Level.PROVINCE
            yield Fault(key="ends_before_its_parts", about=code, facts={"codes": sorted(left)}, blocks=blocks)
        # A district went where its communes went.
        if not took and not (unit.level == Level.DISTRICT and children):
            yield Fault(key="no_successor", about=code)

    def _begin(self, code: str, unit: PlannedUnitFact) -> Iterator[Fault]:
        bearer = self.after.get(code)
        if bearer is not None and code not in self.ends:
            yield Fault(key="code_taken", about=code, facts={"name": bearer.name})
        if not unit.name.strip():
            yield Fault(key="nameless", about=code)
        if unit.kind not in _KINDS.get(unit.level, frozenset()):
            yield Fault(key="kind_of_other_level", about=code)
        if not code.isdigit() or len(code) not in (2, 3, 5) or level_of(code) != unit.level:
            yield Fault(key="code_form", about=code)
        if unit.level != Level.PROVINCE and not self._exists_after(unit.parent_code):
            yield Fault(key="no_parent", about=code, facts={"parent": unit.parent_code})
        if code not in self.inherits:
            yield Fault(key="no_origin", about=code)

    def _exists_after(self, code: str) -> bool:
        return code in self.begins or (code in self.after and code not in self.ends)

    def _change(self, code: str, unit: PlannedUnitFact) -> Iterator[Fault]:
        there = self.before.get(code)
        if there is None or code in self.ends:
            yield Fault(key="changes_unknown", about=code)
            return
        if there.valid_to is not None:
            yield Fault(key="ends_otherwise", about=code, facts={"day": there.valid_to})
        if not unit.name.strip():
            yield Fault(key="nameless", about=code)
        if unit.kind not in _KINDS.get(there.level, frozenset()):
            yield Fault(key="kind_of_other_level", about=code)
        elif (there.kind, there.name) == (unit.kind, unit.name):
            yield Fault(key="changes_nothing", about=code)

    def _successions(self, code: str, heirs: Sequence[PlannedSuccessionFact]) -> Iterator[Fault]:
        if code not in self.ends:
            yield Fault(key="succeeds_who_stays", about=code)
        for one in heirs:
            if not self._exists_after(one.new_code):
                yield Fault(key="successor_unknown", about=code, facts={"code": one.new_code})
        took = [one for one in heirs if one.extent in _TAKES_PEOPLE]
        extents = Counter(one.extent for one in took)
        if extents[Extent.WHOLE] and len(heirs) > 1:
            yield Fault(key="whole_and_others", about=code)
        elif extents[Extent.PART_LAND_ALL_POPULATION] and len(took) > 1:
            yield Fault(key="people_twice", about=code)
        elif len(heirs) == 1 and extents[Extent.PART]:
            yield Fault(key="rest_without_successor", about=code)
        if sum(one.likeliest for one in heirs) > 1:
            yield Fault(key="two_likeliest", about=code)
        named: dict[str, str] = {}
        for one in heirs:
            for place in one.places:
                if named.setdefault(search_key(place), one.new_code) != one.new_code:
                    yield Fault(key="place_twice", about=code, facts={"place": place})

    def _same_names(self) -> Iterator[Fault]:
        stays = [
            (one.parent_code, one.kind, one.name, one.code)
            for one in self.after.values()
            if one.code not in self.ends and one.code not in self.changes and one.code not in self.begins
        ]
        changed = [
            (self.before[code].parent_code, unit.kind, unit.name, code)
            for code, unit in self.changes.items()
            if code in self.before
        ]
        begun = [(unit.parent_code, unit.kind, unit.name, code) for code, unit in self.begins.items()]
        met: dict[tuple[str, str, str], str] = {(parent, kind, name): code for parent, kind, name, code in stays}
        for parent, kind, name, code in changed + begun:
            other = met.setdefault((parent, kind, name), code)
            if other != code and name:
                yield Fault(key="name_twice", about=code, facts={"other": other})

    def _counts(self) -> Iterator[Fault]:
        begun = Counter(unit.kind for unit in self.begins.values() if unit.level == Level.COMMUNE)
        for kind, expected in self.plan.expected.items():
            if begun[kind] != expected:
                yield Fault(key="count", facts={"kind": kind, "expected": expected, "planned": begun[kind]})


def keepers(successions: Iterable[SuccessionFact]) -> set[tuple[str, str]]:
    """Of each ended unit the one successor that answers for what stays whole: (old code, new code).

    Who took it whole or all its people, else the likeliest; of a split in which nobody is likelier: nobody.
    """
    surely: dict[str, str] = {}
    likely: dict[str, str] = {}
    for one in successions:
        if one.extent in _TAKES_ALL_PEOPLE:
            surely[one.old_code] = one.new_code
        elif one.likeliest and one.extent in _TAKES_PEOPLE:
            likely[one.old_code] = one.new_code
    return set({**likely, **surely}.items())
