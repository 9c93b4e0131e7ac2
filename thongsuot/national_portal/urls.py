"""Addresses of national_portal."""

from __future__ import annotations

from django.urls import URLPattern, path

from thongsuot.national_portal import views

app_name = "national_portal"

urlpatterns: list[URLPattern] = [
    path("quan-tri/cong-quoc-gia/", views.overview, name="overview"),
    path("quan-tri/cong-quoc-gia/gui-lai/", views.resend_chosen, name="resend_chosen"),
    path("quan-tri/cong-quoc-gia/ho-so/<int:dossier_id>/gui-lai/", views.resend, name="resend"),
    path("quan-tri/cong-quoc-gia/don-vi/<int:unit_id>/", views.switch, name="switch"),
    path("quan-tri/cong-quoc-gia/doi-soat/", views.reconciliation, name="reconciliation"),
]
