"""How much one person, one network may report, and about one thing: counted before anything is kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from thongsuot.feedback.actions import errors
from thongsuot.feedback.facts import PlaceFacts, SenderFacts
from thongsuot.feedback.models import Category, Reporter
from thongsuot.feedback.queries.settings import setting
from thongsuot.feedback.rules import sameness
from thongsuot.feedback.words import Channel

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_SAME_PLACE_METRES = 100.0


def must_not_flood(
    city_id: int,
    sender: SenderFacts,
    category: Category | None,
    place: PlaceFacts,
    *,
    channel: str,
    at: datetime,
    one_by_one: bool = False,
) -> None:
    """So many in an hour from one person and one network, so many in a day about one thing in one place. Raises TooMany.

    one_by_one   who sends many in one moment waits here for themselves until the end of the command
    """
    day = timezone.localdate(at)
    senders = _counted_as(sender, channel)
    if one_by_one:
        one_at_a_time([*map(str, senders), f"network {sender.network}" if sender.network else ""])
    for said in senders:
        # A forged address uses up nothing of what its true owner may report.
        mine = Reporter.objects.filter(**said, unverified=sender.unverified)
        _must_be_fewer(mine, _HOUR, setting("person_hour", city_id=city_id, on=day), "person", at)
        if category is not None:
            here = mine.filter(ticket__category=category, **_around(place))
            _must_be_fewer(here, _DAY, setting("place_day", city_id=city_id, on=day), "place", at)
    if sender.network:
        same = Reporter.objects.filter(network=sender.network)
        _must_be_fewer(same, _HOUR, setting("network_hour", city_id=city_id, on=day), "network", at)


def _counted_as(sender: SenderFacts, channel: str) -> list[dict[str, object]]:
    """As whom a report counts. A number or an address that anybody may type counts together with the network it was typed in:
    else a stranger could use up what its owner may send. Whose letter it is the mail server has looked at; the software of
    others answers for what people type there, and brings them through no network of their own.
    """
    if sender.person_id is not None:
        return [{"person_id": sender.person_id}]
    if channel == Channel.EMAIL and sender.email:
        return [{"email": sender.email, "ticket__channel": Channel.EMAIL}]
    typed = {"phone": sender.phone, "email": sender.email}
    along = {"network": sender.network} if sender.network else {"ticket__channel": channel}
    return [{field: value, **along} for field, value in typed.items() if value]


def one_at_a_time(words: Iterable[str]) -> None:
    """Until the end of the transaction: who asks for the same words waits. In one order, so that nobody waits in a circle."""
    with connection.cursor() as cursor:
        for word in sorted(filter(None, words)):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 311))", [word])


def _around(place: PlaceFacts) -> dict[str, object]:
    if place.latitude is None or place.longitude is None:
        return {"ticket__address": place.address}
    box = sameness.box_around(place.latitude, place.longitude, _SAME_PLACE_METRES)
    return {"ticket__latitude__range": (box.south, box.north), "ticket__longitude__range": (box.west, box.east)}


def _must_be_fewer(rows: QuerySet[Reporter], within: timedelta, most: int, what: str, at: datetime) -> None:
    lately = list(rows.filter(at__gt=at - within).order_by("-at").values_list("at", flat=True)[:most])
    if len(lately) >= most:
        raise errors.TooMany(what, again_at=lately[-1] + within)
