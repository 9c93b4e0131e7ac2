"""Where listed things go: looked up again, said by a person, or divided so that the parts add up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from thongsuot.handover import events
from thongsuot.handover.actions.common import (
    locked_item,
    locked_sheet,
    must_be_movable,
    must_not_be_closed,
    must_speak,
    still_open,
)
from thongsuot.handover.actions.errors import Received
from thongsuot.handover.actions.planning import must_be_able_to_receive
from thongsuot.handover.allocation import Allocation
from thongsuot.handover.models import Changeover, HandoverMinutes, Item
from thongsuot.handover.queries.inventory import plain
from thongsuot.handover.rules.classes import classes
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotFound, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.units import queries as units
from thongsuot.units.heirs import Rule


@command
def allocate_again(changeover_id: int, *, unit_id: int, klass: str, actor: Actor, at: datetime) -> int:
    """Look up anew where the things of a list go: addresses, places and appointments may be known by now.

    What a person said stays, and what was counted in. Returns how many go elsewhere than before.
    Raises NotFound, NotYourDuty, ChangeoverClosed.
    """
    changeover = still_open(changeover_id)
    must_speak(actor, changeover, unit_id, or_steer=True)
    sheet = locked_sheet(changeover, unit_id, klass)
    rows = list(
        Item.objects.filter(
            sheet=sheet, chosen_by_name="", received_at=None, disputed_at=None, box=None, divided_at=None, struck_at=None
        )
    )
    allocation = Allocation(changeover, unit_id, [row.person_id for row in rows if row.person_id])
    changed = []
    closed = _closed_towards(changeover, unit_id)
    for row in rows:
        choice = allocation.choice(klass, address=row.address, person_id=row.person_id)
        # What a closed paper says, or would have had to say, stays as it is.
        if any(
            at >= row.listed_at for at in (closed.get(one) for one in (row.to_unit_id, choice.to_unit_id)) if at is not None
        ):
            continue
        if (row.to_unit_id, row.rule) != (choice.to_unit_id, choice.rule):
            row.to_unit_id, row.rule, row.candidates = choice.to_unit_id, choice.rule, list(choice.candidates)
            changed.append(row)
    Item.objects.bulk_update(changed, ["to_unit", "rule", "candidates"], batch_size=1_000)
    record(events.ITEMS_ALLOCATED, sheet, actor=actor, at=at, unit_id=unit_id, items=len(changed))
    return len(changed)


def _closed_towards(changeover: Changeover, unit_id: int) -> dict[int | None, datetime]:
    """{who receives: when the last minutes with it were closed}."""
    closed = HandoverMinutes.objects.filter(changeover=changeover, from_unit=unit_id, closed_at__isnull=False)
    return {one.to_unit_id: one.closed_at for one in closed.order_by("closed_at") if one.closed_at is not None}


@command
def choose_receiver(
    changeover_id: int, item_ids: Collection[int], *, to_unit_id: int, why: str = "", actor: Actor, at: datetime
) -> int:
    """A person says where listed things go, of one list. Returns how many.

    Raises NotFound, NotYourDuty, ChangeoverClosed, CannotReceive, Received, InASealedBox, MinutesClosed.
    """
    changeover = still_open(changeover_id)
    first = must_exist(Item.objects.filter(changeover=changeover, pk__in=list(item_ids)).first())
    must_speak(actor, changeover, first.unit_id, or_steer=True)
    sheet = locked_sheet(changeover, first.unit_id, first.klass)
    rows = list(Item.objects.filter(sheet=sheet, pk__in=list(item_ids), divided_at=None, struck_at=None))
    must_be_able_to_receive(first.unit_id, to_unit_id, changeover)
    for row in rows:
        must_be_movable(changeover, row)
        must_not_be_closed(changeover, first.unit_id, to_unit_id, since=row.listed_at)
        row.to_unit_id, row.rule, row.chosen_by_name, row.chosen_why = to_unit_id, Rule.PERSON, actor.name, one_line(why)[:300]
        row.box = None
    Item.objects.bulk_update(rows, ["to_unit", "rule", "chosen_by_name", "chosen_why", "box"], batch_size=1_000)
    record(
        events.ITEMS_ALLOCATED,
        sheet,
        actor=actor,
        at=at,
        unit_id=first.unit_id,
        items=len(rows),
        to_unit=to_unit_id,
        first=[row.code for row in rows[:20]],
    )
    return len(rows)


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one receiver gets of a thing that is divided. Money left out where the class counts none."""

    to_unit_id: int
    quantity: Decimal
    amount_dong: int | None = None
    remaining_dong: int | None = None
    name: str = ""


@command
def divide_item(item_id: int, *, parts: Sequence[Part], why: str = "", actor: Actor, at: datetime) -> list[Item]:
    """One thing goes to several: quantities and sums of the parts equal those of the whole to the last centimetre and đồng.

    Raises NotFound, NotYourDuty, ChangeoverClosed, CannotReceive, Received, InASealedBox, MinutesClosed, BadInput.
    """
    changeover, sheet, item = locked_item(item_id)
    must_speak(actor, changeover, item.unit_id, or_steer=True)
    if item.divided_at is not None or item.struck_at is not None:
        raise NotFound
    must_be_movable(changeover, item)
    _must_add_up(item, parts)
    kind, unit_code = classes()[item.klass], units.unit_row(item.unit_id, as_of=changeover.effective_on).code
    made = []
    for place, part in enumerate(parts, start=1):
        must_be_able_to_receive(item.unit_id, part.to_unit_id, changeover)
        must_not_be_closed(changeover, item.unit_id, part.to_unit_id)
        made.append(
            Item(
                changeover=changeover,
                sheet=sheet,
                unit_id=item.unit_id,
                klass=item.klass,
                code=f"{unit_code}.{kind.short}.{sheet.last_number + place:05}",
                name=one_line(part.name)[:300] or item.name,
                quantity=part.quantity,
                amount_dong=part.amount_dong,
                remaining_dong=part.remaining_dong,
                details=item.details,
                state_text=item.state_text,
                address=item.address,
                person_id=item.person_id,
                to_unit_id=part.to_unit_id,
                rule=Rule.PERSON,
                chosen_by_name=actor.name,
                chosen_why=one_line(why)[:300],
                listed_at=at,
                listed_by_name=actor.name,
                divided_from=item,
            )
        )
    Item.objects.bulk_create(made)
    sheet.last_number += len(made)
    sheet.save(update_fields=["last_number"])
    item.divided_at, item.box = at, None
    item.save(update_fields=["divided_at", "box"])
    record(
        events.ITEM_DIVIDED, item, actor=actor, at=at, unit_id=item.unit_id, parts={one.code: str(one.quantity) for one in made}
    )
    return made


def _must_add_up(item: Item, parts: Sequence[Part]) -> None:
    problems: dict[str, str] = {}
    if len(parts) < 2:
        problems["parts"] = _("Chia thì phải có ít nhất hai phần.")
    if any(part.quantity <= 0 for part in parts):
        problems["quantity"] = _("Mỗi phần phải lớn hơn 0.")
    if classes()[item.klass].measure != "metre" and any(part.quantity != part.quantity.to_integral_value() for part in parts):
        problems["quantity"] = _("Số lượng là số nguyên từ 1.")
    whole = sum((part.quantity for part in parts), Decimal(0))
    if whole != item.quantity:
        problems["quantity"] = _("Các phần cộng lại là %(sum)s, cả mục là %(whole)s: lệch %(gap)s.") % {
            "sum": plain(whole),
            "whole": plain(item.quantity),
            "gap": plain(abs(whole - item.quantity)),
        }
    for name, label in (("amount_dong", _("Số tiền")), ("remaining_dong", _("Giá trị còn lại"))):
        wanted = getattr(item, name)
        found = [getattr(part, name) for part in parts]
        if wanted is None and any(value is not None for value in found):
            problems[name] = _("Mục này không có “%(what)s”.") % {"what": label}
        elif wanted is not None and (None in found or sum(found) != wanted or min(found) < 0):
            problems[name] = _("“%(what)s” của các phần phải cộng đúng %(whole)s đồng.") % {
                "what": label,
                "whole": f"{wanted:,}".replace(",", "."),
            }
    if problems:
        raise BadInput(problems)


@command
def join_again(item_id: int, *, actor: Actor, at: datetime) -> Item:
    """Undo a division, while none of the parts was counted in or packed.

    Raises NotFound, NotYourDuty, ChangeoverClosed, Received, MinutesClosed.
    """
    changeover, _sheet, item = locked_item(item_id)
    must_speak(actor, changeover, item.unit_id, or_steer=True)
    if item.divided_at is None:
        raise NotFound
    parts = list(Item.objects.filter(divided_from=item, struck_at=None))
    for part in parts:
        must_be_movable(changeover, part)
        if part.divided_at is not None or part.box_id is not None:
            raise Received
    Item.objects.filter(pk__in=[part.pk for part in parts]).update(struck_at=at)
    item.divided_at = None
    item.save(update_fields=["divided_at"])
    record(events.ITEM_DIVIDED, item, actor=actor, at=at, unit_id=item.unit_id, joined=[part.code for part in parts])
    return item
