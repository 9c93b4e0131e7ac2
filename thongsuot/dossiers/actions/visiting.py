"""A dossier belongs to the number of the waiting room with which it was brought."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from thongsuot.counters import queries as counters
from thongsuot.dossiers import events
from thongsuot.dossiers.actions import errors
from thongsuot.dossiers.models import Dossier, Visit
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import must_exist


@command
def note_visit(dossier_id: int, *, ticket_id: int, actor: Actor, at: datetime) -> Visit:
    """By the officer who served the ticket on that day. Raises NotFound, NotYourDuty, VisitNoted."""
    dossier = must_exist(Dossier.objects.select_for_update().filter(pk=dossier_id).first())
    actor.must("receive dossiers", unit_id=dossier.receiving_unit_id)
    ticket = must_exist(counters.served_by(actor.person_id, ticket_id=ticket_id, on=timezone.localdate(at)))
    if Visit.objects.filter(dossier=dossier).exists():
        raise errors.VisitNoted
    visit = Visit.objects.create(dossier=dossier, ticket_id=ticket.id)
    unit_id = dossier.receiving_unit_id
    record(events.VISIT_NOTED, dossier, actor=actor, at=at, unit_id=unit_id, ticket=ticket.code, counter=ticket.counter)
    return visit
