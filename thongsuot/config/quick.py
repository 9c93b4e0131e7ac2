"""Good answers that need no Django request. Everything else - a wrong code, a fault, an http address where https is asked -
is None here and takes the usual way, where it is told in words. A test holds both ways to the same answer, byte by byte."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from thongsuot.config.handlers import ShortHandler
from thongsuot.dossiers.api.tracking import tracked
from thongsuot.dossiers.rules import CODE
from thongsuot.kernel.errors import TellPerson

_TRACK = "/api/v1/track/"


def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes] | None:
    """The body of a 200, its head sent; or None."""
    path: str = environ["PATH_INFO"]
    if not path.startswith(_TRACK) or environ["REQUEST_METHOD"] != "GET" or not CODE.fullmatch(code := path[len(_TRACK) :]):
        return None
    name, value = _mark_of_https()
    headers = _headers(environ.get(name) == value)
    if headers is None:
        return None
    try:
        body = tracked(code)
    except (TellPerson, DatabaseError):
        return None  # the usual way begins by giving up a broken connection
    start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
    return [body]


@cache
def _headers(secure: bool) -> list[tuple[str, str]] | None:
    """What the middleware of programs puts on every JSON answer; None when it answers itself."""
    name, value = _mark_of_https()
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": _TRACK,
        "wsgi.input": BytesIO(),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "443",
        "wsgi.url_scheme": "http",
    } | ({name: value} if secure else {})
    sent: list[tuple[str, str]] = []
    statuses: list[str] = []

    def take(status: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> Callable[[bytes], object]:
        statuses.append(status)
        sent.extend(headers)
        return lambda data: None

    list(_Blank()(environ, take))
    return [header for header in sent if header[0] != "Content-Length"] if statuses == ["200 OK"] else None


def _mark_of_https() -> tuple[str, str]:
    """What in a request says that it came by https, as Django asks it."""
    return settings.SECURE_PROXY_SSL_HEADER or ("wsgi.url_scheme", "https")


class _Blank(ShortHandler):
    """The middleware of programs round an empty answer."""

    def _get_response(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(content_type="application/json")
