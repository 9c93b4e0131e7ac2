"""Addresses of indicators."""

from __future__ import annotations

from django.urls import URLPattern, path

from thongsuot.indicators.views import administration, figures, index, report

app_name = "indicators"

urlpatterns: list[URLPattern] = [
    path("dieu-hanh/chi-so/", index.quality_index, name="index"),
    path("dieu-hanh/chi-so/muc/<str:code>/<slug:part>/", index.item, name="item"),
    path("dieu-hanh/chi-so/muc/<str:code>/<slug:part>/excel/", index.item_excel, name="item_excel"),
    path("dieu-hanh/chi-so/so-sanh/", figures.compare, name="compare"),
    path("dieu-hanh/chi-so/cac-buoc/", figures.steps, name="steps"),
    path("dieu-hanh/chi-so/theo-ngay/", figures.series, name="series"),
    path("dieu-hanh/ban-do/", figures.city_map, name="map"),
    path("dieu-hanh/bao-cao/", report.report, name="report"),
    path("dieu-hanh/bao-cao/excel/", report.report_excel, name="report_excel"),
    path("dieu-hanh/bao-cao/pdf/", report.report_pdf, name="report_pdf"),
    path("dieu-hanh/bao-cao/15-ngay/", report.fifteen, name="fifteen"),
    path("dieu-hanh/bao-cao/15-ngay/pdf/", report.fifteen_pdf, name="fifteen_pdf"),
    path("dieu-hanh/bao-cao/15-ngay/json/", report.fifteen_json, name="fifteen_json"),
    path("dieu-hanh/bao-cao/tep/<int:export_id>/", index.export, name="export"),
    path("dieu-hanh/bao-cao/tep/<int:export_id>/tai/", index.export_file, name="export_file"),
    path("quan-tri/chi-so/", administration.all_items, name="items"),
    path("quan-tri/chi-so/<str:code>/", administration.streams, name="streams"),
    path("can-bo/chi-so-cua-toi/", index.own, name="own"),
]
