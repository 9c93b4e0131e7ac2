"""Addresses of feedback, a list per subject: citizens', officers', administration."""

from __future__ import annotations

from django.urls import URLPattern, path

from thongsuot.feedback.views import (
    administration,
    citizens,
    competences,
    drills,
    figures,
    limits,
    public,
    readiness,
    staff,
    staff_acts,
    staff_desk,
    staff_mail,
    staff_many,
    staff_map,
    staff_ticket,
)

app_name = "feedback"

_MANAGE = "quan-tri/phan-anh/"

urlpatterns: list[URLPattern] = [
    # officers
    path("can-bo/phan-anh/", staff.inbox, name="inbox"),
    path("can-bo/phan-anh/bang-tinh/", staff.inbox_excel, name="inbox_excel"),
    path("can-bo/phan-anh/nhieu/", staff_many.bulk, name="bulk"),
    path("can-bo/phan-anh/ghi/", staff_desk.record, name="record"),
    path("can-bo/phan-anh/thu/", staff_mail.held_mail, name="held_mail"),
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
    # Administration
    path(_MANAGE, administration.categories, name="categories"),
    path(f"{_MANAGE}linh-vuc/them/", administration.new_category, name="new_category"),
    path(f"{_MANAGE}linh-vuc/<int:category_id>/", administration.category, name="category"),
    path(f"{_MANAGE}linh-vuc/<int:category_id>/xem/", administration.preview, name="category_preview"),
    path(f"{_MANAGE}linh-vuc/<int:category_id>/cau-hoi/", administration.new_question, name="new_question"),
    path(f"{_MANAGE}cau-hoi/<int:question_id>/", administration.question, name="question"),
    path(f"{_MANAGE}tham-quyen/", competences.competences, name="competences"),
    path(f"{_MANAGE}tham-quyen/bang.xlsx", competences.competence_table, name="competence_table"),
    path(f"{_MANAGE}tham-quyen/nhap/", competences.import_competences, name="import_competences"),
    path(f"{_MANAGE}tham-quyen/nhap/<int:file_id>/", competences.competences_file, name="competence_file"),
    path(f"{_MANAGE}tham-quyen/<int:category_id>/", competences.competence, name="competence"),
    path(f"{_MANAGE}thoi-han/", limits.limits, name="limits"),
    path(f"{_MANAGE}thoi-han/dat/", limits.limit, name="limit"),
    path(f"{_MANAGE}tham-so/", limits.numbers, name="numbers"),
    path(f"{_MANAGE}tham-so/<slug:key>/", limits.number, name="number"),
    path(f"{_MANAGE}tai-khoan/", readiness.units_ready, name="readiness"),
    path(f"{_MANAGE}tai-khoan/mau/", readiness.account_template, name="account_template"),
    path(f"{_MANAGE}tai-khoan/nhap/", readiness.import_accounts, name="import_accounts"),
    path(f"{_MANAGE}tai-khoan/nhap/<int:file_id>/", readiness.accounts_file, name="account_file"),
    path(f"{_MANAGE}phan-anh-thu/", drills.drill, name="drill"),
    # Figures
    path("dieu-hanh/phan-anh/", figures.figures, name="figures"),
    path("dieu-hanh/phan-anh/danh-sach/<slug:figure>/", figures.figures_list, name="figures_list"),
    path("dieu-hanh/phan-anh/danh-sach/<slug:figure>/excel/", figures.figures_list_excel, name="figures_list_excel"),
    path("dieu-hanh/phan-anh/ban-do/", figures.figures_map, name="figures_map"),
    path("dieu-hanh/phan-anh/ban-do/o/", figures.figures_cells, name="figures_cells"),
    path("dieu-hanh/phan-anh/bao-cao/", figures.figures_report, name="figures_report"),
    path("dieu-hanh/phan-anh/bao-cao/excel/", figures.figures_report_excel, name="figures_report_excel"),
    path("dieu-hanh/phan-anh/bao-cao/pdf/", figures.figures_report_pdf, name="figures_report_pdf"),
    path("dieu-hanh/phan-anh/14-ngay/", figures.figures_series, name="figures_series"),
    path("can-bo/phan-anh/cua-toi/so-lieu/", figures.own_figures, name="own_figures"),
]
