"""Those who are to be called back: whoever is due first; the number for who takes it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.hotline import actions
from thongsuot.hotline.models import CallBack
from thongsuot.hotline.queries import desk as queries
from thongsuot.hotline.rules import ANSWER
from thongsuot.hotline.views.common import at_desk
from thongsuot.hotline.words import CALL_BACK_TAGS, caller_of
from thongsuot.kernel import clock
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_of, nothing_pressed, pressed


@require_GET
def call_backs(request: HttpRequest) -> HttpResponse:
    _actor, city = at_desk(request)
    rows = queries.call_backs(city.id)
    page = page_of(request, count=rows.count())
    context = {"page": page, "rows": rows[page.slice], "now": clock.now(), "tags": CALL_BACK_TAGS, "caller_of": caller_of}
    return render(request, "hotline/call_backs.html", context)


@require_http_methods(["GET", "POST"])
def call_back(request: HttpRequest, call_back_id: int) -> HttpResponse:
    actor, one = actor_of(request), queries.call_back_of(call_back_id)
    actor.must(ANSWER, unit_id=one.call.city_id)
    if request.method == "POST":
        at = clock.now()
        match pressed(request):
            case "nhan":
                reason = _("Gọi lại cuộc gọi %(number)s") % {"number": one.call_id}
                actions.take_call_back(one.pk, reason=reason, actor=actor, at=at)
                return redirect("hotline:call_back", one.pk)
            case "gap":
                actions.note_call_back(one.pk, reached=True, actor=actor, at=at)
                messages.success(request, _("Đã ghi: đã gặp người gọi."))
            case "khong-gap":
                done = actions.note_call_back(one.pk, reached=False, actor=actor, at=at)
                over = done.state == CallBack.State.GIVEN_UP
                messages.success(request, _("Đã thử đủ số lần, thôi gọi lại.") if over else _("Đã ghi một lần gọi không gặp."))
            case "tra":
                actions.put_call_back(one.pk, actor=actor, at=at)
            case _:
                raise nothing_pressed()
        return redirect("hotline:call_backs")
    mine = one.state == CallBack.State.TAKEN and one.taken_by_id == actor.person_id
    context = {
        "one": one,
        "mine": mine,
        "number": caller_of(one.call) if mine else "",
        "now": clock.now(),
        "tags": CALL_BACK_TAGS,
    }
    return render(request, "hotline/call_back.html", context)
