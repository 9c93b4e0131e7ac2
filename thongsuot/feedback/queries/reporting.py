"""What the page of a report needs: categories with their words and questions, and what was reported nearby already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, Q

from thongsuot.feedback.models import Category, CategoryQuestion, FeedbackTicket
from thongsuot.feedback.models.tickets import OPEN
from thongsuot.feedback.rules import sameness
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.remember import SOON, remembered

_MOST_NEAR = 5
_MOST_LOOKED_AT = 200


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
    asked = CategoryQuestion.objects.filter(Q(ended_on=None) | Q(ended_on__gt=on)).order_by("place", "pk")
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
        for row in rows.prefetch_related(Prefetch("questions", queryset=asked))
    )


def by_group(rows: Sequence[CategoryRow]) -> list[tuple[str, list[CategoryRow]]]:
    """Groups in the order of their first category."""
    groups: dict[str, list[CategoryRow]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    return list(groups.items())


@dataclass(frozen=True, kw_only=True)
class NearRow:
    """A ticket about the same kind of thing that is worked on: what it is, how far, since when. Nothing anybody wrote."""

    number: str
    category: str
    metres: int
    days: int
    state: str


def near(category_id: int, latitude: float, longitude: float, *, at: datetime) -> list[NearRow]:
    """The nearest of the category, as far and as long ago as it says; none that is masked or suspected. Two queries."""
    category = Category.objects.filter(pk=category_id).first()
    if category is None or not category.same_metres or category.masked:
        return []
    box = sameness.box_around(latitude, longitude, category.same_metres)
    rows = FeedbackTicket.objects.filter(
        drill=False,
        category_id=category_id,
        state__in=OPEN,
        latitude__range=(box.south, box.north),
        longitude__range=(box.west, box.east),
        reported_at__gt=at - timedelta(days=category.same_days),
        suspected="",
        masked=False,
    ).order_by("-reported_at")
    found = []
    for number, lat, lon, reported_at, state in rows.values_list("number", "latitude", "longitude", "reported_at", "state")[
        :_MOST_LOOKED_AT
    ]:
        metres = sameness.metres_between(latitude, longitude, lat or 0.0, lon or 0.0)
        if metres <= category.same_metres:
            words = str(FeedbackTicket.State(state).label)
            days = (at - reported_at).days
            found.append(NearRow(number=number, category=category.name, metres=round(metres / 10) * 10, days=days, state=words))
    return sorted(found, key=lambda row: row.metres)[:_MOST_NEAR]
