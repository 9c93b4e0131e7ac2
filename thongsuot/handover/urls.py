"""Addresses of the pages about the changeover."""

from __future__ import annotations

from django.urls import URLPattern, path

from thongsuot.handover.views import boxes, handing, inventory_board, last_day, minutes, old_software, receiving, steering

app_name = "handover"
PAIR = "can-bo/ban-giao/<int:changeover_id>/"

urlpatterns: list[URLPattern] = [
    path("dieu-hanh/chuyen-giao/", steering.changeovers, name="changeovers"),
    path("dieu-hanh/chuyen-giao/<int:changeover_id>/", steering.changeover, name="changeover"),
    path("dieu-hanh/chuyen-giao/<int:changeover_id>/tinh-trang/", steering.state, name="state"),
    path("dieu-hanh/chuyen-giao/<int:changeover_id>/can-chon/", steering.undecided, name="undecided"),
    path("dieu-hanh/chuyen-giao/<int:changeover_id>/doi-chieu/", steering.reconciled, name="reconciled"),
    path("dieu-hanh/chuyen-giao/<int:changeover_id>/don-vi/<int:unit_id>/", steering.unit, name="unit"),
    path("dieu-hanh/chuyen-giao/<int:changeover_id>/ban-giao/", inventory_board.owed, name="owed"),
    path("dieu-hanh/chuyen-giao/<int:changeover_id>/nguoi-ban-giao/", inventory_board.representatives, name="representatives"),
    path("dieu-hanh/chuyen-giao/<int:changeover_id>/tru-so/", inventory_board.premises, name="premises"),
    path("dieu-hanh/chuyen-giao/tru-so/<int:item_id>/", inventory_board.surplus, name="surplus"),
    path("dieu-hanh/chuyen-giao/<int:changeover_id>/con-dau/", inventory_board.seals, name="seals"),
    path("dieu-hanh/chuyen-giao/<int:changeover_id>/tiep-nhan/", inventory_board.intake, name="intake"),
    path("dieu-hanh/chuyen-giao/<int:changeover_id>/ho-so-cu/", old_software.take_in, name="old_software"),
    path("dieu-hanh/chuyen-giao/<int:changeover_id>/ho-so-cu/mau/", old_software.template, name="old_software_template"),
    path("can-bo/ban-giao/", handing.handovers, name="handovers"),
    path("can-bo/ban-giao/muc/<int:item_id>/", handing.item, name="item"),
    path("can-bo/ban-giao/hop/<int:box_id>/", boxes.box, name="box"),
    path("can-bo/ban-giao/hop/<int:box_id>/nhan/", boxes.box_label, name="box_label"),
    path("can-bo/ban-giao/bien-ban/<int:minutes_id>/tep/", minutes.minutes_file, name="minutes_file"),
    path(f"{PAIR}bien-ban/<int:from_unit_id>/<int:to_unit_id>/", minutes.minutes, name="minutes"),
    path(f"{PAIR}nhan/<int:unit_id>/", receiving.receiving, name="receiving"),
    path(f"{PAIR}nhan/<int:unit_id>/tu/<int:from_unit_id>/", receiving.coming, name="coming"),
    path(f"{PAIR}giao/<int:unit_id>/", handing.lists, name="lists"),
    path(f"{PAIR}giao/<int:unit_id>/ngay-cuoi/", last_day.last_day, name="last_day"),
    path(f"{PAIR}giao/<int:unit_id>/ngay-cuoi/in/", last_day.as_pdf, name="last_day_pdf"),
    path(f"{PAIR}giao/<int:unit_id>/hop/", boxes.boxes, name="boxes"),
    path(f"{PAIR}giao/<int:unit_id>/hop/nhan/", boxes.box_labels, name="box_labels"),
    path(f"{PAIR}giao/<int:unit_id>/<slug:klass>/", handing.sheet, name="sheet"),
    path(f"{PAIR}giao/<int:unit_id>/<slug:klass>/mau/", handing.template, name="sheet_template"),
    path(f"{PAIR}giao/<int:unit_id>/<slug:klass>/tep/", handing.export, name="sheet_file"),
    path(f"{PAIR}giao/<int:unit_id>/<slug:klass>/nhan/", handing.labels, name="sheet_labels"),
]
