"""The list of a commune: whom it pays, one person, this month's lines."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thongsuot.allowances import actions
from thongsuot.allowances.forms import HandForm, NewPersonForm, PersonForm, ReasonForm, SearchForm, StopForm
from thongsuot.allowances.models import Beneficiary, Payer, Payment, PayRun
from thongsuot.allowances.queries import roll as queries
from thongsuot.allowances.queries import runs
from thongsuot.allowances.queries.keeping import earliest_open_month, paying_city, units_kept
from thongsuot.allowances.rules import KEEP, first_of
from thongsuot.allowances.sheets import sheet_head
from thongsuot.allowances.views.common import choices, communes, names, tabs
from thongsuot.files.rules import FileType
from thongsuot.files.workbooks import workbook
from thongsuot.kernel import clock
from thongsuot.people.queries import looked_lately
from thongsuot.units import queries as units
from thongsuot.web.confirm import confirm
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_with

SEARCHED = "allowances_searched"  # in the session: names and numbers of people have no place in addresses


@require_http_methods(["GET", "POST"])
def roll(request: HttpRequest) -> HttpResponse:
    """Masked rows of the units whose lists one keeps."""
    actor, today = actor_with(request, KEEP), clock.today()
    if request.method == "POST":
        request.session[SEARCHED] = request.POST.get("words", "").strip()[:200]
        return redirect(request.get_full_path())
    mine = communes(actor, today=today, ended=True)
    asked = request.GET.get("don-vi", "")
    unit = next((row for row in mine if str(row.id) == asked), None)
    state = "stopped" if request.GET.get("loc") == "thoi-huong" else ""
    words = request.session.get(SEARCHED, "")
    wanted = queries.Wanted(month=first_of(today), unit_id=unit.id if unit else None, state=state, words=words)
    keeps = units_kept(actor)
    page = page_of(request, count=queries.count(wanted, unit_ids=keeps))
    rows = queries.rows(wanted, unit_ids=keeps, limit=page.size, offset=page.first)
    here = reverse("allowances:roll")
    return render(
        request,
        "allowances/roll.html",
        {
            "rows": rows,
            "page": page,
            "form": SearchForm(initial={"words": words}),
            "words": words,
            "state": state,
            "mine": mine,
            "units": [
                {"text": _("Tất cả đơn vị"), "href": here, "current": unit is None},
                *({"text": row.full_name, "href": f"{here}?don-vi={row.id}", "current": row is unit} for row in mine),
            ],
            "names": names((row.unit_id for row in rows), on=today),
            "filters": [
                {"text": _("Đang hưởng"), "href": here, "current": not state},
                {"text": _("Đã thôi hưởng"), "href": f"{here}?loc=thoi-huong", "current": bool(state)},
            ],
            "tabs": tabs("allowances:roll", actor=actor, today=today),
        },
    )


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    actor, now = actor_with(request, KEEP), clock.now()
    today = timezone.localdate(now)
    groups = [(line.code, f"{line.code} {line.name}") for line in queries.group_lines(first_of(today))]
    whose = choices(communes(actor, today=today), today=today)
    form = NewPersonForm(whose, groups, request.POST or None, initial={"payer": Payer.BANK})
    if form.is_bound and form.is_valid():
        said = {**form.cleaned_data, "start": form.cleaned_data["start"].isoformat()}
        unit_id = said.pop("unit")
        with refusals_on(form):
            one = actions.add_beneficiary(said, unit_id=unit_id, actor=actor, at=now)
            messages.success(request, _("Đã thêm %(code)s vào danh sách.") % {"code": str(one)})
            return redirect("allowances:roll")
    return render(request, "allowances/add.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, beneficiary_id: int) -> HttpResponse:
    """First the question why; then the person, for as long as the reason stands."""
    actor, now = actor_with(request, KEEP), clock.now()
    one = queries.beneficiary_for(beneficiary_id, actor=actor)
    form = ReasonForm(request.POST or None)
    shown = request.method == "GET" and looked_lately(one, actor, now=now)
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            actions.open_beneficiary(one.pk, reason=form.cleaned_data["reason"], actor=actor, at=now)
            shown = True
    today = timezone.localdate(now)
    return render(
        request,
        "allowances/person.html",
        {
            "one": one,
            "form": form,
            "page": queries.person_page(one, month=first_of(today)) if shown else None,
            "may": queries.what_may_be(one, today=today) if shown else None,
            "unit": units.unit_row(one.unit_id, as_of=today),
            "tags": TAGS,
        },
        status=422 if form.errors else 200,
    )


TAGS = {Payment.State.WAITING: "wait", Payment.State.PAID: "done", Payment.State.FAILED: "bad"}


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, beneficiary_id: int) -> HttpResponse:
    """What a form shows was uncovered: the reason must stand."""
    actor = actor_with(request, KEEP)
    one = queries.beneficiary_for(beneficiary_id, actor=actor)
    if not looked_lately(one, actor, now=clock.now()):
        return redirect("allowances:person", one.pk)
    said = {name: getattr(one, name, "") for name in PersonForm.base_fields}
    said |= {"amount": one.amount_dong or "", "coefficient": one.coefficient or ""}
    form = PersonForm(request.POST or None, initial=said)
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            actions.change_beneficiary(one.pk, form.cleaned_data, actor=actor, at=clock.now())
            messages.success(request, _("Đã lưu. Điều chỉnh được tính từ danh sách chốt lần sau."))
            return redirect("allowances:person", one.pk)
    return render(request, "allowances/change.html", {"form": form, "one": one}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, beneficiary_id: int) -> HttpResponse:
    actor, now = actor_with(request, KEEP), clock.now()
    one = queries.beneficiary_for(beneficiary_id, actor=actor)
    today = timezone.localdate(now)
    earliest = earliest_open_month(paying_city(one.unit_id, on=today)) or first_of(today)
    form = StopForm(request.POST or None, initial={"stop_month": earliest})
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            reason = Beneficiary.Stop(form.cleaned_data["reason"])
            actions.stop_beneficiary(one.pk, stop_month=form.cleaned_data["stop_month"], reason=reason, actor=actor, at=now)
            messages.success(request, _("Đã cho thôi hưởng."))
            return redirect("allowances:roll")
    return confirm(
        request,
        staff=True,
        question=_("Cho %(code)s thôi hưởng?") % {"code": str(one)},
        consequence=_(
            "Từ tháng ghi dưới đây người này không còn trong danh sách chi trả. Các tháng trước giữ nguyên. "
            "Hưởng lại thì thêm mới."
        ),
        button=_("Cho thôi hưởng"),
        danger=True,
        cancel_href=reverse("allowances:person", args=[one.pk]),
        form=form,
    )


@require_http_methods(["GET", "POST"])
def hand(request: HttpRequest, beneficiary_id: int) -> HttpResponse:
    """To the list of another commune of the city."""
    actor, now = actor_with(request, KEEP), clock.now()
    one = queries.beneficiary_for(beneficiary_id, actor=actor)
    today = timezone.localdate(now)
    city_id = paying_city(one.unit_id, on=today)
    others = [row for row in units.units_under(city_id, as_of=today) if row.id != one.unit_id]
    form = HandForm(choices(others, today=today), request.POST or None)
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            actions.hand_to_unit(one.pk, to_unit_id=form.cleaned_data["unit"], actor=actor, at=now)
            messages.success(request, _("Đã chuyển. Đơn vị nhận trả từ danh sách chốt lần sau."))
            return redirect("allowances:roll")
    return confirm(
        request,
        staff=True,
        question=_("Chuyển %(code)s sang đơn vị khác trong thành phố?") % {"code": str(one)},
        consequence=_(
            "Người này rời danh sách của đơn vị bạn và vào danh sách của đơn vị nhận ngay, không đứng ở hai nơi, "
            "không mất tháng nào. Danh sách đã chốt không đổi."
        ),
        button=_("Chuyển danh sách"),
        cancel_href=reverse("allowances:person", args=[one.pk]),
        form=form,
    )


@require_http_methods(["GET", "POST"])
def resume(request: HttpRequest, beneficiary_id: int) -> HttpResponse:
    """A stop that has not taken effect is taken back."""
    actor = actor_with(request, KEEP)
    one = queries.beneficiary_for(beneficiary_id, actor=actor)
    if request.method == "POST":
        actions.resume_beneficiary(one.pk, actor=actor, at=clock.now())
        messages.success(request, _("Đã bỏ tháng thôi hưởng. Người này hưởng tiếp, không mất tháng nào."))
        return redirect("allowances:person", one.pk)
    return confirm(
        request,
        staff=True,
        question=_("%(code)s hưởng tiếp?") % {"code": str(one)},
        consequence=_("Bỏ tháng thôi hưởng đã ghi, vì chưa kỳ nào chốt mà không có người này."),
        button=_("Hưởng tiếp"),
        cancel_href=reverse("allowances:person", args=[one.pk]),
    )


@require_GET
def month(request: HttpRequest) -> HttpResponse:
    """The lines that the units answer for in a month of the city; the latest without ?ky=."""
    actor, today = actor_with(request, KEEP), clock.today()
    city = units.default_city(as_of=today)
    known = [run for run in runs.runs(city.id) if run.state != PayRun.State.DRAFT]
    asked = request.GET.get("ky", "")
    run = next((one for one in known if str(one.pk) == asked), known[0] if known else None)
    state = request.GET.get("loc", "")
    state = state if state in Payment.State.values else ""
    mine = units_kept(actor)
    wanted = runs.Asked(unit_ids=mine, state=state)
    page = page_of(request, count=runs.line_count(run, wanted) if run else 0)
    rows = runs.lines(run, wanted, limit=page.size, offset=page.first) if run else []
    months = reverse("allowances:month")
    here = f"{months}?ky={run.pk if run else ''}"
    return render(
        request,
        "allowances/month.html",
        {
            "run": run,
            "months": [{"text": str(one), "href": f"{months}?ky={one.pk}", "current": one == run} for one in known],
            "rows": rows,
            "page": page,
            "names": names((row.unit_id for row in rows), on=run.month if run else today),
            "tags": TAGS,
            "sheets": runs.units_in(run, unit_ids=mine) if run else [],
            "filters": [
                {"text": _("Tất cả"), "href": here, "current": not state},
                *(
                    {"text": str(label), "href": f"{here}&loc={value}", "current": state == value}
                    for value, label in Payment.State.choices
                ),
            ],
            "tabs": tabs("allowances:month", actor=actor, today=today),
        },
    )


@require_POST
def signing_sheet(request: HttpRequest, run_id: int, unit_id: int) -> HttpResponseBase:
    """A unit's lines with a place for each signature. A POST: taking them out leaves a trace."""
    actor = actor_with(request, KEEP)
    run = actions.take_out_sheet(run_id, unit_id, actor=actor, at=clock.now())
    unit = units.unit_row(unit_id, as_of=run.month)
    file = workbook([(_("Ký nhận %(month)s") % {"month": f"{run.month:%m-%Y}"}, sheet_head(), runs.sheet_lines(run, unit_id))])
    return file_answer(file, f"ky-nhan-{run.month:%Y-%m}-{unit.code}.xlsx", FileType.XLSX)
