"""What every page of the registers shares: who comes in, the tabs, the short time for which a reason stands."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.people.models import LookUp
from thongsuot.registers.models import Entry
from thongsuot.registers.rules import DUTY

# A reason given stands for as long as one works on the entry; then the page asks again.
ONE_LOOK = timedelta(minutes=15)


def tabs(current: str, *, actor: Actor) -> list[dict[str, Any]]:
    items = [
        ("registers:search", _("Tìm"), DUTY),
        ("registers:books", _("Các quyển sổ"), DUTY),
        ("registers:corrections", _("Cần sửa"), ""),
        ("registers:imports", _("Nhập sổ cũ"), DUTY),
        ("registers:figures", _("Số liệu"), DUTY),
    ]
    return [
        {"text": text, "href": reverse(name), "current": name == current}
        for name, text, duty in items
        if not duty or actor.units_for(duty)
    ]


def reason_stands(entry: Entry, actor: Actor, *, now: datetime) -> bool:
    """Has this officer given a reason for this entry a moment ago? One query."""
    if actor.person_id is None:
        return False
    return LookUp.objects.filter(
        subject=entry._meta.label_lower, subject_id=entry.pk, by_id=actor.person_id, at__gt=now - ONE_LOOK
    ).exists()
