"""Hours that people booked, called off by the point: it opens otherwise, or says so of one. Who booked is told (reactions)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from thongsuot.counters import events
from thongsuot.counters.actions import errors
from thongsuot.counters.actions.common import must_work_in
from thongsuot.counters.models import Booking, Queue
from thongsuot.counters.queries.touched import Said, touched_by
from thongsuot.counters.rules import ARRANGE, CallOffReason
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.units import queries as units


@command
def call_off_booking(booking_id: int, *, reason: str, actor: Actor, at: datetime) -> Booking:
    """One that is still to come, by who arranges the point. Raises NotFound, NotYourDuty, NotBooked, BadInput."""
    rows = Booking.objects.select_for_update(of=("self",)).select_related("queue")
    booking = must_exist(rows.filter(pk=booking_id).first())
    must_work_in(booking.point_id, ARRANGE, actor=actor, at=at)
    if booking.state != Booking.State.BOOKED:
        raise errors.NotBooked
    if reason not in CallOffReason.values:
        raise BadInput({"reason": _("Hãy chọn một lý do trong danh sách.")})
    _call_off(booking, reason=reason, actor=actor, at=at)
    return booking


def call_off_outside(house_id: int, said: Said, *, reason: str, told: int, actor: Actor, at: datetime) -> None:
    """Within a command that changed when a house opens: what was booked for when it no longer does is called off.

    told  how many booked hours and planned seats whoever changes it knows to be touched. Raises HoursTouch when there are more.
    """
    # Whoever books now waits, and then sees the new hours.
    list(Queue.objects.select_for_update().filter(point=house_id, valid_to=None).order_by("pk"))
    found = touched_by(house_id, said, at=at)
    if found.count > told:
        raise errors.HoursTouch(len(found.bookings), len(found.seats))
    ids = [one.pk for one in found.bookings]
    still = Booking.objects.select_for_update(of=("self",)).filter(pk__in=ids, state=Booking.State.BOOKED)
    for booking in still.select_related("queue").order_by("pk"):
        _call_off(booking, reason=reason, actor=actor, at=at)


def _call_off(booking: Booking, *, reason: str, actor: Actor, at: datetime) -> None:
    booking.state = Booking.State.CANCELLED
    booking.save(update_fields=["state"])
    unit_id = units.unit_of_point(booking.point_id)
    facts = {"queue": booking.queue_id, "starts_at": booking.starts_at.isoformat(), "reason": reason}
    record(events.BOOKING_CALLED_OFF, booking, actor=actor, at=at, unit_id=unit_id, **facts)
