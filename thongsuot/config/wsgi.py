"""WSGI entry: one application with two ways in. Programs pass a short list of middleware, pages pass all."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from thongsuot.config.counting import Counter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thongsuot.config.settings")
django.setup(set_prefix=False)

SHORT_WAY = ("/api/", "/healthz", "/readyz", "/metrics")
API_DOCS = "/api/v1/docs"  # a page among programs' addresses


class ShortHandler(WSGIHandler):
    """Loads settings.API_MIDDLEWARE where Django would load MIDDLEWARE."""

    def load_middleware(self, is_async: bool = False) -> None:
        everything = settings.MIDDLEWARE
        settings.MIDDLEWARE = settings.API_MIDDLEWARE
        try:
            super().load_middleware(is_async)
        finally:
            settings.MIDDLEWARE = everything

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        """With its length, so that a program's connection can be used again without a chunked body."""
        response = super().get_response(request)
        if not response.streaming and not response.has_header("Content-Length"):
            response.headers["Content-Length"] = str(len(response.content))  # type: ignore[attr-defined]
        return response


pages = WSGIHandler()
programs = ShortHandler()
_counter = Counter(settings.DATA_DIR / "metrics")


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    started = time.perf_counter()

    def answer(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        _counter.add(int(status[:3]), time.perf_counter() - started)
        return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

    path = environ["PATH_INFO"]
    handler = programs if path.startswith(SHORT_WAY) and path != API_DOCS else pages
    return handler(environ, answer)
