"""Addresses of one's own papers."""

from __future__ import annotations

from django.urls import URLPattern, path

from thongsuot.personal_store import views

app_name = "personal_store"

urlpatterns: list[URLPattern] = [
    path("giay-to-cua-toi/", views.papers, name="papers"),
    path("giay-to-cua-toi/<int:paper_id>/", views.paper, name="paper"),
    path("giay-to-cua-toi/<int:paper_id>/tep/", views.file, name="file"),
    path("giay-to-cua-toi/<int:paper_id>/cho-dung-lai/", views.offer, name="offer"),
    path("giay-to-cua-toi/<int:paper_id>/rut-dong-y/<int:consent_id>/", views.withdraw, name="withdraw"),
]
