"""Addresses of allowances: communes keep lists, the city pays."""

from __future__ import annotations

from django.urls import URLPattern, path

from thongsuot.allowances.views import imports, roll, runs

app_name = "allowances"

urlpatterns: list[URLPattern] = [
    path("can-bo/tro-cap/", roll.roll, name="roll"),
    path("can-bo/tro-cap/them/", roll.add, name="add"),
    path("can-bo/tro-cap/ky/", roll.month, name="month"),
    path("can-bo/tro-cap/nguoi/<int:beneficiary_id>/", roll.person, name="person"),
    path("can-bo/tro-cap/nguoi/<int:beneficiary_id>/doi/", roll.change, name="change"),
    path("can-bo/tro-cap/nguoi/<int:beneficiary_id>/thoi-huong/", roll.stop, name="stop"),
    path("can-bo/tro-cap/nguoi/<int:beneficiary_id>/chuyen/", roll.hand, name="hand"),
    path("can-bo/tro-cap/nguoi/<int:beneficiary_id>/huong-tiep/", roll.resume, name="resume"),
    path("can-bo/tro-cap/ky/<int:run_id>/ky-nhan/<int:unit_id>.xlsx", roll.signing_sheet, name="signing_sheet"),
    path("can-bo/tro-cap/nhap/", imports.imports, name="imports"),
    path("can-bo/tro-cap/nhap/mau.xlsx", imports.template, name="template"),
    path("can-bo/tro-cap/nhap/<int:import_id>/", imports.one, name="import"),
    path("can-bo/tro-cap/nhap/<int:import_id>/dong-chua-vao.xlsx", imports.rows, name="import_rows"),
    path("dieu-hanh/tro-cap/", runs.runs, name="runs"),
    path("dieu-hanh/tro-cap/<int:run_id>/", runs.run, name="run"),
    path("dieu-hanh/tro-cap/<int:run_id>/kiem-tra/", runs.checked, name="checked"),
    path("dieu-hanh/tro-cap/<int:run_id>/doi-soat/", runs.reconciled, name="reconciled"),
    path("dieu-hanh/tro-cap/<int:run_id>/bao-cao.xlsx", runs.report, name="report"),
    path("dieu-hanh/tro-cap/<int:run_id>/chua-tra-duoc/", runs.failed, name="failed"),
    path("dieu-hanh/tro-cap/<int:run_id>/ket-qua/", runs.results, name="results"),
    path("dieu-hanh/tro-cap/ket-qua/<int:report_id>/", runs.payer_report, name="payer_report"),
    path("dieu-hanh/tro-cap/ket-qua/<int:report_id>/dong.xlsx", runs.report_rows, name="report_rows"),
    path("dieu-hanh/tro-cap/tep/<int:batch_id>/rut/", runs.withdraw, name="withdraw"),
    path("dieu-hanh/tro-cap/tep/<int:batch_id>/", runs.batch_file, name="batch_file"),
    path("dieu-hanh/tro-cap/tep/<int:batch_id>/da-gui/", runs.batch_sent, name="batch_sent"),
]
