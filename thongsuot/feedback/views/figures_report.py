"""The month on paper: as page, spreadsheet and PDF, the same tables with every column."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from thongsuot.counters.satisfaction import SHOWN_FROM
from thongsuot.feedback.models import Escalation
from thongsuot.feedback.queries import figures as queries
from thongsuot.feedback.queries.figures import Sums
from thongsuot.feedback.views.figures_asked import Asked, Section, asked, percent, rating, refusals, sections, tiles
from thongsuot.files import reports
from thongsuot.files.rules import FileType
from thongsuot.files.workbooks import Cell, Sheet, workbook
from thongsuot.kernel.periods import Period
from thongsuot.kernel.text import day, number
from thongsuot.kernel.working_time import DAY
from thongsuot.units import queries as units
from thongsuot.units.models import Body
from thongsuot.web.downloads import file_answer


def columns() -> list[tuple[str, Callable[[Sums], int]]]:
    """(head, what a line says there) of every table of the report."""
    return [
        (_("Kỳ trước chuyển sang"), lambda sums: sums.carried),
        (_("Nhận"), lambda sums: sums["received"]),
        (_("Mở lại"), lambda sums: sums["reopened"]),
        (_("Trả lời"), lambda sums: sums["answered"]),
        (_("Trong đó đúng hạn"), lambda sums: sums["answered_in_time"]),
        (_("Không tiếp nhận"), lambda sums: sums["refused"]),
        (_("Đơn vị trả lại"), lambda sums: sums["returned"]),
        (_("Đang chờ"), lambda sums: sums.waiting),
        (_("Đang quá hạn"), lambda sums: sums.overdue),
        (_("Lượt đánh giá"), lambda sums: sums["rated"]),
    ]


def rungs(question: Asked) -> tuple[list[str], list[tuple[str, list[int]]]]:
    """(heads, lines): how often who was reminded of what runs out, by unit."""
    kinds = list(Escalation.Rung)
    rows = queries.rungs(question.scope, question.period)
    return [str(kind.label) for kind in kinds], [(name, [counts.get(kind, 0) for kind in kinds]) for name, counts in rows]


def subtitle(period: Period) -> str:
    first, last = period.first, period.last
    if first.day == 1 and (last + DAY).day == 1 and (first.year, first.month) == (last.year, last.month):
        return _("Tháng %(month)s năm %(year)s") % {"month": first.month, "year": first.year}
    return _("Từ ngày %(first)s đến hết ngày %(last)s") % {"first": day(first), "last": day(last)}


def notes() -> list[str]:
    return [
        _("Phản ánh gộp vào phản ánh khác, chuyển tiếp công dân không còn tính là đang chờ."),
        _("Phản ánh chuyển qua nhiều đơn vị được tính ở mỗi đơn vị trong thời gian đơn vị đó giữ."),
        _("Đúng hạn xét theo hạn trả lời, không kể lúc chờ người gửi bổ sung; gia hạn được duyệt thì theo hạn mới."),
        _("Mức hài lòng từ 1 đến 5, trong ngoặc là tỷ lệ hài lòng; dưới %(least)s lượt đánh giá thì không ghi.")
        % {"least": SHOWN_FROM},
        _("Số liệu đếm từ lịch sử phản ánh trong hệ thống, tính đến hết ngày cuối kỳ."),
    ]


@require_GET
def figures_report(request: HttpRequest) -> HttpResponse:
    """To be printed: the same tables with every column."""
    question = asked(request)
    sums = queries.total(question.scope, question.period)
    rung_heads, reminded = rungs(question)
    return render(
        request,
        "feedback/figures/report.html",
        {
            **question.context(),
            "sums": sums,
            "tiles": tiles(sums),
            "sections": sections(question.scope, question.period, months=False),
            "refusals": refusals(question.scope, question.period),
            "columns": columns(),
            "heads": [{"text": head, "num": True} for head, _value in columns()],
            "subtitle": subtitle(question.period),
            "rung_heads": [{"text": head, "num": True} for head in rung_heads],
            "reminded": reminded,
            "notes": notes(),
            "percent": percent,
            "rating": rating,
        },
        status=question.status,
    )


def _lines(section: Section, sums: Sums) -> list[tuple[str, Sums]]:
    return [*((line.name, line.sums) for line in section.lines), (_("Cộng"), sums)]


@require_GET
def figures_report_excel(request: HttpRequest) -> HttpResponseBase:
    question = asked(request)
    if question.status != 200:
        return redirect(question.href("figures_report"))
    sums = queries.total(question.scope, question.period)
    sheets: list[Sheet] = []
    for section in sections(question.scope, question.period, months=False):
        heads = [(section.head, 40), *((head, 13) for head, _value in columns()), (_("Mức hài lòng"), 16)]
        rows: list[list[Cell]] = [
            [name, *(value(one) for _head, value in columns()), rating(one)] for name, one in _lines(section, sums)
        ]
        sheets.append((section.title, heads, rows))
    rung_heads, reminded = rungs(question)
    reminders: list[list[Cell]] = [[name, *counts] for name, counts in reminded]
    sheets.append((_("Nhắc việc theo thời hạn"), [(_("Đơn vị"), 40), *((head, 22) for head in rung_heads)], reminders))
    sheets.append(
        (_("Lý do không tiếp nhận"), [(_("Lý do"), 50), (_("Số phản ánh"), 14)], refusals(question.scope, question.period))
    )
    sheets.append(
        (_("Cách tính"), [(_("Ghi chú"), 100)], [[f"{question.title}. {subtitle(question.period)}."], *([n] for n in notes())])
    )
    name = f"phan-anh-{question.period.first:%Y%m%d}-{question.period.last:%Y%m%d}.xlsx"
    return file_answer(workbook(sheets), name, FileType.XLSX)


@require_GET
def figures_report_pdf(request: HttpRequest) -> HttpResponseBase:
    """On paper, in Vietnamese, to be signed."""
    question = asked(request)
    if question.status != 200:
        return redirect(question.href("figures_report"))
    period = question.period
    with translation.override("vi"):
        sums = queries.total(question.scope, period)
        tables = [
            reports.Table(
                title=section.title,
                heads=[section.head, *(head for head, _value in columns()), _("Mức hài lòng")],
                rows=[
                    [name, *(number(value(one)) for _head, value in columns()), rating(one)]
                    for name, one in _lines(section, sums)
                ],
                total=True,
            )
            for section in sections(question.scope, period, months=False)
        ]
        rung_heads, reminded = rungs(question)
        if reminded:
            rows = [[name, *map(number, counts)] for name, counts in reminded]
            tables.append(reports.Table(title=_("Nhắc việc theo thời hạn"), heads=[_("Đơn vị"), *rung_heads], rows=rows))
        refused = [[reason, number(count)] for reason, count in refusals(question.scope, period)]
        if refused:
            heads = [_("Lý do"), _("Số phản ánh")]
            tables.append(reports.Table(title=_("Lý do không tiếp nhận"), heads=heads, rows=refused))
        top = units.unit_row(question.top, as_of=period.last)
        committee = units.body(top.id, Body.Kind.PEOPLE_COMMITTEE, as_of=period.last)
        of_unit = f"{top.full_name[:1].lower()}{top.full_name[1:]}"
        pdf = reports.report(
            above="",
            agency=f"{committee.name if committee else _('Ủy ban nhân dân')} {of_unit}",
            place=top.name,
            title=_("Báo cáo tiếp nhận, xử lý phản ánh, kiến nghị"),
            subtitle=subtitle(period),
            tables=tables,
            notes=notes(),
            made_at=period.now,
            signer=_("Thủ trưởng đơn vị"),
            flipped=True,
        )
    return file_answer(
        pdf, f"phan-anh-{period.first:%Y%m%d}-{period.last:%Y%m%d}.pdf", FileType.PDF, shown="xem" in request.GET
    )
