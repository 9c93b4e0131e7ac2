"""The register of results: a unit's, or all units' for the city; on the page, as PDF, as a spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.dossiers.documents import agency_of
from thongsuot.dossiers.printing import papers
from thongsuot.dossiers.queries import result_register as register
from thongsuot.dossiers.queries.worklist import units_seen
from thongsuot.dossiers.views.officer import asked_unit, desk_actor, unit_choices
from thongsuot.files.rules import FileType
from thongsuot.files.workbooks import workbook
from thongsuot.kernel import clock
from thongsuot.kernel.text import one_line
from thongsuot.units import queries as units
from thongsuot.web.downloads import file_answer
from thongsuot.web.paging import page_of
from thongsuot.web.request import number_of

SEARCHED = "results_searched"  # in the session: titles name people, and names have no place in addresses
PDF_ROWS = 2000
KINDS = {
    "result": gettext_lazy("Kết quả"),
    "correction": gettext_lazy("Đính chính"),
    "replacement": gettext_lazy("Cấp thay thế"),
    "revocation": gettext_lazy("Thu hồi"),
    "cancelled": gettext_lazy("Số đã hủy"),
    "reserved": gettext_lazy("Đã lấy số, chờ phát hành"),
}
STATES = {
    "valid": gettext_lazy("Còn giá trị"),
    "corrected": gettext_lazy("Đã đính chính"),
    "replaced": gettext_lazy("Đã thay thế"),
    "revoked": gettext_lazy("Đã thu hồi"),
    "cancelled": gettext_lazy("Số đã hủy"),
    "reserved": gettext_lazy("Đã lấy số, chờ phát hành"),
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked for: a unit (None: all of mine), a year, words."""

    unit_id: int | None
    unit_ids: frozenset[int]
    year: int
    words: str

    @property
    def query(self) -> str:
        """The rest of the address: unit and year. The words are kept in the session."""
        return urlencode({"don_vi": self.unit_id or "", "nam": self.year})


def _asked(request: HttpRequest) -> tuple[Asked, list[tuple[int, str]], list[int]]:
    mine = units_seen(desk_actor(request))
    choices = unit_choices(mine)
    unit_id = asked_unit(request, choices)
    if unit_id is None and len(mine) == 1:
        unit_id = next(iter(mine))
    this_year = clock.today().year
    years = list(range(this_year, 2024, -1))
    typed = number_of(request.GET.get("nam", ""))
    year = typed if typed in years else this_year
    words = request.session.get(SEARCHED, "")
    asked = Asked(unit_id=unit_id, unit_ids=frozenset({unit_id}) if unit_id is not None else mine, year=year, words=words)
    return asked, choices, years


@require_http_methods(["GET", "POST"])
def results(request: HttpRequest) -> HttpResponse:
    """A page of the register; POST keeps the words to look for, or forgets them."""
    if request.method == "POST":
        desk_actor(request)
        request.session[SEARCHED] = "" if "bo" in request.POST else one_line(request.POST.get("q", ""))[:100]
        wanted = {name: request.POST.get(name, "")[:20] for name in ("don_vi", "nam")}
        return redirect(f"{reverse('dossiers:results')}?{urlencode(wanted)}")
    asked, choices, years = _asked(request)
    page = page_of(request, count=register.register_count(asked.unit_ids, year=asked.year, words=asked.words))
    rows = register.register_rows(asked.unit_ids, year=asked.year, words=asked.words, limit=page.size, offset=page.first)
    return render(
        request,
        "dossiers/officer/results.html",
        {
            "asked": asked,
            "units": choices,
            "unit_names": dict(choices) if asked.unit_id is None else {},
            "unit": _unit_name(asked),
            "years": [(one, one) for one in years],
            "page": page,
            "rows": rows,
            "kinds": KINDS,
            "states": STATES,
            "pdf_rows": PDF_ROWS,
            "gaps": register.gaps(asked.unit_id, year=asked.year) if asked.unit_id is not None else [],
        },
    )


def _unit_name(asked: Asked) -> str:
    if asked.unit_id is None:
        return _("tất cả đơn vị")
    return units.unit_row(asked.unit_id, as_of=min(date(asked.year, 12, 31), clock.today())).full_name


@require_GET
def results_pdf(request: HttpRequest) -> HttpResponseBase:
    asked, _choices, _years = _asked(request)
    rows = register.register_rows(asked.unit_ids, year=asked.year, words=asked.words, limit=PDF_ROWS + 1)
    if len(rows) > PDF_ROWS or not rows:
        if rows:
            messages.warning(
                request, _("Bản in chứa tối đa %(most)s dòng. Hãy chọn đơn vị, hoặc tải Excel.") % {"most": PDF_ROWS}
            )
        return redirect(f"{reverse('dossiers:results')}?{asked.query}")
    home = asked.unit_id if asked.unit_id is not None else units.city_of(next(iter(asked.unit_ids)))
    agency, _made_up = agency_of(home, on=clock.today())
    names = units.unit_rows({row.unit_id for row in rows}, as_of=clock.today()) if asked.unit_id is None else {}
    # The register of a day is that day's: printed twice the same day it is the same document.
    made_at = datetime.combine(clock.today(), time(0), timezone.get_current_timezone())
    pdf = papers.register_pdf(
        rows,
        agency=agency,
        year=asked.year,
        unit=_unit_name(asked),
        unit_names={k: v.full_name for k, v in names.items()},
        made_at=made_at,
    )
    return file_answer(pdf, f"so-ket-qua-{asked.year}.pdf", FileType.PDF, shown="xem" in request.GET)


@require_GET
def results_excel(request: HttpRequest) -> HttpResponseBase:
    asked, _choices, _years = _asked(request)
    rows = register.register_rows(asked.unit_ids, year=asked.year, words=asked.words)
    names = units.unit_rows({row.unit_id for row in rows}, as_of=clock.today())
    heads = [
        (_("Đơn vị"), 28),
        (_("Số"), 8),
        (_("Ngày"), 12),
        (_("Loại"), 16),
        (_("Tên văn bản"), 48),
        (_("Người ký"), 36),
        (_("Mã hồ sơ"), 26),
        (_("Thủ tục"), 44),
        (_("Giá trị"), 16),
        (_("Sửa văn bản số"), 12),
        (_("Bị sửa bởi số"), 12),
        (_("Lý do"), 44),
    ]
    lines = (
        (
            names[row.unit_id].full_name if row.unit_id in names else "",
            row.number,
            row.issued_on,
            str(KINDS[row.kind]),
            row.title,
            row.signer,
            row.dossier_code,
            row.procedure,
            str(STATES[row.state]),
            row.changes,
            row.changed_by,
            row.reason,
        )
        for row in rows
    )
    return file_answer(workbook([(_("Sổ kết quả"), heads, lines)], staying=2), f"so-ket-qua-{asked.year}.xlsx", FileType.XLSX)
