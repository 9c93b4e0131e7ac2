"""What was noted wrongly is put right; what was left undone is given to somebody else. Each for a reason that is kept."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.hotline import actions, asking
from thongsuot.hotline.actions import errors
from thongsuot.hotline.actions.common import must_either
from thongsuot.hotline.forms import CallBackForm, ClassifyForm, CorrectForm, ReassignForm, TicketForm, WhyForm
from thongsuot.hotline.models import Call
from thongsuot.hotline.queries import desk as queries
from thongsuot.hotline.rules import ANSWER, LEAD
from thongsuot.hotline.views.common import at_desk, communes_of
from thongsuot.hotline.words import CALL_BACK_TAGS, STATE_TAGS, back_words
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.web.confirm import confirm
from thongsuot.web.forms import Form, refusals_on
from thongsuot.web.request import actor_of, number_of, pressed


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, call_id: int) -> HttpResponse:
    """By its operator, or by who leads: the outcome, a ticket or a call back that was forgotten."""
    actor, one, what = actor_of(request), queries.call_of(call_id), pressed(request)
    must_either(actor, (ANSWER, LEAD), unit_id=one.city_id)
    if not actor.may(LEAD, unit_id=one.city_id) and one.operator_id != actor.person_id:
        raise errors.CallNotYours
    if one.answered_at is None or not one.outcome:
        raise errors.NothingToCorrect
    forms = _correct_forms(request, one, what)
    asked = forms.get(what, [])
    sound = [form.is_valid() for form in asked]  # all of them, so that each says what it lacks
    if request.method == "POST" and asked and all(sound):
        places = next((form.places for form in asked if isinstance(form, TicketForm)), None)
        with refusals_on(asked[0], places=places):
            _correct(request, what, one, asked, actor=actor)
            return redirect("hotline:call", one.pk)
    context = {"call": one, "all_forms": [form for group in forms.values() for form in group], "forms": forms}
    context |= {"has_number": getattr(one, "caller", None) is not None, "tickets": queries.made_of(one)}
    return render(request, "hotline/correct.html", context, status=422 if request.method == "POST" else 200)


def _correct_forms(request: HttpRequest, one: Call, what: str) -> dict[str, list[Form]]:
    said = {key: request.POST if what == key else None for key in ("sua", "phieu", "goi-lai")}
    typed, today = said["phieu"], clock.today()
    categories, of_call = queries.categories(one.city_id, on=today), None if one.ticket_id else one.category_id
    category_id = (number_of(typed.get("category", "")) or None) if typed is not None else of_call
    chosen, key = {"category": of_call, "urgent": one.urgent and not one.ticket_id}, {"key": secrets.token_urlsafe(18)}
    ticket = TicketForm(
        typed,
        communes=communes_of(one.city_id),
        questions=queries.questions_of(category_id, on=today),
        initial=key,
        auto_id="phieu_%s",
    )
    return {
        "sua": [CorrectForm(said["sua"], call=one, categories=categories, auto_id="sua_%s")],
        "phieu": [
            ticket,
            ClassifyForm(typed, categories=categories, asked=False, initial=chosen, auto_id="loai_%s"),
            WhyForm(typed, auto_id="ly_do_%s"),
        ],
        "goi-lai": [CallBackForm(said["goi-lai"], auto_id="goi_%s"), WhyForm(said["goi-lai"], auto_id="goi_%s")],
    }


def _correct(request: HttpRequest, what: str, one: Call, forms: list[Form], *, actor: Actor) -> None:
    at, said = clock.now(), forms[0].cleaned_data
    if what == "sua":
        chosen = {"outcome": said["outcome"], "category_id": said["category"], "urgent": said["urgent"]}
        actions.correct(one.pk, **chosen, reason=said["reason"], actor=actor, at=at)
        messages.success(request, _("Đã sửa kết quả cuộc gọi."))
        return
    reason = forms[-1].cleaned_data["reason"]
    if what == "goi-lai":
        back = actions.ask_call_back(one.pk, minutes=said["minutes"], reason=reason, actor=actor, at=at)
        messages.success(request, back_words(back))
    elif isinstance(forms[0], TicketForm):
        of = forms[1].cleaned_data
        chosen = {"category_id": of["category"], "urgent": of["urgent"], "reason": reason}
        ticket = actions.make_ticket(one.pk, **forms[0].facts(), **chosen, actor=actor, at=at)
        messages.success(request, _("Đã lập phiếu %(number)s.") % {"number": ticket.number})


@require_GET
def stuck(request: HttpRequest) -> HttpResponse:
    """What operators have left: for who leads."""
    _actor, city = at_desk(request, LEAD)
    now = clock.now()
    context = {
        "calls": queries.stuck_calls(city.id, now=now),
        "backs": queries.stuck_call_backs(city.id, now=now),
        "tags": STATE_TAGS,
        "back_tags": CALL_BACK_TAGS,
    }
    return render(request, "hotline/stuck.html", context)


@require_http_methods(["GET", "POST"])
def reassign(request: HttpRequest, call_id: int) -> HttpResponse:
    actor, one = actor_of(request), queries.call_of(call_id)
    actor.must(LEAD, unit_id=one.city_id)
    if one.is_connecting:  # nobody talks in it yet: it rings for everybody again
        if request.method == "POST":
            asking.put_back(one.pk, actor=actor, at=clock.now())
            return redirect("hotline:stuck")
        return confirm(
            request,
            question=_("Trả cuộc gọi %(number)s lại hàng chờ?") % {"number": one.pk},
            consequence=_("Cuộc gọi chưa nối máy. Tổng đài viên nào sẵn sàng cũng nhận được."),
            button=_("Trả lại hàng chờ"),
            cancel_href=redirect("hotline:call", one.pk).headers["Location"],
            staff=True,
        )
    form = ReassignForm(request.POST or None, people=_people(one.city_id, actor, but=one.operator_id))
    if form.is_valid():
        with refusals_on(form):
            done = actions.reassign_call(
                one.pk, person_id=form.cleaned_data["person"], reason=form.cleaned_data["reason"], actor=actor, at=clock.now()
            )
            messages.success(request, _("Cuộc gọi đã giao cho %(name)s.") % {"name": done.operator_name})
            return redirect("hotline:call", one.pk) if done.operator_id == actor.person_id else redirect("hotline:stuck")
    return confirm(
        request,
        question=_("Giao lại cuộc gọi %(number)s?") % {"number": one.pk},
        consequence=_("Người nhận thấy số gọi đến và ghi kết quả thay %(name)s.") % {"name": one.operator_name or "-"},
        button=_("Giao lại"),
        cancel_href=redirect("hotline:stuck").headers["Location"],
        form=form,
        staff=True,
    )


@require_http_methods(["GET", "POST"])
def reassign_back(request: HttpRequest, call_back_id: int) -> HttpResponse:
    actor, one = actor_of(request), queries.call_back_of(call_back_id)
    actor.must(LEAD, unit_id=one.call.city_id)
    people = [(0, _("Không giao ai: trả lại danh sách chờ")), *_people(one.call.city_id, actor, but=one.taken_by_id)]
    form = ReassignForm(request.POST or None, people=people)
    if form.is_valid():
        with refusals_on(form):
            to, reason = form.cleaned_data["person"] or None, form.cleaned_data["reason"]
            done = actions.reassign_call_back(one.pk, person_id=to, reason=reason, actor=actor, at=clock.now())
            messages.success(
                request,
                _("Việc gọi lại đã giao cho %(name)s.") % {"name": done.taken_by_name}
                if to
                else _("Việc gọi lại đã trả lại danh sách chờ."),
            )
            return redirect("hotline:call_back", one.pk) if to == actor.person_id else redirect("hotline:stuck")
    return confirm(
        request,
        question=_("Giao lại việc gọi lại cuộc gọi %(number)s?") % {"number": one.call_id},
        consequence=_("Người được giao thấy số để gọi; việc thấy số được ghi lại."),
        button=_("Giao lại"),
        cancel_href=redirect("hotline:stuck").headers["Location"],
        form=form,
        staff=True,
    )


def _people(city_id: int, actor: Actor, *, but: int | None) -> list[tuple[int, str]]:
    """Oneself first, then who is at a line now."""
    me = [(actor.person_id, _("Tôi nhận"))] if actor.person_id and actor.may(ANSWER, unit_id=city_id) else []
    others = [(row.person_id, row.person_name) for row, _busy in queries.seats(city_id) if row.person_id != actor.person_id]
    return [(person_id, name) for person_id, name in [*me, *others] if person_id != but]
