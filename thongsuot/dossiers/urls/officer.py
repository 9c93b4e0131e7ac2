"""Addresses of officers' and leaders' pages, and of the printable documents, which owners open too."""

from __future__ import annotations

from django.urls import URLPattern, path

from thongsuot.dossiers.views import (
    documents,
    intake,
    leading,
    officer,
    officer_acts,
    officer_case,
    officer_changes,
    officer_copies,
    officer_digitising,
    officer_logbook,
    officer_opinions,
    officer_register,
    officer_signing,
    officer_store,
)

urlpatterns: list[URLPattern] = [
    path("can-bo/", officer.inbox, name="inbox"),
    path("can-bo/nhieu-ho-so/", officer.bulk, name="bulk"),
    path("can-bo/ky/", officer_signing.queue, name="signing_queue"),
    path("can-bo/ky/<int:batch_id>/", officer_signing.batch, name="signing_batch"),
    path("can-bo/tim/", officer.search, name="search"),
    path("can-bo/tiep-nhan/", intake.intake, name="intake"),
    path("can-bo/so-theo-doi/", officer_logbook.logbook, name="logbook"),
    path("can-bo/so-theo-doi/pdf/", officer_logbook.as_pdf, name="logbook_pdf"),
    path("can-bo/so-theo-doi/excel/", officer_logbook.as_excel, name="logbook_excel"),
    path("can-bo/so-ket-qua/", officer_register.results, name="results"),
    path("can-bo/so-ket-qua/pdf/", officer_register.results_pdf, name="results_pdf"),
    path("can-bo/so-ket-qua/excel/", officer_register.results_excel, name="results_excel"),
    path("can-bo/so-hoa/", officer_digitising.digitising, name="digitising"),
    path("can-bo/so-hoa/ky/", officer_digitising.sign, name="sign_scans"),
    path("can-bo/so-hoa/quet/<int:component_id>/", officer_digitising.scan, name="scan"),
    path("can-bo/so-hoa/kiem-tra/<int:scan_id>/", officer_digitising.check, name="check_scan"),
    path("can-bo/so-chung-thuc/", officer_copies.register, name="copies"),
    path("can-bo/so-chung-thuc/cung-cap/", officer_copies.offer, name="offer_copies"),
    path("can-bo/y-kien/", officer_opinions.opinions, name="opinions"),
    path("can-bo/y-kien/<int:opinion_id>/", officer_opinions.answer, name="opinion"),
    path("can-bo/ho-so/<int:dossier_id>/", officer_case.case, name="case"),
    path("can-bo/ho-so/<int:dossier_id>/xem-day-du/", officer_case.uncover, name="uncover"),
    path("can-bo/ho-so/<int:dossier_id>/kho/", officer_store.papers, name="store"),
    path("can-bo/ho-so/<int:dossier_id>/kho/<int:paper_id>/", officer_store.paper, name="store_file"),
    path("can-bo/ho-so/<int:dossier_id>/ban-giay.pdf", officer_changes.paper_copy, name="case_paper_copy"),
    path("can-bo/ho-so/<int:dossier_id>/sua-ket-qua/", officer_changes.changes, name="changes"),
    path("can-bo/ho-so/<int:dossier_id>/sua-ket-qua/<int:change_id>/", officer_changes.change, name="change"),
    path("can-bo/ho-so/<int:dossier_id>/ban-sao/", officer_copies.copies, name="case_copies"),
    path("can-bo/ho-so/<int:dossier_id>/ban-sao/<int:copy_id>/", officer_copies.copy, name="case_copy"),
    path("can-bo/ho-so/<int:dossier_id>/tep/<int:file_id>/", officer_case.paper, name="case_file"),
    path("can-bo/ho-so/<int:dossier_id>/thu/<int:fee_id>/", officer_case.collect, name="collect"),
    path("can-bo/ho-so/<int:dossier_id>/viec/<slug:key>/", officer_acts.act, name="act"),
    path("ho-so/<int:dossier_id>/ban-in/<slug:meaning>.pdf", documents.document, name="document"),
    path("dieu-hanh/", leading.leading, name="leading"),
]
