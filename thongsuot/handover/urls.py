"""Addresses of the pages about the changeover."""

from __future__ import annotations

from django.urls import URLPattern, path

from thongsuot.handover.views import steering

app_name = "handover"

urlpatterns: list[URLPattern] = [
    path("dieu-hanh/chuyen-giao/", steering.changeovers, name="changeovers"),
    path("dieu-hanh/chuyen-giao/<int:changeover_id>/", steering.changeover, name="changeover"),
    path("dieu-hanh/chuyen-giao/<int:changeover_id>/tinh-trang/", steering.state, name="state"),
    path("dieu-hanh/chuyen-giao/<int:changeover_id>/can-chon/", steering.undecided, name="undecided"),
    path("dieu-hanh/chuyen-giao/<int:changeover_id>/doi-chieu/", steering.reconciled, name="reconciled"),
    path("dieu-hanh/chuyen-giao/<int:changeover_id>/don-vi/<int:unit_id>/", steering.unit, name="unit"),
]
