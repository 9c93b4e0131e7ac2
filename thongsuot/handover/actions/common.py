"""What every command on a changeover begins with."""

from __future__ import annotations

from datetime import datetime

from thongsuot.handover import rules
from thongsuot.handover.actions.errors import AlreadyRunning, ChangeoverClosed, InASealedBox, MinutesClosed, Received
from thongsuot.handover.models import Box, Changeover, HandoverMinutes, Item, Sheet
from thongsuot.handover.queries import speaking
from thongsuot.handover.queries.transfers import ended_by
from thongsuot.handover.rules.classes import classes
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound, NotYourDuty, must_exist


def locked(changeover_id: int, actor: Actor, *, while_running: bool = False) -> Changeover:
    """The changeover under its row lock, for who steers it. Raises NotFound, NotYourDuty, ChangeoverClosed, AlreadyRunning."""
    changeover = locked_row(changeover_id)
    actor.must(rules.DUTY, unit_id=changeover.city_id)
    if changeover.state == Changeover.State.CLOSED:
        raise ChangeoverClosed
    if not while_running and changeover.state != Changeover.State.OPEN:
        raise AlreadyRunning
    return changeover


def locked_row(changeover_id: int) -> Changeover:
    """Under its row lock, whoever asks and whatever state it is in. Raises NotFound."""
    return must_exist(
        Changeover.objects.select_for_update(of=("self",)).select_related("decision").filter(pk=changeover_id).first()
    )


def still_open(changeover_id: int) -> Changeover:
    """For commands on lists, boxes and receipts: those lock their own rows, not all others out.

    Raises NotFound, ChangeoverClosed.
    """
    changeover = must_exist(Changeover.objects.select_related("decision").filter(pk=changeover_id).first())
    if changeover.state == Changeover.State.CLOSED:
        raise ChangeoverClosed
    return changeover


def must_speak(actor: Actor, changeover: Changeover, unit_id: int, *, or_steer: bool = False) -> None:
    """Heads of a unit speak for it, for an ended one who was named; who steers where that is enough. Raises NotYourDuty."""
    if speaking.speaks_for(actor, changeover, unit_id):
        return
    if or_steer and actor.may(rules.DUTY, unit_id=changeover.city_id):
        return
    raise NotYourDuty(rules.HAND_OVER)


def must_head(actor: Actor, changeover: Changeover, unit_id: int) -> str:
    """Who signs for a unit: its heads, who sign its results too; of one that ended who was named head; the city's steering.

    The title under which they do it. Raises NotYourDuty.
    """
    named = speaking.named(actor, changeover, unit_id)
    if named is not None and named.heads:
        return named.title
    if not speaking.heads(actor, changeover, unit_id):
        raise NotYourDuty(rules.HAND_OVER)
    return actor.post


def locked_sheet(changeover: Changeover, unit_id: int, klass: str) -> Sheet:
    """The list of one class, under its lock: whatever changes its items takes it first. Raises NotFound."""
    return Sheet.objects.select_for_update().get(pk=begun_sheet(changeover, unit_id, klass).pk)


def begun_sheet(changeover: Changeover, unit_id: int, klass: str) -> Sheet:
    """The list of one class, begun when nobody has. Raises NotFound."""
    if klass not in classes() or unit_id not in ended_by(changeover.decision):
        raise NotFound
    sheet, _new = Sheet.objects.get_or_create(changeover=changeover, unit_id=unit_id, klass=klass)
    return sheet


def locked_item(item_id: int) -> tuple[Changeover, Sheet, Item]:
    """A listed thing and its list under their locks: as whoever was faster left it. Raises NotFound, ChangeoverClosed."""
    sheet = must_exist(Sheet.objects.select_for_update(of=("self",)).filter(items=item_id).first())
    return still_open(sheet.changeover_id), sheet, Item.objects.select_for_update().get(pk=item_id)


def must_be_movable(changeover: Changeover, item: Item) -> None:
    """Not counted in, in no sealed box, in no closed minutes. Raises Received, InASealedBox, MinutesClosed."""
    if item.received_at is not None or item.disputed_at is not None:
        raise Received
    box = Box.objects.filter(pk=item.box_id).first() if item.box_id else None
    if box is not None and box.state != Box.State.OPEN:
        raise InASealedBox(box.code)
    must_not_be_closed(changeover, item.unit_id, item.to_unit_id, since=item.listed_at)


def lock_sheets(changeover: Changeover, unit_id: int) -> None:
    """All lists of an ended unit, in one order: nothing of them changes until the transaction ends."""
    list(Sheet.objects.select_for_update().filter(changeover=changeover, unit=unit_id).order_by("pk"))


def must_not_be_closed(
    changeover: Changeover, from_unit_id: int, to_unit_id: int | None, *, since: datetime | None = None
) -> None:
    """No closed minutes of the two units say it already. What came up after them (`since`) belongs into the next ones.

    Raises MinutesClosed.
    """
    closed = HandoverMinutes.objects.filter(changeover=changeover, from_unit=from_unit_id, state=HandoverMinutes.State.CLOSED)
    if since is not None:
        closed = closed.filter(closed_at__gte=since)
    if to_unit_id is not None and closed.filter(to_unit=to_unit_id).exists():
        raise MinutesClosed


def must_not_be_undoing(changeover: Changeover) -> None:
    """What is being put back cannot be signed for. Raises AlreadyRunning."""
    if changeover.state == Changeover.State.UNDOING:
        raise AlreadyRunning


def silent(what: str, done: int, total: int) -> None:
    """The progress nobody asked for."""
