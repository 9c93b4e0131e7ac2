"""Addresses of the pages about messages, of what gateways report, and of declining without login."""

from __future__ import annotations

from django.urls import URLPattern, path

from thongsuot.notices.views import choosing, outbox, partners, persons, wording

app_name = "notices"

_LETTERS = "quan-tri/mau-tin/"

urlpatterns: list[URLPattern] = [
    path("tai-khoan/tin-nhan/", persons.own, name="own"),
    path("tai-khoan/tin-nhan/chon/", choosing.mine, name="choices"),
    path("thoi-nhan/<str:token>/", choosing.unsubscribe, name="unsubscribe"),
    path("cong-tin-nhan/<slug:way>/", partners.report, name="report"),
    path("quan-tri/tin-gui/", outbox.outbox, name="outbox"),
    path("quan-tri/tin-gui/nguoi-nhan/", persons.told, name="told"),
    path("quan-tri/tin-gui/gia-lap/", partners.stand_in, name="stand_in"),
    path("quan-tri/tin-gui/<int:notice_id>/", outbox.notice, name="notice"),
    path("quan-tri/tin-gui/<int:notice_id>/doc/", outbox.read, name="read"),
    path("quan-tri/tin-gui/<int:notice_id>/gui-lai/", outbox.send_again, name="send_again"),
    path(_LETTERS, wording.letter_list, name="letters"),
    path(f"{_LETTERS}gio-yen-lang/", choosing.quiet, name="quiet"),
    path(f"{_LETTERS}ban/<int:version_id>/", wording.version, name="version"),
    path(f"{_LETTERS}<slug:letter>/", wording.letter, name="letter"),
    path(f"{_LETTERS}<slug:letter>/soan/", wording.draft, name="draft"),
]
