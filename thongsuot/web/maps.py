"""What maps of pages are drawn on: the city's own outlines, and below them pictures of a tile server where one is set.

A page with a map imports `web/map.html`; `static/thongsuot/map.js` says what it asks of the page's addresses. Nothing comes
from another host but the tiles, and those only from the one that the settings name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from thongsuot.kernel.errors import BadInput
from thongsuot.web.addresses import address

Box = tuple[float, float, float, float]  # west, south, east, north, in degrees
VIET_NAM: Box = (102.0, 8.0, 110.0, 23.5)
# One host, and the three places of a tile. Nothing that could end a word of the content policy: it names this host.
_TEMPLATE = re.compile(r"https://[a-z0-9.-]+(?::[0-9]{1,5})?/[A-Za-z0-9._~/?&=%@+{}-]*")
_DEGREES = r"(-?[0-9]{1,3}(?:\.[0-9]{1,9})?)"
_BOX = re.compile(",".join([_DEGREES] * 4))
_PLACES = re.compile(r"\{[^}]*\}")


class Laid(NamedTuple):
    """Names of the addresses of outlines, of what lies at a point, of the page that says how outlines come in.

    box: where the city lies; outlined: are its outlines here?
    """

    outlines: str
    where: str
    arranged: str
    box: Callable[[], Box | None]
    outlined: Callable[[], bool]


_laid: list[Laid] = []


def laid_by(laid: Laid) -> None:
    """`units` brings the ground."""
    _laid[:] = [laid]


@dataclass(frozen=True, kw_only=True)
class Ground:
    """As `web/map.html` needs it. `outlines`, `where`, `arranged`: addresses, empty where nobody brought any."""

    outlines: str
    where: str
    arranged: str
    tiles: str
    credit: str

    @property
    def box(self) -> Box:
        return (_laid[0].box() if _laid else None) or VIET_NAM

    @property
    def bare(self) -> bool:
        """Nobody imported outlines yet: whoever may is told so."""
        return bool(_laid) and not _laid[0].outlined()

    @property
    def host(self) -> str:
        """Of the tile server: who else learns of a reader."""
        return urlsplit(tile_origin()).hostname or ""


def ground() -> Ground:
    outlines, where, arranged = map(address, _laid[0][:3]) if _laid else ("", "", "")
    return Ground(
        outlines=outlines,
        where=where,
        arranged=arranged,
        tiles=settings.MAP_TILES,
        credit=settings.MAP_CREDIT if settings.MAP_TILES else "",
    )


def is_template(text: str) -> bool:
    """May it be asked for tiles: https, one host, and {z}, {x}, {y} once each; {r} where sharper pictures are had."""
    places = sorted(_PLACES.findall(text))
    return bool(_TEMPLATE.fullmatch(text)) and places in (["{x}", "{y}", "{z}"], ["{r}", "{x}", "{y}", "{z}"])


def tile_origin() -> str:
    """Of the tile server, for the content policy; empty without one, and when what is set is no template."""
    return "https://" + urlsplit(settings.MAP_TILES).netloc if is_template(settings.MAP_TILES) else ""


@dataclass(frozen=True, kw_only=True)
class View:
    """What a map shows, as `point_map` says when it asks. Clamped to the globe; the box may be as large as one likes."""

    west: float
    south: float
    east: float
    north: float
    zoom: int

    def holds(self, latitude: float, longitude: float) -> bool:
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


def view_asked(request: HttpRequest) -> View:
    """Of `bbox=west,south,east,north` and `zoom`. Raises BadInput."""
    found = _BOX.fullmatch(request.GET.get("bbox", ""))
    zoom = re.fullmatch("[0-9]{1,2}", request.GET.get("zoom", ""))
    west, south, east, north = map(float, found.groups()) if found else (1.0, 0.0, 0.0, 0.0)
    if zoom is None or west > east or south > north:
        raise BadInput({"bbox": _("Bản đồ chưa cho biết đang xem vùng nào. Hãy tải lại trang.")})
    return View(west=max(west, -180), south=max(south, -90), east=min(east, 180), north=min(north, 90), zoom=int(zoom[0]))


Feature = dict[str, Any]


def single(latitude: float, longitude: float, *, title: str, state: str, kind: str, url: str) -> Feature:
    """One thing: pressed, it leads to its page. `kind` as of a tag: new, go, wait, done, bad, end."""
    return _point(latitude, longitude, title=title, state=state, kind=kind, url=url)


def cluster(latitude: float, longitude: float, count: int) -> Feature:
    """Many that lie too near each other to be told apart at this zoom: pressed, the map goes nearer."""
    return _point(latitude, longitude, count=count)


def _point(latitude: float, longitude: float, **about: object) -> Feature:
    at = [round(longitude, 5), round(latitude, 5)]
    return {"type": "Feature", "properties": about, "geometry": {"type": "Point", "coordinates": at}}


def cell(box: Box, step: int, title: str) -> Feature:
    """A square of the ground, coloured by step: 1 for little to 5 for much; `title` says it in words."""
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"step": step, "title": title}, "geometry": geometry}


def features_answer(features: Iterable[Feature]) -> JsonResponse:
    """What `point_map` takes. Kept by no cache: it changes with each thing that happens."""
    answer = JsonResponse({"type": "FeatureCollection", "features": list(features)}, content_type="application/geo+json")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
