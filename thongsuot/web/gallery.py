"""Every component in every state on one page: for looking at, for the accessibility check. Not there in production."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page(request: HttpRequest) -> HttpResponse:
    return render(request, "web/gallery.html")
