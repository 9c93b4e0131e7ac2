"""Addresses of the pages about dossiers: citizens' and officers'."""

from __future__ import annotations

from django.urls import URLPattern

from thongsuot.dossiers.urls import citizen, officer

app_name = "dossiers"

urlpatterns: list[URLPattern] = [*citizen.urlpatterns, *officer.urlpatterns]
