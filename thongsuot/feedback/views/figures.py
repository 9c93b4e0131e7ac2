"""Figures of feedback: of units for who leads, of one's own tickets for an officer; the tickets behind each number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from thongsuot.counters.satisfaction import SHOWN_FROM
from thongsuot.feedback import counting, figures_sources
from thongsuot.feedback.actions.common import MANAGE
from thongsuot.feedback.figures_words import BEHIND_WORDS, FAULTS
from thongsuot.feedback.queries import figures as queries
from thongsuot.feedback.queries.behind import BEHIND, Behind, behind, count_behind
from thongsuot.feedback.queries.figures import Scope
from thongsuot.feedback.queries.ticket import DUTIES, seen_among
from thongsuot.feedback.views.figures_asked import Asked, Section, asked, percent, rating, refusals, sections, tiles
from thongsuot.files.rules import FileType
from thongsuot.files.workbooks import Cell, workbook
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound, NotYourDuty
from thongsuot.kernel.periods import Period
from thongsuot.kernel.text import number
from thongsuot.units import queries as units
from thongsuot.web import charts
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import DayField, Form
from thongsuot.web.paging import page_of
from thongsuot.web.periods import PeriodForm, period_of
from thongsuot.web.request import actor_of

MOST_SHOWN = 10_000


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
            "broken": counting.set_aside() if actor_of(request).may(MANAGE, unit_id=scope.city_id) else (),
            "percent": percent,
            "rating": rating,
            "least": SHOWN_FROM,
        },
        status=question.status,
    )


# -- the tickets behind a number ---------------------------------------------------------------------------------------


def opened_of(rows: Sequence[Behind], actor: Actor) -> frozenset[int]:
    """Which of them someone may open, wherever they went since: figures alone open none."""
    return seen_among({row.ticket_id for row in rows}, actor=actor)


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
    count = count_behind(question.scope, question.period, figure)
    page = page_of(request, count=min(count, MOST_SHOWN))
    rows = behind(question.scope, question.period, figure, limit=page.size, offset=page.first)
    return render(
        request,
        "feedback/figures/list.html",
        {
            **question.context(),
            "label": BEHIND_WORDS[figure],
            "count": count,
            "page": page,
            "rows": [(row, why(row)) for row in rows],
            "opens": opened_of(rows, actor_of(request)),
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
    rows = behind(question.scope, question.period, figure, limit=MOST_SHOWN)
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
    question = Asked(
        scope=seen, seen=seen, of_city=True, period=period, preset="", form=PeriodForm(), unit_id=None, path=request.path
    )
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
    """Of the tickets an officer works on, or worked on last while their unit had them. Nobody sees another person's."""
    actor = actor_of(request)
    mine = frozenset().union(*(actor.units_for(duty) for duty in DUTIES))
    if actor.person_id is None or not mine:
        raise NotYourDuty(DUTIES[0])
    scope = Scope(city_id=units.city_of(next(iter(mine))), unit_ids=frozenset(), whole_city=True, person_id=actor.person_id)
    period, preset, form = period_of(request, clock.now())
    question = Asked(scope=scope, seen=scope, period=period, preset=preset, form=form, unit_id=None, path=request.path)
    sums = queries.total(scope, period)
    count = count_behind(scope, period, "dang-cho")
    page = page_of(request, count=min(count, MOST_SHOWN))
    rows = behind(scope, period, "dang-cho", limit=page.size, offset=page.first)
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
            "opens": opened_of(rows, actor),
            "section": Section(_("Theo lĩnh vực"), _("Lĩnh vực"), queries.category_lines(scope, period)),
            "percent": percent,
            "rating": rating,
        },
        status=question.status,
    )
