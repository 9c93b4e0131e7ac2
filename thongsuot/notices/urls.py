"""Addresses of the pages about messages."""

from __future__ import annotations

from django.urls import URLPattern, path

from thongsuot.notices import views

app_name = "notices"

urlpatterns: list[URLPattern] = [
    path("tai-khoan/tin-nhan/", views.own, name="own"),
    path("quan-tri/tin-gui/", views.outbox, name="outbox"),
    path("quan-tri/tin-gui/<int:notice_id>/", views.notice, name="notice"),
    path("quan-tri/tin-gui/<int:notice_id>/doc/", views.read, name="read"),
    path("quan-tri/tin-gui/<int:notice_id>/gui-lai/", views.send_again, name="send_again"),
]
