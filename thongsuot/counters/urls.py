"""Addresses of counters: officers' under /can-bo/quay/; the board, the kiosk and one's own number for everybody."""

from __future__ import annotations

from django.urls import URLPattern, path

from thongsuot.counters.views import (
    board,
    centre,
    desk,
    devices,
    figures,
    following,
    hall,
    kiosk,
    load,
    machine,
    opening,
    rating,
    setting_up,
)

app_name = "counters"

urlpatterns: list[URLPattern] = [
    path("bang-goi-so/<int:point_id>/", board.board, name="board"),
    path("bang-goi-so/<int:point_id>/moi/", board.live, name="board_live"),
    path("bang-goi-so/<int:point_id>/tieng/<int:ticket_id>.wav", board.spoken, name="spoken"),
    path("thiet-bi/", machine.join, name="join"),
    path("danh-gia/", rating.rating, name="rating"),
    path("danh-gia/moi/", rating.live, name="rating_live"),
    path("danh-gia/<int:rating_id>/ly-do/", rating.reasons, name="rating_reasons"),
    path("lay-so/", kiosk.kiosk, name="kiosk"),
    path("lay-so/moi/", kiosk.live, name="kiosk_live"),
    path("lay-so/uu-tien/", kiosk.priority, name="kiosk_priority"),
    path("lay-so/<str:secret>/", kiosk.ticket, name="kiosk_ticket"),
    path("so-cua-toi/<str:secret>/", following.follow, name="follow"),
    path("so-cua-toi/<str:secret>/moi/", following.live, name="follow_live"),
    path("dieu-hanh/quay/", load.load, name="load"),
    path("dieu-hanh/quay/truc/", centre.rosters_of_points, name="rosters"),
    path("can-bo/quay/", hall.points, name="points"),
    path("can-bo/quay/<int:point_id>/", hall.hall, name="hall"),
    path("can-bo/quay/<int:point_id>/moi/", hall.live, name="hall_live"),
    path("can-bo/quay/<int:point_id>/sap-xep/", setting_up.set_up, name="set_up"),
    path("can-bo/quay/<int:point_id>/gio-mo-cua/", opening.hours, name="hours"),
    path("can-bo/quay/<int:point_id>/trang-thiet-bi/", centre.equipment, name="equipment"),
    path("can-bo/quay/trang-thiet-bi/<int:equipment_id>/", centre.equipment_one, name="equipment_one"),
    path("can-bo/quay/<int:point_id>/lich-truc/", centre.roster, name="roster"),
    path("can-bo/quay/<int:point_id>/lich-truc/ca/", centre.shift, name="shift"),
    path("can-bo/quay/<int:point_id>/tap-huan/", centre.training, name="training"),
    path("can-bo/quay/<int:point_id>/bo-phan/lap/", setting_up.open_section, name="open_section"),
    path("can-bo/quay/bo-phan/<int:section_id>/", setting_up.change_section, name="change_section"),
    path("can-bo/quay/<int:point_id>/quy-dinh/", opening.settings, name="settings"),
    path("quan-tri/quay/", opening.city_settings, name="city_settings"),
    path("can-bo/quay/<int:point_id>/hang-cho/lap/", setting_up.open_queue, name="open_queue"),
    path("can-bo/quay/<int:point_id>/lap/", setting_up.open_counter, name="open_counter"),
    path("can-bo/quay/<int:point_id>/thiet-bi/", devices.devices, name="devices"),
    path("can-bo/quay/<int:point_id>/so-lieu/", figures.figures, name="figures"),
    path("can-bo/quay/hang-cho/<int:queue_id>/", setting_up.change_queue, name="change_queue"),
    path("can-bo/quay/ban/<int:counter_id>/", desk.desk, name="desk"),
    path("can-bo/quay/ban/<int:counter_id>/moi/", desk.live, name="desk_live"),
    path("can-bo/quay/ban/<int:counter_id>/sua/", setting_up.change_counter, name="change_counter"),
    path("can-bo/quay/so/<int:ticket_id>/", hall.ticket, name="ticket"),
]
