"""What a change here would do elsewhere. Capabilities above fill these; the page that asks "are you sure?" shows it first.

effects.on_calendar.told_by("dossiers.due_dates", what_would_move)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from thongsuot.units.facts import AgencyEnd, CalendarChange, ServingChange
from thongsuot.units.queries import PointRow

Change = TypeVar("Change")
Effect = Callable[[Change, int, datetime], tuple[str, Mapping[str, Any]]]
"""(the change, the city's id, now) -> (template, context) of a panel."""


class Effects(Generic[Change]):
    """The panels about one kind of change."""

    def __init__(self) -> None:
        self._told: dict[str, Effect[Change]] = {}

    def told_by(self, name: str, effect: Effect[Change]) -> None:
        self._told[name] = effect

    def drawn(self, request: HttpRequest, change: Change, *, city_id: int, now: datetime) -> list[SafeString]:
        panels = []
        for _name, effect in sorted(self._told.items()):
            template, context = effect(change, city_id, now)
            panels.append(mark_safe(render_to_string(template, dict(context), request)))  # noqa: S308 - a template escaped it
        return panels


on_calendar: Effects[CalendarChange] = Effects()
on_serving: Effects[ServingChange] = Effects()
on_point_move: Effects[PointRow] = Effects()
on_agency_end: Effects[AgencyEnd] = Effects()
