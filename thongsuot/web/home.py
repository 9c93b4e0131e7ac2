"""Parts of the home page that capabilities bring. A part is a callable of the request: (template, context), or None.

from thongsuot.web import home
home.section("procedures.popular", popular_box, place="side", order=10)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

Part = Callable[[HttpRequest], tuple[str, Mapping[str, Any]] | None]
Place = Literal["main", "side"]


@dataclass(frozen=True, kw_only=True)
class _Section:
    name: str
    part: Part
    place: Place
    order: int


_sections: dict[str, _Section] = {}


def section(name: str, part: Part, *, place: Place, order: int) -> None:
    """Add a part. `main` is the wide column, `side` the narrow one; on a phone main comes first."""
    _sections[name] = _Section(name=name, part=part, place=place, order=order)


def drawn(request: HttpRequest, place: Place) -> list[SafeString]:
    found = []
    for one in sorted(_sections.values(), key=lambda one: (one.order, one.name)):
        if one.place == place and (told := one.part(request)):
            template, context = told
            found.append(mark_safe(render_to_string(template, dict(context), request)))  # noqa: S308 - a template escaped it
    return found
