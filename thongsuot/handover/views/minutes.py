"""The page of two units' minutes: what is missing, the paper, signatures, and closing it."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.files.views import serve
from thongsuot.handover import actions, rules
from thongsuot.handover.forms.inventory import HeadsForm
from thongsuot.handover.forms.minutes import AgencyForm, ByHandForm, DraftForm, SignForm
from thongsuot.handover.models import Changeover, HandoverMinutes, HeadCount
from thongsuot.handover.queries import inventory, speaking
from thongsuot.handover.queries import minutes as queries
from thongsuot.handover.queries.transfers import names
from thongsuot.handover.views.common import of_pair
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound
from thongsuot.kernel.history import history_of
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import pressed

AnyForm = DraftForm | SignForm | AgencyForm | ByHandForm | HeadsForm


@require_http_methods(["GET", "POST"])
def minutes(request: HttpRequest, changeover_id: int, from_unit_id: int, to_unit_id: int) -> HttpResponse:
    """Both sides' one page: totals of people and computers, the paper, its signatures."""
    actor, one = of_pair(request, changeover_id, from_unit_id, to_unit_id)
    papers = queries.minutes_of(one, from_unit_id, to_unit_id)
    current = papers[-1] if papers else None
    asked = pressed(request)
    forms: dict[str, AnyForm] = {
        "lap": DraftForm(request.POST if asked == "lap" else None),
        "ky": SignForm(request.POST if asked == "ky" else None),
        "dau": AgencyForm(request.POST if asked == "dau" else None),
        "tay": ByHandForm(*((request.POST, request.FILES) if asked == "tay" else ())),
        "giao": HeadsForm(request.POST if asked == "giao" else None, prefix="giao"),
        "nhan": HeadsForm(request.POST if asked == "nhan" else None, prefix="nhan"),
    }
    form = forms.get(asked)
    if asked and (form is None or form.is_valid()):
        with refusals_on(form):
            messages.success(request, _act(one, from_unit_id, to_unit_id, current, asked, form, actor, clock.now()))
            return redirect("handover:minutes", one.pk, from_unit_id, to_unit_id)
    named = names({from_unit_id, to_unit_id}, one.effective_on)
    is_draft = current is not None and current.state == HandoverMinutes.State.DRAFT
    return render(
        request,
        "handover/minutes.html",
        {
            "one": one,
            "from_unit_id": from_unit_id,
            "to_unit_id": to_unit_id,
            "from_name": named[from_unit_id],
            "to_name": named[to_unit_id],
            "papers": papers,
            "current": current if is_draft else None,
            "outdated": is_draft and current is not None and not queries.is_current(current),
            "first": not papers or papers[0].state == HandoverMinutes.State.DRAFT,
            "blockers": queries.blockers(one, from_unit_id, to_unit_id),
            "heads": inventory.heads(one, from_unit_id, to_unit_id),
            "tallies": inventory.tallies(one, from_unit_id=from_unit_id, to_unit_id=to_unit_id),
            "living": inventory.living(one, from_unit_id=from_unit_id, to_unit_id=to_unit_id),
            "plain": inventory.plain,
            "forms": forms,
            "form": form,
            "hands": speaking.speaks_for(actor, one, from_unit_id),
            "takes": speaking.speaks_for(actor, one, to_unit_id),
            "steers": actor.may(rules.DUTY, unit_id=one.city_id),
            "history": sorted((event for paper in papers for event in history_of(paper)), key=lambda event: event.at),
        },
        status=422 if form is not None and form.errors else 200,
    )


def _act(
    one: Changeover,
    from_unit_id: int,
    to_unit_id: int,
    current: HandoverMinutes | None,
    asked: str,
    form: AnyForm | None,
    actor: Actor,
    now: datetime,
) -> str:
    if isinstance(form, DraftForm):
        said = form.cleaned_data
        actions.draft_minutes(
            one.pk,
            from_unit_id=from_unit_id,
            to_unit_id=to_unit_id,
            place=said["place"],
            note=said["note"],
            actor=actor,
            at=now,
        )
        return _("Đã lập biên bản. Tải về đọc, rồi ba bên ký.")
    if isinstance(form, HeadsForm):
        side = HeadCount.Side.HANDING if asked == "giao" else HeadCount.Side.RECEIVING
        actions.say_heads(
            one.pk, from_unit_id=from_unit_id, to_unit_id=to_unit_id, side=side, **form.cleaned_data, actor=actor, at=now
        )
        return _("Đã ghi tổng số.")
    if current is None:
        raise NotFound
    if isinstance(form, SignForm):
        actions.sign_minutes(current.pk, **form.cleaned_data, actor=actor, at=now)
        return _("Đã ký.")
    if isinstance(form, AgencyForm):
        actions.seal_minutes(current.pk, **form.cleaned_data, actor=actor, at=now)
        return _("Đã đóng dấu.")
    if isinstance(form, ByHandForm):
        scan = form.cleaned_data["scan"]
        actions.sign_by_hand(
            current.pk,
            scan=scan.read(),
            scan_name=scan.name,
            signers=form.signers(),
            signed_on=form.cleaned_data["signed_on"],
            actor=actor,
            at=now,
        )
        return _("Đã ghi bản ký tay.")
    if asked == "khep":
        actions.close_minutes(current.pk, actor=actor, at=now)
        return _("Đã khép biên bản. Điều phát hiện sau này ghi vào biên bản bổ sung.")
    raise NotFound


@require_GET
def minutes_file(request: HttpRequest, minutes_id: int) -> HttpResponseBase:
    """The paper with its signatures; `?ban=ky-tay`: the scan of the one signed by hand."""
    found = queries.minutes_for(minutes_id)
    of_pair(request, found.changeover_id, found.from_unit_id, found.to_unit_id)
    if request.GET.get("ban") == "ky-tay":
        if found.paper_id is None:
            raise NotFound
        return serve(found.paper_id)
    return serve(found.file_id)
