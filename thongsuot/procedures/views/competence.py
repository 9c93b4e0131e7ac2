"""Giving a right to resolve a procedure, and ending it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.kernel import clock
from thongsuot.procedures import actions, queries, words
from thongsuot.procedures.forms.managing import EndForm, GrantForm
from thongsuot.procedures.views.common import managed_city
from thongsuot.units import queries as units
from thongsuot.web.confirm import confirm
from thongsuot.web.forms import refusals_on

BODIES = ("people_committee", "police", "military", "social_insurance", "tax")


@require_http_methods(["GET", "POST"])
def grant(request: HttpRequest, code: str) -> HttpResponse:
    actor, city = managed_city(request)
    today = clock.today()
    name = queries.version_rows(code)[0].name
    choices = [(city.id, city.full_name), *((unit.id, unit.full_name) for unit in units.units_under(city.id, as_of=today))]
    form = GrantForm(
        request.POST or None,
        units=choices,
        bodies=[(kind, words.body_words(kind)) for kind in BODIES],
        initial={"valid_from": today, "kind": "decentralised"},
    )
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        with refusals_on(form, beside="valid_from"):
            actions.grant_competence(
                code,
                city_id=city.id,
                unit_id=facts["unit"],
                kind=facts["kind"],
                basis=facts["basis"],
                body_kind=facts["body_kind"],
                valid_from=facts["valid_from"],
                valid_to=facts["valid_to"],
                actor=actor,
                at=clock.now(),
            )
            messages.success(request, _("Đã giao thẩm quyền."))
            return redirect("procedures:manage_procedure", code)
    return render(
        request, "procedures/manage/grant.html", {"form": form, "code": code, "name": name}, status=422 if form.errors else 200
    )


@require_GET
def delegations(request: HttpRequest) -> HttpResponse:
    """All delegations of the city, those that end soon on top."""
    _actor, city = managed_city(request)
    rows = queries.delegations(city_id=city.id, on=clock.today())
    return render(
        request,
        "procedures/manage/delegations.html",
        {"rows": rows, "soon": sum(row.state == "soon" for row in rows), "words": words, "city": city},
    )


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, competence_id: int) -> HttpResponse:
    actor, city = managed_city(request)
    today = clock.today()
    right = queries.competence_row(competence_id, city_id=city.id, on=today)
    form = EndForm(request.POST or None, initial={"ends_on": today})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form, beside="ends_on"):
            actions.end_competence(
                right.id, ends_on=form.cleaned_data["ends_on"], basis=form.cleaned_data["basis"], actor=actor, at=clock.now()
            )
            messages.success(request, _("Đã ghi ngày chấm dứt thẩm quyền."))
            return redirect("procedures:manage_procedure", right.code)
    return confirm(
        request,
        staff=True,
        form=form,
        danger=True,
        question=_("Chấm dứt thẩm quyền giải quyết thủ tục %(code)s?") % {"code": right.code},
        consequence=_("Từ ngày đó nơi này không nhận hồ sơ mới của thủ tục. Hồ sơ đã nhận vẫn giải quyết tại đây."),
        summary=[
            (_("Nơi được giao"), right.holder or words.level_words(right.level)),
            (_("Hình thức"), words.kind_words(right.kind)),
            (_("Căn cứ"), right.basis),
            (_("Thời gian"), words.period_words(right.valid_from, right.valid_to)),
        ],
        button=_("Chấm dứt thẩm quyền"),
        cancel_href=reverse("procedures:manage_procedure", args=[right.code]),
    )
