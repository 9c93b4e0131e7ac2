"""`/open311/`: a page for people, and the interface itself; `/quan-tri/phan-anh/open311/`: keys and terms."""

from __future__ import annotations

from django.urls import path, re_path

from thongsuot.open311.views import administration, pages, reading, sending
from thongsuot.open311.views.wire import operation

app_name = "open311"
_FORM = r"\.(?P<form>xml|json)$"
_ID = r"[^/]{1,80}"
_V2 = "^open311/v2/"

urlpatterns = [
    path("open311/", pages.about, name="about"),
    re_path(r"^open311/(?:v2/)?discovery" + _FORM, operation(GET=reading.discovery), name="discovery"),
    re_path(_V2 + "services" + _FORM, operation(GET=reading.services), name="services"),
    re_path(rf"{_V2}services/(?P<code>{_ID})" + _FORM, operation(GET=reading.definition), name="definition"),
    re_path(_V2 + "requests" + _FORM, operation(GET=reading.requests, POST=sending.send_request), name="requests"),
    re_path(rf"{_V2}requests/(?P<number>{_ID})" + _FORM, operation(GET=reading.one_request), name="request"),
    re_path(rf"{_V2}tokens/(?P<token>{_ID})" + _FORM, operation(GET=reading.token), name="token"),
    re_path(_V2 + "servicerequestupdates" + _FORM, operation(GET=reading.updates, POST=sending.send_update), name="updates"),
    path("open311/v2/media/<int:photo_id>.jpg", reading.media, name="media"),
    re_path(_V2, reading.elsewhere, name="elsewhere"),
    path("quan-tri/phan-anh/open311/", administration.keys, name="keys"),
    path("quan-tri/phan-anh/open311/dieu-kien/", administration.terms, name="terms"),
    path("quan-tri/phan-anh/open311/khoa/<int:key_id>/thu-hoi/", administration.withdraw, name="withdraw"),
]
