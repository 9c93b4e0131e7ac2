"""What every request and every answer passes: sound input, language, planned pauses, security headers, refusals as pages."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.http import urlencode

from thongsuot.kernel.errors import NotYourDuty, TellPerson
from thongsuot.web import faults, maintenance, maps, pulses
from thongsuot.web.faults import problem as problem  # the API answers with the same shape
from thongsuot.web.request import actor_of
from thongsuot.web.site import Site, came_from

Next = Callable[[HttpRequest], HttpResponse]

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "media-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'self'",
    ]
)


class SecurityHeaders:
    """A strict content policy: nothing from elsewhere, no inline script, no inline style, no frames.

    Pages of someone logged in are not kept by the browser: counters and kiosks are shared.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", _policy(request))
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(self)")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if response.headers.get("Content-Type", "").startswith("text/html"):
            known = settings.SESSION_COOKIE_NAME in request.COOKIES
            response.headers.setdefault("Cache-Control", "private, no-store" if known else "private, no-cache")
        return response


def _policy(request: HttpRequest) -> str:
    """The pulse server may answer on another port, tiles of maps on the one host that the settings name."""
    pictures = f"img-src 'self' data: {maps.tile_origin()}".rstrip()
    return f"{POLICY}; {pictures}; connect-src 'self' {pulses.origin(request)}".rstrip()


class SoundRequests:
    """Turns away what no page could use, before anything reads it: broken text in the address, a body beyond all measure.

    Addresses are compared byte by byte, so a decomposed "ế" would name a page that is never found.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\x00" in request.path or "%00" in query or not unicodedata.is_normalized("NFC", request.path):
            return faults.answer(request, faults.malformed())
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > settings.REQUEST_MAX_BYTES:
            return faults.answer(request, faults.too_large())
        return self.get_response(request)


class ChosenLanguage:
    """Vietnamese, unless the reader chose otherwise (the cookie of `web:language`). What a browser was installed with says
    little about its reader here, so Accept-Language is not asked."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        with translation.override(chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
            return response


class PlannedPause:
    """While a pause is announced, reading goes on and sending waits: 503 with the hour at which it is over."""

    STILL_TAKEN = ("/ngon-ngu/", "/tuy-chon/")  # they store nothing

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in {"GET", "HEAD", "OPTIONS"} or request.path in self.STILL_TAKEN:
            return self.get_response(request)
        pause = maintenance.announced()
        if pause is None or maintenance.is_reading(request.path):
            return self.get_response(request)
        return faults.answer(request, faults.maintenance(pause.starts_at, pause.ends_at))


class TellPersonPages:
    """Turns an expected refusal into what the asker reads: problem details (RFC 9457) for the API, a fragment for htmx, a page.

    Someone who is not logged in and meets a duty is asked to log in, and comes back to the same page.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if faults.for_fragment(request) and response.status_code in {301, 302, 303}:
            # A fragment's place cannot hold a whole page: the browser goes there itself.
            response.headers["HX-Redirect"] = response.headers["Location"]
            del response.headers["Location"]
            response.status_code = 200
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, TellPerson):
            return refused(request, exception)
        fault = faults.known_fault(exception)
        return faults.answer(request, fault) if fault else None


def refused(request: HttpRequest, refusal: TellPerson) -> HttpResponse:
    if teller := faults.teller_of(request):
        return teller(request, refusal.status, refusal.message(), refusal.details())
    if faults.for_program(request):
        return problem(refusal.status, refusal.code, refusal.message(), **refusal.details())
    login = Site(request).login_href
    if isinstance(refusal, NotYourDuty) and actor_of(request).person_id is None and login:
        here = request.get_full_path() if request.method == "GET" else came_from(request)
        return redirect(f"{login}?{urlencode({'next': here or '/'})}")
    if faults.for_fragment(request):
        return faults.fragment(refusal.message(), "", status=refusal.status)
    return faults.refusal_page(request, refusal)
