"""Addresses of feedback: citizens' under /phan-anh/, officers' under /can-bo/phan-anh/."""

from __future__ import annotations

from django.urls import URLPattern, path

from thongsuot.feedback.views import citizens, public, staff, staff_acts, staff_desk, staff_many, staff_map, staff_ticket

app_name = "feedback"

urlpatterns: list[URLPattern] = [
    # officers
    path("can-bo/phan-anh/", staff.inbox, name="inbox"),
    path("can-bo/phan-anh/bang-tinh/", staff.inbox_excel, name="inbox_excel"),
    path("can-bo/phan-anh/nhieu/", staff_many.bulk, name="bulk"),
    path("can-bo/phan-anh/ghi/", staff_desk.record, name="record"),
    path("can-bo/phan-anh/nhom/", staff_many.clusters, name="clusters"),
    path("can-bo/phan-anh/nhom/gop/", staff_many.merge_cluster, name="merge_cluster"),
    path("can-bo/phan-anh/ban-do/", staff_map.page, name="staff_map"),
    path("can-bo/phan-anh/ban-do/diem/", staff_map.points, name="staff_points"),
    path("can-bo/phan-anh/ban-do/danh-sach/", staff_map.rows, name="staff_map_rows"),
    path("can-bo/phan-anh/mau/", staff_desk.templates, name="templates"),
    path("can-bo/phan-anh/mau/them/", staff_desk.add_template, name="add_template"),
    path("can-bo/phan-anh/mau/<int:template_id>/", staff_desk.change_template, name="change_template"),
    path("can-bo/phan-anh/mau/<int:template_id>/bo/", staff_desk.drop_template, name="drop_template"),
    path("can-bo/phan-anh/<int:ticket_id>/", staff_ticket.ticket, name="ticket"),
    path("can-bo/phan-anh/<int:ticket_id>/nguoi-gui/", staff_ticket.sender, name="sender"),
    path("can-bo/phan-anh/<int:ticket_id>/diem/", staff_map.point, name="ticket_point"),
    path("can-bo/phan-anh/<int:ticket_id>/trung/", staff_many.duplicates, name="duplicates"),
    path("can-bo/phan-anh/<int:ticket_id>/anh/<int:photo_id>/", staff_ticket.photo, name="ticket_photo"),
    path("can-bo/phan-anh/<int:ticket_id>/anh/<int:photo_id>/goc/", staff_ticket.original, name="original"),
    path("can-bo/phan-anh/<int:ticket_id>/anh/<int:photo_id>/che/", staff_ticket.cover, name="cover"),
    path("can-bo/phan-anh/<int:ticket_id>/viec/<slug:key>/", staff_acts.act, name="act"),
    path("dieu-hanh/phan-anh/qua-han/", staff.late, name="late"),
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
