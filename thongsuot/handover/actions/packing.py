"""Boxes: filled by scanning, sealed, carried, opened, shelved. Every step says by whom and when: the chain of custody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from thongsuot.handover import events
from thongsuot.handover.actions.common import must_speak, still_open
from thongsuot.handover.actions.errors import NotForThisBox, WrongStep
from thongsuot.handover.actions.planning import must_be_able_to_receive
from thongsuot.handover.models import Box, Changeover, HeadCount, Item
from thongsuot.handover.queries.transfers import ended_by
from thongsuot.handover.rules.boxes import STEPS
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotFound, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.units import queries as units
from thongsuot.units.models import Unit

MOST_AT_ONCE = 500


@command
def open_box(changeover_id: int, *, unit_id: int, to_unit_id: int, content: str = "", actor: Actor, at: datetime) -> Box:
    """A new box of one unit for one receiver. Raises NotFound, NotYourDuty, ChangeoverClosed, CannotReceive."""
    changeover = still_open(changeover_id)
    must_speak(actor, changeover, unit_id)
    if unit_id not in ended_by(changeover.decision):
        raise NotFound
    must_be_able_to_receive(unit_id, to_unit_id, changeover)
    # Two at once must not draw one number: the unit's row is the lock.
    Unit.objects.select_for_update().get(pk=unit_id)
    number = Box.objects.filter(changeover=changeover, unit=unit_id).count() + 1
    code = units.unit_row(unit_id, as_of=changeover.effective_on).code
    box = Box.objects.create(
        changeover=changeover,
        code=f"{code}.H.{number:05}",
        unit_id=unit_id,
        to_unit_id=to_unit_id,
        content=one_line(content)[:200],
    )
    record(events.BOX_OPENED, box, actor=actor, at=at, unit_id=unit_id, code=box.code, to_unit=to_unit_id)
    return box


@command
def put_in(box_id: int, *, codes: Sequence[str], actor: Actor, at: datetime) -> int:
    """Put things into an open box by the codes on their labels; a thing from another open box changes over. All or none.

    Returns how many. Raises NotFound, NotYourDuty, ChangeoverClosed, WrongStep, NotForThisBox.
    """
    changeover, box = _locked_box(box_id)
    must_speak(actor, changeover, box.unit_id)
    if box.state != Box.State.OPEN:
        raise WrongStep(box)
    wanted = list(dict.fromkeys(one_line(code).upper() for code in codes if one_line(code)))[:MOST_AT_ONCE]
    if not wanted:
        raise BadInput({"codes": _("Hãy quét hoặc gõ mã trên nhãn.")})
    rows = {
        row.code: row
        for row in Item.objects.select_for_update(of=("self",))
        .select_related("box")
        .filter(changeover=changeover, unit=box.unit_id, code__in=wanted)
    }
    for code in wanted:
        _must_fit(box, code, rows.get(code))
    Item.objects.filter(pk__in=[row.pk for row in rows.values()]).update(box=box)
    record(events.BOX_FILLED, box, actor=actor, at=at, unit_id=box.unit_id, items=wanted[:100], count=len(wanted))
    return len(wanted)


def _must_fit(box: Box, code: str, row: Item | None) -> None:
    if row is None or row.struck_at is not None:
        raise NotForThisBox(code, _("không có trong bảng kê của đơn vị"))
    if row.divided_at is not None:
        raise NotForThisBox(code, _("đã chia thành các phần, mỗi phần có mã riêng"))
    if row.to_unit_id != box.to_unit_id:
        raise NotForThisBox(code, _("không về đơn vị nhận hộp này"))
    if row.received_at is not None or row.disputed_at is not None:
        raise NotForThisBox(code, _("bên nhận đã xác nhận"))
    if row.box is not None and row.box_id != box.pk and row.box.state != Box.State.OPEN:
        raise NotForThisBox(code, _("đang ở hộp %(box)s đã niêm phong") % {"box": row.box.code})


@command
def take_out(box_id: int, *, item_id: int, actor: Actor, at: datetime) -> None:
    """Take a thing out of an open box. Raises NotFound, NotYourDuty, ChangeoverClosed, WrongStep."""
    changeover, box = _locked_box(box_id)
    must_speak(actor, changeover, box.unit_id)
    if box.state != Box.State.OPEN:
        raise WrongStep(box)
    item = must_exist(Item.objects.filter(pk=item_id, box=box).first())
    Item.objects.filter(pk=item.pk).update(box=None)
    record(events.BOX_FILLED, box, actor=actor, at=at, unit_id=box.unit_id, out=item.code)


@command
def move_box(box_id: int, *, step: str, said: str = "", actor: Actor, at: datetime) -> Box:
    """The next step on its way. `said`: what the step must say (`rules.boxes`).

    Raises NotFound, NotYourDuty, ChangeoverClosed, WrongStep, BadInput.
    """
    changeover, box = _locked_box(box_id)
    found = must_exist(STEPS.get(step))
    must_speak(actor, changeover, box.unit_id if found.by == HeadCount.Side.HANDING else box.to_unit_id)
    if box.state != found.before:
        raise WrongStep(box)
    if step == "seal" and not box.items.exists():
        raise BadInput({"said": _("Hộp còn trống, chưa có gì để niêm phong.")})
    said = one_line(said)
    if found.says:
        if not said:
            raise BadInput({"said": _("Hãy ghi: %(what)s.") % {"what": found.says_label}})
        setattr(box, found.says, said[: found.longest])
    if found.after == Box.State.ARRIVED:
        box.seal_whole = step == "arrive"
    box.state = found.after
    box.save()
    record(
        events.BOX_MOVED,
        box,
        actor=actor,
        at=at,
        unit_id=box.unit_id if found.by == HeadCount.Side.HANDING else box.to_unit_id,
        step=step,
        seal=box.seal_number,
        items=box.items.count(),
    )
    return box


def _locked_box(box_id: int) -> tuple[Changeover, Box]:
    box = must_exist(Box.objects.select_for_update().filter(pk=box_id).first())
    return still_open(box.changeover_id), box
