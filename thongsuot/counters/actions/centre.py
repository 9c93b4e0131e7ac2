"""Sections, room and machines of a centre: by whoever arranges the counters of the body that runs the point."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.counters import events
from thongsuot.counters.actions import errors
from thongsuot.counters.actions.common import fields_of, locked_house, must_work_in
from thongsuot.counters.models import Counter, Equipment, Premises, Section
from thongsuot.counters.queries.rosters import officers_at
from thongsuot.counters.rules import ARRANGE
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.dated import change_from
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import one_line
from thongsuot.units import queries as units

NAME_AT_MOST, CODE_AT_MOST, POSTS_AT_MOST, AREA_AT_MOST = 120, 40, 200, 100_000


@command
def open_section(point_id: int, *, name: str, fields: Sequence[str], posts: int, actor: Actor, at: datetime) -> Section:
    """Raises NotFound, NotYourDuty, BadInput, SectionNamed."""
    house_id, day = units.house_of(point_id), timezone.localdate(at)
    unit_id = must_work_in(house_id, ARRANGE, actor=actor, at=at)
    locked_house(house_id)
    facts = _section_facts(name, fields, posts, at)
    if Section.objects.filter(point=house_id, name=facts["name"], valid_to=None).exists():
        raise errors.SectionNamed
    section = Section.objects.create(point_id=house_id, valid_from=day, **facts)
    record(events.SECTION_OPENED, section, actor=actor, at=at, unit_id=unit_id, **facts)
    return section


@command
def change_section(section_id: int, *, name: str, fields: Sequence[str], posts: int, actor: Actor, at: datetime) -> Section:
    """Raises NotFound, NotYourDuty, BadInput, SectionNamed."""
    section, unit_id = _section(section_id, actor=actor, at=at)
    facts = _section_facts(name, fields, posts, at)
    if Section.objects.filter(point=section.point_id, name=facts["name"], valid_to=None).exclude(pk=section_id).exists():
        raise errors.SectionNamed
    section.name, section.fields, section.posts = facts["name"], facts["fields"], facts["posts"]
    section.save(update_fields=["name", "fields", "posts"])
    record(events.SECTION_CHANGED, section, actor=actor, at=at, unit_id=unit_id, **facts)
    return section


@command
def close_section(section_id: int, *, actor: Actor, at: datetime) -> Section:
    """Raises NotFound, NotYourDuty, SectionInUse."""
    section, unit_id = _section(section_id, actor=actor, at=at)
    if Counter.objects.filter(section=section, valid_to=None).exists():
        raise errors.SectionInUse
    section.valid_to = timezone.localdate(at)
    section.save(update_fields=["valid_to"])
    record(events.SECTION_CLOSED, section, actor=actor, at=at, unit_id=unit_id, name=section.name)
    return section


def _section(section_id: int, *, actor: Actor, at: datetime) -> tuple[Section, int]:
    """One in use, its house under lock."""
    found = must_exist(Section.objects.filter(pk=section_id, valid_to=None).first())
    unit_id = must_work_in(found.point_id, ARRANGE, actor=actor, at=at)
    locked_house(found.point_id)
    return must_exist(Section.objects.select_for_update().filter(pk=section_id, valid_to=None).first()), unit_id


def _section_facts(name: str, fields: Sequence[str], posts: int, at: datetime) -> dict[str, Any]:
    name, problems = one_line(name), {}
    if not name or len(name) > NAME_AT_MOST:
        problems["name"] = _("Chưa ghi tên bộ phận. Ví dụ: Bộ phận Hộ tịch, chứng thực.")
    if not 0 <= posts <= POSTS_AT_MOST:
        problems["posts"] = _("Hãy ghi một số từ %(least)s đến %(most)s.") % {"least": 0, "most": POSTS_AT_MOST}
    if problems:
        raise BadInput(problems)
    return {"name": name, "fields": fields_of(fields, timezone.localdate(at)), "posts": posts}


@command
def set_premises(point_id: int, *, area_m2: int, note: str = "", actor: Actor, at: datetime) -> Premises:
    """From today on. Raises NotFound, NotYourDuty, BadInput."""
    house_id, day = units.house_of(point_id), timezone.localdate(at)
    unit_id = must_work_in(house_id, ARRANGE, actor=actor, at=at)
    locked_house(house_id)
    if not 1 <= area_m2 <= AREA_AT_MOST:
        raise BadInput({"area_m2": _("Hãy ghi diện tích bằng mét vuông, ví dụ: 112.")})
    values = {"area_m2": area_m2, "note": one_line(note)[:200]}
    made = change_from(Premises.objects.filter(point=house_id), day, {"point_id": house_id}, values)
    record(events.PREMISES_SET, made, actor=actor, at=at, unit_id=unit_id, area_m2=area_m2)
    return made


@command
def add_equipment(
    point_id: int,
    *,
    kind: str,
    code: str,
    name: str,
    state: str = Equipment.State.GOOD,
    counter_id: int | None = None,
    holder_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> Equipment:
    """Raises NotFound, NotYourDuty, BadInput, CodeTaken."""
    house_id = units.house_of(point_id)
    unit_id = must_work_in(house_id, ARRANGE, actor=actor, at=at)
    locked_house(house_id)
    code, name, problems = one_line(code), one_line(name), {}
    if kind not in Equipment.Kind.values:
        problems["kind"] = _("Hãy chọn một loại trong danh sách.")
    if not code or len(code) > CODE_AT_MOST:
        problems["code"] = _("Chưa ghi mã. Hãy ghi mã trên tem của máy, ví dụ: MVT-03.")
    if not name or len(name) > NAME_AT_MOST:
        problems["name"] = _("Chưa ghi tên thiết bị.")
    if problems:
        raise BadInput(problems)
    if Equipment.objects.filter(point=house_id, code=code).exclude(state=Equipment.State.RETIRED).exists():
        raise errors.CodeTaken
    item = Equipment(point_id=house_id, kind=kind, code=code, name=name, since=timezone.localdate(at))
    facts = _put(item, state, counter_id, holder_id, at)
    item.save()
    record(events.EQUIPMENT_ADDED, item, actor=actor, at=at, unit_id=unit_id, item=kind, code=code, **facts)
    return item


@command
def change_equipment(
    equipment_id: int, *, state: str, counter_id: int | None, holder_id: int | None, actor: Actor, at: datetime
) -> Equipment:
    """How it fares, where it stands, who answers for it. What is no longer used stays so.

    Raises NotFound, NotYourDuty, BadInput.
    """
    in_use = Equipment.objects.select_for_update(of=("self",)).exclude(state=Equipment.State.RETIRED)
    item = must_exist(in_use.filter(pk=equipment_id).first())
    unit_id = must_work_in(item.point_id, ARRANGE, actor=actor, at=at)
    was = item.state
    facts = _put(item, state, counter_id, holder_id, at)
    item.save()
    record(events.EQUIPMENT_CHANGED, item, actor=actor, at=at, unit_id=unit_id, was=was, **facts)
    return item


def _put(item: Equipment, state: str, counter_id: int | None, holder_id: int | None, at: datetime) -> dict[str, object]:
    """Facts of the event. Raises BadInput."""
    day, problems = timezone.localdate(at), {}
    if state not in Equipment.State.values:
        problems["state"] = _("Hãy chọn một tình trạng trong danh sách.")
    counter = Counter.objects.filter(in_force(day), pk=counter_id or 0, point=item.point_id).first()
    if counter_id and counter is None:
        problems["counter"] = _("Hãy chọn một quầy đang dùng của điểm này.")
    if holder_id and holder_id != item.holder_id and holder_id not in dict(officers_at(item.point_id, on=day)):
        problems["holder"] = _("Hãy chọn một cán bộ của điểm này.")
    if problems:
        raise BadInput(problems)
    item.state, item.counter, item.holder_id = state, counter, holder_id or None
    return {"state": state, "counter": counter.number if counter else None, "holder": item.holder_id}
