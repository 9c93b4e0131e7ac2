"""Addresses: the desk under /can-bo/, figures under /dieu-hanh/, administration under /quan-tri/; the exchange's own."""

from __future__ import annotations

from django.urls import URLPattern, path

from thongsuot.hotline.views import admin, call, call_backs, desk, figures, mending, notice, recording, stand_in

app_name = "hotline"

urlpatterns: list[URLPattern] = [
    path("cong-tong-dai/<slug:exchange>/", notice.notice, name="notice"),
    path("can-bo/tong-dai/", desk.desk, name="desk"),
    path("can-bo/tong-dai/moi/", desk.live, name="desk_live"),
    path("can-bo/tong-dai/cuoc-goi/", desk.calls, name="calls"),
    path("can-bo/tong-dai/cuoc-goi/<int:call_id>/", call.call, name="call"),
    path("can-bo/tong-dai/cuoc-goi/<int:call_id>/moi/", call.live, name="call_live"),
    path("can-bo/tong-dai/cuoc-goi/<int:call_id>/lich-su/", call.history, name="history"),
    path("can-bo/tong-dai/cuoc-goi/<int:call_id>/sua/", mending.correct, name="correct"),
    path("can-bo/tong-dai/cuoc-goi/<int:call_id>/giao-lai/", mending.reassign, name="reassign"),
    path("can-bo/tong-dai/cuoc-goi/<int:call_id>/ghi-am/", recording.recording, name="recording"),
    path("can-bo/tong-dai/cuoc-goi/<int:call_id>/ghi-am/am-thanh/", recording.sound, name="sound"),
    path("can-bo/tong-dai/goi-lai/", call_backs.call_backs, name="call_backs"),
    path("can-bo/tong-dai/goi-lai/<int:call_back_id>/", call_backs.call_back, name="call_back"),
    path("can-bo/tong-dai/goi-lai/<int:call_back_id>/giao-lai/", mending.reassign_back, name="reassign_back"),
    path("can-bo/tong-dai/ton-dong/", mending.stuck, name="stuck"),
    path("can-bo/tong-dai/so-lieu-cua-toi/", figures.own, name="own"),
    path("can-bo/tong-dai/goi-thu/", stand_in.stand_in, name="stand_in"),
    path("dieu-hanh/tong-dai/", figures.figures, name="figures"),
    path("dieu-hanh/tong-dai/so-lieu.xlsx", figures.sheet, name="sheet"),
    path("quan-tri/tong-dai/", admin.admin, name="admin"),
    path("quan-tri/tong-dai/ghi-am/", admin.recordings, name="recordings"),
    path("quan-tri/tong-dai/kich-ban/", admin.scripts, name="scripts"),
    path("quan-tri/tong-dai/kich-ban/chung/", admin.script, name="general_script"),
    path("quan-tri/tong-dai/kich-ban/<int:category_id>/", admin.script, name="script"),
]
