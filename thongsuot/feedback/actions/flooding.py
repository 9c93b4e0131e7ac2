"""How much one person, one network may report, and about one thing: counted before anything is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from thongsuot.feedback.actions import errors
from thongsuot.feedback.facts import PlaceFacts, SenderFacts
from thongsuot.feedback.models import Category, Reporter
from thongsuot.feedback.queries.settings import setting
from thongsuot.feedback.rules import sameness

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_SAME_PLACE_METRES = 100.0


def must_not_flood(city_id: int, sender: SenderFacts, category: Category | None, place: PlaceFacts, *, at: datetime) -> None:
    """So many in an hour from one person and one network, so many in a day about one thing in one place. Raises TooMany."""
    day = timezone.localdate(at)
    by = {"person_id": sender.person_id, "phone": sender.phone, "email": sender.email}
    for field, value in by.items():
        if value:
            # A forged address uses up nothing of what its true owner may report.
            mine = Reporter.objects.filter(**{field: value}, unverified=sender.unverified)
            _must_be_fewer(mine, _HOUR, setting("person_hour", city_id=city_id, on=day), "person", at)
            if category is not None:
                here = mine.filter(ticket__category=category, **_around(place))
                _must_be_fewer(here, _DAY, setting("place_day", city_id=city_id, on=day), "place", at)
    if sender.network:
        same = Reporter.objects.filter(network=sender.network)
        _must_be_fewer(same, _HOUR, setting("network_hour", city_id=city_id, on=day), "network", at)


def _around(place: PlaceFacts) -> dict[str, object]:
    if place.latitude is None or place.longitude is None:
        return {"ticket__address": place.address}
    box = sameness.box_around(place.latitude, place.longitude, _SAME_PLACE_METRES)
    return {"ticket__latitude__range": (box.south, box.north), "ticket__longitude__range": (box.west, box.east)}


def _must_be_fewer(rows: QuerySet[Reporter], within: timedelta, most: int, what: str, at: datetime) -> None:
    lately = list(rows.filter(at__gt=at - within).order_by("-at").values_list("at", flat=True)[:most])
    if len(lately) >= most:
        raise errors.TooMany(what, again_at=lately[-1] + within)
