"""Pages that follow what happens: they ask for what is new and are sent the parts that have changed, nothing else.

They ask when a pulse tells them to (`web.pulses`), every 3 seconds where no line for pulses stands or what they show depends on
the time. In the template: `live.html` for the places and for what asks (`beat`), `live.js` in `scripts`.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@dataclass(frozen=True)
class Part:
    """A part of a page that is sent again when what it shows has changed, and only then: whoever types is not disturbed.

    shows  all that it shows, as plain data
    live   read out when it changes
    """

    id: str
    template: str
    shows: Any
    live: bool = False

    @property
    def version(self) -> str:
        return f"{zlib.crc32(repr(self.shows).encode()):08x}"

    @property
    def known_as(self) -> str:
        return f"{self.id}:{self.version}"


def changed(
    request: HttpRequest,
    parts: list[Part],
    context: Mapping[str, Any],
    *,
    known: list[str],
    template: str = "web/_changed.html",
) -> HttpResponse:
    """Those parts that the page does not have yet, for htmx to put in their places; 204 when it has all."""
    fresh = [part for part in parts if part.known_as not in known]
    if not fresh:
        return HttpResponse(status=204)
    response = render(request, template, {**context, "parts": fresh, "swap": True})
    response.headers["Cache-Control"] = "private, no-store"
    return response
