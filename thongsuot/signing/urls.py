"""Addresses of signing: pages for anyone, one's own certificates, and their administration."""

from __future__ import annotations

from django.urls import URLPattern, path

from thongsuot.signing.views import admin, own, public, requests

app_name = "signing"

_ADMIN = "quan-tri/chung-thu/"

urlpatterns: list[URLPattern] = [
    path("kiem-tra-chu-ky/", public.check, name="validate"),
    path("xac-thuc/", public.ask_code, name="ask_code"),
    path("xac-thuc/<str:code>/", public.proof, name="proof"),
    path("ca-thu-nghiem.pem", public.test_root, name="test_root"),
    path("can-bo/chu-ky-so/", own.mine, name="mine"),
    path("can-bo/chu-ky-so/<int:certificate_id>/ma-pin/", own.change_pin, name="change_pin"),
    path(_ADMIN, admin.coverage, name="coverage"),
    path(f"{_ADMIN}danh-sach/", admin.certificates, name="certificates"),
    path(f"{_ADMIN}nhap/", admin.add, name="add"),
    path(f"{_ADMIN}cap-thu-nghiem/", admin.issue_test, name="issue_test"),
    path(f"{_ADMIN}tin-cay/", admin.trust_list, name="trust_list"),
    path(f"{_ADMIN}de-nghi/", requests.requests, name="requests"),
    path(f"{_ADMIN}de-nghi/<int:request_id>/", requests.request_page, name="request"),
    path(f"{_ADMIN}de-nghi/<int:request_id>/don-doc.pdf", requests.reminder, name="reminder"),
    path(f"{_ADMIN}<int:certificate_id>/", admin.certificate, name="certificate"),
]
