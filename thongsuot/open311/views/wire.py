"""What all addresses of the interface share: methods, who calls from where, the city. No page, no login, no cookie."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from thongsuot.feedback.facts import PhotoUpload
from thongsuot.kernel import clock
from thongsuot.kernel.errors import BadInput
from thongsuot.open311 import actions
from thongsuot.open311.actions.counting import network_digest
from thongsuot.open311.answers import open_to_pages, told
from thongsuot.open311.errors import BadKey, TooLarge, UnknownJurisdiction, WrongFormat
from thongsuot.open311.models import ApiKey
from thongsuot.open311.queries import access
from thongsuot.units import queries as units

View = Callable[..., HttpResponse]
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
PICTURES = ("media", "media[]", "media_url", "media_url[]")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One call: of which city, when, by whom, and what was sent."""

    city_id: int
    now: datetime
    day: date
    terms: access.TermsRow
    key: ApiKey | None
    address: str
    fields: QueryDict

    @property
    def network(self) -> str:
        return network_digest(self.address)

    @property
    def key_id(self) -> int | None:
        return self.key.pk if self.key else None

    def text(self, name: str) -> str:
        """Blank and left out are one, as the standard says."""
        return self.fields.get(name, "").strip()


def operation(**by_method: View) -> View:
    """One address: GET=…, POST=…. HEAD goes with GET; whatever else is told which ones there are."""
    allowed = [*by_method, *(["HEAD"] if "GET" in by_method else []), "OPTIONS"]

    @csrf_exempt  # nothing here believes a cookie
    @functools.wraps(next(iter(by_method.values())))
    def run(request: HttpRequest, **named: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            response = HttpResponse(status=204, headers={"Allow": ", ".join(allowed)})
            open_to_pages(request, response)
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
            return response
        view = by_method.get("GET" if request.method == "HEAD" else request.method or "")
        if view is None:
            says = _("Địa chỉ này chỉ nhận: %(methods)s.") % {"methods": ", ".join(allowed)}
            response = told(request, 405, says, {})
            response.headers["Allow"] = ", ".join(allowed)
            return response
        return view(request, **named)

    return run


def read(request: HttpRequest) -> Asked:
    """A call that reads: counted, with a key or without. Raises UnknownJurisdiction, BadKey, OverLimit."""
    asked = _asked(request, request.GET)
    actions.count_read(asked.city_id, asked.key, asked.network, asked.terms, at=asked.now)
    return asked


def sent(request: HttpRequest, needed: str) -> Asked:
    """A call that sends a form. `needed`: what it is about, asked for first.

    The standard has the key within the form: who shows it in the address or a header may send more, and a bad one ends it,
    before any of the form is read.
    Raises WrongFormat, TooLarge, BadInput, UnknownJurisdiction, BadKey, OverLimit.
    """
    if request.content_type not in FORMS:
        raise WrongFormat
    city = units.default_city(as_of=clock.today())
    known = _key_of(request, _shown_key(request), city.id, clock.now())
    if int(request.META.get("CONTENT_LENGTH") or 0) > (
        settings.FEEDBACK_MAX_BYTES if known else settings.OPEN311_KEYLESS_MAX_BYTES
    ):
        raise TooLarge
    request.encoding = "utf-8"  # the standard knows no other, whatever the header says
    if any("\ufffd" in value for _name, values in request.POST.lists() for value in values):
        raise BadInput({"charset": _("Nội dung gửi không phải UTF-8. Hãy gửi lại bằng UTF-8.")})
    fields = request.POST.copy()
    for name in ("api_key", "jurisdiction_id"):
        if name not in fields and name in request.GET:
            fields[name] = request.GET[name]
    if not fields.get(needed, "").strip():
        raise BadInput({needed: _("Thiếu %(name)s.") % {"name": needed}})
    asked = _asked(request, fields)
    if asked.key is None and not asked.terms.keyless:
        actions.count_refused(asked.city_id, None, asked.network, at=asked.now)
        raise BadKey
    actions.count_send(asked.city_id, asked.key, asked.network, asked.terms, at=asked.now)
    return asked


def _asked(request: HttpRequest, fields: QueryDict) -> Asked:
    now, day = clock.now(), clock.today()
    city = units.default_city(as_of=day)
    jurisdiction = fields.get("jurisdiction_id", "").strip()
    if jurisdiction and jurisdiction.lower() not in jurisdictions(city.code):
        actions.count_refused(city.id, None, _network(request), at=now)
        raise UnknownJurisdiction
    return Asked(
        city_id=city.id,
        now=now,
        day=day,
        terms=access.terms(city.id, on=day),
        key=_key_of(request, fields.get("api_key", "") or _shown_key(request), city.id, now),
        address=get_adapter().get_client_ip(request),
        fields=fields,
    )


def _key_of(request: HttpRequest, shown: str, city_id: int, now: datetime) -> ApiKey | None:
    """Raises BadKey, and counts it: who tries keys is seen in the figures."""
    try:
        return access.key_of(shown, city_id=city_id, at=now)
    except BadKey:
        actions.count_refused(city_id, None, _network(request), at=now)
        raise


def _network(request: HttpRequest) -> str:
    return network_digest(get_adapter().get_client_ip(request))


def _shown_key(request: HttpRequest) -> str:
    return request.GET.get("api_key", "") or request.headers.get("X-API-Key", "")


def jurisdictions(code: str) -> Sequence[str]:
    """How this city may be called: by the host of its pages, with and without www as the standard suggests, or by its code."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return list(dict.fromkeys((host, host.removeprefix("www."), code.lower())))


def pictures(request: HttpRequest) -> list[PhotoUpload]:
    files = [file for name in PICTURES for file in request.FILES.getlist(name)]
    return [PhotoUpload(name=file.name or "anh.jpg", content=file.file) for file in files if file.file is not None]


def repeat_key(request: HttpRequest) -> str:
    """Raises BadInput."""
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > 200:
        raise BadInput({"Idempotency-Key": _("Idempotency-Key dài quá 200 ký tự.")})
    return key


def call_of(asked: Asked, repeat: str) -> actions.Call:
    return actions.Call(key=asked.key, network=asked.network, address=asked.address, repeat=repeat)
