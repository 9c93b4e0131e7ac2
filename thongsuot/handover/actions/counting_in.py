"""The new unit counts in what comes: it was received, or it is disputed and somebody owes an answer until a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.handover import events
from thongsuot.handover.actions.common import lock_sheets, locked_item, locked_row, must_not_be_closed, must_speak, still_open
from thongsuot.handover.actions.errors import ChangeoverClosed, NotComing
from thongsuot.handover.models import Box, Changeover, HandoverMinutes, Item, Receipt, Sheet, Transfer
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotFound, must_exist
from thongsuot.kernel.text import one_line

MOST_AT_ONCE = 2_000
LONGEST_DISPUTE_DAYS = 366


@command
def receive(changeover_id: int, *, to_unit_id: int, code: str, actor: Actor, at: datetime) -> list[Item]:
    """Count in one thing by the code on its label, or all of a box by the box's; scanned twice it is counted once.

    Returns the things that were counted in now. Raises NotFound, NotYourDuty, ChangeoverClosed, NotComing.
    """
    changeover = still_open(changeover_id)
    must_speak(actor, changeover, to_unit_id)
    code = one_line(code).upper()[:30]
    if not code:
        raise BadInput({"code": _("Hãy quét hoặc gõ mã trên nhãn.")})
    box = Box.objects.filter(changeover=changeover, code=code).first()
    if box is not None:
        return _receive_box(changeover, box, to_unit_id, actor=actor, at=at)
    row = Item.objects.filter(changeover=changeover, code=code, struck_at=None).first()
    if row is None:
        raise NotComing(code, _("không có trong bảng kê nào. Kiểm tra lại nhãn; nếu là mục thừa, báo bên giao mở lại bảng kê"))
    if row.divided_at is not None:
        raise NotComing(code, _("đã chia thành các phần, mỗi phần có mã riêng"))
    if row.to_unit_id != to_unit_id:
        raise NotComing(code, _("không giao về đơn vị này. Để riêng và báo bên giao"))
    if row.disputed_at is not None and row.settled_at is None:
        raise NotComing(code, _("đang ghi là có khác biệt. Hãy giải quyết khác biệt trước"))
    return _receive_rows(changeover, to_unit_id, [row.pk], actor=actor, at=at)


def _receive_box(changeover: Changeover, box: Box, to_unit_id: int, *, actor: Actor, at: datetime) -> list[Item]:
    if box.to_unit_id != to_unit_id:
        raise NotComing(box.code, _("không giao về đơn vị này. Để riêng và báo bên giao"))
    if box.state not in (Box.State.OPENED, Box.State.SHELVED):
        raise NotComing(box.code, _("là hộp chưa mở niêm phong. Ghi hộp đã đến và mở niêm phong trước khi đếm"))
    if not box.seal_whole:
        raise NotComing(box.code, _("đến nơi niêm phong không còn nguyên. Hãy đếm từng mục trong hộp"))
    return _receive_rows(changeover, to_unit_id, list(box.items.values_list("pk", flat=True)), actor=actor, at=at)


@command
def receive_picked(changeover_id: int, *, to_unit_id: int, item_ids: Collection[int], actor: Actor, at: datetime) -> int:
    """Count in the things that were picked on a page. Returns how many. Raises NotFound, NotYourDuty, ChangeoverClosed."""
    changeover = still_open(changeover_id)
    must_speak(actor, changeover, to_unit_id)
    ids = list(item_ids)[:MOST_AT_ONCE]
    if not ids:
        raise BadInput({"codes": _("Chưa chọn mục nào.")})
    return len(_receive_rows(changeover, to_unit_id, ids, actor=actor, at=at))


def _receive_rows(changeover: Changeover, to_unit_id: int, ids: list[int], *, actor: Actor, at: datetime) -> list[Item]:
    wanted = Item.objects.filter(
        changeover=changeover,
        pk__in=ids,
        to_unit=to_unit_id,
        divided_at=None,
        struck_at=None,
        received_at=None,
        disputed_at=None,
    )
    _lock_lists(changeover, wanted)
    rows = list(wanted.select_for_update().order_by("pk"))
    for from_unit, listed_at in {(row.unit_id, row.listed_at) for row in rows}:
        must_not_be_closed(changeover, from_unit, to_unit_id, since=listed_at)
    Item.objects.filter(pk__in=[row.pk for row in rows]).update(received_at=at, received_by_name=actor.name)
    record(
        events.ITEMS_RECEIVED,
        changeover,
        actor=actor,
        at=at,
        unit_id=to_unit_id,
        items=len(rows),
        first=[row.code for row in rows[:20]],
    )
    return rows


def _lock_lists(changeover: Changeover, wanted: QuerySet[Item]) -> None:
    """In the order in which whoever closes minutes takes them."""
    sheets = Sheet.objects.filter(changeover=changeover, pk__in=wanted.order_by().values("sheet_id"))
    list(sheets.select_for_update().order_by("pk"))


@command
def receive_living(changeover_id: int, *, from_unit_id: int, to_unit_id: int, kind: str, actor: Actor, at: datetime) -> int:
    """Confirm all that moved of one kind from one unit, but for what is disputed: nobody scans twenty thousand dossiers.

    Returns how many. Raises NotFound, NotYourDuty, ChangeoverClosed.
    """
    changeover = still_open(changeover_id)
    must_speak(actor, changeover, to_unit_id)
    count = Transfer.objects.filter(
        changeover=changeover,
        kind=kind,
        from_unit=from_unit_id,
        to_unit=to_unit_id,
        moved_at__isnull=False,
        received_at=None,
        disputed_at=None,
    ).update(received_at=at, received_by_name=actor.name)
    if not count:
        raise NotFound
    record(
        events.LIVING_RECEIVED,
        changeover,
        actor=actor,
        at=at,
        unit_id=to_unit_id,
        things=kind,
        from_unit=from_unit_id,
        count=count,
    )
    return count


@command
def not_received(changeover_id: int, *, to_unit_id: int, item_id: int, actor: Actor, at: datetime) -> Item:
    """Take back a receipt that was a mistake. Raises NotFound, NotYourDuty, ChangeoverClosed, MinutesClosed."""
    changeover, _sheet, item = locked_item(item_id)
    must_speak(actor, changeover, to_unit_id)
    if changeover.pk != changeover_id or item.to_unit_id != to_unit_id or item.received_at is None:
        raise NotFound
    must_not_be_closed(changeover, item.unit_id, to_unit_id, since=item.listed_at)
    if item.disputed_at is not None:
        raise NotFound  # it was settled as found: that stays
    item.received_at, item.received_by_name = None, ""
    item.save(update_fields=["received_at", "received_by_name"])
    record(events.ITEMS_RECEIVED, changeover, actor=actor, at=at, unit_id=to_unit_id, items=-1, first=[item.code])
    return item


@command
def dispute(
    changeover_id: int, *, what: str, row_id: int, reason: str, owner: str, until: date | None, actor: Actor, at: datetime
) -> Receipt:
    """It did not come, or not as listed: why, who must clear it up, until when. A receipt by mistake gives way to it.

    After the minutes are closed too: it then stands in additional ones.
    what   "item" or "transfer" (a living thing)
    Raises NotFound, NotYourDuty, ChangeoverClosed, BadInput.
    """
    changeover = still_open(changeover_id)
    # Lists before rows, as whoever counts in or closes takes them.
    lock_sheets(changeover, _from_unit(changeover, what, row_id))
    row = _row(changeover, what, row_id)
    assert row.to_unit_id is not None  # `_row` finds no others
    must_speak(actor, changeover, row.to_unit_id)
    reason, owner = one_line(reason)[:500], one_line(owner)[:200]
    today = timezone.localdate(at)
    problems = {}
    if not reason:
        problems["reason"] = _("Hãy ghi lý do: thiếu, hỏng, không đúng mô tả.")
    if not owner:
        problems["owner"] = _("Hãy ghi ai phải làm rõ.")
    if until is None or not 0 <= (until - today).days <= LONGEST_DISPUTE_DAYS:
        problems["until"] = _("Hạn làm rõ là một ngày từ hôm nay, trong vòng một năm.")
    if problems:
        raise BadInput(problems)
    row.received_at, row.received_by_name = None, ""
    row.disputed_at, row.dispute_reason, row.dispute_owner, row.dispute_until = at, reason, owner, until
    row.settled_at, row.settlement, row.settlement_note = None, "", ""
    row.save()
    record(events.DISPUTED, row, actor=actor, at=at, unit_id=row.to_unit_id, until=until)
    return row


@command
def settle(changeover_id: int, *, what: str, row_id: int, settlement: str, note: str, actor: Actor, at: datetime) -> Receipt:
    """A difference is cleared up. After the minutes are closed too: an additional one then says so.

    settlement   found: it is there and received; lost: missing, with a decision; mistake: the list was wrong
    Raises NotFound, NotYourDuty, ChangeoverClosed, BadInput.
    """
    changeover = locked_row(changeover_id)
    row = _row(changeover, what, row_id)
    assert row.to_unit_id is not None
    from_unit = row.unit_id if isinstance(row, Item) else row.from_unit_id
    must_speak(actor, changeover, row.to_unit_id)
    if (
        changeover.state == Changeover.State.CLOSED
        and not HandoverMinutes.objects.filter(changeover=changeover, from_unit=from_unit, to_unit=row.to_unit_id).exists()
    ):
        raise ChangeoverClosed
    if row.disputed_at is None or row.settled_at is not None:
        raise NotFound
    note = one_line(note)[:500]
    problems = {}
    if settlement not in Receipt.Settlement.values:
        problems["settlement"] = _("Hãy chọn kết quả làm rõ.")
    if not note:
        problems["note"] = _("Hãy ghi đã làm rõ thế nào, theo văn bản nào.")
    if problems:
        raise BadInput(problems)
    row.settled_at, row.settlement, row.settlement_note = at, settlement, note
    if settlement == Receipt.Settlement.FOUND:
        row.received_at, row.received_by_name = at, actor.name
    row.save()
    record(events.SETTLED, row, actor=actor, at=at, unit_id=row.to_unit_id, settlement=settlement)
    return row


def _from_unit(changeover: Changeover, what: str, row_id: int) -> int:
    """Whose list or thing it is. Raises NotFound."""
    rows = (
        Item.objects.filter(changeover=changeover, pk=row_id).values_list("unit_id", flat=True)
        if what == "item"
        else Transfer.objects.filter(changeover=changeover, pk=row_id).values_list("from_unit_id", flat=True)
    )
    return must_exist(rows.first())


def _row(changeover: Changeover, what: str, row_id: int) -> Item | Transfer:
    found: Item | Transfer | None
    if what == "item":
        found = (
            Item.objects.select_for_update()
            .filter(changeover=changeover, pk=row_id, to_unit__isnull=False, divided_at=None, struck_at=None)
            .first()
        )
    else:
        found = (
            Transfer.objects.select_for_update()
            .filter(changeover=changeover, pk=row_id, to_unit__isnull=False, moved_at__isnull=False)
            .first()
        )
    if found is None:
        raise NotFound
    return found
