"""Pages of no capability: home, where to go after login, language and theme, faults."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token did not fit: most often the page was left open for long."""
    return render(request, "web/csrf.html", status=403)
