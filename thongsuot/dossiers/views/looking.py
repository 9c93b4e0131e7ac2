"""Looking into a dossier leaves a trace its owner can see."""

from __future__ import annotations

from datetime import datetime, timedelta

from thongsuot.dossiers.models import Dossier
from thongsuot.kernel.actor import Actor
from thongsuot.people.actions import log_look_up
from thongsuot.people.queries import looked_lately

# What the page of a dossier shows, by the names of `people.rules.FIELD_LABELS`. Numbers stay masked there.
SEEN = ("full_name", "address", "form", "files", "history")

# Longer than people.rules has it: a dossier is opened again and again, and so are the papers of its owner.
ONE_LOOK = timedelta(hours=1)


def note_look(dossier: Dossier, *, actor: Actor, at: datetime) -> None:
    """Note that an officer opened the dossier: once per person and hour, with its code as the reason."""
    if not looked_lately(dossier, actor, now=at, within=ONE_LOOK):
        log_look_up(dossier, fields=SEEN, reason=str(dossier), about_id=dossier.account_id, actor=actor, at=at)
