"""Addresses: answers for everyone, looking them up for officers, the stock for those who keep it."""

from __future__ import annotations

from django.urls import URLPattern, path

from thongsuot.knowledge.views import keeping, officers, public

app_name = "knowledge"

_STOCK = "can-bo/hoi-dap/kho/"

urlpatterns: list[URLPattern] = [
    path("hoi-dap/", public.index, name="index"),
    path("hoi-dap/<int:article_id>/", public.page, name="page"),
    path("can-bo/hoi-dap/", officers.look_up, name="look_up"),
    path(_STOCK, keeping.stock, name="stock"),
    path(f"{_STOCK}soan/", keeping.draft, name="new"),
    path(f"{_STOCK}nhap/", keeping.import_list, name="import"),
    path(f"{_STOCK}mau/", keeping.template, name="template"),
    path(f"{_STOCK}xuat/", keeping.export, name="export"),
    path(f"{_STOCK}so-lieu/", officers.figures, name="figures"),
    path(f"{_STOCK}ban/<int:version_id>/", keeping.version, name="version"),
    path(f"{_STOCK}<int:article_id>/", keeping.article, name="article"),
    path(f"{_STOCK}<int:article_id>/soan/", keeping.draft, name="draft"),
]
