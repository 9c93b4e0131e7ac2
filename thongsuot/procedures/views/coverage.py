"""What a commune may resolve on a day, by what right and by whose process; and who resolves one procedure on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from thongsuot.files.rules import FileType
from thongsuot.kernel import clock
from thongsuot.kernel.text import one_line
from thongsuot.procedures import coverage_sheet, queries, words
from thongsuot.procedures.models import Competence
from thongsuot.procedures.queries import ProcessRow
from thongsuot.procedures.views.common import managed_city
from thongsuot.units import queries as units
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import DayField, Form, refusals_on
from thongsuot.web.paging import page_of

# From this day communes work under two tiers, with many more procedures (Luật 72/2025/QH15). Compared with the day before it.
TWO_TIERS = date(2025, 7, 1)


class CoverageForm(Form):
    """Filters of the list; all of them in the address."""

    ngay = DayField(label=gettext_lazy("Vào ngày"), required=False)
    so_voi = DayField(label=gettext_lazy("So với ngày"), required=False)
    don_vi = forms.TypedChoiceField(label=gettext_lazy("Đơn vị"), coerce=int, empty_value=None, required=False)
    tham_quyen = forms.ChoiceField(label=gettext_lazy("Thẩm quyền"), required=False)
    quy_trinh = forms.ChoiceField(
        label=gettext_lazy("Quy trình điện tử"),
        required=False,
        choices=[
            ("", gettext_lazy("Tất cả")),
            ("mac-dinh", gettext_lazy("Chưa có quy trình riêng")),
            ("rieng", gettext_lazy("Có quy trình riêng")),
        ],
    )
    chi = forms.ChoiceField(
        label=gettext_lazy("Chỉ xem"),
        required=False,
        choices=[
            ("", gettext_lazy("Tất cả")),
            ("moi", gettext_lazy("Thủ tục thêm từ ngày so sánh")),
            ("thieu", gettext_lazy("Thiếu căn cứ pháp lý")),
        ],
    )
    linh_vuc = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, communes: list[tuple[int, str]]) -> None:
        super().__init__(data)
        self.offer(don_vi=[("", _("Mọi xã, phường, đặc khu")), *communes])
        self.offer(
            tham_quyen=[
                ("", _("Tất cả")),
                ("giao", _("Phân cấp hoặc ủy quyền")),
                *((kind, words.kind_words(kind)) for kind in Competence.Kind.values),
            ]
        )


@dataclass(frozen=True, kw_only=True)
class _Asked:
    form: CoverageForm
    on: date
    since: date
    rows: list[ProcessRow]
    shown: list[ProcessRow]


def _asked(request: HttpRequest) -> _Asked:
    _actor, city = managed_city(request)
    today = clock.today()
    communes = [(unit.id, unit.full_name) for unit in units.units_under(city.id, as_of=today) if unit.level == "commune"]
    asked = request.GET.copy()
    asked.setdefault("quy_trinh", "mac-dinh" if not request.GET else "")
    form = CoverageForm(asked, communes=communes)
    facts = form.cleaned_data if form.is_valid() else {}
    on = facts.get("ngay") or today
    since = facts.get("so_voi") or TWO_TIERS - timedelta(days=1)
    rows = queries.commune_processes(city_id=city.id, on=on, since=since, unit_id=facts.get("don_vi"))
    kinds = {"giao": ("decentralised", "delegated")}.get(facts.get("tham_quyen", ""), (facts.get("tham_quyen"),))
    shown = [
        row
        for row in rows
        if (not facts.get("tham_quyen") or row.kind in kinds)
        and (not facts.get("quy_trinh") or row.has_own_process == (facts["quy_trinh"] == "rieng"))
        and (facts.get("chi") != "moi" or row.is_new)
        and (facts.get("chi") != "thieu" or queries.lacks_basis(row))
        and (not facts.get("linh_vuc") or row.field_code == facts["linh_vuc"])
    ]
    return _Asked(form=form, on=on, since=since, rows=rows, shown=shown)


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """At first: what still works by the generic process."""
    asked = _asked(request)
    page = page_of(request, count=len(asked.shown))
    query = request.GET.copy()
    for name in ("trang", "linh_vuc"):
        query.pop(name, None)
    if not request.GET:
        query["quy_trinh"] = "mac-dinh"
    return render(
        request,
        "procedures/manage/coverage.html",
        {
            "form": asked.form,
            "on": asked.on,
            "since": asked.since,
            "counts": queries.process_counts(asked.rows),
            "shown": queries.process_counts(asked.shown),
            "rows": asked.shown[page.slice],
            "page": page,
            "query": query.urlencode(),
            "whole_query": request.GET.urlencode() or "quy_trinh=mac-dinh",
            "field": asked.form.data.get("linh_vuc", ""),
            "words": words,
            "lacks_basis": queries.lacks_basis,
        },
        status=422 if asked.form.errors else 200,
    )


@require_GET
def sheet(request: HttpRequest) -> HttpResponseBase:
    """What the page shows, all of it, as a spreadsheet."""
    asked = _asked(request)
    file = coverage_sheet.sheet(asked.shown, on=asked.on, since=asked.since)
    return file_answer(file, f"quy-trinh-{asked.on.isoformat()}.xlsx", FileType.XLSX)


class CompetentForm(Form):
    ma = forms.CharField(label=gettext_lazy("Mã thủ tục"), max_length=20, widget=forms.TextInput(attrs={"class": "w12"}))
    ngay = DayField(label=gettext_lazy("Vào ngày"))


@require_GET
def competent(request: HttpRequest) -> HttpResponse:
    """Who resolves a procedure on a day, by which text; what ended before and what begins later stands below."""
    _actor, city = managed_city(request)
    today = clock.today()
    form = CompetentForm(request.GET if "ma" in request.GET else None, initial={"ngay": today})
    context: dict[str, Any] = {"form": form, "words": words, "code": ""}
    if form.is_bound and form.is_valid():
        code, on = one_line(form.cleaned_data["ma"]), form.cleaned_data["ngay"]
        with refusals_on(form, beside="ma"):
            rows = queries.competence_rows(code, city_id=city.id, on=on)
            name = queries.version_rows(code)[0].name
            context |= {
                "code": code,
                "name": name,
                "on": on,
                "now": [row for row in rows if row.valid_from <= on and not row.is_over],
                "others": [row for row in rows if row.valid_from > on or row.is_over],
                "units": len(queries.competent_unit_ids(code, city_id=city.id, on=on)),
            }
    return render(request, "procedures/manage/competent.html", context, status=422 if form.errors else 200)
