"""Who answers for which category: the table of the city, one category, lists that come in and leave."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.feedback import actions
from thongsuot.feedback.actions.competences import competence_file
from thongsuot.feedback.arranging_forms import CompetenceForm, DatedTableForm, DayForm
from thongsuot.feedback.models import Competence
from thongsuot.feedback.queries import arranging
from thongsuot.feedback.queries.competence_files import CompetencePlan, competence_plan
from thongsuot.feedback.sheets import COMPETENCES
from thongsuot.feedback.views.administration import category_of, manager
from thongsuot.files import tables
from thongsuot.files.rules import FileType
from thongsuot.files.table_rows import BadRow
from thongsuot.files.views import refusals_on_list
from thongsuot.kernel import clock
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import day_of, nothing_pressed, number_of, pressed

SHOWN_LINES = 300


@require_GET
def competences(request: HttpRequest) -> HttpResponse:
    """Category by category, or those of one handler."""
    _actor, city = manager(request)
    today, chosen = clock.today(), number_of(request.GET.get("don-vi", ""))
    named = arranging.handlers(city.id, on=today)
    context = {
        "lines": arranging.matrix(city.id, on=today, handler_id=chosen or None),
        "handlers": named,
        "choices": [(unit.id, unit.full_name) for unit, _count in named],
        "chosen": chosen,
    }
    return render(request, "feedback/administration/competences.html", context)


@require_http_methods(["GET", "POST"])
def competence(request: HttpRequest, category_id: int) -> HttpResponse:
    """Of one category: now, still to come, what was; a new row from a day on, or the end of what a commune had of its own."""
    actor, city = manager(request)
    found, today, what = category_of(category_id, city), clock.today(), pressed(request)
    posted = request.POST if request.method == "POST" else None
    offered: dict[str, Any] = {
        "places": [(row.id, row.full_name) for row in arranging.communes(city.id, on=today).values()],
        "units": [(row.id, row.full_name) for row in arranging.answering_units(city.id, on=today)],
    }
    form = CompetenceForm(posted if what == "giao" else None, initial={"valid_from": today}, **offered)
    ends = DayForm(posted if what == "thoi" else None, initial={"day": today})
    if posted is not None:
        if what not in {"giao", "thoi"}:
            raise nothing_pressed()
        if what == "giao" and form.is_valid():
            said = form.cleaned_data
            with refusals_on(form):
                actions.set_competence(
                    found.pk,
                    place_unit_id=said["place"],
                    handler_id=said["handler"],
                    basis=said["basis"],
                    valid_from=said["valid_from"],
                    actor=actor,
                    at=clock.now(),
                )
                messages.success(request, _("Đã lưu. Phản ánh đã chuyển vẫn ở đơn vị đang xử lý."))
                return redirect("feedback:competence", found.pk)
        elif what == "thoi" and ends.is_valid():
            with refusals_on(ends):
                row_id = number_of(request.POST.get("dong", ""))
                coming = Competence.objects.filter(pk=row_id, valid_from__gt=today).exists()
                actions.end_competence(row_id, ends.cleaned_data["day"], actor=actor, at=clock.now())
                ended = _("Đã thôi giao riêng: nơi ấy theo mức chung.")
                messages.success(request, _("Đã bỏ lần giao chưa áp dụng: lần giao trước giữ nguyên.") if coming else ended)
                return redirect("feedback:competence", found.pk)
    rows = arranging.competence_rows(Competence.objects.filter(category=found).order_by("place_unit", "-valid_from"), on=today)
    context = {"category": found, "rows": rows, "form": form, "ends": ends, "today": today}
    wrong = form.errors or ends.errors
    return render(request, "feedback/administration/competence.html", context, status=422 if wrong else 200)


@require_GET
def competence_table(request: HttpRequest) -> HttpResponseBase:
    """The table as it is today: it comes in again as it leaves."""
    _actor, city = manager(request)
    rows = arranging.competence_cells(city.id, on=clock.today())
    name = f"tham-quyen-phan-anh-{clock.today().isoformat()}.xlsx"
    return file_answer(tables.template(_("Thẩm quyền"), COMPETENCES, rows), name, FileType.XLSX)


@require_http_methods(["GET", "POST"])
def import_competences(request: HttpRequest) -> HttpResponse:
    """A table is sent; what it says is shown before anything comes in."""
    actor, city = manager(request)
    posted = request.method == "POST"
    form = DatedTableForm(request.POST if posted else None, request.FILES or None, initial={"valid_from": clock.today()})
    bad_rows: list[BadRow] = []
    if posted and form.is_valid():
        file, day = form.cleaned_data["file"], form.cleaned_data["valid_from"]
        with refusals_on_list(form, bad_rows):
            sent = actions.send_competences(file, name=file.name, city_id=city.id, valid_from=day, actor=actor, at=clock.now())
            return redirect(f"{reverse('feedback:competence_file', args=[sent.pk])}?tu={day.isoformat()}")
    context = {"form": form, "bad_rows": bad_rows}
    return render(request, "feedback/administration/import_competences.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def competences_file(request: HttpRequest, file_id: int) -> HttpResponse:
    """What a table would change, then changing it."""
    actor, city = manager(request)
    stored, bad_rows = competence_file(file_id), list[BadRow]()
    day: date = day_of(request.GET.get("tu", "")) or clock.today()
    form = DatedTableForm({"valid_from": day}, {}, again=True)
    plan: CompetencePlan | None = None
    if request.method == "POST" and pressed(request) != "nhap":
        raise nothing_pressed()
    form.full_clean()
    with refusals_on_list(form, bad_rows):
        if request.method == "POST":
            done = actions.import_competences(file_id, city_id=city.id, valid_from=day, actor=actor, at=clock.now())
            messages.success(request, _("Đã nhập: %(changed)s dòng đổi, %(same)s dòng như cũ.") % done.figures)
            return redirect("feedback:competences")
        plan = competence_plan(stored, city_id=city.id, valid_from=day, at=clock.now())
    context = {"stored": stored, "form": form, "bad_rows": bad_rows, "plan": plan, "day": day, "shown": SHOWN_LINES}
    page = "import_competences.html" if plan is None else "competence_file.html"
    return render(request, f"feedback/administration/{page}", context, status=422 if form.errors else 200)
