"""Those who are to be called back: whoever is due first; the number for who takes it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.hotline import actions
from thongsuot.hotline.actions import errors
from thongsuot.hotline.actions.call_backs import kept_from
from thongsuot.hotline.actions.common import must_either, settings_on
from thongsuot.hotline.forms import NoteForm, TicketForm, WhyForm
from thongsuot.hotline.models import CallBack
from thongsuot.hotline.queries import desk as queries
from thongsuot.hotline.rules import ANSWER, LEAD
from thongsuot.hotline.views.common import AT_DESK, at_desk
from thongsuot.hotline.views.tickets import ticket_forms
from thongsuot.hotline.words import CALL_BACK_TAGS, caller_of
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.web.forms import Form, refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_of, nothing_pressed, pressed


@require_GET
def call_backs(request: HttpRequest) -> HttpResponse:
    _actor, city = at_desk(request, *AT_DESK)
    over = "xong" in request.GET
    rows = queries.call_backs(city.id, over=over)
    page = page_of(request, count=rows.count())
    context = {"page": page, "rows": rows[page.slice], "now": clock.now(), "tags": CALL_BACK_TAGS, "caller_of": caller_of}
    context["over"] = over
    return render(request, "hotline/call_backs.html", context)


@require_http_methods(["GET", "POST"])
def call_back(request: HttpRequest, call_back_id: int) -> HttpResponse:
    actor, one = actor_of(request), queries.call_back_of(call_back_id)
    must_either(actor, AT_DESK, unit_id=one.call.city_id)
    what, took = pressed(request), one.taken_by_id is not None and one.taken_by_id == actor.person_id
    mine, kept = took and one.state == CallBack.State.TAKEN, kept_from(one, actor.person_id)
    number = caller_of(one.call) if mine and not kept else ""
    phone = number if getattr(one.call, "caller", None) is not None else ""
    classify, ticket = ticket_forms(
        request, what, one.call.city_id, category_id=one.call.category_id, urgent=False, phone=phone
    )
    note = NoteForm(request.POST if what in ("gap", "khong-gap") else None, initial={"note": one.note})
    why = WhyForm(request.POST if what == "thoi" else None, auto_id="thoi_%s")
    asked: list[Form] = [form for form in (note, why) if form.is_bound] or ([ticket, classify] if what == "phieu" else [])
    sound = [form.is_valid() for form in asked]
    with refusals_on(asked[0] if asked else None, places=ticket.places if what == "phieu" else None) as answered:
        if request.method == "POST" and what != "hoi" and all(sound):
            return _do(request, what, one, asked, actor=actor)
    if what == "hoi":
        ticket.start_with_questions()
    context = {
        "one": one,
        "call": one.call,
        "mine": mine,
        "number": number,
        "kept": errors.CallBackKept().message() if kept and not one.ended_at else "",
        "now": clock.now(),
        "tags": CALL_BACK_TAGS,
        "forms": [note, why, ticket, classify],
        "form": note,
        "why_form": why,
        "ticket_form": ticket,
        "classify_form": classify,
        "reports": took and one.state in (CallBack.State.TAKEN, CallBack.State.REACHED),
        "typed": what in ("phieu", "hoi"),
        "asks_only": True,
        "makes": _("Đã gặp, lập phiếu") if mine else _("Lập phiếu"),
        "made": queries.made_of(one.call),
        "most": settings_on(one.call.city_id, clock.today()).most_tries,
        "leads": actor.may(LEAD, unit_id=one.call.city_id),
        "answering": actor.may(ANSWER, unit_id=one.call.city_id),
    }
    wrong = any(form.errors for form in asked)
    return render(request, "hotline/call_back.html", context, status=answered.status if wrong else 200)


def _do(request: HttpRequest, what: str, one: CallBack, forms: list[Form], *, actor: Actor) -> HttpResponse:
    """One press of a button."""
    at, said = clock.now(), forms[0].cleaned_data if forms else {}
    match what:
        case "nhan":
            reason = _("Gọi lại cuộc gọi %(number)s") % {"number": one.call_id}
            actions.take_call_back(one.pk, reason=reason, actor=actor, at=at)
            return redirect("hotline:call_back", one.pk)
        case "gap":
            actions.note_call_back(one.pk, reached=True, note=said["note"], actor=actor, at=at)
            messages.success(request, _("Đã ghi: đã gặp người gọi."))
        case "khong-gap":
            done = actions.note_call_back(one.pk, reached=False, note=said["note"], actor=actor, at=at)
            if done.next_try_at is None or done.ended_at is not None:
                messages.success(request, _("Đã thử đủ số lần, thôi gọi lại."))
            else:
                when = f"{timezone.localtime(done.next_try_at):%H:%M %d/%m/%Y}"
                messages.success(request, _("Đã ghi một lần gọi không gặp. Gọi lần sau từ %(at)s.") % {"at": when})
        case "phieu" if isinstance(forms[0], TicketForm):
            of = forms[1].cleaned_data
            chosen = {"category_id": of["category"], "urgent": of["urgent"]}
            made = actions.report_called_back(one.pk, forms[0].facts(), **chosen, actor=actor, at=at)
            messages.success(request, _("Đã lập phiếu %(number)s.") % {"number": made.number})
            return redirect("hotline:call_back", one.pk)  # its number is read out
        case "thoi":
            actions.give_up_call_back(one.pk, reason=said["reason"], actor=actor, at=at)
            messages.success(request, _("Đã ghi: thôi gọi lại."))
        case "tra":
            actions.put_call_back(one.pk, actor=actor, at=at)
        case _:
            raise nothing_pressed()
    return redirect("hotline:call_backs")
