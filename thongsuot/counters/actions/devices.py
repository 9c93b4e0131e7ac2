"""Machines of the hall: set up by who arranges the counters, joined by a code that is typed at the machine, once."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.counters import events
from thongsuot.counters.actions import errors
from thongsuot.counters.actions.common import locked_house, must_work_in
from thongsuot.counters.models import Counter, Device
from thongsuot.counters.queries.devices import digest
from thongsuot.counters.rules import ARRANGE, JOINING
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.codes import new_code
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import one_line
from thongsuot.units import queries as units

NAME_AT_MOST = 80


class Joinable(NamedTuple):
    """`code` is nowhere kept: who loses it asks for another."""

    device: Device
    code: str


class Joined(NamedTuple):
    """`key` is kept by the machine's browser alone."""

    device: Device
    key: str


@command
def set_up_device(
    point_id: int, *, kind: str, name: str, counter_id: int | None = None, actor: Actor, at: datetime
) -> Joinable:
    """A rating machine stands at one counter, a kiosk at none. Raises NotFound, NotYourDuty, BadInput, DeviceNamed."""
    house_id = units.house_of(point_id)
    unit_id = must_work_in(house_id, ARRANGE, actor=actor, at=at)
    locked_house(house_id)
    name = one_line(name)
    problems = {}
    if kind not in Device.Kind.values:
        problems["kind"] = _("Hãy chọn một loại máy trong danh sách.")
    if not name or len(name) > NAME_AT_MOST:
        problems["name"] = _("Chưa có tên máy. Hãy đặt tên theo chỗ đứng, ví dụ: Máy ở cửa chính.")
    counter = Counter.objects.filter(in_force(timezone.localdate(at)), pk=counter_id or 0, point=house_id).first()
    if kind == Device.Kind.RATING and counter is None:
        problems["counter"] = _("Máy đánh giá đặt tại một quầy. Hãy chọn quầy.")
    if problems:
        raise BadInput(problems)
    if Device.objects.filter(point=house_id, name=name, retired_at=None).exists():
        raise errors.DeviceNamed
    code = new_code("MAY")
    device = Device.objects.create(
        point_id=house_id,
        kind=kind,
        name=name,
        counter=counter if kind == Device.Kind.RATING else None,
        made_at=at,
        joining_digest=digest(code),
        joining_until=at + JOINING,
    )
    record(events.DEVICE_SET_UP, device, actor=actor, at=at, unit_id=unit_id, device=kind, name=name)
    return Joinable(device, code)


@command
def ask_to_join_again(device_id: int, *, actor: Actor, at: datetime) -> Joinable:
    """For another machine, or one that forgot its key: the old key ends when the new code is used.

    Raises NotFound, NotYourDuty.
    """
    device, unit_id = _arranged(device_id, actor=actor, at=at)
    code = new_code("MAY")
    device.joining_digest, device.joining_until = digest(code), at + JOINING
    device.save(update_fields=["joining_digest", "joining_until"])
    record(events.DEVICE_CODE, device, actor=actor, at=at, unit_id=unit_id)
    return Joinable(device, code)


@command
def join_device(code: str, *, actor: Actor, at: datetime) -> Joined:
    """By whoever stands at the machine. A code joins one machine, once. Raises WrongCode."""
    written = one_line(code).upper().replace(" ", "-")
    device = Device.objects.select_for_update().filter(joining_digest=digest(written), retired_at=None).first()
    if device is None or device.joining_until <= at:
        raise errors.WrongCode
    key = secrets.token_urlsafe(32)
    device.key_digest, device.joined_at, device.joining_until = digest(key), at, at
    device.save(update_fields=["key_digest", "joined_at", "joining_until"])
    unit_id = units.unit_of_point(device.point_id)
    record(events.DEVICE_JOINED, device, actor=actor, at=at, unit_id=unit_id)
    return Joined(device, key)


@command
def retire_device(device_id: int, *, actor: Actor, at: datetime) -> Device:
    """It does nothing any more. Raises NotFound, NotYourDuty."""
    device, unit_id = _arranged(device_id, actor=actor, at=at)
    device.retired_at, device.key_digest = at, ""
    device.save(update_fields=["retired_at", "key_digest"])
    record(events.DEVICE_RETIRED, device, actor=actor, at=at, unit_id=unit_id, name=device.name)
    return device


def _arranged(device_id: int, *, actor: Actor, at: datetime) -> tuple[Device, int]:
    device = must_exist(Device.objects.select_for_update().filter(pk=device_id, retired_at=None).first())
    return device, must_work_in(device.point_id, ARRANGE, actor=actor, at=at)
