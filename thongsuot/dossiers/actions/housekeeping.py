"""What the worker does by itself: warnings before deadlines, drafts past their days, dated settings loaded."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from thongsuot.dossiers import events
from thongsuot.dossiers.actions.moving import locked, open_run
from thongsuot.dossiers.models import Dossier, Draft, Setting, Status
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.dated import missing_settings

_SETTINGS = Path(__file__).parent.parent / "data" / "settings.csv"


def to_warn_of(*, at: datetime) -> list[int]:
    """Dossiers that came near their deadline and of which nobody was warned yet: at most 1,000 at a time."""
    near = Dossier.objects.filter(
        ended_at=None, warned_at=None, warn_at__lte=at, status__in=[Status.RECEIVED, Status.PROCESSING]
    )
    return list(near.order_by("due_at").values_list("pk", flat=True)[:1000])


@command
def warn_of_deadline(dossier_id: int, *, actor: Actor, at: datetime) -> Dossier:
    """Note that the holder of the open step is warned; the letter follows as a reaction. Again: nothing new is told."""
    case = locked(dossier_id, at=at)
    dossier = case.dossier
    run = open_run(dossier)
    again = dossier.warned_at is not None
    if not again:
        dossier.warned_at = at
        dossier.save(update_fields=["warned_at"])
    record(
        events.WARNED,
        dossier,
        actor=actor,
        at=at,
        unit_id=dossier.resolving_unit_id,
        again=again,
        assignee=run.assignee_id if run else None,
        step_name=run.name if run else "",
        due_at=dossier.due_at,
    )
    return dossier


def sweep_drafts(*, at: datetime) -> int:
    """Take away drafts past their days with what was typed; their files go with the nightly sweep. Returns how many.

    A submitted draft stays as long as its code may be asked for, empty.
    """
    gone, _by_model = Draft.objects.filter(expires_at__lte=at).delete()
    return gone


def load_settings(*, actor: Actor, at: datetime) -> int:
    """Put each dated setting of `data/settings.csv` in place unless its key has a row from that day. Returns how many came."""
    missing = missing_settings(Setting, _SETTINGS)
    for row in missing:
        _put_setting(row, actor=actor, at=at)
    return len(missing)


@command
def _put_setting(row: Setting, *, actor: Actor, at: datetime) -> Setting:
    row.save()
    record(events.SETTING_PUT, row, actor=actor, at=at, key=row.key, value=row.value, valid_from=row.valid_from)
    return row
