"""Addresses of feedback, a list per subject."""

from __future__ import annotations

from django.urls import URLPattern, path

from thongsuot.feedback.views import administration, competences, drills, limits, readiness

app_name = "feedback"

_MANAGE = "quan-tri/phan-anh/"

urlpatterns: list[URLPattern] = [
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
]
