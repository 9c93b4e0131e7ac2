"""What is read: the discovery, services, requests, tokens, updates, and the pictures that requests name."""

from __future__ import annotations

from datetime import datetime, time

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thongsuot.files.queries import opened_row
from thongsuot.kernel import clock
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.open311 import rules
from thongsuot.open311.answers import Many, answer, told
from thongsuot.open311.errors import UnknownRequest, UnknownToken
from thongsuot.open311.queries import services as service_queries
from thongsuot.open311.queries import tickets as ticket_queries
from thongsuot.open311.queries.sent import sent_by_token
from thongsuot.open311.queries.tickets import w3
from thongsuot.open311.queries.updates import updates as updates_between
from thongsuot.open311.views.wire import Asked, read
from thongsuot.units import queries as units
from thongsuot.web.downloads import file_answer

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"


def discovery(request: HttpRequest, form: str) -> HttpResponse:
    """Where the interface is and who answers for it: read before anything else, so it is not counted."""
    day = clock.today()
    city = units.default_city(as_of=day)
    home = settings.PUBLIC_URL.rstrip("/")
    changed = w3(datetime.combine(service_queries.changed_on(city.id, day), time.min, tzinfo=VIET_NAM))
    endpoint = {
        "specification": SPECIFICATION,
        "url": f"{home}/open311/v2",
        "changeset": changed,
        "type": "production" if settings.PRODUCTION else "test",
        "formats": Many("format", ["text/xml", "application/json"]),
    }
    says = {
        "changeset": changed,
        "contact": _("%(city)s, tổng đài %(hotline)s") % {"city": city.full_name, "hotline": settings.HOTLINE},
        "key_service": _("Xin khóa: %(page)s") % {"page": home + reverse("open311:about")},
        "endpoints": Many("endpoint", [endpoint]),
    }
    return answer(request, form, "discovery", says)


def services(request: HttpRequest, form: str) -> HttpResponse:
    asked = read(request)
    found = service_queries.services(asked.city_id, asked.day, by_token=asked.terms.by_token)
    return answer(request, form, "services", found)


def definition(request: HttpRequest, code: str, form: str) -> HttpResponse:
    asked = read(request)
    category = service_queries.service(code, city_id=asked.city_id, on=asked.day)
    return answer(request, form, "service_definition", service_queries.definition(category, on=asked.day))


def requests(request: HttpRequest, form: str) -> HttpResponse:
    asked = read(request)
    extensions = _is_true(asked, "extensions")
    found = ticket_queries.tickets(asked.city_id, _query(asked), key_id=asked.key_id, on=asked.day, extensions=extensions)
    return answer(request, form, "service_requests", found)


def one_request(request: HttpRequest, number: str, form: str) -> HttpResponse:
    asked = read(request)
    extensions = _is_true(asked, "extensions")
    found = ticket_queries.ticket(asked.city_id, number, key_id=asked.key_id, on=asked.day, extensions=extensions)
    if not found.rows:
        raise UnknownRequest
    return answer(request, form, "service_requests", found)


def token(request: HttpRequest, token: str, form: str) -> HttpResponse:
    asked = read(request)
    number = sent_by_token(token, city_id=asked.city_id)
    if number is None:
        raise UnknownToken
    return answer(request, form, "service_requests", Many("request", [{"service_request_id": number, "token": token}]))


def updates(request: HttpRequest, form: str) -> HttpResponse:
    asked = read(request)
    start, end = _span(asked)
    size, page = _page(asked)
    numbers = rules.words_between_commas(asked.fields.getlist("service_request_id"), "service_request_id")
    first = (page - 1) * size
    found = updates_between(asked.city_id, key_id=asked.key_id, start=start, end=end, numbers=numbers, first=first, size=size)
    return answer(request, form, "service_request_updates", found)


def elsewhere(request: HttpRequest) -> HttpResponse:
    return told(request, 404, _("Không có địa chỉ này. Mỗi địa chỉ kết thúc bằng .xml hoặc .json."), {})


@require_safe
def media(request: HttpRequest, photo_id: int) -> HttpResponseBase:
    """A picture of a published request, as it was published: covered, and without any facts of its own."""
    city = units.default_city(as_of=clock.today())
    file_id = ticket_queries.public_photo(photo_id, city_id=city.id)
    if file_id is None:
        raise Http404
    row, content = opened_row(file_id)
    response = file_answer(content, f"{photo_id}.jpg", row.content_type, shown=True)
    response.headers["Cache-Control"] = "public, max-age=300"  # it may be taken off again
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _query(asked: Asked) -> rules.Query:
    """Raises BadInput."""
    numbers = rules.words_between_commas(asked.fields.getlist("service_request_id"), "service_request_id")
    if numbers:  # the standard: it overrides all other arguments, also those that nobody could read
        return rules.Query(numbers=numbers)
    after, before = (rules.instant(asked.text(name), name) for name in ("updated_after", "updated_before"))
    spanned = asked.text("start_date") or asked.text("end_date") or not (after or before)
    start, end = _span(asked) if spanned else (None, None)
    size, page = _page(asked)
    point = rules.point(asked.text("lat"), asked.text("long"))
    return rules.Query(
        services=rules.words_between_commas(asked.fields.getlist("service_code"), "service_code"),
        statuses=rules.statuses(asked.fields.getlist("status")),
        start=start,
        end=end,
        updated_after=after,
        updated_before=before,
        point=point,
        radius=rules.whole(asked.text("radius"), "radius", most=rules.WIDEST_METRES, default=1000) if point else 0,
        words=_words(asked),
        page=page,
        size=size,
    )


def _words(asked: Asked) -> str:
    words = asked.text("q")
    if len(words) > 200:
        raise BadInput({"q": _("q dài quá 200 ký tự.")})
    return words


def _span(asked: Asked) -> tuple[datetime, datetime]:
    start, end = rules.instant(asked.text("start_date"), "start_date"), rules.instant(asked.text("end_date"), "end_date")
    return rules.span(start, end, now=asked.now)


def _page(asked: Asked) -> tuple[int, int]:
    size = rules.whole(asked.text("page_size"), "page_size", most=rules.MOST, default=rules.MOST)
    return size, rules.whole(asked.text("page"), "page", most=rules.LAST_PAGE, default=1)


def _is_true(asked: Asked, name: str) -> bool:
    return asked.text(name).lower() in {"true", "1"}
