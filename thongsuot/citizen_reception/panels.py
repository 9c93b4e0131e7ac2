"""Parts of an entry's page that capabilities above fill: what they made of it. This one knows none of them.

from thongsuot.citizen_reception import panels
panels.panel("feedback.ticket", ticket, order=10)  # from apps.ready; ticket(entry, actor, now) -> Part or None
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from thongsuot.citizen_reception.models import ReceptionEntry
from thongsuot.kernel.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Part:
    """A fragment for the side column: its template reads `part`."""

    template: str
    part: Any


Make = Callable[[ReceptionEntry, Actor, datetime], Part | None]
_panels: dict[str, tuple[int, Make]] = {}


def panel(name: str, make: Make, *, order: int) -> None:
    """Add to, or replace on, the page of an entry. `make` may cost one query."""
    _panels[name] = (order, make)


def panels_of(entry: ReceptionEntry, *, actor: Actor, now: datetime) -> list[Part]:
    made = (make(entry, actor, now) for _order, make in sorted(_panels.values(), key=lambda one: one[0]))
    return [part for part in made if part is not None]
