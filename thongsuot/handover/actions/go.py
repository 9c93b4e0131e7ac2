"""The go: whoever steers lets the new units begin. Nothing moves before it, and it waits for the last new unit's seal."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from thongsuot.handover import events
from thongsuot.handover.actions.common import locked
from thongsuot.handover.actions.errors import AlreadyMoved, NoGo, SealsLacking
from thongsuot.handover.models import Changeover, Transfer
from thongsuot.handover.queries.inventory import begins, without_seal
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.text import one_line
from thongsuot.units import queries as units


@command
def give_go(changeover_id: int, *, basis: str, actor: Actor, at: datetime) -> Changeover:
    """Let it begin, by a document that says so. Given twice, the last basis counts.

    Raises NotFound, NotYourDuty, ChangeoverClosed, AlreadyRunning, BadInput, SealsLacking.
    """
    changeover = locked(changeover_id, actor)
    basis = one_line(basis)[:300]
    if not basis:
        raise BadInput({"basis": _("Hãy ghi văn bản nào cho chuyển.")})
    must_have_seals(changeover)
    changeover.go_at, changeover.go_by_name, changeover.go_basis = at, actor.name, basis
    changeover.save(update_fields=["go_at", "go_by_name", "go_basis"])
    record(events.GO_GIVEN, changeover, actor=actor, at=at, unit_id=changeover.city_id, basis=basis)
    return changeover


@command
def take_back_go(changeover_id: int, *, actor: Actor, at: datetime) -> Changeover:
    """Not yet after all. Raises NotFound, NotYourDuty, ChangeoverClosed, AlreadyRunning, AlreadyMoved."""
    changeover = locked(changeover_id, actor)
    if Transfer.objects.filter(changeover=changeover, moved_at__isnull=False).exists():
        raise AlreadyMoved
    changeover.go_at, changeover.go_by_name, changeover.go_basis = None, "", ""
    changeover.save(update_fields=["go_at", "go_by_name", "go_basis"])
    record(events.GO_TAKEN_BACK, changeover, actor=actor, at=at, unit_id=changeover.city_id)
    return changeover


def must_have_go(changeover: Changeover) -> None:
    """Raises NoGo, SealsLacking (units may have come into the decision since)."""
    if changeover.go_at is None:
        raise NoGo
    must_have_seals(changeover)


def must_have_seals(changeover: Changeover) -> None:
    """Raises SealsLacking."""
    if lacking := without_seal(changeover, begins(changeover)):
        rows = units.unit_rows(lacking, as_of=changeover.effective_on)
        raise SealsLacking([row.full_name for row in sorted(rows.values(), key=lambda row: row.sort_name)])
