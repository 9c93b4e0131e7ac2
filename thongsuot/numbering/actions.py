"""Giving numbers and cancelling them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import TellPerson
from thongsuot.numbering import events
from thongsuot.numbering.models import CancelledNumber, Series


class NumberNotGiven(TellPerson):
    code = "numbering.not_given"
    says = _("Số này chưa được cấp hoặc đã hủy trước đó. Hãy xem lại sổ.")


def draw(kind: str, *, unit_id: int, bucket: str, at: datetime) -> tuple[int, datetime]:
    """The next number and the instant it counts as given. Only inside a command, as its last step.

    A command that fails gives the number back with its transaction, so a series has no gaps.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, given_at FROM numbering_next(%s, %s, %s, %s)", [kind, unit_id, bucket, at])
        number, given_at = cursor.fetchone()
    return number, given_at


def draw_many(kind: str, *, unit_id: int, bucket: str, at: Sequence[datetime]) -> list[int]:
    """The next numbers, one for each instant, in their order: as so many times `draw`, asked once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT given.number FROM unnest(%s::timestamptz[]) AS one (at), numbering_next(%s, %s, %s, one.at) AS given",
            [list(at), kind, unit_id, bucket],
        )
        return [row[0] for row in cursor.fetchall()]


def begin_after(last: int, *, kind: str, unit_id: int, bucket: str, at: datetime) -> None:
    """A series whose first number is not 1: `last` + 1. One that has begun goes on as it is. Only inside a command."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO numbering_series (kind, unit_id, bucket, last, last_at) VALUES (%s, %s, %s, %s, %s) "
            "ON CONFLICT DO NOTHING",
            [kind, unit_id, bucket, last, at],
        )


@command
def cancel_number(series_id: int, number: int, *, reason: str, actor: Actor, at: datetime) -> CancelledNumber:
    """Mark a given number as not used. Raises NotYourDuty, NumberNotGiven."""
    series = Series.objects.select_for_update().get(pk=series_id)
    actor.must("issue results", unit_id=series.unit_id)
    if not 1 <= number <= series.last or series.cancelled.filter(number=number).exists():
        raise NumberNotGiven
    cancelled = CancelledNumber.objects.create(series=series, number=number, reason=reason, cancelled_at=at)
    record(events.CANCELLED, series, actor=actor, at=at, unit_id=series.unit_id, number=number, reason=reason)
    return cancelled
