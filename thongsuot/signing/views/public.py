"""Pages for anyone: what a code proves, and what a file's signatures are worth."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def proof(request: HttpRequest, code: str) -> HttpResponse:
    raise NotImplementedError
