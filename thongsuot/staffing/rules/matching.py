"""Who of those waiting fits an empty place: points with their reasons. Advice for people; no law says these weights."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from thongsuot.kernel.text import search_key

EARTH_KM = 6371.0
# Qualification weighs more than all experience, experience more than distance, and distance more than a wish.
QUALIFIED, EXPERIENCE, NEAR, WISHED = 45, 30, 15, 10
YEARS_THAT_COUNT = 10
FAR_KM = 30.0


@dataclass(frozen=True, kw_only=True)
class Point:
    latitude: float
    longitude: float


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """`where`: of the unit the person comes from."""

    id: int
    qualification: str
    fields: Collection[str]
    years_in_field: int
    where: Point | None
    wish_unit_id: int | None


@dataclass(frozen=True, kw_only=True)
class Place:
    unit_id: int
    where: Point | None
    qualification: str
    fields: Collection[str]


@dataclass(frozen=True, kw_only=True)
class Reason:
    text: str
    points: int
    good: bool


@dataclass(frozen=True, kw_only=True)
class Match:
    candidate_id: int
    reasons: tuple[Reason, ...]
    km: float | None

    @property
    def points(self) -> int:
        return sum(reason.points for reason in self.reasons)


def distance_km(one: Point, other: Point) -> float:
    """As the crow flies."""
    north = radians(other.latitude - one.latitude)
    east = radians(other.longitude - one.longitude)
    part = sin(north / 2) ** 2 + cos(radians(one.latitude)) * cos(radians(other.latitude)) * sin(east / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(part)))


def knows(candidate: Candidate, place: Place) -> bool:
    return bool({search_key(name) for name in candidate.fields} & {search_key(name) for name in place.fields})


def match(candidate: Candidate, place: Place) -> Match:
    km = distance_km(candidate.where, place.where) if candidate.where and place.where else None
    return Match(
        candidate_id=candidate.id,
        km=km,
        reasons=(_qualified(candidate, place), _experienced(candidate, place), _near(km), _wishes(candidate, place)),
    )


def ranked(candidates: Iterable[Candidate], place: Place) -> list[Match]:
    """The best first; of equals the nearer one, then the one who came first."""
    found = [match(candidate, place) for candidate in candidates]
    return sorted(found, key=lambda one: (-one.points, one.km if one.km is not None else 1e9, one.candidate_id))


def _qualified(candidate: Candidate, place: Place) -> Reason:
    if candidate.qualification >= place.qualification:
        return Reason(text=_("Đủ trình độ"), points=QUALIFIED, good=True)
    return Reason(text=_("Chưa đủ trình độ yêu cầu"), points=0, good=False)


def _experienced(candidate: Candidate, place: Place) -> Reason:
    if not place.fields:
        return Reason(text=_("Vị trí không đòi hỏi lĩnh vực riêng"), points=EXPERIENCE, good=True)
    if not knows(candidate, place):
        return Reason(text=_("Chưa làm lĩnh vực này"), points=0, good=False)
    years = min(candidate.years_in_field, YEARS_THAT_COUNT)
    # Having worked in the field at all is worth a third.
    points = EXPERIENCE // 3 + (EXPERIENCE - EXPERIENCE // 3) * years // YEARS_THAT_COUNT
    said = ngettext("Đúng lĩnh vực, %(num)s năm", "Đúng lĩnh vực, %(num)s năm", candidate.years_in_field)
    return Reason(text=said % {"num": candidate.years_in_field}, points=points, good=True)


def _near(km: float | None) -> Reason:
    if km is None:
        return Reason(text=_("Chưa rõ khoảng cách"), points=0, good=False)
    points = round(NEAR * max(0.0, 1 - km / FAR_KM))
    return Reason(text=_("Cách %(km)s km") % {"km": f"{km:.1f}".replace(".", ",")}, points=points, good=km < FAR_KM)


def _wishes(candidate: Candidate, place: Place) -> Reason:
    if candidate.wish_unit_id == place.unit_id:
        return Reason(text=_("Có nguyện vọng về đây"), points=WISHED, good=True)
    return Reason(text=_("Không nêu nguyện vọng về đây"), points=0, good=False)
