"""Those who are to be called back: whoever is due first; the number for who takes it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.hotline import actions
from thongsuot.hotline.actions.common import settings_on
from thongsuot.hotline.forms import NoteForm
from thongsuot.hotline.models import CallBack
from thongsuot.hotline.queries import desk as queries
from thongsuot.hotline.rules import ANSWER, LEAD
from thongsuot.hotline.views.common import at_desk
from thongsuot.hotline.words import CALL_BACK_TAGS, caller_of
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_of, nothing_pressed, pressed


@require_GET
def call_backs(request: HttpRequest) -> HttpResponse:
    _actor, city = at_desk(request)
    over = "xong" in request.GET
    rows = queries.call_backs(city.id, over=over)
    page = page_of(request, count=rows.count())
    context = {"page": page, "rows": rows[page.slice], "now": clock.now(), "tags": CALL_BACK_TAGS, "caller_of": caller_of}
    context["over"] = over
    return render(request, "hotline/call_backs.html", context)


@require_http_methods(["GET", "POST"])
def call_back(request: HttpRequest, call_back_id: int) -> HttpResponse:
    actor, one = actor_of(request), queries.call_back_of(call_back_id)
    actor.must(ANSWER, unit_id=one.call.city_id)
    what = pressed(request)
    form = NoteForm(request.POST if what in ("gap", "khong-gap") else None, initial={"note": one.note})
    with refusals_on(form if form.is_bound else None) as answered:
        if request.method == "POST" and (not form.is_bound or form.is_valid()):
            return _do(request, what, one, form, actor=actor)
    mine = one.state == CallBack.State.TAKEN and one.taken_by_id == actor.person_id
    context = {
        "one": one,
        "mine": mine,
        "number": caller_of(one.call) if mine else "",
        "now": clock.now(),
        "tags": CALL_BACK_TAGS,
        "form": form,
        "most": settings_on(one.call.city_id, clock.today()).most_tries,
        "leads": actor.may(LEAD, unit_id=one.call.city_id),
    }
    return render(request, "hotline/call_back.html", context, status=answered.status if form.errors else 200)


def _do(request: HttpRequest, what: str, one: CallBack, form: NoteForm, *, actor: Actor) -> HttpResponse:
    """One press of a button."""
    at = clock.now()
    match what:
        case "nhan":
            reason = _("Gọi lại cuộc gọi %(number)s") % {"number": one.call_id}
            actions.take_call_back(one.pk, reason=reason, actor=actor, at=at)
            return redirect("hotline:call_back", one.pk)
        case "gap":
            actions.note_call_back(one.pk, reached=True, note=form.cleaned_data["note"], actor=actor, at=at)
            messages.success(request, _("Đã ghi: đã gặp người gọi."))
        case "khong-gap":
            done = actions.note_call_back(one.pk, reached=False, note=form.cleaned_data["note"], actor=actor, at=at)
            if done.next_try_at is None or done.ended_at is not None:
                messages.success(request, _("Đã thử đủ số lần, thôi gọi lại."))
            else:
                when = f"{timezone.localtime(done.next_try_at):%H:%M %d/%m/%Y}"
                messages.success(request, _("Đã ghi một lần gọi không gặp. Gọi lần sau từ %(at)s.") % {"at": when})
        case "tra":
            actions.put_call_back(one.pk, actor=actor, at=at)
        case _:
            raise nothing_pressed()
    return redirect("hotline:call_backs")
