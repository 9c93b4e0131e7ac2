"""The monthly set and the fifteen-day report: page, Excel, PDF, JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from thongsuot.files import reports as printing
from thongsuot.files.rules import FileType
from thongsuot.files.workbooks import Cell, Sheet, workbook
from thongsuot.indicators import reports, rules, words
from thongsuot.indicators.forms import FirstDayForm
from thongsuot.indicators.queries.sums import Sums
from thongsuot.indicators.reports import FifteenDays, Report, ReportLine
from thongsuot.indicators.views.asked import Asked, asked
from thongsuot.kernel import clock
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.kernel.text import day, number
from thongsuot.units import queries as units
from thongsuot.units.models import Body
from thongsuot.web.downloads import file_answer
from thongsuot.web.request import actor_of

CHANGE_OVER = date(2025, 7, 1)  # the day two tiers began: what the fifteen-day report opens with
Column = tuple[str, str]


def columns() -> list[Column]:
    """(head, what a line says there) of every table of the set, in the order of the printed form."""
    return [
        (_("Kỳ trước chuyển sang"), "carried"),
        (_("Tiếp nhận mới"), "received"),
        (_("Trực tiếp"), "counter"),
        (_("Trực tuyến"), "online"),
        (_("Bưu chính"), "post"),
        (_("Xong trước hạn"), "early"),
        (_("Xong đúng hạn"), "on_the_day"),
        (_("Xong quá hạn"), "result_late"),
        (_("Rút hồ sơ"), "withdrawn"),
        (_("Dừng giải quyết"), "stopped"),
        (_("Đang giải quyết, trong hạn"), "open_in_time"),
        (_("Đang giải quyết, quá hạn"), "open_late"),
        (_("Phải bổ sung"), "supplements"),
    ]


def cell(sums: Sums, name: str) -> int:
    """A measure by its name, or what follows from several."""
    return sums[name] if name in sums else int(getattr(sums, name))


@dataclass(frozen=True)
class Section:
    """A table of the set: by unit, by field, by procedure."""

    title: str
    head: str
    lines: Sequence[ReportLine]


def sections(found: Report) -> list[Section]:
    return [
        Section(_("Theo đơn vị"), _("Đơn vị"), found.units),
        Section(_("Theo lĩnh vực"), _("Lĩnh vực"), found.fields),
        Section(_("Theo thủ tục"), _("Thủ tục"), found.procedures),
    ]


@require_GET
def report(request: HttpRequest) -> HttpResponse:
    """Received, resolved, pending, per unit, field and procedure. The numbers of each line add up."""
    question = asked(request)
    found = reports.report(question.scope, question.period)
    return render(
        request,
        "indicators/report.html",
        {
            **question.context(),
            "report": found,
            "sections": sections(found),
            "columns": columns(),
            "heads": [{"text": head, "num": True} for head, _name in columns()],
            "cell": cell,
            "rate": lambda sums: words.percent(rules.rate(sums.in_time, sums.of_period)),
            "hours": lambda sums: words.decimal(sums.mean_hours, places=1),
        },
        status=question.status,
    )


def _subtitle(question: Asked) -> str:
    first, last = question.period.first, question.period.last
    if first.day == 1 and (last + timedelta(days=1)).day == 1 and first.month == last.month and first.year == last.year:
        return _("Tháng %(month)s năm %(year)s") % {"month": first.month, "year": first.year}
    return _("Từ ngày %(first)s đến hết ngày %(last)s") % {"first": day(first), "last": day(last)}


@require_GET
def report_excel(request: HttpRequest) -> HttpResponseBase:
    """The set as a workbook: a sheet per table."""
    question = asked(request)
    if question.status != 200:
        return redirect(question.href("report"))
    found = reports.report(question.scope, question.period)
    sheets: list[Sheet] = [
        (_("Tổng hợp"), [(_("Chỉ tiêu"), 44), (_("Số hồ sơ"), 14)], _summary(found)),
    ]
    for section in sections(found):
        heads = [
            (section.head, 44),
            *((head, 13) for head, _name in columns()),
            (_("Tỷ lệ đúng hạn"), 13),
            (_("Giờ mỗi hồ sơ"), 13),
        ]
        sheets.append((section.title, heads, list(_rows(section, found.sums))))
    sheets.append(
        (
            _("Cách tính"),
            [(_("Ghi chú"), 100)],
            [[f"{question.title}. {_subtitle(question)}."], *([note] for note in notes())],
        )
    )
    name = f"bao-cao-{question.period.first:%Y%m%d}-{question.period.last:%Y%m%d}.xlsx"
    return file_answer(workbook(sheets), name, FileType.XLSX)


def notes() -> list[str]:
    return [
        _("Kỳ trước chuyển sang + tiếp nhận mới = đã xong + rút + dừng + đang giải quyết."),
        _("Đúng hạn tính theo mục 2.1 của bộ chỉ số ban hành kèm Quyết định 766/QĐ-TTg, tại ngày cuối kỳ."),
        _("Thư xin lỗi và hẹn lại không làm hồ sơ quá hạn thành đúng hạn."),
        _("Số liệu đếm từ lịch sử hồ sơ trong hệ thống, không nhập tay."),
    ]


def _summary(found: Report) -> list[tuple[str, int]]:
    sums = found.sums
    lines = [(head, cell(sums, name)) for head, name in columns()]
    return [
        *lines,
        (_("Không tiếp nhận hồ sơ trực tuyến"), sums["refused"]),
        (_("Rút trước khi tiếp nhận"), sums["dropped"]),
        (_("Chờ trả lời tiếp nhận"), sums.waiting),
    ]


def _rows(section: Section, whole: Sums) -> Iterator[list[Cell]]:
    for line in (*section.lines, ReportLine(key="", name=_("Cộng"), sums=whole)):
        rate = rules.rate(line.sums.in_time, line.sums.of_period)
        yield [
            line.name,
            *(cell(line.sums, name) for _head, name in columns()),
            float(round(rate, 2)) if rate is not None else None,
            round(hours, 1) if (hours := line.sums.mean_hours) is not None else None,
        ]


@require_GET
def report_pdf(request: HttpRequest) -> HttpResponseBase:
    """The set on paper, in Vietnamese, to be signed."""
    question = asked(request)
    if question.status != 200:
        return redirect(question.href("report"))
    with translation.override("vi"):
        found = reports.report(question.scope, question.period)
        heads = [head for head, _name in columns()]
        tables = [
            printing.Table(
                title=_("Tổng hợp"),
                heads=[_("Chỉ tiêu"), _("Số hồ sơ")],
                rows=[[name, number(count)] for name, count in _summary(found)],
            )
        ]
        for section in sections(found):
            rows = [
                [line.name, *(number(cell(line.sums, name)) for _head, name in columns())]
                for line in (*section.lines, ReportLine(key="", name=_("Cộng"), sums=found.sums))
            ]
            tables.append(printing.Table(title=section.title, heads=[section.head, *heads], rows=rows, total=True))
        pdf = _printed(
            question, _("Báo cáo tình hình tiếp nhận, giải quyết thủ tục hành chính"), _subtitle(question), tables, notes()
        )
    return file_answer(
        pdf,
        f"bao-cao-{question.period.first:%Y%m%d}-{question.period.last:%Y%m%d}.pdf",
        FileType.PDF,
        shown="xem" in request.GET,
    )


def _printed(question: Asked, title: str, subtitle: str, tables: Sequence[printing.Table], said: Sequence[str]) -> bytes:
    on = question.period.last
    top = units.unit_row(question.unit_id or _first_of(question), as_of=on)
    committee = units.body(top.id, Body.Kind.PEOPLE_COMMITTEE, as_of=on)
    centre = units.body(top.id, Body.Kind.SERVICE_CENTRE, as_of=on)
    of_unit = f"{top.full_name[:1].lower()}{top.full_name[1:]}"
    return printing.report(
        above=f"{committee.name if committee else _('Ủy ban nhân dân')} {of_unit}",
        agency=centre.name if centre else _("Bộ phận Một cửa"),
        place=top.name,
        title=title,
        subtitle=subtitle,
        tables=tables,
        notes=said,
        made_at=question.period.now,
        signer=_("Thủ trưởng đơn vị"),
        flipped=True,
    )


def _first_of(question: Asked) -> int:
    """The unit that reports: the only one, or the city above all."""
    some = next(iter(question.scope.unit_ids))
    return some if len(question.scope.unit_ids) == 1 else units.city_of(some)


# -- the fifteen days --------------------------------------------------------------------------------------------------


def _fifteen_asked(request: HttpRequest) -> tuple[FifteenDays | None, FirstDayForm, Asked]:
    """Of the city whose figures one sees, all units of it. Raises NotYourDuty to others."""
    actor = actor_of(request)
    mine = actor.units_for("see figures")
    city_id = units.city_of(next(iter(mine))) if mine else 0
    if city_id not in mine:
        raise NotYourDuty("see figures")
    form = FirstDayForm(request.GET if "tu" in request.GET else None, initial={"tu": CHANGE_OVER})
    question = asked(request)
    if form.is_bound and not form.is_valid():
        return None, form, question
    first = form.cleaned_data["tu"] if form.is_bound else CHANGE_OVER
    return reports.fifteen_days(city_id, first, now=clock.now()), form, question


@require_GET
def fifteen(request: HttpRequest) -> HttpResponse:
    """One page with all figures of the first fifteen days."""
    found, form, question = _fifteen_asked(request)
    return render(
        request,
        "indicators/fifteen.html",
        {
            **question.context(),
            "first_form": form,
            "found": found,
            "said": reports.said,
            "query": urlencode({"tu": day(found.first_day)}) if found else "",
        },
        status=200 if found else 422,
    )


@require_GET
def fifteen_json(request: HttpRequest) -> HttpResponse:
    found, _form, _question = _fifteen_asked(request)
    if found is None:
        return redirect("indicators:fifteen")
    return JsonResponse(found.as_json(), json_dumps_params={"ensure_ascii": False, "indent": 1})


@require_GET
def fifteen_pdf(request: HttpRequest) -> HttpResponseBase:
    found, _form, question = _fifteen_asked(request)
    if found is None:
        return redirect("indicators:fifteen")
    with translation.override("vi"):
        found = reports.fifteen_days(found.city_id, found.first_day, now=question.period.now)
        table = printing.Table(
            title=_("Số liệu đếm được trong hệ thống"),
            heads=[_("Chỉ tiêu"), _("Số liệu"), _("Cách đếm")],
            rows=[[figure.label, reports.said(figure), figure.says] for figure in found.figures],
        )
        missing = printing.Table(
            title=_("Chưa có trong hệ thống"), heads=[_("Nội dung")], rows=[[name] for name in found.missing]
        )
        subtitle = _("Từ ngày %(first)s đến hết ngày %(last)s") % {"first": day(found.first_day), "last": day(found.last_day)}
        city = units.unit_row(found.city_id, as_of=found.last_day)
        pdf = printing.report(
            above=_("Ủy ban nhân dân") + f" {city.full_name[:1].lower()}{city.full_name[1:]}",
            agency=_("Trung tâm Phục vụ hành chính công"),
            place=city.name,
            title=_("Báo cáo sau 15 ngày"),
            subtitle=subtitle,
            tables=[table, missing],
            notes=[],
            made_at=question.period.now,
            signer=_("Thủ trưởng đơn vị"),
        )
    return file_answer(pdf, f"bao-cao-15-ngay-{found.first_day:%Y%m%d}.pdf", FileType.PDF, shown="xem" in request.GET)
