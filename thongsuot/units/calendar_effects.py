"""What a change of the calendar would move elsewhere. Capabilities above fill this; the page shows it first.

calendar_effects.told_by("dossiers.due_dates", what_would_move)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from thongsuot.units.facts import CalendarChange

Effect = Callable[[CalendarChange, int, datetime], tuple[str, Mapping[str, Any]]]
"""(the change, the city's id, now) -> (template, context) of a panel."""

_effects: dict[str, Effect] = {}


def told_by(name: str, effect: Effect) -> None:
    _effects[name] = effect


def drawn(request: HttpRequest, change: CalendarChange, *, city_id: int, now: datetime) -> list[SafeString]:
    panels = []
    for _name, effect in sorted(_effects.items()):
        template, context = effect(change, city_id, now)
        panels.append(mark_safe(render_to_string(template, dict(context), request)))  # noqa: S308 - a template escaped it
    return panels
