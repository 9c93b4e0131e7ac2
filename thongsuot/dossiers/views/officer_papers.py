"""Paper between desks: what is to be sent, what is under way, the slip, and taking over by its code."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.dossiers import actions, documents, rules
from thongsuot.dossiers.forms.carriages import CodeForm, ReceiveForm, SendForm
from thongsuot.dossiers.models import Carriage
from thongsuot.dossiers.queries import partners
from thongsuot.dossiers.views.officer import desk_actor
from thongsuot.files.rules import FileType
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound, NotYourDuty
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import refusals_on

_group = attrgetter("group")


def _desk(request: HttpRequest) -> tuple[Actor, frozenset[int]]:
    actor = desk_actor(request)
    mine = partners.desks_of(actor)
    if not mine:
        raise NotYourDuty("receive dossiers")
    return actor, mine


@require_http_methods(["GET", "POST"])
def carriages(request: HttpRequest) -> HttpResponse:
    """Both sides on one page; POST sends what was picked for one destination. `?ma=` leads to the slip of that code."""
    actor, mine = _desk(request)
    now = clock.now()
    owed = partners.papers_owed(mine, now=now)
    code_form = CodeForm(request.GET if "ma" in request.GET else None)
    problem: SendForm | None = None
    if code_form.is_bound and code_form.is_valid():
        try:
            found = partners.carriage_for(actor, now=now, code=rules.typed_code(code_form.cleaned_data["ma"]))
        except NotFound:
            code_form.add_error("ma", _("Không có phiếu nào mang mã này gửi đến hoặc đi từ đơn vị của bạn. Hãy xem lại mã."))
        else:
            return redirect("dossiers:carriage", found.id)
    if request.method == "POST":
        from_unit, to_unit = (request.POST.get(name, "") for name in ("tu", "den"))
        group = [row for row in owed.rows if (str(row.from_unit_id), str(row.to_unit_id)) == (from_unit, to_unit)]
        problem = SendForm(request.POST, debts=[row.id for row in group])
        if problem.is_valid() and group:
            with refusals_on(problem):
                sent = actions.send_papers(
                    problem.cleaned_data["debts"],
                    from_unit_id=group[0].from_unit_id,
                    to_unit_id=group[0].to_unit_id,
                    carrier=problem.cleaned_data["carrier"],
                    actor=actor,
                    at=now,
                )
                messages.success(request, _("Đã lập phiếu bàn giao %(number)s. Hãy in và gửi kèm hồ sơ.") % {"number": sent})
                return redirect("dossiers:carriage", sent.pk)
    return render(
        request,
        "dossiers/officer/carriages.html",
        {
            "groups": [(key, list(rows)) for key, rows in groupby(sorted(owed.rows, key=_group), key=_group)],
            "owed": owed,
            "coming": partners.carriages_coming(mine, now=now),
            "gone": partners.carriages_gone(mine, now=now),
            "done": partners.carriages_done(mine, now=now),
            "form": problem or code_form,
            "code_form": code_form,
        },
        status=422 if (problem and problem.errors) or code_form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def carriage(request: HttpRequest, carriage_id: int) -> HttpResponse:
    """One slip: what is on it; the receiving desk takes it over and says what is missing."""
    actor, mine = _desk(request)
    now = clock.now()
    row = partners.carriage_for(actor, now=now, carriage_id=carriage_id)
    items = Carriage.objects.values_list("items", flat=True).get(pk=carriage_id)
    form = ReceiveForm(request.POST or None, rows=[(item["debt"], item["code"]) for item in items])
    takes = row.received_at is None and row.to_unit_id in mine
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.receive_papers(
                carriage_id,
                missing=form.missing(),
                discrepancies=form.cleaned_data["discrepancies"],
                actor=actor,
                at=now,
            )
            messages.success(request, _("Đã ký nhận phiếu %(number)s.") % {"number": row.number})
            return redirect("dossiers:carriage", carriage_id)
    return render(
        request,
        "dossiers/officer/carriage.html",
        {"row": row, "items": items, "form": form, "takes": takes},
        status=422 if form.errors else 200,
    )


@require_GET
def slip(request: HttpRequest, carriage_id: int) -> HttpResponseBase:
    actor, _mine = _desk(request)
    partners.carriage_for(actor, now=clock.now(), carriage_id=carriage_id)
    made = documents.carriage_slip(Carriage.objects.get(pk=carriage_id))
    return file_answer(made.pdf, made.name, FileType.PDF, shown="xem" in request.GET)
