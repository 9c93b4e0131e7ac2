"""Addresses of signing."""

from __future__ import annotations

from django.urls import URLPattern, path

from thongsuot.signing.views import public

app_name = "signing"

urlpatterns: list[URLPattern] = [
    path("xac-thuc/<str:code>/", public.proof, name="proof"),
]
