"""The dossier a ticket speaks of: found by its code, and read by an operator before it counts in any figure."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from thongsuot.dossiers.models import Dossier
from thongsuot.feedback import events
from thongsuot.feedback.actions import errors
from thongsuot.feedback.actions.common import TAKE, locked, words_of
from thongsuot.feedback.models import FeedbackTicket
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.text import one_line
from thongsuot.units import queries as units


def dossier_of(code: str, *, city_id: int) -> Dossier | None:
    """Whoever knows the code of a dossier may speak of it; nothing of it is told by that. Raises BadInput."""
    code = one_line(code)
    if not code:
        return None
    named = Dossier.objects.filter(Q(code=code) | Q(submission_code=code)).first()
    if named is None or units.city_of(named.resolving_unit_id) != city_id:
        raise BadInput({"dossier": _("Không có hồ sơ mang mã này. Hãy xem lại mã trên giấy tiếp nhận, hoặc để trống.")})
    return named


@command
def name_dossier(ticket_id: int, dossier: str, *, why: str = "", actor: Actor, at: datetime) -> FeedbackTicket:
    """An operator read the ticket: it speaks of that dossier, or of none. Why is needed where that differs from what is there.

    Raises NotFound, NotYourDuty, NothingChanged, BadInput.
    """
    ticket = locked(ticket_id)
    actor.must(TAKE, unit_id=ticket.city_id)
    found, was = dossier_of(dossier, city_id=ticket.city_id), ticket.about_dossier_id
    now = found.pk if found else None
    if now == was and ticket.dossier_confirmed == (found is not None):
        raise errors.NothingChanged
    if now != was:
        said = words_of(why, "why", most=1000)
        ticket.notes.create(by_id=actor.person_id, unit_id=ticket.city_id, words=said, at=at)
    ticket.about_dossier, ticket.dossier_confirmed = found, found is not None
    ticket.save(update_fields=["about_dossier", "dossier_confirmed"])
    record(events.DOSSIER_NAMED, ticket, actor=actor, at=at, unit_id=ticket.city_id, dossier=now, was=was)
    return ticket
