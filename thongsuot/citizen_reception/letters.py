"""What officers are told: of an entry that it came from elsewhere, that it is late; whoever leads a session what is theirs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from thongsuot.citizen_reception.models import OnlineSession, ReceptionEntry
from thongsuot.citizen_reception.rules import DUTY, LEAD
from thongsuot.kernel.actor import system
from thongsuot.kernel.working_time import local_day
from thongsuot.notices import actions as notices
from thongsuot.notices.rules import Recipient
from thongsuot.people.models import Person
from thongsuot.people.queries import staff_with_duty
from thongsuot.units import queries as units


def tell_officers(entry: ReceptionEntry, what: str, *, send_key: str, at: datetime) -> None:
    """Whoever may handle it: of a denunciation who leads the unit (at the city: who receives), of all else who receives."""
    day = local_day(at)
    at_city = entry.unit_id == units.default_city(as_of=day).id
    duty = LEAD if entry.is_kept_close and not at_city else DUTY
    staff = {row.doing.id for row in staff_with_duty(duty, entry.unit_id, on=day)}
    told = {"code": str(entry), "what": what, "due_at": entry.due_at}
    _tell("reception_due", entry, staff, told, page="entry", send_key=send_key, at=at)


def tell_about_session(session: OnlineSession, person_ids: Collection[int], what: str, *, send_key: str, at: datetime) -> None:
    """To its chair, who need hold no duty and finds its page by this alone; or to who leads its unit. It tells no title."""
    told = {"code": f"TT-{session.pk}", "what": what, "starts_at": session.starts_at}
    _tell("reception_session", session, person_ids, told, page="session", send_key=send_key, at=at)


def _tell(
    letter: str,
    about: ReceptionEntry | OnlineSession,
    person_ids: Collection[int],
    told: Mapping[str, object],
    *,
    page: str,
    send_key: str,
    at: datetime,
) -> None:
    context = {
        **told,
        "procedure": "Tiếp công dân",
        "agency": units.unit_row(about.unit_id, as_of=local_day(at)).full_name,
        "contact": "",
        "link": settings.PUBLIC_URL.rstrip("/") + reverse(f"citizen_reception:{page}", args=[about.pk]),
    }
    for person in Person.objects.filter(pk__in=person_ids, is_active=True).order_by("pk"):
        notices.queue(
            letter,
            to=Recipient(name=person.full_name, email=person.email, phone=person.phone, person_id=person.pk),
            about=about,
            unit_id=about.unit_id,
            context=context,
            send_key=f"{send_key}/{person.pk}",
            actor=system("worker"),
            at=at,
        )
