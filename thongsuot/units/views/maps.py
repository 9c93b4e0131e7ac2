"""What maps of any page are drawn on, and what lies where a pin was put: JSON for `static/thongsuot/map.js`."""

from __future__ import annotations

import zlib

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_GET, require_POST

from thongsuot.kernel import clock
from thongsuot.units import queries
from thongsuot.units.forms import PlaceForm
from thongsuot.web.maintenance import stores_nothing
from thongsuot.web.maps import Box


def _collection(request: HttpRequest) -> bytes:
    today = clock.today()
    return queries.collection(queries.default_city(as_of=today).id, as_of=today)


def _version(request: HttpRequest) -> str:
    return f'"{zlib.crc32(_collection(request)):08x}"'


@require_GET
@cache_control(public=True, max_age=600)
@gzip_page
@condition(etag_func=_version)
def outlines(request: HttpRequest) -> HttpResponse:
    """Kept by browsers for ten minutes; after that they ask whether it is still the same."""
    return HttpResponse(_collection(request), content_type="application/geo+json")


@stores_nothing
@csrf_exempt  # it changes nothing, and a page kept for times without a line has no token of today
@require_POST
def where(request: HttpRequest) -> JsonResponse:
    """The commune at `lat`, `lon`, and how to say it; 422 for what is no point. Someone stood there: no cache keeps it, and no
    log does, for it comes in the body."""
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"words": _("Tọa độ không đúng. Hãy chọn lại trên bản đồ.")}, status=422)
    today = clock.today()
    city = queries.default_city(as_of=today)
    unit = queries.unit_at(form.cleaned_data["lat"], form.cleaned_data["lon"], as_of=today)
    if unit is not None and unit.parent_id == city.id:
        said = {"id": unit.id, "code": unit.code, "words": unit.full_name}
    elif unit is not None or queries.has_boundaries(city.id, as_of=today):
        said = {"words": _("Nơi này nằm ngoài %(city)s") % {"city": city.full_name}}
    else:
        said = {"words": _("Chưa rõ phường, xã: hãy tự chọn")}
    answer = JsonResponse(said)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def outlined() -> bool:
    """Are the outlines of the city's communes here? Also while no units are loaded: then there is nothing to outline."""
    today = clock.today()
    try:
        return queries.has_boundaries(queries.default_city(as_of=today).id, as_of=today)
    except queries.UnitNotFound:
        return True


def box() -> Box | None:
    """Where the city lies; None while no units are loaded."""
    today = clock.today()
    try:
        return queries.box_of(queries.default_city(as_of=today).id, as_of=today)
    except queries.UnitNotFound:
        return None
