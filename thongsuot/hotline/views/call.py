"""A call in hand: what to say, what it is about, what becomes of it. What its number did before, for a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.hotline import actions, asking
from thongsuot.hotline.actions.common import keeps_caller_close, recordings_of
from thongsuot.hotline.actions.looking import must_have_in_hand
from thongsuot.hotline.actions.transfers import free_operators, long_done, taken_up
from thongsuot.hotline.forms import CallBackForm, ReasonForm, TicketForm, TransferForm
from thongsuot.hotline.models import Call, CallTransfer
from thongsuot.hotline.queries import desk as queries
from thongsuot.hotline.queries.recordings import hold_of
from thongsuot.hotline.rules import ANSWER, LEAD
from thongsuot.hotline.views.common import AT_DESK, call_at_desk, communes_of, follows
from thongsuot.hotline.views.tickets import ticket_forms
from thongsuot.hotline.words import STATE_TAGS, back_words, caller_of, length
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.knowledge.queries import search
from thongsuot.people.queries import looked_lately
from thongsuot.web.forms import Form, refusals_on
from thongsuot.web.live import Part, changed
from thongsuot.web.request import nothing_pressed, number_of, pressed

ANSWERS_SHOWN = 5
CONNECTING = Part("noi", "hotline/_connecting.html", True)
OUTCOMES = {"khong-loi": Call.Outcome.NO_WORDS, "quay-roi": Call.Outcome.NUISANCE, "da-tra-loi": Call.Outcome.ANSWERED}


def _parts(call: Call, actor: Actor) -> tuple[list[Part], dict[str, Any]]:
    now, moved = clock.now(), queries.transfers_of(call)
    late, latest = call.is_late(now), next(iter(moved), None)
    may_miss = (
        latest is not None
        and latest.state in CallTransfer.OPEN
        and actor.person_id is not None
        and actor.person_id in (call.operator_id, latest.by_id)
        and not taken_up(latest)
        and not long_done(latest, call, at=now)
    )
    shown: tuple[Any, ...] = (call.state, call.outcome, call.operator_id, call.classified_at, late)
    shown += ([(one.pk, one.state) for one in moved], may_miss)
    context: dict[str, Any] = {
        "call": call,
        "transfers": moved,
        "missable": latest.pk if latest is not None and may_miss else None,
        "late": late,
        "tags": STATE_TAGS,
        "now": now,
        "length": length,
        "made": queries.made_of(call),
        "read_out": queries.answer_of(call),
        "lasted": timedelta(seconds=call.told_seconds) if call.told_seconds is not None else None,
    }
    shown += ([one.pk for one in context["made"]],)
    return [Part("cuoc", "hotline/_call.html", shown, live=True)], context


def _forms(request: HttpRequest, call: Call, what: str, *, mine: bool) -> dict[str, Form]:
    """What is asked for beside a call. A number is there already, for its operator alone."""
    keys = ("chuyen", "goi-lai")
    said = {key: request.POST if what == key else None for key in keys}
    of_call, urgent = (None, False) if call.ticket_id else (call.category_id, call.urgent)  # a further ticket: another matter
    known = mine and call.state != Call.State.DONE and getattr(call, "caller", None) is not None
    phone = caller_of(call) if known else ""
    classify, ticket = ticket_forms(request, what, call.city_id, category_id=of_call, urgent=urgent, phone=phone)
    operators = free_operators(call.city_id).exclude(person=call.operator_id)
    return {
        "phan-loai": classify,
        "hoi": classify,
        "phieu": ticket,
        "chuyen": TransferForm(said["chuyen"], operators=operators, communes=communes_of(call.city_id), auto_id="chuyen_%s"),
        "goi-lai": CallBackForm(said["goi-lai"], auto_id="goi_%s"),
    }


@require_http_methods(["GET", "POST"])
def call(request: HttpRequest, call_id: int) -> HttpResponse:
    actor, one = call_at_desk(request, call_id, *AT_DESK)
    what = pressed(request)
    mine = one.operator_id is not None and one.operator_id == actor.person_id
    forms = _forms(request, one, what, mine=mine)
    asked = forms.get(what)
    classified = what != "phieu" or forms["phan-loai"].is_valid()
    if request.method == "POST" and (asked is None or asked.is_valid()) and classified:
        with refusals_on(asked, places=asked.places if isinstance(asked, TicketForm) else None):
            said, ticket_form = forms["phan-loai"].cleaned_data if forms["phan-loai"].is_bound else {}, forms["phieu"]
            if what not in ("phan-loai", "hoi"):
                return _do(request, what, one, asked, said, actor=actor)
            if what == "phan-loai":
                actions.classify(one.pk, category_id=said["category"], urgent=said["urgent"], actor=actor, at=clock.now())
                one = queries.call_of(one.pk)
            if isinstance(ticket_form, TicketForm):
                ticket_form.start_with_questions()
    parts, context = _parts(one, actor)
    in_hand = one.state != Call.State.DONE  # over, its number is nobody's business any more
    words = request.GET.get("hoi", "")[:200]
    leads, hold = actor.may(LEAD, unit_id=one.city_id), hold_of(one)
    recorded = bool(recordings_of(one))
    context |= {
        "forms": [form for key, form in forms.items() if key != "hoi"],
        "classify_form": forms["phan-loai"],
        "ticket_form": forms["phieu"],
        "transfer_form": forms["chuyen"],
        "back_form": forms["goi-lai"],
        "places": {part.id: part for part in [*parts, CONNECTING]},
        "follows": follows(request, one.city_id),
        "mine": mine,
        "leads": leads,
        "answering": actor.may(ANSWER, unit_id=one.city_id),
        "asks_only": bool(one.outcome),
        "makes": _("Lập phiếu"),
        "works": mine and in_hand and one.answered_at is not None,
        "corrects": (mine or leads) and bool(one.outcome) and one.answered_at is not None,
        "number": caller_of(one, masked=not in_hand) if mine else "",
        "script": queries.script_for(one.city_id, one.category_id, on=clock.today()),
        "hears": recorded and (leads or (mine and not keeps_caller_close(one))),
        "hold": hold,
        "recorded": recorded,
        "changes": queries.changes_of(one),
        "outcomes": Call.Outcome,
        "words": words,
        "answers": search(words, on=clock.today(), limit=ANSWERS_SHOWN) if words else [],
        "emergency": next((t for t in context["transfers"] if t.to == CallTransfer.To.EMERGENCY), None),
        "over": not in_hand,
    }
    refused = asked is not None and (asked.errors or not classified)
    return render(request, "hotline/call.html", context, status=422 if refused else 200)


def _do(
    request: HttpRequest, what: str, one: Call, form: Form | None, classified: Mapping[str, Any], *, actor: Actor
) -> HttpResponse:
    """One press of a button. `classified`: what was chosen with a ticket."""
    at, said = clock.now(), form.cleaned_data if form is not None else {}
    here = redirect("hotline:call", one.pk)
    match what:
        case "nhan":
            asking.pick(one.pk, actor=actor, at=at)
            return here
        case "khong-noi":
            let_go = asking.put_back(one.pk, actor=actor, at=at)
            if let_go.operator_id is not None:
                return here
            messages.success(request, _("Cuộc gọi đã trả lại hàng chờ."))
        case "phieu" if isinstance(form, TicketForm):
            chosen = {"category_id": classified["category"], "urgent": classified["urgent"]}
            ticket = actions.make_ticket(one.pk, **form.facts(), **chosen, actor=actor, at=at)
            messages.success(request, _("Đã lập phiếu %(number)s.") % {"number": ticket.number})
            if queries.call_of(one.pk).state != Call.State.DONE:
                return here  # the number is read out to the caller, who may have more to report
        case "doc":
            actions.answer_with(one.pk, version_id=number_of(request.POST.get("ban", "")), actor=actor, at=at)
        case "chuyen" if isinstance(form, TransferForm):
            moved = asking.transfer(one.pk, **form.target(), actor=actor, at=at)
            messages.success(
                request, _("Chuyển đến %(number)s: %(state)s.") % {"number": moved.number, "state": moved.get_state_display()}
            )
            return here
        case "khong-nhac":
            moved = actions.note_missed(number_of(request.POST.get("lan", "")), actor=actor, at=at)
            messages.success(request, _("Đã ghi: không ai nhấc máy ở %(number)s.") % {"number": moved.number})
            return here
        case "goi-lai":
            back = actions.ask_call_back(one.pk, minutes=said["minutes"], actor=actor, at=at)
            messages.success(request, back_words(back))
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
    actor, one = call_at_desk(request, call_id, *AT_DESK)
    parts, context = _parts(one, actor)
    known = request.GET.getlist("co")
    if CONNECTING.known_as in known and not one.is_connecting:
        # The receiver was lifted, or it rings for the others: there is other work now.
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return changed(request, parts, context, known=known)


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
