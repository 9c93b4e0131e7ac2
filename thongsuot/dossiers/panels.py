"""Parts of a dossier's page that capabilities above fill: `dossiers` knows none of them.

from thongsuot.dossiers import panels
panels.panel("national_portal.state", state, order=10)  # from apps.ready; state(dossier, actor, now) -> Part or None
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from thongsuot.dossiers.models import Dossier
from thongsuot.kernel.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Part:
    """A fragment for the side column of officers: its template reads `part`."""

    template: str
    part: Any


Make = Callable[[Dossier, Actor, datetime], Part | None]
_panels: dict[str, tuple[int, Make]] = {}


def panel(name: str, make: Make, *, order: int) -> None:
    """Add to, or replace on, the page of a dossier for officers. `make` may cost one query."""
    _panels[name] = (order, make)


def panels_of(dossier: Dossier, *, actor: Actor, now: datetime) -> list[Part]:
    made = (make(dossier, actor, now) for _order, make in sorted(_panels.values(), key=lambda entry: entry[0]))
    return [part for part in made if part is not None]
