"""What every answer passes: security headers, and refusals turned into a page, a fragment or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from thongsuot.kernel.errors import TellPerson

POLICY = "; ".join([
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'", "connect-src 'self'",
    "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", "manifest-src 'self'",
])


class SecurityHeaders:
    """A strict content policy: nothing from elsewhere, no inline script, no inline style, no frames."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(self)")
        return response


class TellPersonPages:
    """Turns an expected refusal into what the asker reads: problem details (RFC 9457) for the API, a page for people."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, TellPerson):
            return None
        if request.path.startswith("/api/"):
            return problem(exception.status, exception.code, exception.message(), **exception.details())
        return render(request, "web/refused.html", {"refusal": exception}, status=exception.status)


def problem(status: int, code: str, message: str, **details: object) -> HttpResponse:
    """Problem details, RFC 9457: `type` is our stable code, `detail` a sentence for a person."""
    body = {"type": f"urn:thongsuot:{code}", "title": message, "status": status, "detail": message, **details}
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type="application/problem+json")


class ChosenLanguage:
    """Vietnamese, unless the reader chose otherwise (the cookie of `web:language`). What a browser was installed with says
    little about its reader here, so Accept-Language is not asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        with translation.override(chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
            return response
