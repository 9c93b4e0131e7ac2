"""How Django is entered: pages pass all middleware, programs a short list."""

from __future__ import annotations

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase


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
            response.headers["Content-Length"] = str(len(response.content))  # type: ignore[attr-defined]  # has it: not streaming
        return response
