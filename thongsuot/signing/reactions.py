"""Letters before a certificate ends: to its holder, and for an agency to those who manage certificates of its unit."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.kernel.events import Happened, on
from thongsuot.notices import actions as notices
from thongsuot.notices.rules import Recipient
from thongsuot.people.models import Person
from thongsuot.people.queries import body_of_unit, staff_with_duty
from thongsuot.signing import events
from thongsuot.signing.models import Certificate
from thongsuot.signing.rules import DUTY
from thongsuot.units import queries as units


@on(events.CERTIFICATE_WARNED)
def tell_of_end(happened: Happened) -> None:
    at = clock.now()
    held = Certificate.objects.select_related("person", "body").get(pk=happened.subject_id)
    day, unit_id = timezone.localdate(at), held.body.unit_id
    agency = body_of_unit(held.body.name, unit_id, day)
    if held.person is not None:
        to, page = [held.person], reverse("signing:mine")
    else:
        near = staff_with_duty("issue results", unit_id, on=day) or staff_with_duty(DUTY, units.city_of(unit_id), on=day)
        to, page = list(Person.objects.filter(pk__in=[row.id for row in near], is_active=True)), reverse("signing:mine")
    for person in to:
        notices.queue(
            "certificate_ending",
            to=Recipient(name=person.full_name, email=person.email, phone=person.phone, person_id=person.pk),
            about=held,
            unit_id=unit_id,
            context={
                "code": held.serial,
                "procedure": held.person.full_name if held.person else agency,
                "agency": agency,
                "contact": "",
                "link": settings.PUBLIC_URL.rstrip("/") + page,
                "ends_at": held.not_after,
                "days": cast(int, happened.facts["days"]),
            },
            send_key=f"{happened.name}/{happened.id}/{person.pk}",
            actor=system("worker"),
            at=at,
        )
