"""What follows from a changeover's events. Each runs in the worker, maybe twice."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.urls import reverse

from thongsuot.handover import events, tasks
from thongsuot.handover.models import Representative
from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.kernel.events import Happened, on
from thongsuot.notices import actions as notices
from thongsuot.notices.rules import Recipient
from thongsuot.units import queries as units


@on(events.ASKED)
def do_what_was_asked(happened: Happened) -> None:
    tasks.do.defer(changeover_id=happened.subject_id, what=str(happened.facts["what"]), plan_hash=str(happened.facts["hash"]))


@on(events.REPRESENTATIVE_NAMED)
def tell_representative(happened: Happened) -> None:
    """Whoever hands over may hold no duty any more, so nothing in the bars leads there: the letter does."""
    named = (
        Representative.objects.select_related("person", "changeover__decision")
        .filter(
            changeover=happened.subject_id,
            unit=cast(int, happened.facts["unit"]),
            person=cast(int, happened.facts["person"]),
            ended_at=None,
        )
        .first()
    )
    if named is None:
        return
    day = named.changeover.effective_on
    units_named = units.unit_rows({named.unit_id, named.changeover.city_id}, as_of=day)
    notices.queue(
        "named_to_hand_over",
        to=Recipient(
            name=named.person.full_name, email=named.person.email, phone=named.person.phone, person_id=named.person_id
        ),
        about=named.changeover,
        unit_id=named.changeover.city_id,
        context={
            "code": named.changeover.decision.number,
            "procedure": units_named[named.unit_id].full_name,
            "agency": units_named[named.changeover.city_id].full_name,
            "contact": "",
            "link": settings.PUBLIC_URL.rstrip("/") + reverse("handover:handovers"),
            "title": named.title,
            "heads": named.heads,
        },
        send_key=f"{happened.name}/{happened.id}",
        actor=system("worker"),
        at=clock.now(),
    )


@on(events.RUN_ENDED)
def tell_owners(happened: Happened) -> None:
    tasks.tell_owners.defer(changeover_id=happened.subject_id)
