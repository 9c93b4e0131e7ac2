"""What follows from a dossier that was filed with help. Runs in the worker, maybe twice."""

from __future__ import annotations

from contextlib import suppress

from thongsuot.assistance import actions
from thongsuot.assistance.actions.errors import AlreadyOver
from thongsuot.assistance.models import Consent
from thongsuot.dossiers import events as dossier_events
from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.kernel.events import Happened, on


@on(dossier_events.SUBMITTED)
def note_what_was_filed(happened: Happened) -> None:
    helped = Consent.objects.filter(draft__submitted_as=happened.subject_id).values_list("pk", flat=True).first()
    if helped is not None:
        with suppress(AlreadyOver):  # filed alone, after the help
            actions.note_filed(helped, actor=system("worker"), at=clock.now())
