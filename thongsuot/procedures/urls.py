"""Addresses of the catalogue: for everyone, and for who manages it."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from thongsuot.procedures.views import citizen, competence, coverage, designing, exchanging, importing, managing, publishing


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
    path("quan-tri/thu-tuc/quy-trinh/", coverage.index, name="process_coverage"),
    path("quan-tri/thu-tuc/quy-trinh/bang.xlsx", coverage.sheet, name="process_coverage_sheet"),
    path("quan-tri/thu-tuc/noi-giai-quyet/", coverage.competent, name="competent_body"),
    path("quan-tri/thu-tuc/<procedure_code:code>/", managing.procedure, name="manage_procedure"),
    path("quan-tri/thu-tuc/<procedure_code:code>/phien-ban-moi/", publishing.publish_next, name="publish_next"),
    path("quan-tri/thu-tuc/<procedure_code:code>/bai-bo/", managing.end, name="end_procedure"),
    path("quan-tri/thu-tuc/<procedure_code:code>/quy-trinh/", designing.design, name="design_process"),
    path("quan-tri/thu-tuc/<procedure_code:code>/quy-trinh/ve/", designing.redraw, name="redraw_process"),
    path("quan-tri/thu-tuc/<procedure_code:code>/quy-trinh/bat-dau/", designing.start, name="start_process"),
    path("quan-tri/thu-tuc/<procedure_code:code>/quy-trinh/bo/", designing.discard, name="discard_process"),
    path("quan-tri/thu-tuc/<procedure_code:code>/quy-trinh/cong-bo/", designing.publish, name="publish_process"),
    path("quan-tri/thu-tuc/<procedure_code:code>/quy-trinh/so-do.bpmn", exchanging.export, name="export_process"),
    path("quan-tri/thu-tuc/<procedure_code:code>/quy-trinh/nhap/", exchanging.upload, name="import_process"),
    path("quan-tri/thu-tuc/<procedure_code:code>/tham-quyen/", competence.grant, name="grant_competence"),
]
