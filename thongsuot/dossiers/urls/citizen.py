"""Addresses of citizens' pages: filing, following, one's own dossiers."""

from __future__ import annotations

from django.urls import URLPattern, path

from thongsuot.dossiers.views import citizen_own, citizen_parts, drafts, tracking

_DRAFT = "nop-ho-so/to-khai/<str:code>/"
_CASE = "tra-cuu/<str:code>/"

urlpatterns: list[URLPattern] = [
    path("nop-ho-so/", drafts.index, name="file"),
    path("nop-ho-so/tiep-tuc/", drafts.resume, name="resume"),
    path(_DRAFT, drafts.draft, name="draft"),
    path(f"{_DRAFT}noi-nop/", citizen_parts.place, name="draft_place"),
    path(f"{_DRAFT}to-khai/", citizen_parts.form_page, name="draft_form"),
    path(f"{_DRAFT}to-khai/<slug:group>/", citizen_parts.form_page, name="draft_form"),
    path(f"{_DRAFT}giay-to/", citizen_parts.papers, name="draft_papers"),
    path(f"{_DRAFT}lien-he/", citizen_parts.contact, name="draft_contact"),
    path(f"{_DRAFT}lien-he/<slug:slug>/", citizen_parts.contact, name="draft_contact"),
    path(f"{_DRAFT}kiem-tra/", drafts.check, name="draft_check"),
    path(f"{_DRAFT}de-sau/", drafts.later, name="draft_later"),
    path(f"{_DRAFT}da-nop/", drafts.submitted, name="submitted"),
    path("nop-ho-so/<str:procedure_code>/", drafts.start, name="apply"),
    path("tra-cuu/", tracking.track, name="track"),
    path(_CASE, tracking.tracked, name="tracked"),
    path(f"{_CASE}mo/", tracking.open_details, name="track_open"),
    path(f"{_CASE}bo-sung/", citizen_own.supplement, name="track_supplement"),
    path(f"{_CASE}thanh-toan/", citizen_own.pay, name="track_pay"),
    path(f"{_CASE}rut/", citizen_own.withdraw, name="track_withdraw"),
    path(f"{_CASE}danh-gia/", citizen_own.rate, name="track_rate"),
    path(f"{_CASE}giay-to/<int:component_id>/", citizen_own.paper, name="track_paper"),
    path(f"{_CASE}ket-qua/", citizen_own.result, name="track_result"),
    path(f"{_CASE}ket-qua/ban-sao/<int:copy_id>/", citizen_own.given_copy, name="track_copy"),
    path(f"{_CASE}ket-qua/ban-giay.pdf", citizen_own.paper_copy, name="track_paper_copy"),
    path(f"{_CASE}ket-qua/<int:change_id>/", citizen_own.changed_result, name="track_change"),
    path("ho-so-cua-toi/", citizen_own.mine, name="mine"),
]
