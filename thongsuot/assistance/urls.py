"""Addresses of helping: a citizen's under /tai-khoan/, a helper's under /tro-giup/, who arranges under /quan-tri/."""

from __future__ import annotations

from django.urls import URLPattern, path

from thongsuot.assistance.views import citizens, helpers

app_name = "assistance"

urlpatterns: list[URLPattern] = [
    path("tai-khoan/nho-giup/", citizens.mine, name="mine"),
    path("tai-khoan/nho-giup/moi/", citizens.consent, name="consent"),
    path("tai-khoan/nho-giup/<int:consent_id>/", citizens.mine_one, name="mine_one"),
    path("nho-giup/<slug:secret>/", citizens.by_secret, name="by_secret"),
    path("tro-giup/", helpers.desk, name="desk"),
    path("tro-giup/chua-co-tai-khoan/", helpers.without_account, name="without_account"),
    path("tro-giup/phien/<int:session_id>/", helpers.session, name="session"),
    path("tro-giup/nhat-ky/", helpers.log, name="log"),
    path("tro-giup/nhat-ky.xlsx", helpers.log_sheet, name="log_sheet"),
]
