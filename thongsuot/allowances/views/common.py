"""What the pages of allowances share: who comes in, the tabs, units to choose from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.allowances.queries.keeping import units_kept
from thongsuot.allowances.queries.runs import may_see
from thongsuot.allowances.rules import APPROVE, KEEP
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.units import queries as units
from thongsuot.units.models import Unit
from thongsuot.units.queries import UnitRow
from thongsuot.web.request import actor_with


def city_actor(request: HttpRequest, *, today: date) -> tuple[Actor, UnitRow]:
    """Whoever pays or approves for the city, and the city. Raises NotYourDuty."""
    actor = actor_with(request, APPROVE, KEEP)
    city = units.default_city(as_of=today)
    if not may_see(actor, city.id):
        raise NotYourDuty(APPROVE)
    return actor, city


def communes(actor: Actor, *, today: date, ended: bool = False) -> list[UnitRow]:
    """Those whose lists the actor keeps, in Vietnamese order; with `ended` those too whose lists came to these, at the end."""
    rows = units.unit_rows(units_kept(actor), as_of=today).values()
    mine = [row for row in rows if row.level == Unit.Level.COMMUNE and (ended or row.exists_on(today))]
    return sorted(mine, key=lambda row: (not row.exists_on(today), row.sort_name, row.code))


def choices(rows: Iterable[UnitRow], *, today: date) -> list[tuple[int, str]]:
    return [
        (row.id, row.full_name if row.exists_on(today) else _("%(unit)s (đơn vị cũ)") % {"unit": row.full_name}) for row in rows
    ]


def names(unit_ids: Iterable[int | None], *, on: date) -> dict[int | None, str]:
    rows = units.unit_rows({unit_id for unit_id in unit_ids if unit_id is not None}, as_of=on)
    return {unit_id: row.full_name for unit_id, row in rows.items()}


def tabs(current: str, *, actor: Actor, today: date) -> list[dict[str, Any]]:
    items = [
        ("allowances:roll", _("Danh sách")),
        ("allowances:month", _("Kỳ chi trả")),
        ("allowances:imports", _("Nhập danh sách cũ")),
    ]
    if may_see(actor, units.default_city(as_of=today).id):
        items.append(("allowances:runs", _("Chi trả của thành phố")))
    return [{"text": text, "href": reverse(name), "current": name == current} for name, text in items]
