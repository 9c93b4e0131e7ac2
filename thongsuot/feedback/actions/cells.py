"""The map's pins and counts, kept by whatever changes a published ticket: one function, and a count of everything anew.

Squares are counted in one order, so that two tickets published at once never wait for each other in a circle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Round
from django.utils import timezone

from thongsuot.feedback import events
from thongsuot.feedback.actions.common import MANAGE, locked_in_order, round_public_place
from thongsuot.feedback.models import Category, FeedbackTicket, PublicCell, PublicPin
from thongsuot.feedback.rules.squares import Square, squares_at
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import must_exist
from thongsuot.units.models import Unit

_Key = tuple[int, Square, int, date, bool]  # city, square, category (0: none), month, open
_ADD = """
INSERT INTO feedback_publiccell (city_id, level, x, y, category_id, month, open, count)
VALUES (%s, %s, %s, %s, NULLIF(%s, 0), %s, %s, %s)
ON CONFLICT (city_id, level, x, y, category_id, month, open) DO UPDATE SET count = feedback_publiccell.count + EXCLUDED.count
"""
_TAKE = """
UPDATE feedback_publiccell SET count = count + %(by)s
WHERE city_id = %(city)s AND level = %(level)s AND x = %(x)s AND y = %(y)s
    AND category_id IS NOT DISTINCT FROM NULLIF(%(category)s, 0) AND month = %(month)s AND open = %(open)s
"""
_AT_ONCE = 5_000
_ANEW_AT_ONCE = 200


def keep(ticket: FeedbackTicket) -> None:
    """Within the command that changed a locked ticket, after it was saved: its pin as it must be now, the counts with it."""
    _count(_pinned(ticket))


def _pinned(ticket: FeedbackTicket) -> Counter[_Key]:
    """Its pin as it must be now; what that changes in the counts."""
    changes: Counter[_Key] = Counter()
    was = PublicPin.objects.filter(ticket=ticket).first()
    now = _pin(ticket)
    if was is None and now is None:
        return changes
    if was is not None and now is not None and _columns(was) == _columns(now):
        return changes
    if was is not None:
        changes.subtract(_keys(was))
    if now is not None:
        changes.update(_keys(now))
        now.save(force_insert=was is None, force_update=was is not None)
    elif was is not None:
        was.delete()
    return changes


def too_fine(category_id: int, *, after: int = 0) -> list[int]:
    """Published tickets whose public point says more than their category lets it say, some at a time: those after one."""
    decimals = Category.objects.values_list("public_decimals", flat=True).get(pk=category_id)
    exact = Q(public_latitude=Round("public_latitude", decimals), public_longitude=Round("public_longitude", decimals))
    rows = FeedbackTicket.objects.filter(
        ~exact, pk__gt=after, category=category_id, published_at__isnull=False, public_latitude__isnull=False
    )
    return list(rows.order_by("pk").values_list("pk", flat=True)[:_ANEW_AT_ONCE])


@command
def point_anew(category_id: int, ticket_ids: Sequence[int], *, actor: Actor, at: datetime) -> int:
    """Their public points as near as the category says now, never nearer than they were. Raises NotYourDuty, NotFound."""
    category = must_exist(Category.objects.filter(pk=category_id).first())
    actor.must(MANAGE, unit_id=category.city_id)
    rows = locked_in_order(FeedbackTicket.objects.filter(pk__in=ticket_ids, category=category))
    changes: Counter[_Key] = Counter()
    for ticket in rows:
        round_public_place(ticket)
        ticket.save(update_fields=["public_latitude", "public_longitude"])
        changes.update(_pinned(ticket))
    _count(changes)  # of all together: squares come in their one order
    record(events.POINTED_ANEW, category, actor=actor, at=at, unit_id=category.city_id, tickets=len(rows))
    return len(rows)


def _pin(ticket: FeedbackTicket) -> PublicPin | None:
    if (published_at := ticket.published_at) is None:
        return None
    return PublicPin(
        ticket=ticket,
        city_id=ticket.city_id,
        category_id=ticket.category_id,
        month=timezone.localdate(published_at).replace(day=1),
        open=ticket.answered_at is None,
        published_at=published_at,
        latitude=ticket.public_latitude,
        longitude=ticket.public_longitude,
    )


def _columns(pin: PublicPin) -> tuple[object, ...]:
    return (pin.city_id, pin.category_id, pin.open, pin.published_at, pin.latitude, pin.longitude)


def _keys(pin: PublicPin) -> Iterable[_Key]:
    if pin.latitude is None or pin.longitude is None:
        return []
    return [
        (pin.city_id, square, pin.category_id or 0, pin.month, pin.open) for square in squares_at(pin.latitude, pin.longitude)
    ]


def _count(changes: Counter[_Key]) -> None:
    with connection.cursor() as cursor:
        for key in sorted(key for key, by in changes.items() if by):
            city, square, category, month, is_open = key
            if changes[key] > 0:
                cursor.execute(_ADD, [city, *square, category, month, is_open, changes[key]])
                continue
            about = {"city": city, **square._asdict(), "category": category, "month": month, "open": is_open}
            cursor.execute(_TAKE, {**about, "by": changes[key]})


@command
def recount(city_id: int, *, actor: Actor, at: datetime) -> int:
    """Pins and counts of the whole city anew, from the tickets; nobody publishes meanwhile. How many pins there are.

    Raises NotYourDuty, NotFound.
    """
    actor.must(MANAGE, unit_id=city_id)
    city = must_exist(Unit.objects.filter(pk=city_id).first())
    with connection.cursor() as cursor:
        # Against writers alone: whoever reads the map goes on reading what was.
        cursor.execute("LOCK TABLE feedback_publicpin, feedback_publiccell IN SHARE ROW EXCLUSIVE MODE")
    PublicPin.objects.filter(city_id=city_id).delete()
    PublicCell.objects.filter(city_id=city_id).delete()
    pins, changes = 0, Counter[_Key]()
    rows = FeedbackTicket.objects.filter(city_id=city_id, published_at__isnull=False)
    batch: list[PublicPin] = []
    for ticket in rows.iterator(chunk_size=_AT_ONCE):
        if (pin := _pin(ticket)) is None:
            continue
        changes.update(_keys(pin))
        batch.append(pin)
        pins += 1
        if len(batch) == _AT_ONCE:
            PublicPin.objects.bulk_create(batch)
            batch.clear()
    PublicPin.objects.bulk_create(batch)
    PublicCell.objects.bulk_create(
        (
            PublicCell(city_id=key[0], **key[1]._asdict(), category_id=key[2] or None, month=key[3], open=key[4], count=count)
            for key, count in sorted(changes.items())
        ),
        batch_size=_AT_ONCE,
    )
    record(events.MAP_RECOUNTED, city, actor=actor, at=at, unit_id=city_id, pins=pins)
    return pins
