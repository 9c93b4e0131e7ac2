"""What every page of the registers shares: the tabs."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.registers.rules import DUTY


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
