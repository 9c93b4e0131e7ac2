"""What minutes say, whether they may be made, and whether what they say still holds."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from thongsuot.handover.models import Changeover, HandoverMinutes, Item, Receipt, Transfer
from thongsuot.handover.queries import inventory
from thongsuot.handover.queries.inventory import plain
from thongsuot.handover.queries.transfers import label_of, unplanned
from thongsuot.handover.rules.classes import classes, details_words
from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.text import day as day_words
from thongsuot.units import queries as units

Content = dict[str, Any]


def minutes_for(minutes_id: int) -> HandoverMinutes:
    """Raises NotFound."""
    rows = HandoverMinutes.objects.select_related("changeover__decision", "file__blob", "paper__blob")
    return must_exist(rows.filter(pk=minutes_id).first())


def minutes_of(changeover: Changeover, from_unit_id: int, to_unit_id: int) -> list[HandoverMinutes]:
    """Of one pair, the first first. Two queries."""
    return list(
        HandoverMinutes.objects.filter(changeover=changeover, from_unit=from_unit_id, to_unit=to_unit_id)
        .prefetch_related("signatures")
        .order_by("number")
    )


@dataclass(frozen=True, kw_only=True)
class Blocker:
    """Why minutes cannot be made or closed yet; `side` owes it: handing, receiving or city."""

    words: str
    side: str


def blockers(changeover: Changeover, from_unit_id: int, to_unit_id: int) -> list[Blocker]:
    """All that is missing before the minutes of two units may be made. Some thirty queries: every capability is asked."""
    found = []
    declared = {klass for klass, sheet in inventory.sheets(changeover, from_unit_id).items() if sheet.declared_at is not None}
    missing = [one.label for one in classes().values() if one.key not in declared]
    if missing:
        words = _("Bên giao chưa xác nhận bảng kê: %(lists)s.") % {"lists": ", ".join(missing)}
        found.append(Blocker(words=words, side="handing"))
    undecided = inventory.undecided_items(changeover, from_unit_id)
    if undecided:
        words = ngettext(
            "%(num)s mục trong bảng kê chưa có nơi nhận.", "%(num)s mục trong bảng kê chưa có nơi nhận.", undecided
        ) % {"num": undecided}
        found.append(Blocker(words=words, side="handing"))
    waiting = Transfer.objects.filter(changeover=changeover, from_unit=from_unit_id, moved_at=None, gone_at=None)
    lost, late = waiting.filter(to_unit=None).count(), waiting.filter(to_unit=to_unit_id).count()
    unseen = unplanned(changeover, [from_unit_id]).get(from_unit_id, 0)
    if unseen:
        words = ngettext(
            "%(num)s mục trên hệ thống của bên giao chưa được xem trước.",
            "%(num)s mục trên hệ thống của bên giao chưa được xem trước.",
            unseen,
        ) % {"num": unseen}
        found.append(Blocker(words=words, side="city"))
    if lost:
        words = ngettext(
            "%(num)s mục trên hệ thống chờ người chọn nơi nhận.", "%(num)s mục trên hệ thống chờ người chọn nơi nhận.", lost
        ) % {"num": lost}
        found.append(Blocker(words=words, side="city"))
    if late:
        words = ngettext("%(num)s mục trên hệ thống chưa chuyển.", "%(num)s mục trên hệ thống chưa chuyển.", late) % {
            "num": late
        }
        found.append(Blocker(words=words, side="city"))
    for tally in (
        *inventory.tallies(changeover, from_unit_id=from_unit_id, to_unit_id=to_unit_id),
        *inventory.living(changeover, from_unit_id=from_unit_id, to_unit_id=to_unit_id),
    ):
        if tally.open:
            words = _("%(label)s: %(open)s trên %(handed)s mục chưa được nhận, cũng chưa ghi khác biệt.") % {
                "label": tally.label,
                "open": tally.open,
                "handed": tally.handed,
            }
            found.append(Blocker(words=words, side="receiving"))
    found += _of_heads(inventory.heads(changeover, from_unit_id, to_unit_id))
    return found


def _of_heads(heads: inventory.Heads) -> list[Blocker]:
    if heads.agree:
        return []
    found = []
    if heads.handing is None:
        found.append(
            Blocker(words=_("Người đứng đầu bên giao chưa ghi tổng số người và máy tính đi theo người."), side="handing")
        )
    if heads.receiving is None:
        words = _("Người đứng đầu bên nhận chưa ghi tổng số người và máy tính đi theo người.")
        found.append(Blocker(words=words, side="receiving"))
    if heads.handing is not None and heads.receiving is not None:
        words = _(
            "Tổng số của hai bên chưa khớp: bên giao %(gave)s người, %(gave_pcs)s máy; bên nhận %(took)s người, "
            "%(took_pcs)s máy; bảng kê có %(listed)s máy."
        ) % {
            "gave": heads.handing.people,
            "gave_pcs": heads.handing.computers,
            "took": heads.receiving.people,
            "took_pcs": heads.receiving.computers,
            "listed": heads.listed,
        }
        found.append(Blocker(words=words, side="receiving"))
    return found


def content_of(changeover: Changeover, from_unit_id: int, to_unit_id: int, *, number: int) -> Content:
    """Everything minutes say, as it is now: words and numbers only, so that equal contents are equal papers.

    number   1: the handover; from 2 on what was found, disputed or settled since the last closed one
    """
    with translation.override("vi"):  # the paper is Vietnamese, whoever looks at its page
        return _content_of(changeover, from_unit_id, to_unit_id, number=number)


def _content_of(changeover: Changeover, from_unit_id: int, to_unit_id: int, *, number: int) -> Content:
    day = changeover.effective_on
    names = units.unit_rows({from_unit_id, to_unit_id}, as_of=day)
    last = (
        HandoverMinutes.objects.filter(
            changeover=changeover,
            from_unit=from_unit_id,
            to_unit=to_unit_id,
            number__lt=number,
            state=HandoverMinutes.State.CLOSED,
        )
        .order_by("-number")
        .first()
    )
    since = last.closed_at if last else None
    content: Content = {
        "decision": changeover.decision.number,
        "effective_on": day_words(day),
        "from": {"name": names[from_unit_id].full_name, "code": names[from_unit_id].code},
        "to": {"name": names[to_unit_id].full_name, "code": names[to_unit_id].code},
        "number": number,
        "differences": _differences(changeover, from_unit_id, to_unit_id, since=since),
    }
    content["classes"] = [
        _class(changeover, tally, from_unit_id, to_unit_id, since)
        for tally in inventory.tallies(changeover, from_unit_id=from_unit_id, to_unit_id=to_unit_id, since=since)
    ]
    content["living"] = [
        {
            "label": tally.label,
            "handed": tally.handed,
            "received": tally.received,
            "disputed": tally.disputed,
            "codes": _codes(changeover, tally.key, from_unit_id, to_unit_id, since),
        }
        for tally in inventory.living(changeover, from_unit_id=from_unit_id, to_unit_id=to_unit_id, since=since)
    ]
    if number > 1:
        return content
    heads = inventory.heads(changeover, from_unit_id, to_unit_id)
    if heads.handing is not None:
        content["heads"] = {"people": heads.handing.people, "computers": heads.handing.computers}
    return content


def _class(
    changeover: Changeover, tally: inventory.Tally, from_unit_id: int, to_unit_id: int, since: datetime | None
) -> Content:
    klass = classes()[tally.key]
    rows = inventory.items(changeover, from_unit_id=from_unit_id, to_unit_id=to_unit_id, klass=tally.key, since=since)
    return {
        "key": tally.key,
        "label": tally.label,
        "unit_of_count": tally.unit_of_count,
        "handed": tally.handed,
        "quantity": plain(tally.quantity),
        "received": tally.received,
        "quantity_received": plain(tally.quantity_received),
        "disputed": tally.disputed,
        "money": klass.money,
        "amount_dong": tally.amount_dong,
        "remaining": klass.remaining,
        "remaining_dong": tally.remaining_dong,
        "states": _states(tally.key, rows),
        "rows": [_row(one) for one in rows.select_related("box").order_by("code")],
    }


def _states(klass: str, rows: Any) -> list[Content]:
    """Archives are told by how far they are arranged, all three states, none left out."""
    field = next((one for one in classes()[klass].fields if one.key == "arranged"), None)
    if field is None:
        return []
    sums: dict[object, Decimal] = dict.fromkeys(field.choices, Decimal(0))
    for arranged, quantity in rows.values_list("details__arranged", "quantity"):
        sums[arranged] = sums.get(arranged, Decimal(0)) + quantity
    return [{"label": str(label), "quantity": plain(total)} for label, total in sums.items()]


def _row(one: Item) -> Content:
    klass = classes()[one.klass]
    labels = {field.key: field.label for field in klass.fields}
    details = [f"{labels.get(key, key)}: {words}" for key, words in details_words(klass, one.details).items()]
    return {
        "code": one.code,
        "name": one.name,
        "quantity": plain(one.quantity),
        "amount_dong": one.amount_dong,
        "remaining_dong": one.remaining_dong,
        "details": "; ".join(part for part in (*details, one.address) if part),
        "state": one.state_text,
        "box": one.box.code if one.box is not None else "",
        "receipt": receipt_words(one),
    }


def receipt_words(one: Receipt) -> str:
    if one.received_at is not None:
        return _("Đã nhận")
    if one.disputed_at is not None:
        return _("Khác biệt: %(reason)s") % {"reason": one.dispute_reason}
    return _("Chưa nhận")


def _codes(changeover: Changeover, kind: str, from_unit_id: int, to_unit_id: int, since: datetime | None) -> list[str]:
    rows = inventory.moved(changeover, from_unit_id=from_unit_id, to_unit_id=to_unit_id, since=since).filter(kind=kind)
    return list(rows.order_by("label", "pk").values_list("label", flat=True))


def _differences(changeover: Changeover, from_unit_id: int, to_unit_id: int, *, since: datetime | None) -> list[Content]:
    listed = inventory.items(changeover, from_unit_id=from_unit_id, to_unit_id=to_unit_id)
    moved = Transfer.objects.filter(changeover=changeover, from_unit=from_unit_id, to_unit=to_unit_id, moved_at__isnull=False)
    rows: list[tuple[str, str, Receipt]] = []
    for item in _of_interest(listed, since).order_by("code"):
        rows.append((item.code, item.name, item))
    for transfer in _of_interest(moved, since).order_by("kind", "subject_id"):
        rows.append((transfer.label, label_of(transfer.kind), transfer))
    return [
        {
            "code": code,
            "name": name,
            "reason": row.dispute_reason,
            "owner": row.dispute_owner,
            "until": day_words(row.dispute_until) if row.dispute_until else "",
            "settlement": row.get_settlement_display() if row.settled_at else "",
            "note": row.settlement_note,
            "settled": f"{timezone.localtime(row.settled_at):%d/%m/%Y}" if row.settled_at else "",
        }
        for code, name, row in rows
    ]


def _of_interest(rows: Any, since: datetime | None) -> Any:
    rows = rows.filter(disputed_at__isnull=False)
    return rows.filter(Q(settled_at__gt=since) | Q(disputed_at__gt=since)) if since is not None else rows


def digest_of(content: Content) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def is_current(minutes: HandoverMinutes) -> bool:
    """What it says is what would be said now."""
    now = content_of(minutes.changeover, minutes.from_unit_id, minutes.to_unit_id, number=minutes.number)
    return digest_of(now) == minutes.digest


def unsigned(changeover: Changeover) -> set[tuple[int, int]]:
    """Every ended unit with everyone who gets something of it that no closed minutes say. Three queries."""
    latest: dict[tuple[int, int], datetime] = {}
    listed = Item.objects.filter(inventory.COUNTED, changeover=changeover, to_unit__isnull=False)
    moved = Transfer.objects.filter(changeover=changeover, moved_at__isnull=False)
    for rows in (
        listed.order_by().values_list("unit_id", "to_unit_id").annotate(last=Max("listed_at")),
        moved.order_by().values_list("from_unit_id", "to_unit_id").annotate(last=Max("moved_at")),
    ):
        for from_unit, to_unit, last in rows:
            latest[from_unit, to_unit] = max(last, latest.get((from_unit, to_unit), last))
    minutes = HandoverMinutes.objects.filter(changeover=changeover, state=HandoverMinutes.State.CLOSED)
    closed = {
        (from_unit, to_unit): last
        for from_unit, to_unit, last in minutes.order_by()
        .values_list("from_unit_id", "to_unit_id")
        .annotate(last=Max("closed_at"))
    }
    return {pair for pair, last in latest.items() if pair not in closed or closed[pair] < last}
