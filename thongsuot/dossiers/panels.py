"""Parts of an officer's page of a dossier that higher capabilities bring. Like `web.home`, for one dossier.

from thongsuot.dossiers import panels
panels.panel("registers", civil_status, order=10)

A part is called with the dossier, the code of its procedure and the actor; it gives (template, context) or None.
Of dossiers it has nothing to say about it asks the database nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from thongsuot.dossiers.models import Dossier
from thongsuot.kernel.actor import Actor

Part = Callable[[Dossier, str, Actor], tuple[str, Mapping[str, Any]] | None]


@dataclass(frozen=True, kw_only=True)
class _Panel:
    name: str
    part: Part
    order: int


_panels: dict[str, _Panel] = {}


def panel(name: str, part: Part, *, order: int) -> None:
    """Add a part below the next actions."""
    _panels[name] = _Panel(name=name, part=part, order=order)


def drawn(request: HttpRequest, dossier: Dossier, *, procedure_code: str, actor: Actor) -> list[SafeString]:
    found = []
    for one in sorted(_panels.values(), key=lambda one: (one.order, one.name)):
        if told := one.part(dossier, procedure_code, actor):
            template, context = told
            found.append(mark_safe(render_to_string(template, dict(context), request)))  # noqa: S308 - a template escaped it
    return found
