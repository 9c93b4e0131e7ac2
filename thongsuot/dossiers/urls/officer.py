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
    officer_logbook,
    officer_opinions,
    recomputing,
)

urlpatterns: list[URLPattern] = [
    path("can-bo/", officer.inbox, name="inbox"),
    path("can-bo/nhieu-ho-so/", officer.bulk, name="bulk"),
    path("can-bo/tim/", officer.search, name="search"),
    path("can-bo/tiep-nhan/", intake.intake, name="intake"),
    path("can-bo/so-theo-doi/", officer_logbook.logbook, name="logbook"),
    path("can-bo/so-theo-doi/pdf/", officer_logbook.as_pdf, name="logbook_pdf"),
    path("can-bo/so-theo-doi/excel/", officer_logbook.as_excel, name="logbook_excel"),
    path("can-bo/y-kien/", officer_opinions.opinions, name="opinions"),
    path("can-bo/y-kien/<int:opinion_id>/", officer_opinions.answer, name="opinion"),
    path("can-bo/ho-so/<int:dossier_id>/", officer_case.case, name="case"),
    path("can-bo/ho-so/<int:dossier_id>/xem-day-du/", officer_case.uncover, name="uncover"),
    path("can-bo/ho-so/<int:dossier_id>/tep/<int:file_id>/", officer_case.paper, name="case_file"),
    path("can-bo/ho-so/<int:dossier_id>/thu/<int:fee_id>/", officer_case.collect, name="collect"),
    path("can-bo/ho-so/<int:dossier_id>/viec/<slug:key>/", officer_acts.act, name="act"),
    path("ho-so/<int:dossier_id>/ban-in/<slug:meaning>.pdf", documents.document, name="document"),
    path("dieu-hanh/", leading.leading, name="leading"),
    path("quan-tri/lich/tinh-lai/", recomputing.recomputations, name="recomputations"),
    path("quan-tri/lich/tinh-lai/<int:recomputation_id>/", recomputing.recomputation, name="recomputation"),
]
