"""Questions of other offices: the list of those that wait, and the answer to one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thongsuot.dossiers import actions
from thongsuot.dossiers.actions.opinions import RemindedJustNow
from thongsuot.dossiers.forms.officer import AnswerForm
from thongsuot.dossiers.queries.opinions import open_opinions, opinion_for
from thongsuot.dossiers.queries.partners import asked_by_us
from thongsuot.dossiers.queries.worklist import units_of
from thongsuot.dossiers.views.officer import desk_actor
from thongsuot.kernel import clock
from thongsuot.web.forms import refusals_on


@require_GET
def opinions(request: HttpRequest) -> HttpResponse:
    """What others ask of us and, below, what we asked others."""
    actor, now = desk_actor(request), clock.now()
    return render(
        request,
        "dossiers/officer/opinions.html",
        {"rows": open_opinions(actor, now=now), "asked": asked_by_us(actor, now=now)},
    )


@require_POST
def remind(request: HttpRequest, opinion_id: int) -> HttpResponse:
    """Remind the body asked; a letter goes to its people."""
    actor = desk_actor(request)
    try:
        actions.remind_opinion(opinion_id, actor=actor, at=clock.now())
    except RemindedJustNow as refusal:
        messages.warning(request, refusal.message())
    else:
        messages.success(request, _("Đã gửi lời nhắc."))
    return redirect("dossiers:opinions")


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, opinion_id: int) -> HttpResponse:
    actor, now = desk_actor(request), clock.now()
    row = opinion_for(opinion_id, actor=actor, now=now)
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            actions.give_opinion(opinion_id, answer=form.cleaned_data["answer"], actor=actor, at=now)
            messages.success(request, _("Đã gửi ý kiến trả lời."))
            return redirect("dossiers:opinions")
    return render(
        request,
        "dossiers/officer/opinion.html",
        {
            "row": row,
            "form": form,
            "may_open": row.resolving_unit_id in units_of(actor),
        },
        status=422 if form.errors else 200,
    )
