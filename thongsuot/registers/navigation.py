"""Where the officers' bar leads, and what the page of a dossier of civil status offers."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from thongsuot.dossiers import panels, ties
from thongsuot.dossiers.models import Dossier, Status
from thongsuot.kernel.actor import Actor
from thongsuot.procedures import queries as procedures
from thongsuot.registers.actions import errors
from thongsuot.registers.models import Entry, IssuedPaper
from thongsuot.registers.rules import COPIES, DUTY, ENTERS, MARITAL, concerns
from thongsuot.web import navigation

navigation.staff(
    "registers:search", _("Hộ tịch"), icon="seal", duty=(DUTY, "review dossiers"), order=35, match="/can-bo/ho-tich/"
)


def civil_status(dossier: Dossier, actor: Actor, now: datetime) -> panels.Part | None:
    """Write into the register, search it, make the paper: two queries, none for other procedures."""
    version = procedures.version(dossier.version_id)  # the page has asked for it already: remembered
    procedure_code = version.code
    if not concerns(procedure_code) or not actor.may(DUTY, unit_id=dossier.resolving_unit_id):
        return None
    step = version.steps[dossier.step_no] if dossier.step_no is not None else None
    at_hand = dossier.status in (Status.RECEIVED, Status.PROCESSING) and step is not None and step.duty == "process dossiers"
    entry = None
    if procedure_code in ENTERS:
        entry = Entry.objects.filter(dossier=dossier).exclude(state=Entry.State.CANCELLED).select_related("book").first()
    paper = IssuedPaper.objects.filter(dossier=dossier, replaced=False).select_related("entry__book").first()
    told = {
        "dossier": dossier,
        "entry": entry or (paper.entry if paper else None),
        "paper": paper,
        "enters": procedure_code in ENTERS,
        "copies": procedure_code in COPIES,
        "marital": procedure_code in MARITAL,
        "at_hand": at_hand,
    }
    return panels.Part(template="registers/_panel.html", part=told)


def entry_stands(dossier_id: int) -> errors.EntryStands | None:
    """An entry that was made from the dossier and still counts."""
    entry = Entry.objects.filter(dossier_id=dossier_id).exclude(state=Entry.State.CANCELLED).first()
    return None if entry is None else errors.EntryStands(entry.pk, str(entry))


ties.tie("registers.entry", entry_stands)
panels.panel("registers.civil_status", civil_status, order=10)
