"""All addresses, in Vietnamese slugs. Each capability owns what is below its prefix."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
