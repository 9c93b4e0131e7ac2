"""What the page of a report needs: categories with their words and questions, and what was reported nearby already."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from django.core.signing import BadSignature, Signer
from django.db.models import Prefetch

from thongsuot.feedback.models import Category, CategoryQuestion, FeedbackTicket
from thongsuot.feedback.models.tickets import OPEN
from thongsuot.feedback.rules import sameness
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.remember import SOON, remembered

_MOST_NEAR = 5
_MOST_LOOKED_AT = 200
# Anybody may ask, and from as many places as they like: a ticket lies in a square of that size, and how far is told as roughly.
_STEP_METRES, _STEP_DEGREES = 50, 0.0005
_TOO_COARSE = 2  # decimals of a degree
_OFFERED = Signer(salt="feedback.near")


@dataclass(frozen=True, kw_only=True)
class CategoryRow:
    """A category in force. `keywords`: words without marks by which it is guessed."""

    id: int
    code: str
    name: str
    group: str
    description: str
    stream: str
    keywords: tuple[str, ...]
    questions: tuple[CategoryQuestion, ...]


@remembered(seconds=SOON)
def categories(city_id: int, on: date) -> tuple[CategoryRow, ...]:
    """In their order. Two queries."""
    rows = Category.objects.filter(in_force(on), city_id=city_id).order_by("place", "pk")
    return tuple(
        CategoryRow(
            id=row.pk,
            code=row.code,
            name=row.name,
            group=row.group,
            description=row.description,
            stream=row.stream,
            keywords=tuple(row.keywords),
            questions=tuple(row.questions.all()),
        )
        for row in rows.prefetch_related(Prefetch("questions", queryset=CategoryQuestion.asked(on)))
    )


class InGroup(Protocol):
    """A category, however it was read."""

    @property
    def group(self) -> str: ...


Row = TypeVar("Row", bound=InGroup)


def by_group(rows: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    """Groups in the order of their first category."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    return list(groups.items())


@dataclass(frozen=True, kw_only=True)
class NearRow:
    """A ticket about the same kind of thing that is worked on: what it is, about how far, since when. Nothing anybody wrote.

    handle   what joins it, given to whom it was offered (`offered`); metres: in steps of fifty
    """

    handle: str
    category: str
    metres: int
    days: int
    state: str


def near(category_id: int, latitude: float, longitude: float, *, at: datetime) -> list[NearRow]:
    """The nearest of the category, as far and as long ago as it says; none that is masked or suspected. Two queries."""
    category = Category.objects.filter(pk=category_id).first()
    if category is None or not _is_told(category):
        return []
    box = sameness.box_around(latitude, longitude, category.same_metres + 2 * _on_grid(category, latitude, longitude).metres)
    rows = FeedbackTicket.objects.filter(
        category=category,
        latitude__range=(box.south, box.north),
        longitude__range=(box.west, box.east),
        state__in=OPEN,
        drill=False,
        suspected="",
        masked=False,
    ).only("category", "latitude", "longitude", "reported_at", "state")
    found = []
    for row in rows.order_by("-reported_at")[:_MOST_LOOKED_AT]:
        metres = _metres_to(row, category, latitude, longitude, at)
        if metres is not None:
            found.append(
                NearRow(
                    handle=_OFFERED.sign(str(row.pk)),
                    category=category.name,
                    metres=max(1, math.ceil(metres / _STEP_METRES)) * _STEP_METRES,
                    days=(at - row.reported_at).days,
                    state=str(row.get_state_display()),
                )
            )
    return sorted(found, key=lambda row: row.metres)[:_MOST_NEAR]


def is_near(
    row: FeedbackTicket, category: Category | None, latitude: float | None, longitude: float | None, at: datetime
) -> bool:
    """Would it be offered to who reports that there, if it is open? What is masked, suspected, a drill is offered to nobody."""
    if category is None or latitude is None or longitude is None or not _is_told(category):
        return False
    if row.category_id != category.pk or row.drill or row.suspected or row.masked:
        return False
    return _metres_to(row, category, latitude, longitude, at) is not None


def offered(handle: str) -> str:
    """The number of the ticket that was offered by this handle; "" for what nobody was given."""
    try:
        found = FeedbackTicket.objects.filter(pk=int(_OFFERED.unsign(handle)))
    except (BadSignature, ValueError):
        return ""
    return found.values_list("number", flat=True).first() or ""


def _is_told(category: Category) -> bool:
    """Of a kind whose place is told to a kilometre only, nobody is asked whether theirs is the same."""
    return bool(category.same_metres) and not category.masked and category.public_decimals > _TOO_COARSE


def _on_grid(category: Category, latitude: float, longitude: float) -> sameness.Spot:
    return sameness.on_grid(latitude, longitude, max(_STEP_DEGREES, float(10**-category.public_decimals)))


def _metres_to(row: FeedbackTicket, category: Category, latitude: float, longitude: float, at: datetime) -> float | None:
    """From a point to about where it is; None when that is too far, or too long ago."""
    if row.latitude is None or row.longitude is None or row.reported_at <= at - timedelta(days=category.same_days):
        return None
    spot = _on_grid(category, row.latitude, row.longitude)
    metres = sameness.metres_between(latitude, longitude, spot.latitude, spot.longitude)
    return metres if metres <= category.same_metres + spot.metres else None
