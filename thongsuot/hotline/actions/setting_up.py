"""What a city sets up: lines, its settings, scripts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.hotline import events, exchange
from thongsuot.hotline.actions import errors
from thongsuot.hotline.actions.calls import category_of
from thongsuot.hotline.models import Call, CallScript, HotlineLine, HotlineSetting, OperatorPresence
from thongsuot.hotline.rules import MANAGE, Settings
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.dated import change_from
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.text import nfc, one_line
from thongsuot.units.models import Unit

MOST_STEPS, LONGEST_STEP, LONGEST_OPENING = 20, 300, 1000
_CODE = re.compile(r"[\w+*#.-]{1,20}", re.ASCII)


@command
def open_line(city_id: int, *, code: str, name: str, actor: Actor, at: datetime) -> HotlineLine:
    """At the exchange of this installation. Raises NotYourDuty, BadInput, LineKnown."""
    actor.must(MANAGE, unit_id=city_id)
    _lock(city_id)
    code, name = one_line(code), one_line(name)
    problems = {}
    if not _CODE.fullmatch(code):
        problems["code"] = _("Hãy ghi mã đúng như tổng đài gọi đường dây này: chữ không dấu, chữ số, nhiều nhất 20 ký tự.")
    if not name or len(name) > 80:
        problems["name"] = _("Hãy đặt tên đường dây, nhiều nhất 80 chữ.")
    if not exchange.name():
        problems["code"] = _("Chưa nối tổng đài điện thoại nào. Hãy nối tổng đài trước, xem tài liệu cài đặt.")
    if problems:
        raise BadInput(problems)
    if HotlineLine.objects.filter(exchange=exchange.name(), code=code, closed_at=None).exists():
        raise errors.LineKnown
    made = HotlineLine.objects.create(city_id=city_id, exchange=exchange.name(), code=code, name=name, opened_at=at)
    record(events.LINE_OPENED, made, actor=actor, at=at, unit_id=city_id, code=code)
    return made


@command
def close_line(line_id: int, *, actor: Actor, at: datetime) -> HotlineLine:
    """Raises NotFound, NotYourDuty, LineInUse."""
    line = must_exist(HotlineLine.objects.select_for_update().filter(pk=line_id, closed_at=None).first())
    actor.must(MANAGE, unit_id=line.city_id)
    open_calls = Call.objects.filter(line=line).exclude(state=Call.State.DONE)
    if open_calls.exists() or OperatorPresence.objects.filter(line=line, until_at=None).exists():
        raise errors.LineInUse
    line.closed_at = at
    line.save(update_fields=["closed_at"])
    record(events.LINE_CLOSED, line, actor=actor, at=at, unit_id=line.city_id, code=line.code)
    return line


@command
def set_settings(city_id: int, settings: Settings, *, actor: Actor, at: datetime) -> HotlineSetting:
    """From today on. Raises NotYourDuty, BadInput."""
    actor.must(MANAGE, unit_id=city_id)
    _lock(city_id)
    said = settings.numbers
    problems = {
        name: _("Hãy ghi một số từ %(least)s đến %(most)s.") % {"least": least, "most": most}
        for name, (least, most) in Settings.RANGES.items()
        if not least <= said[name] <= most
    }
    basis = one_line(settings.basis)
    if not basis or len(basis) > 200:
        problems["basis"] = _("Hãy ghi căn cứ của các mức này, nhiều nhất 200 chữ.")
    if problems:
        raise BadInput(problems)
    values = {**said, "basis": basis}
    rows = HotlineSetting.objects.filter(city=city_id)
    made = change_from(rows, timezone.localdate(at), {"city_id": city_id}, values)
    record(events.SETTINGS_SET, made, actor=actor, at=at, unit_id=city_id, **said)
    return made


@command
def write_script(
    city_id: int, *, category_id: int | None, opening: str, steps: Sequence[str], actor: Actor, at: datetime
) -> CallScript:
    """What is said from today on about a category, or any matter; what was before is kept. Raises NotYourDuty, BadInput."""
    actor.must(MANAGE, unit_id=city_id)
    _lock(city_id)
    if category_id is not None:
        category_of(city_id, category_id, at=at)
    opening, steps = nfc(opening).strip(), [line for step in steps if (line := one_line(step))]
    problems = {}
    if not opening or len(opening) > LONGEST_OPENING:
        problems["opening"] = _("Hãy ghi lời mở đầu, nhiều nhất 1.000 chữ.")
    if len(steps) > MOST_STEPS or any(len(step) > LONGEST_STEP for step in steps):
        problems["steps"] = _("Nhiều nhất 20 bước, mỗi bước một dòng không quá 300 chữ.")
    if problems:
        raise BadInput(problems)
    rows = CallScript.objects.filter(city=city_id, category=category_id)
    owner = {"city_id": city_id, "category_id": category_id}
    made = change_from(rows, timezone.localdate(at), owner, {"opening": opening, "steps": steps})
    record(events.SCRIPT_WRITTEN, made, actor=actor, at=at, unit_id=city_id, category=category_id, steps=len(steps))
    return made


def _lock(city_id: int) -> None:
    """Whoever sets something up waits for who does so already."""
    Unit.objects.select_for_update(no_key=True).get(pk=city_id)
