"""Addresses of registers: officers only."""

from __future__ import annotations

from django.urls import URLPattern, path

from thongsuot.registers.views import books, corrections, dossier, entries, imports

app_name = "registers"

urlpatterns: list[URLPattern] = [
    path("can-bo/ho-tich/", entries.search, name="search"),
    path("can-bo/ho-tich/muc/<int:entry_id>/", entries.entry, name="entry"),
    path("can-bo/ho-tich/muc/<int:entry_id>/ghi-chu/", entries.annotate, name="annotate"),
    path("can-bo/ho-tich/muc/<int:entry_id>/huy/", entries.cancel, name="cancel"),
    path("can-bo/ho-tich/so/", books.books, name="books"),
    path("can-bo/ho-tich/so/<int:book_id>/", books.book, name="book"),
    path("can-bo/ho-tich/so/<int:book_id>/in/", books.take_out, name="take_out"),
    path("can-bo/ho-tich/so-lieu/", books.figures, name="figures"),
    path("can-bo/ho-tich/nhap/", imports.imports, name="imports"),
    path("can-bo/ho-tich/nhap/mau-<slug:kind>.xlsx", imports.template, name="template"),
    path("can-bo/ho-tich/nhap/<int:register_import_id>/", imports.one, name="import"),
    path("can-bo/ho-tich/nhap/<int:register_import_id>/tinh-trang/", imports.state, name="import_state"),
    path("can-bo/ho-tich/nhap/<int:register_import_id>/dong-loi.xlsx", imports.rejects, name="rejects"),
    path("can-bo/ho-tich/can-sua/", corrections.corrections, name="corrections"),
    path("can-bo/ho-tich/can-sua/<int:row_id>/", corrections.correction, name="correction"),
    path("can-bo/ho-tich/ho-so/<int:dossier_id>/ghi/", dossier.enter, name="enter"),
    path("can-bo/ho-tich/ho-so/<int:dossier_id>/tim/", dossier.search, name="dossier_search"),
    path("can-bo/ho-tich/ho-so/<int:dossier_id>/hon-nhan/", dossier.marital, name="marital"),
    path("can-bo/ho-tich/ho-so/<int:dossier_id>/lap-giay/<int:entry_id>/", dossier.paper, name="paper"),
]
