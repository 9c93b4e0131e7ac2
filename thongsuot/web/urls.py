"""Addresses of the pages of no capability."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from thongsuot.web import gallery, views

app_name = "web"

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("vao/", views.after_login, name="after_login"),
    path("ngon-ngu/", views.language, name="language"),
    path("tuy-chon/", views.preferences, name="preferences"),
    path("du-lieu-ca-nhan/", views.personal_data, name="personal_data"),
    path("kha-nang-tiep-can/", views.accessibility, name="accessibility"),
    path("ma-nguon/", views.source, name="source"),
]
if not settings.PRODUCTION:
    urlpatterns += [
        path("thanh-phan/", gallery.page, name="gallery"),
        path("thanh-phan/loi/<slug:which>/", gallery.fault, name="gallery_fault"),
        path("thanh-phan/ban-do/<slug:which>/", gallery.map_data, name="gallery_map"),
    ]
