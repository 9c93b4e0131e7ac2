"""Letters of a point: to whoever booked an hour that it calls off."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from thongsuot.counters import events
from thongsuot.counters.models import Booking
from thongsuot.counters.rules import CallOffReason
from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.kernel.events import Happened, on
from thongsuot.notices import actions as notices
from thongsuot.notices.rules import Recipient
from thongsuot.units import queries as units


@on(events.BOOKING_CALLED_OFF)
def tell_who_booked(happened: Happened) -> None:
    at = clock.now()
    booking = Booking.objects.select_related("queue", "person").get(pk=happened.subject_id)
    point = units.point_of_house(booking.point_id, as_of=timezone.localdate(at))
    reason, person = str(happened.facts["reason"]), booking.person
    with translation.override("vi"):
        why = str(CallOffReason(reason).label) if reason in CallOffReason.values else reason
    notices.queue(
        "booking_called_off",
        to=Recipient(name=person.full_name, email=person.email, phone=person.phone, person_id=person.pk),
        about=booking,
        unit_id=point.unit_id,
        context={
            "code": booking.code,
            "procedure": booking.queue.name,
            "agency": point.name,
            "contact": point.phone,
            "link": settings.PUBLIC_URL.rstrip("/") + reverse("counters:book", args=[point.id]),
            "starts_at": booking.starts_at,
            "reason": why.rstrip("."),
        },
        send_key=f"{happened.name}/{happened.id}",
        useful_until=booking.starts_at,
        actor=system("worker"),
        at=at,
    )
