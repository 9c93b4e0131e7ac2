"""What everybody may read: answered reports as a list, on a map, one by one, as a feed. All comes from `queries.public`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.counters.satisfaction import Level
from thongsuot.feedback.models import Photo
from thongsuot.feedback.queries import public as queries
from thongsuot.feedback.queries.public import Asked, Cluster, PublicAnswer, PublicRow
from thongsuot.feedback.sealed import opened, seal
from thongsuot.files.queries import opened_row
from thongsuot.kernel import clock
from thongsuot.kernel.errors import NotFound
from thongsuot.kernel.text import day, instant, one_line
from thongsuot.units import queries as units
from thongsuot.units.queries import UnitRow
from thongsuot.web import faults, maps
from thongsuot.web.downloads import file_answer
from thongsuot.web.maintenance import stores_nothing
from thongsuot.web.request import number_of

DAYS = (7, 30, 365)
_SHORT = 60  # seconds a browser may keep what may be taken back
_FEED = 30
_ON_MAP = 20  # rows beside the map
_FILTERS = ("linh_vuc", "phuong", "trang_thai", "q", "ngay")
_NEAR = "gan"  # where the reader is, sealed: an address tells nobody


def _asked(request: HttpRequest) -> tuple[Asked, dict[str, str]]:
    """What is looked for, and as the address says it. What is no filter of ours is no filter."""
    said = {name: one_line(request.GET.get(name, ""))[:100] for name in (*_FILTERS, _NEAR)}
    near = opened(said[_NEAR], what="near", at=clock.now())
    said[_NEAR] = said[_NEAR] if near else ""
    city, today = units.default_city(as_of=clock.today()), clock.today()
    category = _id_of(said["linh_vuc"], queries.categories(city.id, today))
    unit = _id_of(said["phuong"], queries.communes(city.id, today))
    days = number_of(said["ngay"])
    asked = Asked(
        category_id=category,
        unit_id=unit,
        is_open={"mo": True, "xong": False}.get(said["trang_thai"]),
        words=said["q"],
        since=_since(days, clock.now()) if days in DAYS else None,
        near=_near(*near.split()) if near else None,
    )
    return asked, {name: value for name, value in said.items() if value}


# A category or commune that is not here has nothing, never the whole city instead: no row has this id.
_NOWHERE = 0


def _id_of(code: str, choices: Sequence[queries.Choice]) -> int | None:
    return next((one.id for one in choices if one.code == code), _NOWHERE) if code else None


def _named(choices: Sequence[queries.Choice]) -> list[tuple[str, str]]:
    return [(one.code, _("%(name)s (trước đây)") % {"name": one.name} if one.ended else one.name) for one in choices]


def _since(days: int, now: datetime) -> datetime:
    """A year is counted by whole months, as the map counts them."""
    since = now - timedelta(days=days)
    return since if days < max(DAYS) else timezone.localtime(since).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _near(lat: str, lon: str) -> tuple[float, float] | None:
    try:
        latitude, longitude = float(lat.replace(",", ".")), float(lon.replace(",", "."))
    except ValueError:
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _by_place(request: HttpRequest) -> HttpResponse:
    """Where the reader is comes in the body, about a hundred metres is kept of it, and the list goes on by what is sealed."""
    said = {name: one_line(request.POST.get(name, ""))[:100] for name in _FILTERS}
    near = _near(request.POST.get("lat", ""), request.POST.get("lon", ""))
    said[_NEAR] = seal(f"{near[0]:.3f} {near[1]:.3f}", what="near", at=clock.now()) if near else ""
    return redirect(f"{request.path}?{urlencode({name: value for name, value in said.items() if value})}")


def _filters(asked: Asked, said: dict[str, str]) -> dict[str, Any]:
    city, today = units.default_city(as_of=clock.today()), clock.today()
    gone = [_("Lĩnh vực đã chọn không còn.")] if asked.category_id == _NOWHERE else []
    gone += [_("Phường, xã đã chọn không còn.")] if asked.unit_id == _NOWHERE else []
    return {
        "said": said,
        "gone": [*gone, _("Hãy chọn lại ở phần lọc.")] if gone else [],
        "categories": _named(queries.categories(city.id, today)),
        "wards": _named(queries.communes(city.id, today)),
        "days": [(str(days), _("%(days)s ngày qua") % {"days": days}) for days in DAYS[:-1]]
        + [(str(DAYS[-1]), _("12 tháng qua"))],
        "query": urlencode(said),
        "near": asked.near is not None,
        "elsewhere": urlencode({name: value for name, value in said.items() if name != _NEAR}),
        "anything": asked.anything,
    }


def _unit_names(rows: list[PublicRow]) -> dict[int | None, str]:
    ids = {one for row in rows for one in (row.place_unit_id, row.unit_id) if one is not None}
    found: dict[int, UnitRow] = units.unit_rows(ids, as_of=clock.today()) if ids else {}
    return {None: "", **{pk: row.full_name for pk, row in found.items()}}


def _shown(rows: list[PublicRow]) -> dict[str, Any]:
    names = _unit_names(rows)
    places = {row.id: queries.place_in_words(row.address, names[row.place_unit_id]) for row in rows}
    return {"rows": rows, "names": names, "places": places}


def _shared(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Everybody may read it, and it may be taken back: kept for a minute at most."""

    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code == 200 and settings.SESSION_COOKIE_NAME not in request.COOKIES:
            patch_cache_control(response, private=True, max_age=_SHORT)
        return response

    answer.__name__, answer.__doc__ = view.__name__, view.__doc__
    return answer


def box_to_begin(city_id: int) -> maps.Box | None:
    """What a map of reports shows first where nobody brought outlines of the city: what holds all that is public."""
    return queries.extent(city_id) if maps.ground().box == maps.VIET_NAM else None


@stores_nothing
@_shared
@require_http_methods(["GET", "POST"])
def public(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _by_place(request)
    asked, said = _asked(request)
    city = units.default_city(as_of=clock.today())
    rows, after = queries.page_of(city.id, asked, after=request.GET.get("sau", ""))
    return render(
        request,
        "feedback/citizen/public.html",
        {
            **_filters(asked, said),
            **_shown(rows),
            "next": urlencode({**said, "sau": after}) if after else "",
            "begun": "sau" in request.GET,
            "feed": _feed_address(said),
        },
    )


@stores_nothing
@_shared
@require_http_methods(["GET", "POST"])
def on_map(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _by_place(request)
    asked, said = _asked(request)
    city = units.default_city(as_of=clock.today())
    if faults.for_fragment(request) and "bbox" in request.GET:
        rows, _after = queries.page_of(city.id, asked, within=maps.view_asked(request), size=_ON_MAP)
        return render(request, "feedback/citizen/_rows.html", {**_shown(rows), "here": True, "anything": True})
    rows, _after = queries.page_of(city.id, asked, size=_ON_MAP)
    # Where nobody knows how far the city reaches, the map begins with what is on it, not with the whole country.
    context = {**_filters(asked, said), **_shown(rows), "here": False, "box": box_to_begin(city.id)}
    return render(request, "feedback/citizen/map.html", context)


@require_GET
def points(request: HttpRequest) -> HttpResponse:
    """GeoJSON of `bbox` and `zoom`. Kept for a minute, then asked whether it is still the same. Raises BadInput."""
    asked, _said = _asked(request)
    city = units.default_city(as_of=clock.today())
    found = queries.on_map(city.id, asked, maps.view_asked(request))
    features = [
        maps.cluster(one.latitude, one.longitude, one.count)
        if isinstance(one, Cluster)
        else maps.single(
            one.latitude,
            one.longitude,
            title=one.category or _("Phản ánh"),
            state=_("Đang xử lý lại") if one.is_open else _("Đã trả lời"),
            kind="go" if one.is_open else "done",
            url=reverse("feedback:one", args=[one.number]),
        )
        for one in found
    ]
    body = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    same = etag in request.headers.get("If-None-Match", "")
    answer = HttpResponse(status=304) if same else HttpResponse(body, content_type="application/geo+json")
    answer.headers["ETag"] = etag
    patch_cache_control(answer, private=True, max_age=_SHORT)
    return answer


@_shared
@require_GET
def one(request: HttpRequest, number: str) -> HttpResponse:
    """Raises NotFound, also for what is not public any more."""
    city = units.default_city(as_of=clock.today())
    found = queries.public_ticket(city.id, number)
    shown = _shown([found.row])
    before = [photo for photo in found.photos if photo.role in {Photo.Role.REPORT, Photo.Role.BEFORE}]
    context = {
        "found": found,
        "row": found.row,
        "place": shown["places"][found.row.id],
        "names": shown["names"] | _answer_units([one.unit_id for one in found.answers]),
        "before": before,
        "after": [photo for photo in found.photos if photo not in before],
        "level": Level(found.level).label if found.level else None,
    }
    return render(request, "feedback/citizen/one.html", context)


def _answer_units(ids: list[int]) -> dict[int | None, str]:
    return {pk: row.full_name for pk, row in units.unit_rows(set(ids), as_of=clock.today()).items()} if ids else {}


@require_GET
def photo(request: HttpRequest, number: str, photo_id: int) -> HttpResponseBase:
    """Asked of the database each minute anew: what was taken back is gone by then."""
    city = units.default_city(as_of=clock.today())
    row, content = opened_row(queries.public_file(city.id, number, photo_id))
    answer = file_answer(content, row.name, row.content_type, shown=True)
    answer.headers["Cache-Control"] = f"private, max-age={_SHORT}"
    return answer


def _feed_address(said: dict[str, str]) -> str:
    kept: dict[str, str] = {name: said[name] for name in ("linh_vuc", "phuong") if name in said}
    return reverse("feedback:feed") + (f"?{urlencode(kept)}" if kept else "")


@require_GET
def feed(request: HttpRequest) -> HttpResponse:
    """Atom, of the whole city, a ward or a category: who has them called by their program need not look every day.

    Raises NotFound for a ward or category that is not here: a program shows that, and an empty or another list it would not.
    """
    asked, said = _asked(request)
    if _NOWHERE in (asked.category_id, asked.unit_id):
        raise NotFound
    asked = Asked(category_id=asked.category_id, unit_id=asked.unit_id)
    city = units.default_city(as_of=clock.today())
    rows, _after = queries.page_of(city.id, asked, size=_FEED)
    answers, base = queries.answers_of([row.id for row in rows]), settings.PUBLIC_URL.rstrip("/")
    names = _unit_names(rows) | _answer_units([one.unit_id for told in answers.values() for one in told])
    filters = _filters(asked, said)
    about = [text for code, text in filters["wards"] if code == said.get("phuong")]
    about += [text for code, text in filters["categories"] if code == said.get("linh_vuc")]
    made = Atom1Feed(
        title=", ".join([_("Phản ánh đã trả lời"), *(about or [city.full_name])]),
        link=base + reverse("feedback:public"),
        description="",
        language="vi",
        feed_url=base + _feed_address(said),
    )
    for row in rows:
        made.add_item(
            title=f"{row.number}: {row.category}",
            link=base + reverse("feedback:one", args=[row.number]),
            description="\n\n".join([row.words, *(_said(one, names) for one in answers[row.id])]),
            unique_id=base + reverse("feedback:one", args=[row.number]),
            pubdate=row.published_at,
            updateddate=max([row.published_at, *(one.corrected_at for one in answers[row.id] if one.corrected_at)]),
            categories=[row.category] if row.category else [],
            author_name=names[row.unit_id],
        )
    answer = HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    patch_cache_control(answer, private=True, max_age=_SHORT)
    return answer


def _said(answer: PublicAnswer, names: dict[int | None, str]) -> str:
    """An answer in the feed: of which day, and whether it was put right since."""
    who = {"unit": names.get(answer.unit_id, ""), "at": instant(answer.at) if answer.at else ""}
    said = _("%(unit)s trả lời %(at)s:") % who
    if answer.corrected_at:
        said += " " + _("(đã sửa ngày %(at)s)") % {"at": day(timezone.localdate(answer.corrected_at))}
    return f"{said} {answer.words}"


def home_part(request: HttpRequest) -> tuple[str, dict[str, Any]] | None:
    """The newest answers, on the home page."""
    try:
        city = units.default_city(as_of=clock.today())
    except units.UnitNotFound:
        return None
    rows, _after = queries.page_of(city.id, Asked(), size=3)
    return "feedback/citizen/_home.html", {"rows": rows, "names": _unit_names(rows)}
