"""Addresses of national_portal."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "national_portal"

urlpatterns: list[URLPattern] = []
