"""A call in hand: what to say, what it is about, what becomes of it. What its number did before, for a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.hotline import actions, asking
from thongsuot.hotline.actions.looking import must_have_in_hand
from thongsuot.hotline.actions.transfers import free_operators
from thongsuot.hotline.forms import CallBackForm, ClassifyForm, ReasonForm, TicketForm, TransferForm
from thongsuot.hotline.models import Call, CallTransfer
from thongsuot.hotline.queries import desk as queries
from thongsuot.hotline.rules import LEAD
from thongsuot.hotline.views.common import call_at_desk, communes_of, follows
from thongsuot.hotline.words import STATE_TAGS, caller_of, length
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.knowledge.queries import search
from thongsuot.people.queries import looked_lately
from thongsuot.web.forms import Form, refusals_on
from thongsuot.web.live import Part, changed
from thongsuot.web.request import nothing_pressed, number_of, pressed

ANSWERS_SHOWN = 5
OUTCOMES = {"khong-loi": Call.Outcome.NO_WORDS, "quay-roi": Call.Outcome.NUISANCE, "da-tra-loi": Call.Outcome.ANSWERED}


def _parts(call: Call) -> tuple[list[Part], dict[str, Any]]:
    now, moved = clock.now(), queries.transfers_of(call)
    late = call.is_late(now)
    shown = (call.state, call.outcome, call.operator_id, call.classified_at, late, [(one.pk, one.state) for one in moved])
    context = {"call": call, "transfers": moved, "late": late, "tags": STATE_TAGS, "now": now, "length": length}
    return [Part("cuoc", "hotline/_call.html", shown, live=True)], context


def _forms(request: HttpRequest, call: Call, what: str, *, mine: bool) -> dict[str, Form]:
    """What is asked for beside a call. A number is there already, for its operator alone."""
    said = {key: request.POST if what == key else None for key in ("phan-loai", "phieu", "chuyen", "goi-lai")}
    chosen = {"category": call.category_id, "urgent": call.urgent}
    communes = communes_of(call.city_id)
    known = mine and call.state != Call.State.DONE and getattr(call, "caller", None) is not None
    phone = caller_of(call) if known else ""
    categories = queries.categories(call.city_id, on=clock.today())
    operators = free_operators(call.city_id).exclude(person=call.operator_id)
    return {
        "phan-loai": ClassifyForm(said["phan-loai"], categories=categories, initial=chosen, auto_id="loai_%s"),
        "phieu": TicketForm(said["phieu"], communes=communes, initial={"phone": phone}, auto_id="phieu_%s"),
        "chuyen": TransferForm(said["chuyen"], operators=operators, communes=communes, auto_id="chuyen_%s"),
        "goi-lai": CallBackForm(said["goi-lai"], auto_id="goi_%s"),
    }


@require_http_methods(["GET", "POST"])
def call(request: HttpRequest, call_id: int) -> HttpResponse:
    actor, one = call_at_desk(request, call_id)
    what = pressed(request)
    mine = one.operator_id is not None and one.operator_id == actor.person_id
    forms = _forms(request, one, what, mine=mine)
    asked = forms.get(what)
    if request.method == "POST" and (asked is None or asked.is_valid()):
        with refusals_on(asked):
            return _do(request, what, one, asked, actor=actor)
    parts, context = _parts(one)
    in_hand = one.state != Call.State.DONE  # over, its number is nobody's business any more
    words = request.GET.get("hoi", "")[:200]
    context |= {
        "forms": list(forms.values()),
        "classify_form": forms["phan-loai"],
        "ticket_form": forms["phieu"],
        "transfer_form": forms["chuyen"],
        "back_form": forms["goi-lai"],
        "places": {part.id: part for part in parts},
        "follows": follows(request, one.city_id),
        "mine": mine,
        "works": mine and one.state in Call.IN_HAND and not one.outcome,
        "number": caller_of(one, masked=not in_hand) if mine else "",
        "script": queries.script_for(one.city_id, one.category_id, on=clock.today()),
        "hears": bool(one.recording) and (mine or actor.may(LEAD, unit_id=one.city_id)),
        "words": words,
        "answers": search(words, on=clock.today(), limit=ANSWERS_SHOWN) if words else [],
        "emergency": next((t for t in context["transfers"] if t.to == CallTransfer.To.EMERGENCY), None),
        "over": not in_hand,
    }
    return render(request, "hotline/call.html", context, status=422 if asked is not None and asked.errors else 200)


def _do(request: HttpRequest, what: str, one: Call, form: Form | None, *, actor: Actor) -> HttpResponse:
    """One press of a button."""
    at, said = clock.now(), form.cleaned_data if form is not None else {}
    here = redirect("hotline:call", one.pk)
    match what:
        case "nhan":
            asking.pick(one.pk, actor=actor, at=at)
            return here
        case "phan-loai":
            actions.classify(one.pk, category_id=said["category"], urgent=said["urgent"], actor=actor, at=at)
            return here
        case "phieu":
            ticket = actions.make_ticket(one.pk, **said, actor=actor, at=at)
            messages.success(request, _("Đã lập phiếu %(number)s.") % {"number": ticket.number})
        case "doc":
            actions.answer_with(one.pk, version_id=number_of(request.POST.get("ban", "")), actor=actor, at=at)
        case "chuyen" if isinstance(form, TransferForm):
            moved = asking.transfer(one.pk, **form.target(), actor=actor, at=at)
            messages.success(
                request, _("Chuyển đến %(number)s: %(state)s.") % {"number": moved.number, "state": moved.get_state_display()}
            )
            return here
        case "goi-lai":
            back = actions.ask_call_back(one.pk, minutes=said["minutes"], actor=actor, at=at)
            messages.success(
                request,
                _("Đã ghi gọi lại trước %(at)s.")
                % {"at": f"{back.due_at.astimezone(clock.local_now().tzinfo):%H:%M %d/%m/%Y}"},
            )
            return here
        case "ket-thuc":
            asking.end_lost(one.pk, actor=actor, at=at)
            return here
        case _ if what in OUTCOMES:
            actions.conclude(one.pk, outcome=OUTCOMES[what], actor=actor, at=at)
        case _:
            raise nothing_pressed()
    return redirect("hotline:desk")


@require_GET
def live(request: HttpRequest, call_id: int) -> HttpResponse:
    _actor, one = call_at_desk(request, call_id)
    parts, context = _parts(one)
    return changed(request, parts, context, known=request.GET.getlist("co"))


@require_http_methods(["GET", "POST"])
def history(request: HttpRequest, call_id: int) -> HttpResponse:
    """Earlier calls and tickets of the number: its operator's, as long as the call is in hand, for a reason that is kept."""
    actor, one = call_at_desk(request, call_id)
    must_have_in_hand(one, actor=actor)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.open_history(one.pk, reason=form.cleaned_data["reason"], actor=actor, at=clock.now())
            return redirect("hotline:history", one.pk)
    caller = getattr(one, "caller", None)
    opened = caller is not None and looked_lately(caller, actor, now=clock.now())
    context = {"call": one, "form": form, "opened": opened, "number": caller_of(one), "has_number": caller is not None}
    if opened:
        context |= {"rows": queries.history_of(one), "tickets": queries.tickets_of(one)}
    return render(request, "hotline/history.html", context, status=422 if form.errors else 200)
