"""Who handles feedback in every unit, which units have nobody, and accounts for them from a list."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.feedback import actions
from thongsuot.feedback.actions.accounts import PEOPLE, account_file
from thongsuot.feedback.arranging_forms import TableForm
from thongsuot.feedback.queries.account_files import AccountPlan, account_plan
from thongsuot.feedback.queries.readiness import readiness
from thongsuot.feedback.sheets import ACCOUNTS
from thongsuot.feedback.views.administration import manager
from thongsuot.files import tables
from thongsuot.files.rules import FileType
from thongsuot.files.table_rows import BadRow
from thongsuot.files.views import refusals_on_list
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.units.models import Unit
from thongsuot.units.queries import UnitRow
from thongsuot.web.downloads import file_answer
from thongsuot.web.request import nothing_pressed, pressed


@require_GET
def units_ready(request: HttpRequest) -> HttpResponse:
    actor, city = manager(request)
    rows, lacking = readiness(city.id, on=clock.today()), bool(request.GET.get("thieu"))
    context = {
        "rows": [row for row in rows if not lacking or not row.ready],
        "lacking": lacking,
        "opens_accounts": actor.may(PEOPLE, unit_id=city.id),
        "units": len(rows),
        "ready": sum(row.ready for row in rows),
        "no_handler": sum(not row.handle for row in rows),
        "no_approver": sum(not row.approve for row in rows),
    }
    return render(request, "feedback/administration/readiness.html", context)


@require_GET
def account_template(request: HttpRequest) -> HttpResponseBase:
    """With a line for each unit that lacks somebody."""
    _actor, city = manager(request)
    leads = {Unit.Level.COMMUNE: "Phó Chủ tịch", Unit.Level.AGENCY: "Phó Giám đốc"}
    rows = [
        [row.unit.code, "", "", "", title, "", duty]
        for row in readiness(city.id, on=clock.today())
        for title, duty, held in (
            ("Chuyên viên", "xử lý", row.handle),
            (leads.get(Unit.Level(row.unit.level), ""), "duyệt", row.approve),
        )
        if not held
    ]
    return file_answer(tables.template(_("Tài khoản"), ACCOUNTS, rows or None), "mau-tai-khoan-phan-anh.xlsx", FileType.XLSX)


def _opener(request: HttpRequest) -> tuple[Actor, UnitRow]:
    """Names, telephones and addresses of such a list are for whoever opens accounts. Raises NotYourDuty."""
    actor, city = manager(request)
    actor.must(PEOPLE, unit_id=city.id)
    return actor, city


@require_http_methods(["GET", "POST"])
def import_accounts(request: HttpRequest) -> HttpResponse:
    """A list is sent; whom it would give what is shown before any account is opened."""
    actor, city = _opener(request)
    form = TableForm(request.POST if request.method == "POST" else None, request.FILES or None)
    bad_rows: list[BadRow] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        with refusals_on_list(form, bad_rows):
            sent = actions.send_accounts(file, name=file.name, city_id=city.id, actor=actor, at=clock.now())
            return redirect("feedback:account_file", sent.pk)
    context = {"form": form, "bad_rows": bad_rows}
    return render(request, "feedback/administration/import_accounts.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def accounts_file(request: HttpRequest, file_id: int) -> HttpResponse:
    actor, city = _opener(request)
    stored, bad_rows = account_file(file_id), list[BadRow]()
    form = TableForm({}, {}, again=True)
    plan: AccountPlan | None = None
    if request.method == "POST" and pressed(request) != "lap":
        raise nothing_pressed()
    form.full_clean()
    with refusals_on_list(form, bad_rows):
        if request.method == "POST":
            done = actions.open_accounts(file_id, city_id=city.id, actor=actor, at=clock.now())
            messages.success(
                request, _("Đã lập %(new)s tài khoản, thêm %(more)s chức vụ, %(same)s người như cũ.") % done.figures
            )
            return redirect("feedback:readiness")
        plan = account_plan(stored, city_id=city.id, on=clock.today())
    context = {"stored": stored, "form": form, "bad_rows": bad_rows, "plan": plan}
    page = "import_accounts.html" if plan is None else "account_file.html"
    return render(request, f"feedback/administration/{page}", context, status=422 if form.errors else 200)
