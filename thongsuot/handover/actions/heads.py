"""What the heads of both sides say themselves: people with their computers, premises nobody needs, the new seal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.handover import events
from thongsuot.handover.actions.common import lock_sheets, must_head, must_not_be_closed, must_speak, still_open
from thongsuot.handover.models import HeadCount, Item, NewSeal, SurplusPremises
from thongsuot.handover.queries.inventory import receivers
from thongsuot.handover.queries.transfers import ended_by, is_new
from thongsuot.handover.rules import DUTY
from thongsuot.handover.rules.premises import SURPLUS_YEARS, is_surplus
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotFound, must_exist
from thongsuot.kernel.text import one_line

MOST_PEOPLE = 100_000


@command
def say_heads(
    changeover_id: int,
    *,
    from_unit_id: int,
    to_unit_id: int,
    side: str,
    people: int,
    computers: int,
    actor: Actor,
    at: datetime,
) -> HeadCount:
    """How many people, and how many personal computers with them, went from one unit to the other, said by the head of a side.

    Said anew it replaces what that side said. Raises NotFound, NotYourDuty, ChangeoverClosed, MinutesClosed, BadInput.
    """
    changeover = still_open(changeover_id)
    if side not in HeadCount.Side.values or from_unit_id not in ended_by(changeover.decision):
        raise NotFound
    if to_unit_id not in receivers(changeover, from_unit_id):
        raise NotFound
    must_head(actor, changeover, from_unit_id if side == HeadCount.Side.HANDING else to_unit_id)
    lock_sheets(changeover, from_unit_id)
    must_not_be_closed(changeover, from_unit_id, to_unit_id)
    if not (0 <= people <= MOST_PEOPLE and 0 <= computers <= MOST_PEOPLE):
        raise BadInput({"people": _("Hãy ghi số người và số máy, từ 0 trở lên.")})
    said, _new = HeadCount.objects.update_or_create(
        changeover=changeover,
        from_unit_id=from_unit_id,
        to_unit_id=to_unit_id,
        side=side,
        defaults={"people": people, "computers": computers},
    )
    record(
        events.HEADS_SAID,
        changeover,
        actor=actor,
        at=at,
        unit_id=from_unit_id if side == HeadCount.Side.HANDING else to_unit_id,
        side=side,
        from_unit=from_unit_id,
        to_unit=to_unit_id,
        people=people,
        computers=computers,
    )
    return said


SIX = ("person", "work", "answers_for", "product", "authority")


@command
def plan_surplus(item_id: int, *, by_day: date | None, said: Mapping[str, str], actor: Actor, at: datetime) -> SurplusPremises:
    """What becomes of premises nobody needs: "6 rõ", each of the six filled, done within the years the plan has.

    said   person, work, answers_for, product, authority
    Raises NotFound, NotYourDuty, BadInput.
    """
    item = Item.objects.select_related("changeover").select_for_update(of=("self",)).filter(pk=item_id).first()
    if item is None or not is_surplus(item.klass, item.details):
        raise NotFound
    actor.must(DUTY, unit_id=item.changeover.city_id)
    texts = {name: one_line(said.get(name, ""))[:500] for name in SIX}
    problems = {
        name: _("Chưa ghi “%(what)s”.") % {"what": SurplusPremises._meta.get_field(name).verbose_name}  # type: ignore[union-attr]  # a column
        for name, text in texts.items()
        if not text
    }
    if by_day is None or by_day.year not in SURPLUS_YEARS:
        first, last = min(SURPLUS_YEARS), max(SURPLUS_YEARS)
        problems["by_day"] = _("Thời hạn là một ngày trong các năm %(first)s đến %(last)s.") % {"first": first, "last": last}
    if problems or by_day is None:
        raise BadInput(problems)
    texts["person"] = texts["person"][:200]
    made, _new = SurplusPremises.objects.update_or_create(item=item, defaults={**texts, "by_day": by_day})
    record(events.SURPLUS_PLANNED, item, actor=actor, at=at, unit_id=item.changeover.city_id, by_day=by_day)
    return made


@command
def surplus_done(item_id: int, *, note: str, actor: Actor, at: datetime) -> SurplusPremises:
    """The plan for surplus premises was carried out. Raises NotFound, NotYourDuty, BadInput."""
    plan = must_exist(SurplusPremises.objects.select_for_update().filter(item=item_id, done_at=None).first())
    item = Item.objects.select_related("changeover").get(pk=item_id)
    actor.must(DUTY, unit_id=item.changeover.city_id)
    note = one_line(note)[:500]
    if not note:
        raise BadInput({"note": _("Hãy ghi kết quả, theo văn bản nào.")})
    plan.done_at, plan.done_note = at, note
    plan.save(update_fields=["done_at", "done_note"])
    record(events.SURPLUS_DONE, item, actor=actor, at=at, unit_id=item.changeover.city_id)
    return plan


@command
def note_new_seal(
    changeover_id: int, *, unit_id: int, kind: str, registration: str, received_on: date, actor: Actor, at: datetime
) -> NewSeal:
    """A new unit has its seal. Raises NotFound, NotYourDuty, ChangeoverClosed, BadInput."""
    changeover = still_open(changeover_id)
    if not is_new(changeover, unit_id):
        raise NotFound
    must_speak(actor, changeover, unit_id, or_steer=True)
    kind, registration = one_line(kind)[:60], one_line(registration)[:60]
    problems = {}
    if not registration:
        problems["registration"] = _("Chưa ghi số đăng ký mẫu dấu.")
    if received_on > timezone.localdate(at):
        problems["received_on"] = _("Ngày nhận con dấu chưa tới.")
    if problems:
        raise BadInput(problems)
    seal, _new = NewSeal.objects.get_or_create(
        changeover=changeover,
        unit_id=unit_id,
        kind=kind,
        registration=registration,
        defaults={"received_on": received_on, "noted_at": at},
    )
    record(events.NEW_SEAL_NOTED, changeover, actor=actor, at=at, unit_id=unit_id, registration=registration)
    return seal
