"""Figures of feedback: of units for who leads, of one's own tickets for an officer; the tickets behind each number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from thongsuot.counters.satisfaction import SHOWN_FROM
from thongsuot.feedback import counting, figures_sources
from thongsuot.feedback.figures_words import BEHIND_WORDS, FAULTS
from thongsuot.feedback.queries import figures as queries
from thongsuot.feedback.queries import heat
from thongsuot.feedback.queries.figures import BEHIND, Behind, Line, Scope, Sums
from thongsuot.feedback.words import RefusalReason, Stream
from thongsuot.files import reports
from thongsuot.files.rules import FileType
from thongsuot.files.workbooks import Cell, Sheet, workbook
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound, NotYourDuty
from thongsuot.kernel.periods import Period
from thongsuot.kernel.remember import SOON, remembered
from thongsuot.kernel.text import day, number
from thongsuot.kernel.working_time import DAY
from thongsuot.units import queries as units
from thongsuot.units.models import Body
from thongsuot.web import charts, maps
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import DayField, Form
from thongsuot.web.paging import page_of
from thongsuot.web.periods import PeriodForm, period_of, tabs
from thongsuot.web.request import actor_of, number_of

HANDLERS = ("handle feedback", "approve feedback", "take feedback")
MOST_SHOWN = 10_000
PAGES: tuple[tuple[str, Promise], ...] = (
    ("figures", gettext_lazy("Số liệu")),
    ("figures_map", gettext_lazy("Bản đồ nhiệt")),
    ("figures_report", gettext_lazy("Báo cáo tháng")),
    ("figures_series", gettext_lazy("14 ngày")),
)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The scope and the period of an address. `seen`: everything the actor may ask about."""

    scope: Scope
    seen: Scope
    period: Period
    preset: str
    form: PeriodForm
    unit_id: int | None
    path: str

    @property
    def status(self) -> int:
        return 422 if self.form.is_bound and self.form.errors else 200

    @property
    def kept(self) -> list[tuple[str, str]]:
        parts = [("ky", self.preset)] if self.preset else [("tu", day(self.period.first)), ("den", day(self.period.last))]
        if self.unit_id is not None:
            parts.append(("don_vi", str(self.unit_id)))
        return [*parts, *(("luong", stream) for stream in sorted(self.scope.streams or ()))]

    @property
    def query(self) -> str:
        return urlencode(self.kept)

    def href(self, name: str, *args: str, unit: str = "") -> str:
        kept = [pair for pair in self.kept if not (unit and pair[0] == "don_vi")]
        return f"{reverse(f'feedback:{name}', args=args)}?{urlencode([*kept, *([('don_vi', unit)] if unit else [])])}"

    @property
    def tabs(self) -> list[dict[str, Any]]:
        return tabs(self.path, self.preset, [pair for pair in self.kept if pair[0] not in ("tu", "den", "ky")])

    @property
    def pages(self) -> list[dict[str, Any]]:
        return [
            {"text": label, "href": self.href(name), "current": self.path == reverse(f"feedback:{name}")}
            for name, label in PAGES
        ]

    @property
    def choices(self) -> list[tuple[int, str]]:
        return _choices(self.seen.unit_ids, timezone.localdate(self.period.now))

    @property
    def top(self) -> int:
        """The unit that reports: the only one, or the city above all."""
        return next(iter(self.scope.unit_ids)) if len(self.scope.unit_ids) == 1 else self.scope.city_id

    @property
    def title(self) -> str:
        if len(self.scope.unit_ids) == 1 or self.scope.whole_city:
            return units.unit_row(self.top, as_of=self.period.last).full_name
        return _("%(count)s đơn vị") % {"count": len(self.scope.unit_ids)}

    def context(self) -> dict[str, Any]:
        """For the frame `feedback/figures/_frame.html`."""
        return {"asked": self, "period": self.period, "form": self.form}


@remembered(seconds=SOON)
def _choices(unit_ids: frozenset[int], on: date) -> list[tuple[int, str]]:
    rows = units.unit_rows(unit_ids, as_of=on).values() if len(unit_ids) > 1 else ()
    return [(row.id, row.full_name) for row in sorted(rows, key=lambda row: (row.level == "commune", row.sort_name))]


def asked(request: HttpRequest) -> Asked:
    """This month of all one's units when the address says nothing. Raises NotYourDuty, NotFound for a unit one does not see."""
    now = clock.now()
    seen = queries.seen_by(actor_of(request), on=timezone.localdate(now))
    scope, unit_id = seen, None
    if said := request.GET.get("don_vi", ""):
        unit_id = number_of(said)
        if unit_id not in seen.unit_ids:
            raise NotFound
        scope = replace(seen, unit_ids=frozenset({unit_id}), whole_city=False)
    streams = frozenset(request.GET.getlist("luong"))
    if not streams <= set(Stream.values):
        raise NotFound
    if streams:
        scope = replace(scope, streams=streams)
    period, preset, form = period_of(request, now)
    return Asked(scope=scope, seen=seen, period=period, preset=preset, form=form, unit_id=unit_id, path=request.path)


def percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f} %".replace(".", ",")


def rating(sums: Sums) -> str:
    """'4,2 (80,0 %)'; a dash for so few that one might guess who they are."""
    return "-" if sums.level is None else f"{sums.level:.1f} ({percent(sums.satisfied)})".replace(".", ",")


def tiles(sums: Sums) -> list[dict[str, Any]]:
    return [
        {
            "label": _("Đã nhận"),
            "figure": number(sums["received"]),
            "note": _("mở lại %(count)s") % {"count": number(sums["reopened"])},
        },
        {
            "label": _("Đã trả lời"),
            "figure": number(sums["answered"]),
            "note": _("đúng hạn %(share)s") % {"share": percent(sums.on_time)},
        },
        {"label": _("Đang chờ trả lời"), "figure": number(sums.waiting)},
        {"label": _("Đang quá hạn"), "figure": number(sums.overdue), "bad": sums.overdue > 0},
        {
            "label": _("Mức hài lòng"),
            "figure": rating(sums),
            "note": _("%(count)s lượt đánh giá") % {"count": number(sums["rated"])} if sums.rated_enough else _("chưa đủ lượt"),
        },
    ]


@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Received, answered, waiting, late, returned, refused, opened again, rated: by unit, category, channel, stream, month."""
    question = asked(request)
    scope, period = question.scope, question.period
    sums = queries.total(scope, period)
    return render(
        request,
        "feedback/figures/figures.html",
        {
            **question.context(),
            "sums": sums,
            "tiles": tiles(sums),
            "sections": sections(scope, period),
            "refusals": refusals(scope, period),
            "waiting": counting.waiting(),
            "percent": percent,
            "rating": rating,
            "least": SHOWN_FROM,
        },
        status=question.status,
    )


@dataclass(frozen=True)
class Section:
    """A table: what it is by, and its lines. `opens`: the name of a line leads to the tickets of that unit."""

    title: str
    head: str
    lines: Sequence[Line]
    opens: bool = False


def sections(scope: Scope, period: Period, *, months: bool = True) -> list[Section]:
    found = [
        Section(_("Theo đơn vị"), _("Đơn vị"), queries.unit_lines(scope, period), opens=True),
        Section(
            _("Theo lĩnh vực"),
            _("Lĩnh vực"),
            [replace(line, name=line.name or _("Chưa phân loại")) for line in queries.category_lines(scope, period)],
        ),
        Section(_("Theo kênh"), _("Kênh"), queries.channel_lines(scope, period)),
        Section(_("Theo luồng"), _("Luồng"), queries.stream_lines(scope, period)),
    ]
    if months and (period.first.year, period.first.month) != (period.last.year, period.last.month):
        found.append(Section(_("Theo tháng"), _("Tháng"), queries.by_month(scope, period)))
    return found


def refusals(scope: Scope, period: Period) -> list[tuple[str, int]]:
    names = {**dict(RefusalReason.choices), "not_completed": _("Người gửi không bổ sung")}
    return [(str(names.get(reason, reason)), count) for reason, count in queries.refusals(scope, period)]


def columns() -> list[tuple[str, Any]]:
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
    ]


# -- the tickets behind a number ---------------------------------------------------------------------------------------


def opened_by(actor: Actor) -> frozenset[int]:
    """Units whose tickets someone may open: figures alone open none."""
    return frozenset().union(*(actor.units_for(duty) for duty in HANDLERS))


def why(row: Behind) -> str:
    said = [str(FAULTS[row.fault])] if row.fault else []
    if row.refusal:
        said.append(f"{row.refusal}.")
    if row.repeated:
        said.append(_("Đã mở lại."))
    return " ".join(said)


@require_GET
def figures_list(request: HttpRequest, figure: str) -> HttpResponse:
    """Numbers of tickets, never who sent them."""
    question = asked(request)
    if figure not in BEHIND:
        raise NotFound
    count = queries.count_behind(question.scope, question.period, figure)
    page = page_of(request, count=min(count, MOST_SHOWN))
    rows = queries.behind(question.scope, question.period, figure, limit=page.size, offset=page.first)
    return render(
        request,
        "feedback/figures/list.html",
        {
            **question.context(),
            "label": BEHIND_WORDS[figure],
            "count": count,
            "page": page,
            "rows": [(row, why(row)) for row in rows],
            "opens": opened_by(actor_of(request)),
            "excel": question.href("figures_list_excel", figure),
            "most": MOST_SHOWN,
        },
        status=question.status,
    )


@require_GET
def figures_list_excel(request: HttpRequest, figure: str) -> HttpResponseBase:
    question = asked(request)
    if figure not in BEHIND:
        raise NotFound
    if question.status != 200:
        return redirect(question.href("figures_list", figure))
    rows = queries.behind(question.scope, question.period, figure, limit=MOST_SHOWN)
    heads = [
        (_("Số phản ánh"), 20),
        (_("Đơn vị"), 30),
        (_("Lĩnh vực"), 30),
        (_("Luồng"), 30),
        (_("Kênh"), 22),
        (_("Đến"), 17),
        (_("Hạn"), 17),
        (_("Trả lời"), 17),
        (_("Ghi chú"), 40),
    ]
    cells: list[list[Cell]] = [
        [r.number, r.unit, r.category, r.stream, r.channel, r.started_at, r.due_at, r.answered_at, why(r)] for r in rows
    ]
    name = f"phan-anh-{figure}-{question.period.first:%Y%m%d}-{question.period.last:%Y%m%d}.xlsx"
    return file_answer(workbook([(_("Phản ánh"), heads, cells)]), name, FileType.XLSX)


# -- the month on paper ------------------------------------------------------------------------------------------------


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
        _("Số liệu đếm từ lịch sử phản ánh trong hệ thống, tính đến hết ngày cuối kỳ."),
    ]


@require_GET
def figures_report(request: HttpRequest) -> HttpResponse:
    """To be printed: the same tables with every column."""
    question = asked(request)
    sums = queries.total(question.scope, question.period)
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
            "notes": notes(),
            "percent": percent,
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
        heads = [(section.head, 40), *((head, 13) for head, _value in columns())]
        rows: list[list[Cell]] = [[name, *(value(one) for _head, value in columns())] for name, one in _lines(section, sums)]
        sheets.append((section.title, heads, rows))
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
                heads=[section.head, *(head for head, _value in columns())],
                rows=[[name, *(number(value(one)) for _head, value in columns())] for name, one in _lines(section, sums)],
                total=True,
            )
            for section in sections(question.scope, period, months=False)
        ]
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


# -- where ---------------------------------------------------------------------------------------------------------------


@require_GET
def figures_map(request: HttpRequest) -> HttpResponse:
    """Squares of the ground by how much was reported there; the same by commune as a table."""
    question = asked(request)
    rows = heat.by_place(question.scope, question.period)
    return render(
        request,
        "feedback/figures/map.html",
        {
            **question.context(),
            "rows": rows,
            "src": question.href("figures_cells"),
            "box": heat.extent(question.scope, question.period),
            "steps": [(step, label) for step, label in enumerate(heat.steps_said(), start=1)],
        },
        status=question.status,
    )


@require_GET
def figures_cells(request: HttpRequest) -> HttpResponse:
    """What the map asks for. Raises BadInput for a view that is none."""
    question = asked(request)
    view = maps.view_asked(request)
    return maps.features_answer(
        maps.cell(one.box, one.step, _("%(count)s phản ánh") % {"count": number(one.count)})
        for one in heat.cells(question.scope, question.period, view)
    )


# -- fourteen days -------------------------------------------------------------------------------------------------------

FORTNIGHT = timedelta(days=13)


class FirstDayForm(Form):
    """The first of fourteen days."""

    tu = DayField(label=gettext_lazy("Ngày đầu"))

    def clean_tu(self) -> date:
        first: date = self.cleaned_data["tu"]
        if not 2000 <= first.year <= 2200:
            raise forms.ValidationError(_("Ngày đầu phải từ năm 2000 đến năm 2200."))
        return first


@require_GET
def figures_series(request: HttpRequest) -> HttpResponse:
    """Tickets, new accounts and calls by day, over any fourteen days. Of the city: accounts and calls belong to no unit."""
    now = clock.now()
    actor = actor_of(request)
    seen = queries.seen_by(actor, on=timezone.localdate(now))
    if not actor.may(queries.DUTY, unit_id=seen.city_id):
        raise NotYourDuty(queries.DUTY)
    usual = timezone.localdate(now) - FORTNIGHT
    form = FirstDayForm(request.GET if "tu" in request.GET else None, initial={"tu": usual})
    first = form.cleaned_data["tu"] if form.is_bound and form.is_valid() else usual
    period = Period(first=first, last=first + FORTNIGHT, now=now)
    question = Asked(scope=seen, seen=seen, period=period, preset="", form=PeriodForm(), unit_id=None, path=request.path)
    tickets = {row.day: row.received for row in queries.by_day(seen, period)}
    series: list[tuple[str, dict[date, int]]] = [(_("Phản ánh"), tickets)]
    series += [(str(one.label), dict(one.per_day(seen.city_id, first, period.last))) for one in figures_sources.sources()]
    days = [first + timedelta(days=n) for n in range(14)]
    return render(
        request,
        "feedback/figures/series.html",
        {
            **question.context(),
            "first_form": form,
            "days": days,
            "series": [(label, counts, sum(counts.values()), _chart(counts, period)) for label, counts in series],
            "tiles": [{"label": label, "figure": number(sum(counts.values()))} for label, counts in series],
        },
        status=422 if form.is_bound and form.errors else 200,
    )


def _chart(counts: dict[date, int], period: Period) -> charts.Columns:
    points = [(on, count, 0) for on, count in counts.items()]
    return charts.columns(charts.by_period(points, first=period.first, last=period.last))


# -- one's own -----------------------------------------------------------------------------------------------------------


@require_GET
def own_figures(request: HttpRequest) -> HttpResponse:
    """Of the tickets an officer works on or worked on last. Nobody sees another person's."""
    actor = actor_of(request)
    mine = opened_by(actor)
    if actor.person_id is None or not mine:
        raise NotYourDuty(HANDLERS[0])
    scope = Scope(city_id=units.city_of(next(iter(mine))), unit_ids=frozenset(), whole_city=True, person_id=actor.person_id)
    period, preset, form = period_of(request, clock.now())
    question = Asked(scope=scope, seen=scope, period=period, preset=preset, form=form, unit_id=None, path=request.path)
    sums = queries.total(scope, period)
    count = queries.count_behind(scope, period, "dang-cho")
    page = page_of(request, count=min(count, MOST_SHOWN))
    rows = queries.behind(scope, period, "dang-cho", limit=page.size, offset=page.first)
    return render(
        request,
        "feedback/figures/own.html",
        {
            **question.context(),
            "tiles": tiles(sums),
            "sums": sums,
            "page": page,
            "count": count,
            "rows": [(row, why(row)) for row in rows],
            "opens": opened_by(actor_of(request)),
            "section": Section(_("Theo lĩnh vực"), _("Lĩnh vực"), queries.category_lines(scope, period)),
            "percent": percent,
            "rating": rating,
        },
        status=question.status,
    )
