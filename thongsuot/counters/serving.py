"""Where an officer goes on from a number that is being served: capabilities above say, `counters` knows none of them.

from thongsuot.counters import serving
serving.way_on("dossiers.intake", _("Tiếp nhận hồ sơ"), "dossiers:intake", order=10)  # from navigation.py
"""

from __future__ import annotations

from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise


class WayOn(NamedTuple):
    text: str
    href: str


_ways: dict[str, tuple[int, Promise | str, str]] = {}


def way_on(name: str, text: Promise | str, address: str, *, order: int) -> None:
    """Add to, or replace on, the page of a counter while somebody is served. address: a name without parameters."""
    _ways[name] = (order, text, address)


def ways_on() -> list[WayOn]:
    return [WayOn(str(text), reverse(address)) for _order, text, address in sorted(_ways.values(), key=lambda way: way[0])]
