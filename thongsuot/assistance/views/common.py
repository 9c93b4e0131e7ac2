"""What pages of those who arrange share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.assistance.rules import ARRANGE, LEAD_AID
from thongsuot.kernel.actor import Actor
from thongsuot.units import queries as units
from thongsuot.units.models import Unit


def whose(actor: Actor, *, on: date) -> list[tuple[int, str]]:
    """Communes of today whose helpers the actor manages, to choose from."""
    rows = units.unit_rows(actor.units_for(ARRANGE), as_of=on).values()
    found = [row for row in rows if row.level == Unit.Level.COMMUNE and row.exists_on(on)]
    return [(row.id, row.full_name) for row in sorted(found, key=lambda row: row.sort_name)]


def names(unit_ids: Iterable[int], *, on: date) -> dict[int, str]:
    return {row.id: row.full_name for row in units.unit_rows(set(unit_ids), as_of=on).values()}


def manages_city(actor: Actor, *, on: date) -> bool:
    return actor.may(ARRANGE, unit_id=units.default_city(as_of=on).id)


def tabs(here: str, *, actor: Actor) -> list[dict[str, Any]]:
    """The parts of the register, for who may open each."""
    parts = [
        ("assistance:helpers", _("Người giúp"), (ARRANGE, LEAD_AID)),
        ("assistance:agents", _("Đại lý"), (ARRANGE,)),
        ("assistance:city_log", _("Nhật ký nộp giúp"), (ARRANGE,)),
    ]
    shown = [(name, text) for name, text, duties in parts if any(map(actor.units_for, duties))]
    return [{"text": text, "href": reverse(name), "current": name == here} for name, text in shown]


def status_of(request: HttpRequest, *forms_: forms.Form | None) -> int:
    return 422 if request.method == "POST" and any(form is not None and form.errors for form in forms_) else 200
