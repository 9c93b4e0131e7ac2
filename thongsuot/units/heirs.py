"""Which successor of an ended unit a thing goes to, by what it says about where it belongs. Never a silent guess.

The rules go from the surest: the whole unit went to one; an address names a commune, a street or a village of the part; a point
lies in an outline. What none of them decides is left to a person, with those it may go to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thongsuot.units import queries
from thongsuot.units.finding import gazetteer_now
from thongsuot.units.models import PartPlace
from thongsuot.units.rules.gazetteer import Gazetteer, Heir
from thongsuot.units.rules.reading import best_of, readings
from thongsuot.units.rules.words import words_of


class Rule(StrEnum):
    """By what a thing was given to a successor."""

    WHOLE = "whole"
    ADDRESS = "address"
    PLACE = "place"
    POINT = "point"
    COMPETENCE = "competence"
    KEEPER = "keeper"
    WITH = "with"
    FOLLOWS = "follows"
    ISSUER = "issuer"
    OWNER = "owner"
    PERSON = "person"
    NOBODY = "nobody"


RULE_LABELS: dict[str, Promise] = {
    Rule.WHOLE: _("Toàn bộ đơn vị cũ về một đơn vị mới"),
    Rule.ADDRESS: _("Theo phường, xã ghi trong địa chỉ"),
    Rule.PLACE: _("Theo đường, thôn, tổ ghi trong địa chỉ"),
    Rule.POINT: _("Theo vị trí trên bản đồ"),
    Rule.COMPETENCE: _("Theo thẩm quyền giải quyết thủ tục"),
    Rule.KEEPER: _("Về nơi được chỉ định giữ phần không chia"),
    Rule.WITH: _("Theo hồ sơ mà nó thuộc về"),
    Rule.FOLLOWS: _("Theo người sử dụng, đến nơi người đó làm việc"),
    Rule.ISSUER: _("Trả lại cơ quan cấp, qua thành phố"),
    Rule.OWNER: _("Chủ tờ khai chọn lại nơi nộp"),
    Rule.PERSON: _("Do người có trách nhiệm chọn"),
    Rule.NOBODY: _("Chưa xác định được, cần người chọn"),
}


@dataclass(frozen=True, kw_only=True)
class Clue:
    """What a thing says about where it belongs, the strongest first. All of it may be empty.

    addresses  of what it concerns, then of the person; as written
    point      latitude, longitude
    """

    addresses: tuple[str, ...] = ()
    point: tuple[float, float] | None = None


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The successor and the rule that gave it; without one, those it may go to, the likeliest first."""

    to_unit_id: int | None
    rule: Rule
    candidates: tuple[int, ...] = ()


class Heirs:
    """Successors of ended units as of a day. Made once for a walk over many things; keeps what it read.

    unit_at   (latitude, longitude) -> the unit of the day whose outline holds the point; None without outlines
    """

    def __init__(self, day: date, *, unit_at: Callable[[float, float], int | None] | None = None) -> None:
        self.day = day
        self._gazetteer: Gazetteer = gazetteer_now(fresh=True)
        self._unit_at = unit_at
        self._known: dict[int, list[Heir]] = {}
        self._places: dict[int, dict[tuple[str, ...], int]] | None = None
        self._longest = 1

    def of(self, unit_id: int) -> list[Heir]:
        """Who took people of the unit, those met most often first; the unit itself while it exists; of an agency nobody."""
        if unit_id not in self._known:
            known = self._gazetteer.units.get(unit_id)
            heirs = self._gazetteer.on(unit_id, self.day) if known is not None else []
            self._known[unit_id] = [heir for heir in heirs if heir.took_people]
        return self._known[unit_id]

    def choose(self, unit_id: int, clue: Clue) -> Choice:
        """Where a thing of the ended unit goes."""
        heirs = self.of(unit_id)
        if len(heirs) == 1:
            return Choice(to_unit_id=heirs[0].unit_id, rule=Rule.WHOLE)
        possible = {heir.unit_id for heir in heirs}
        for address in clue.addresses:
            if address and (found := self._by_address(unit_id, possible, address)):
                return found
        if clue.point is not None and self._unit_at is not None:
            at = self._unit_at(*clue.point)
            if at in possible:
                return Choice(to_unit_id=at, rule=Rule.POINT)
        return Choice(to_unit_id=None, rule=Rule.NOBODY, candidates=self.candidates(unit_id))

    def candidates(self, unit_id: int) -> tuple[int, ...]:
        """Those a person may choose from, the likeliest first."""
        return tuple(heir.unit_id for heir in sorted(self.of(unit_id), key=lambda heir: not heir.likeliest))

    def city_of(self, unit_id: int) -> int:
        """The city or province that the unit's territory is in on the day."""
        return queries.keeper_of(queries.city_of(unit_id), on=self.day)

    def keeper(self, unit_id: int) -> Choice:
        """Who answers for what is not divided: named in the succession, else the city."""
        keeper = queries.keeper_of(unit_id, on=self.day)
        return Choice(to_unit_id=keeper, rule=Rule.KEEPER if len(self.of(unit_id)) != 1 else Rule.WHOLE)

    def _by_address(self, unit_id: int, possible: set[int], address: str) -> Choice | None:
        named = self._communes_named(unit_id, possible, address)
        if named is None:
            return None  # somewhere else
        towards = {heir.unit_id for one in named for heir in self.of(one)} & possible if named else possible
        if len(towards) == 1:
            return Choice(to_unit_id=towards.pop(), rule=Rule.ADDRESS)
        # A district names no part: a street of that name may run through any of its communes.
        by_place = self._by_place(named or {unit_id}, address) & towards
        return Choice(to_unit_id=by_place.pop(), rule=Rule.PLACE) if len(by_place) == 1 else None

    def _communes_named(self, unit_id: int, possible: set[int], address: str) -> set[int] | None:
        """What the address names of this unit: itself, communes that lay in it, units it went to. None: it is elsewhere."""
        found = best_of(readings(address, self._gazetteer, day=self.day))
        above = self._gazetteer.with_ancestors(unit_id)[1:]
        if not found or any(reading.place.unit_id in above for reading in found):
            return set()  # a street alone, or the district alone, says nothing against
        inside = {
            reading.place.unit_id
            for reading in found
            if reading.place.unit_id == unit_id or unit_id in reading.place.above or reading.place.unit_id in possible
        }
        return inside or None

    def _by_place(self, named: Iterable[int], address: str) -> set[int]:
        """Successors whose part has a street, village or group that the address names; the longest names decide."""
        places = self._part_places()
        keys = [word.key for word in words_of(address)]
        best: dict[int, set[int]] = {}
        for one in named:
            known = places.get(one)
            if not known:
                continue
            for start in range(len(keys)):
                for length in range(1, min(self._longest, len(keys) - start) + 1):
                    to = known.get(tuple(keys[start : start + length]))
                    if to is not None:
                        best.setdefault(length, set()).update(heir.unit_id for heir in self.of(to))
        return set(best[max(best)]) if best else set()

    def _part_places(self) -> dict[int, dict[tuple[str, ...], int]]:
        """{ended unit: {words of a name: the unit that got its part}}."""
        if self._places is None:
            self._places = {}
            rows = PartPlace.objects.values_list("succession__old_unit_id", "succession__new_unit_id", "key")
            for old, new, key in rows.iterator(chunk_size=5_000):
                words = tuple(word.lstrip("0") or "0" if word.isdigit() else word for word in key.split())
                self._places.setdefault(old, {})[words] = new
                self._longest = max(self._longest, len(words))
        return self._places


def heirs_on(day: date, *, city_id: int | None = None) -> Heirs:
    """With outlines of the city's units when they were imported."""
    if city_id is None or not queries.has_boundaries(city_id, as_of=day):
        return Heirs(day)
    return Heirs(day, unit_at=lambda latitude, longitude: _unit_at(latitude, longitude, day))


def _unit_at(latitude: float, longitude: float, day: date) -> int | None:
    found = queries.unit_at(latitude, longitude, as_of=day)
    return found.id if found is not None else None
