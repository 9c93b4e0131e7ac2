"""How a written address is read: which commune, in which district and province, and what speaks against it.

Every reading gets points; the best ones are kept, all of them when they are equal. Points say how well the words are explained:
a kind that was written counts more than a bare name, a district that fits more than a name alone; a written district that does
not fit, or a name standing where a street stands, counts against.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from thongsuot.units.models import Unit
from thongsuot.units.rules.gazetteer import Gazetteer, Place
from thongsuot.units.rules.words import (
    COMMUNE_KINDS,
    DISTRICT_KINDS,
    KIND_WORDS,
    KINDS_BEHIND,
    PROVINCE_KINDS,
    STREET_WORDS,
    Word,
    has_marks,
    words_of,
)

_KIND_FITS, _DISTRICT_ALONE_KIND_FITS, _KIND_DIFFERS = 6, 2, -4
_PER_WORD = 2
_FILLS_SEGMENT = 2
_IN_ITS_DISTRICT, _NEAR_ITS_DISTRICT, _DISTRICT_KIND_FITS = 4, 2, 2
_IN_ITS_PROVINCE = 4
_AFTER_A_NUMBER, _AFTER_A_STREET_WORD = -2, -12
_MARKS_DIFFER, _LOOSE_SPELLING = -2, -2
_CONTRADICTED, _CONTRADICTED_BARE = -10, -4

_LEVEL_KINDS = {Unit.Level.COMMUNE: COMMUNE_KINDS, Unit.Level.DISTRICT: DISTRICT_KINDS, Unit.Level.PROVINCE: PROVINCE_KINDS}


@dataclass(frozen=True, slots=True)
class Span:
    """Words that are a name: [start, end); `kinds` as written before (or behind) them, from `outer_start` to `outer_end`."""

    start: int
    end: int
    outer_start: int
    outer_end: int
    kinds: frozenset[str] | None
    fills_segment: bool
    after_number: bool
    after_street_word: bool
    loose: bool
    marks_differ: bool
    places: tuple[Place, ...]

    def touches(self, other: Span) -> bool:
        return self.start < other.outer_end and other.start < self.outer_end


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One way to read the text: `span` names the unit, the other `used` spans what it lies in.

    contradicted    a district or province was written that the unit does not lie in
    """

    place: Place
    points: int
    span: Span
    used: tuple[Span, ...]
    contradicted: bool
    words: list[Word]

    @property
    def written(self) -> str:
        """The words taken for the unit's name, as the person wrote them."""
        return " ".join(word.raw for word in self.words[self.span.start : self.span.end])

    @property
    def unread(self) -> str:
        """The words that say nothing in this reading: house, street, or a name we do not know."""
        read = {index for span in self.used for index in range(span.outer_start, span.outer_end)}
        return " ".join(word.raw for index, word in enumerate(self.words) if index not in read)

    @property
    def kind_given(self) -> bool:
        return self.span.kinds is not None

    @property
    def perhaps_a_street(self) -> bool:
        """The name stands behind a house number: it may be a street called like the unit."""
        return self.span.after_number

    @property
    def inexact(self) -> bool:
        """Other marks, or other word breaks, than in the unit's name."""
        return self.span.marks_differ or self.span.loose


def readings(text: str, gazetteer: Gazetteer, *, day: date) -> list[Reading]:
    """All ways to read it, best first; one per unit. Units that begin after `day` are not among them."""
    words = words_of(text)
    around = _Around(list(_spans(words, gazetteer, has_marks(text))))
    best: dict[int, Reading] = {}
    for span in around.spans:
        for place in span.places:
            if place.level == Unit.Level.PROVINCE or gazetteer.units[place.unit_id].valid_from > day:
                continue
            reading = _reading(place, span, around, words)
            known = best.get(place.unit_id)
            if reading and (known is None or reading.points > known.points):
                best[place.unit_id] = reading
    return sorted(best.values(), key=lambda reading: (-reading.points, reading.place.unit_id))


def provinces_named(text: str, gazetteer: Gazetteer) -> list[int]:
    """Provinces whose names are in the text, for an address that names nothing smaller."""
    spans = _spans(words_of(text), gazetteer, has_marks(text))
    return [
        place.unit_id
        for span in spans
        for place in span.places
        if place.level == Unit.Level.PROVINCE and (span.kinds is None or place.kind in span.kinds)
    ]


def best_of(found: list[Reading]) -> list[Reading]:
    """The readings nothing beats. None when even the best is a name behind "đường", or contradicted."""
    if not found or found[0].points <= 0 or found[0].contradicted:
        return []
    return [reading for reading in found if reading.points == found[0].points and not reading.contradicted]


def _spans(words: list[Word], gazetteer: Gazetteer, marked: bool) -> Iterator[Span]:
    found: list[tuple[int, int, list[Place], bool]] = []
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + gazetteer.longest) + 1):
            if words[end - 1].segment != words[start].segment:
                break
            places, is_loose = gazetteer.lookup(tuple(word.key for word in words[start:end]))
            if places:
                found.append((start, end, places, is_loose))
    ends = {end for start, end, _, is_loose in found if end - start > 1 and not is_loose}
    for start, end, places, is_loose in found:
        kinds, outer_start, outer_end = _kinds_around(words, start, end)
        same_marks = [place for place in places if _same_marks(place, words[start:end])] if marked and not is_loose else places
        before = words[outer_start - 1] if outer_start else None
        beside = before if before and before.segment == words[start].segment and outer_start not in ends else None
        yield Span(
            start=start,
            end=end,
            outer_start=outer_start,
            outer_end=outer_end,
            kinds=kinds,
            fills_segment=_fills_segment(words, outer_start, outer_end),
            after_number=bool(kinds is None and beside and beside.key[0].isdigit()),
            after_street_word=bool(kinds is None and beside and beside.key in STREET_WORDS),
            loose=is_loose,
            marks_differ=not same_marks,
            places=tuple(same_marks or places),
        )


def _kinds_around(words: list[Word], start: int, end: int) -> tuple[frozenset[str] | None, int, int]:
    segment = words[start].segment
    for length in (2, 1):
        before = words[max(0, start - length) : start]
        if len(before) == length and all(word.segment == segment for word in before):
            kinds = KIND_WORDS.get(tuple(word.key for word in before))
            if kinds and before[0].key not in KINDS_BEHIND | {"st"}:
                return kinds, start - length, end
    if start and words[start - 1].segment == segment and words[start - 1].key in KINDS_BEHIND and words[start].key.isdigit():
        return KIND_WORDS[(words[start - 1].key,)], start - 1, end  # "District 1"
    if end < len(words) and words[end].segment == segment and words[end].key in KINDS_BEHIND:
        return KIND_WORDS[(words[end].key,)], start, end + 1
    return None, start, end


def _same_marks(place: Place, words: list[Word]) -> bool:
    return place.signs == tuple(word.sign for word in words)


def _fills_segment(words: list[Word], start: int, end: int) -> bool:
    """Stands alone between commas or dashes."""
    return (start == 0 or words[start - 1].part != words[start].part) and (
        end == len(words) or words[end].part != words[end - 1].part
    )


@dataclass(frozen=True, slots=True)
class _Claim:
    """Names that begin at one word, and the units they may mean. A unit in, near or equal to one of them fits."""

    spans: tuple[Span, ...]
    means: frozenset[int]
    of_commune: bool
    bare: bool


class _Around:
    """What the whole text says, prepared once, to be held against every unit it may mean."""

    def __init__(self, spans: list[Span]) -> None:
        self.spans = spans
        self.above: dict[int, list[tuple[Span, Place]]] = {}
        groups: dict[int, list[Span]] = {}
        for span in spans:
            groups.setdefault(span.start, []).append(span)
            for place in span.places:
                if place.level != Unit.Level.COMMUNE and _may_name(span, place):
                    self.above.setdefault(place.unit_id, []).append((span, place))
        self.claims = [claim for group in groups.values() if (claim := _claim(group)).means]

    def best_above(self, place: Place, span: Span, level: str, taken: Span | None) -> tuple[Span | None, int]:
        """The words that name the district or province the unit lies in, and what they are worth."""
        best: Span | None = None
        most = 0
        for above_id in place.above | place.near:
            for other, above in self.above.get(above_id, ()):
                if above.level != level or other.touches(span) or (taken and other.touches(taken)):
                    continue
                worth = _worth(other, above, near=above_id not in place.above)
                if worth > most:
                    best, most = other, worth
        return best, most

    def against(self, place: Place, used: tuple[Span, ...]) -> list[int]:
        """Points off for each unit that was written and does not fit."""
        fits = place.above | place.near | {place.unit_id}
        found: list[int] = []
        for claim in self.claims:
            if any(one.touches(other) for one in claim.spans for other in used):
                continue
            if claim.of_commune:
                found.append(_CONTRADICTED_BARE if place.level == Unit.Level.COMMUNE else _CONTRADICTED)
            elif not claim.means & fits:
                found.append(_CONTRADICTED_BARE if claim.bare else _CONTRADICTED)
        return found


def _may_name(span: Span, place: Place) -> bool:
    if span.kinds is None:
        return not place.is_number
    return bool(span.kinds & _LEVEL_KINDS[Unit.Level(place.level)])


def _worth(span: Span, above: Place, *, near: bool) -> int:
    worth = (_MARKS_DIFFER if span.marks_differ else 0) + (_LOOSE_SPELLING if span.loose else 0)
    if above.level == Unit.Level.PROVINCE:
        return worth + _IN_ITS_PROVINCE
    kind_fits = span.kinds is not None and above.kind in span.kinds
    return (
        worth
        + (_NEAR_ITS_DISTRICT if near else _IN_ITS_DISTRICT)
        + _DISTRICT_KIND_FITS * kind_fits
        + _PER_WORD * (span.end - span.start)
    )


def _claim(group: list[Span]) -> _Claim:
    kinds = group[0].kinds
    if kinds is None:  # only a name that stands alone between commas says where something lies
        means = [
            place
            for span in group
            if span.fills_segment
            for place in span.places
            if place.level != Unit.Level.COMMUNE and not place.is_number
        ]
    else:
        means = [place for span in group for place in span.places if place.kind in kinds]
    return _Claim(
        tuple(group),
        frozenset(place.unit_id for place in means),
        of_commune=bool(kinds and kinds & COMMUNE_KINDS),
        bare=kinds is None,
    )


def _reading(place: Place, span: Span, around: _Around, words: list[Word]) -> Reading | None:
    """None when the words cannot mean this unit: "quận" before a ward's name, a bare number."""
    if not _may_name(span, place):
        return None
    points = _PER_WORD * (span.end - span.start)
    if span.kinds is not None:
        fits = _KIND_FITS if place.level == Unit.Level.COMMUNE else _DISTRICT_ALONE_KIND_FITS
        points += fits if place.kind in span.kinds else _KIND_DIFFERS
    points += _FILLS_SEGMENT * span.fills_segment
    points += _AFTER_A_NUMBER * span.after_number + _AFTER_A_STREET_WORD * span.after_street_word
    points += _MARKS_DIFFER * span.marks_differ + _LOOSE_SPELLING * span.loose

    district, for_district = around.best_above(place, span, Unit.Level.DISTRICT, None)
    province, for_province = around.best_above(place, span, Unit.Level.PROVINCE, district)
    used = tuple(one for one in (span, district, province) if one)
    against = around.against(place, used)
    return Reading(
        place=place,
        points=points + for_district + for_province + sum(against),
        span=span,
        used=used,
        contradicted=_CONTRADICTED in against,
        words=words,
    )
