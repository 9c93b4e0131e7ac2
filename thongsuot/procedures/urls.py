"""Addresses of the catalogue: for everyone, and for who manages it."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from thongsuot.procedures.views import citizen, competence, importing, managing, publishing


class ProcedureCode:
    """2.000815, or a city's own HN.0001."""

    regex = r"[0-9A-Z][0-9A-Z.\-]{2,19}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ProcedureCode, "procedure_code")

app_name = "procedures"

urlpatterns: list[URLPattern] = [
    path("thu-tuc/", citizen.index, name="index"),
    path("thu-tuc/<procedure_code:code>/", citizen.procedure, name="procedure"),
    path("thu-tuc/<procedure_code:code>/phi/", citizen.fees, name="fees"),
    path("quan-tri/thu-tuc/", managing.index, name="manage"),
    path("quan-tri/thu-tuc/them/", publishing.publish_first, name="publish_first"),
    path("quan-tri/thu-tuc/kiem-tra/", publishing.check, name="check"),
    path("quan-tri/thu-tuc/nhap/", importing.upload, name="import"),
    path("quan-tri/thu-tuc/nhap/mau.xlsx", importing.template, name="import_template"),
    path("quan-tri/thu-tuc/nhap/<int:import_id>/", importing.report, name="import_report"),
    path("quan-tri/thu-tuc/uy-quyen/", competence.delegations, name="delegations"),
    path("quan-tri/thu-tuc/tham-quyen/<int:competence_id>/ket-thuc/", competence.end, name="end_competence"),
    path("quan-tri/thu-tuc/<procedure_code:code>/", managing.procedure, name="manage_procedure"),
    path("quan-tri/thu-tuc/<procedure_code:code>/phien-ban-moi/", publishing.publish_next, name="publish_next"),
    path("quan-tri/thu-tuc/<procedure_code:code>/bai-bo/", managing.end, name="end_procedure"),
    path("quan-tri/thu-tuc/<procedure_code:code>/tham-quyen/", competence.grant, name="grant_competence"),
]
