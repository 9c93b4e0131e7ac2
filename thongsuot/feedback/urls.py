"""Addresses of feedback."""

from __future__ import annotations

from django.urls import URLPattern, path

from thongsuot.feedback.views import citizens, public

app_name = "feedback"

urlpatterns: list[URLPattern] = [
    # Citizens
    path("phan-anh/", public.public, name="public"),
    path("phan-anh/gui/", citizens.report, name="report"),
    path("phan-anh/sw.js", citizens.worker, name="worker"),
    path("phan-anh/cua-toi/", citizens.mine, name="mine"),
    path("phan-anh/theo-doi/<str:secret>/", citizens.follow, name="follow"),
    path("phan-anh/theo-doi/<str:secret>/anh/<int:photo_id>/", citizens.own_photo, name="own_photo"),
    path("phan-anh/ban-do/", public.on_map, name="map"),
    path("phan-anh/ban-do/diem/", public.points, name="points"),
    path("phan-anh/tin.atom", public.feed, name="feed"),
    path("phan-anh/<str:number>/", public.one, name="one"),
    path("phan-anh/<str:number>/anh/<int:photo_id>/", public.photo, name="photo"),
]
