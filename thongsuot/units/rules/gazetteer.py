"""All names of all units, to be found by their words. Built from stored units by `queries`; knows no database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from thongsuot.units.models import Succession, Unit
from thongsuot.units.rules.words import loose, name_words

Extent = Succession.Extent
_LOOSE_FROM = 5  # letters: shorter names run together would match half the dictionary


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """One name of one unit.

    above   units it lies in, or lay in: its district, its province, and the provinces those went to
    near    for a new commune: the districts its land came from. People go on writing them
    """

    unit_id: int
    level: str
    kind: str
    keys: tuple[str, ...]
    signs: tuple[str, ...]
    above: frozenset[int]
    near: frozenset[int]

    @property
    def is_number(self) -> bool:
        return len(self.keys) == 1 and self.keys[0].isdigit()


@dataclass(frozen=True, slots=True)
class UnitFacts:
    id: int
    level: str
    parent_id: int | None
    valid_from: date
    valid_to: date | None

    def exists_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Heir:
    """Where an ended unit, or a part of it, is on a day."""

    unit_id: int
    extent: str
    likeliest: bool

    @property
    def took_people(self) -> bool:
        return self.extent != Extent.LAND_ONLY


class Gazetteer:
    """Names by their words, units by id, and who took over from whom."""

    def __init__(
        self,
        units: Iterable[UnitFacts],
        names: Iterable[tuple[int, str, str]],
        successions: Iterable[tuple[int, int, str, bool]],
    ) -> None:
        self.units = {unit.id: unit for unit in units}
        self.children: dict[int, list[int]] = {}
        for unit in self.units.values():
            if unit.parent_id is not None:
                self.children.setdefault(unit.parent_id, []).append(unit.id)
        self.heirs: dict[int, list[Heir]] = {}
        self.origins: dict[int, list[int]] = {}
        for old, new, extent, likeliest in successions:
            self.heirs.setdefault(old, []).append(Heir(new, extent, likeliest))
            self.origins.setdefault(new, []).append(old)
        self._exact: dict[tuple[str, ...], list[Place]] = {}
        self._loose: dict[str, list[Place]] = {}
        self.longest = 1
        names = list(names)
        called = {unit_id: name for unit_id, _kind, name in names}
        for unit_id, kind, name in names:
            above, near = self._surroundings(unit_id)
            self._put(unit_id, kind, name, above, near)
            first, dash, last = name.partition(" - ")
            if dash and any(called.get(one) == last for one in near):
                # "Xuân Hương - Đà Lạt" is written "phường Xuân Hương, Đà Lạt".
                self._put(unit_id, kind, first, above, near)

    def _put(self, unit_id: int, kind: str, name: str, above: frozenset[int], near: frozenset[int]) -> None:
        keys, signs = name_words(name)
        if len(keys) == 1 and keys[0].isdigit():
            keys = (keys[0].lstrip("0") or "0",)
            signs = keys
        place = Place(unit_id, self.units[unit_id].level, kind, keys, signs, above, near)
        self._exact.setdefault(keys, []).append(place)
        run_together = loose(keys)
        if len(run_together) >= _LOOSE_FROM:
            self._loose.setdefault(run_together, []).append(place)
        self.longest = max(self.longest, len(keys))

    def _surroundings(self, unit_id: int) -> tuple[frozenset[int], frozenset[int]]:
        above = set(self._ancestors(unit_id))
        for ancestor in list(above):
            above |= {heir.unit_id for heir in self.heirs.get(ancestor, ()) if self._is_province(heir.unit_id)}
        near = {
            ancestor
            for origin in self.origins.get(unit_id, ())
            for ancestor in (origin, *self._ancestors(origin))
            if self.units[ancestor].level != Unit.Level.COMMUNE
        }
        above |= {ancestor for ancestor in near if self._is_province(ancestor)}
        above |= {ancestor for heir in self.heirs.get(unit_id, ()) for ancestor in self._ancestors(heir.unit_id)}
        return frozenset(above), frozenset(near)

    def _is_province(self, unit_id: int) -> bool:
        return self.units[unit_id].level == Unit.Level.PROVINCE

    def _ancestors(self, unit_id: int) -> list[int]:
        found: list[int] = []
        parent = self.units[unit_id].parent_id
        while parent is not None:
            found.append(parent)
            parent = self.units[parent].parent_id
        return found

    def lookup(self, keys: tuple[str, ...]) -> tuple[list[Place], bool]:
        """The places called so, and whether only a looser spelling fits."""
        exact = self._exact.get(keys)
        if exact:
            return exact, False
        run_together = loose(keys)
        return (self._loose.get(run_together, []) if len(run_together) >= _LOOSE_FROM else []), True

    def communes_under(self, tops: Iterable[int]) -> dict[str, list[int]]:
        """Names without marks of communes in, or once in, these districts or provinces; for near misses."""
        wanted = frozenset(tops)
        named: dict[str, list[int]] = {}
        for keys, places in self._exact.items():
            for place in places:
                if place.level == Unit.Level.COMMUNE and wanted & place.above:
                    named.setdefault(" ".join(keys), []).append(place.unit_id)
        return named

    def with_ancestors(self, unit_id: int) -> list[int]:
        """The unit, its district if it has one, its province."""
        return [unit_id, *self._ancestors(unit_id)]

    def province_of(self, unit_id: int) -> int:
        return self.with_ancestors(unit_id)[-1]

    def on(self, unit_id: int, day: date) -> list[Heir]:
        """The unit itself while it exists, else what its people and land belong to on that day; nothing before it began.

        A district that ended went where its communes went.
        """
        unit = self.units[unit_id]
        if unit.exists_on(day):
            return [Heir(unit_id, Extent.WHOLE, likeliest=False)]
        if unit.valid_from > day:
            return []
        heirs = self.heirs.get(unit_id)
        if heirs is None and unit.level != Unit.Level.COMMUNE:
            found = [heir for child in self.children.get(unit_id, ()) for heir in self.on(child, day)]
            return _merged(
                [
                    Heir(heir.unit_id, heir.extent if heir.extent == Extent.LAND_ONLY else Extent.PART, likeliest=False)
                    for heir in found
                ]
            )
        return _merged(
            [
                Heir(later.unit_id, _through(heir.extent, later.extent), heir.likeliest)
                for heir in heirs or ()
                for later in self.on(heir.unit_id, day)
            ]
        )


def _through(first: str, second: str) -> str:
    """Two steps in a row: land without people stays so, and a part of anything is a part."""
    if Extent.LAND_ONLY in (first, second):
        return Extent.LAND_ONLY
    return second if first == Extent.WHOLE else first


def _merged(heirs: list[Heir]) -> list[Heir]:
    """One heir per unit, the fullest; those met most often first."""
    best: dict[int, Heir] = {}
    for heir in heirs:
        known = best.get(heir.unit_id)
        if known is None or (heir.took_people and not known.took_people):
            best[heir.unit_id] = heir
    met = Counter(heir.unit_id for heir in heirs)
    return sorted(best.values(), key=lambda heir: -met[heir.unit_id])
