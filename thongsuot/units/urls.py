"""Addresses of the pages about units, service points and the calendar."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from thongsuot.units.views import admin, agencies, changes, conversions, decisions, facilities, maps, public


class UnitCode:
    """2 digits of a province, 3 of a district of before, 5 of a commune."""

    regex = r"[0-9]{2}|[0-9]{3}|[0-9]{5}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class CommuneCode(UnitCode):
    """5 digits."""

    regex = r"[0-9]{5}"


register_converter(UnitCode, "unit_code")
register_converter(CommuneCode, "commune_code")

app_name = "units"

urlpatterns: list[URLPattern] = [
    path("xa-phuong/", public.find, name="find"),
    path("xa-phuong/danh-sach/", public.units, name="units"),
    path("xa-phuong/thay-doi/", changes.changes, name="changes"),
    path("xa-phuong/ranh-gioi.json", maps.outlines, name="outlines"),
    path("xa-phuong/o-dau.json", maps.where, name="where"),
    path("xa-phuong/<unit_code:code>/", public.unit, name="unit"),
    path("quan-tri/don-vi/", admin.manage, name="manage"),
    path("quan-tri/diem-phuc-vu/<int:point_id>/", admin.point, name="point"),
    path("quan-tri/diem-phuc-vu/<int:point_id>/chuyen/", admin.move_point, name="move_point"),
    path("quan-tri/co-quan/", agencies.agencies, name="agencies"),
    path("quan-tri/co-quan/lap/", agencies.new_agency, name="new_agency"),
    path("quan-tri/co-quan/phoi-hop/", agencies.put_serving, name="put_serving"),
    path("quan-tri/co-quan/phoi-hop/<int:serving_id>/ket-thuc/", agencies.end_serving, name="end_serving"),
    path("quan-tri/co-quan/<int:agency_id>/", agencies.agency, name="agency"),
    path("quan-tri/co-quan/<int:agency_id>/ket-thuc/", agencies.end_agency, name="end_agency"),
    path("quan-tri/co-so/", facilities.facilities, name="facilities"),
    path("quan-tri/co-so/mau/", facilities.template, name="facility_template"),
    path("quan-tri/co-so/<int:facility_id>/", facilities.facility, name="facility"),
    path("quan-tri/co-so/chuyen-doi/", conversions.conversions, name="conversions"),
    path("quan-tri/co-so/chuyen-doi/soan/", conversions.new_conversion, name="new_conversion"),
    path("quan-tri/co-so/chuyen-doi/<int:conversion_id>/", conversions.conversion, name="conversion"),
    path("quan-tri/co-so/chuyen-doi/<int:conversion_id>/co-so/", conversions.facility_line, name="facility_line"),
    path("quan-tri/co-so/chuyen-doi/<int:conversion_id>/diem/", conversions.point_line, name="point_line"),
    path(
        "quan-tri/co-so/chuyen-doi/<int:conversion_id>/<commune_code:code>/",
        conversions.conversion_unit,
        name="conversion_unit",
    ),
    path("quan-tri/sap-xep/", decisions.decisions, name="decisions"),
    path("quan-tri/sap-xep/mau/", decisions.template, name="decision_template"),
    path("quan-tri/sap-xep/soan/", decisions.new_decision, name="new_decision"),
    path("quan-tri/sap-xep/phan/<int:succession_id>/", decisions.part, name="part"),
    path("quan-tri/sap-xep/<int:decision_id>/", decisions.decision, name="decision"),
    path("quan-tri/sap-xep/<int:decision_id>/phan-dau/", decisions.head, name="decision_head"),
    path("quan-tri/sap-xep/<int:decision_id>/them/", decisions.add_planned_unit, name="add_planned_unit"),
    path("quan-tri/sap-xep/<int:decision_id>/tep/", decisions.file, name="decision_file"),
    path("quan-tri/sap-xep/<int:decision_id>/<commune_code:code>/", decisions.planned_unit, name="planned_unit"),
    path("quan-tri/lich/", admin.calendar, name="calendar"),
    path("quan-tri/lich/doi-chieu/", admin.compare_calendar, name="compare_calendar"),
    path("quan-tri/lich/gio-lam-viec/", admin.hours, name="hours"),
    path("quan-tri/lich/thay-doi/", admin.change_calendar, name="change_calendar"),
    path("quan-tri/lich/<str:day>/bo/", admin.remove_day, name="remove_day"),
]
