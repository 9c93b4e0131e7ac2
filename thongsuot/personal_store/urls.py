"""Addresses of personal_store."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "personal_store"

urlpatterns: list[URLPattern] = []
