"""A site: who sits there, the test, the roll call, asking to speak; and the beat of its page."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import must_exist
from thongsuot.meetings import actions
from thongsuot.meetings.forms import AnswerForm, JoinForm, SpeakForm, TestForm
from thongsuot.meetings.models import Conference, RollCall, Site
from thongsuot.meetings.queries import planning
from thongsuot.meetings.queries.here import Here, here
from thongsuot.meetings.rules import ATTEND
from thongsuot.meetings.views.common import STATE_TAGS
from thongsuot.units import queries as units
from thongsuot.web.faults import for_fragment
from thongsuot.web.forms import refusals_on
from thongsuot.web.live import Part, changed
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_of, actor_with, nothing_pressed, number_of, pressed


@require_GET
def sites(request: HttpRequest) -> HttpResponse:
    actor = actor_with(request, ATTEND)
    page = page_of(request, count=planning.site_count(actor))
    rows = planning.sites_of(actor, today=clock.today(), limit=page.size, offset=page.first)
    words = dict(Conference.State.choices)
    return render(request, "meetings/sites.html", {"page": page, "rows": rows, "tags": STATE_TAGS, "words": words})


def _site(request: HttpRequest, site_id: int) -> tuple[Actor, Site]:
    """Raises NotFound."""
    actor = actor_of(request)
    return actor, planning.site_for(site_id, actor=actor)


def _parts(now: Here) -> list[Part]:
    gone = now.left_out or now.state in {Conference.State.ENDED, Conference.State.CANCELLED}
    word = astuple(now.word) if now.word else None
    return [
        Part("trang-thai", "meetings/_here_state.html", (now.state, gone, now.word.given_at if now.word else None), live=True),
        Part("diem-danh", "meetings/_here_call.html", (now.state, gone, astuple(now.call) if now.call else None)),
        Part("phat-bieu", "meetings/_here_word.html", (now.state, gone, word)),
    ]


def _context(found: Site, now: Here, answer: AnswerForm, speak: SpeakForm) -> dict[str, Any]:
    return {
        "found": found,
        "conference": found.conference,
        "now": now,
        "answer": answer,
        "speak": speak,
        "is_open": now.state in {Conference.State.PLANNED, Conference.State.RUNNING} and not now.left_out,
    }


def _said(now: Here) -> dict[str, Any]:
    """What the site answered already, to be put right."""
    return {} if now.call is None or now.call.people is None else {"people": now.call.people, "leader": now.call.leader}


@require_http_methods(["GET", "POST"])
def site(request: HttpRequest, site_id: int) -> HttpResponse:
    """The page that stays open at a site while the conference lasts."""
    actor, found = _site(request, site_id)
    now, said, what = here(found.pk), request.POST, pressed(request)
    forms = {
        "truc": JoinForm(said if what == "truc" else None, initial={"backup_phone": found.backup_phone}),
        "thu": TestForm(said if what == "thu" else None),
        "diem-danh": AnswerForm(said if what == "diem-danh" else None, initial=_said(now)),
        "xin": SpeakForm(said if what == "xin" else None),
    }
    form: Any = None
    if request.method == "POST":
        form = forms.get(what)
        if form is None and what != "rut":
            raise nothing_pressed()
        if form is None or form.is_valid():
            with refusals_on(form):
                messages.success(request, _do(found, what, form, said=request.POST, actor=actor))
                return redirect("meetings:site", found.pk)
    answer, speak = forms["diem-danh"], forms["xin"]
    assert isinstance(answer, AnswerForm)
    assert isinstance(speak, SpeakForm)
    context = {
        **_context(found, now, answer, speak),
        "places": {part.id: part for part in _parts(now)},
        "join": forms["truc"],
        "test": forms["thu"],
        "form": form,
        "unit": units.unit_row(found.unit_id, as_of=planning.held_on(found.conference)).full_name,
        "last_test": found.tests.order_by("-at", "-pk").first(),
        "milestones": planning.milestones_of(found.conference) if now.state == Conference.State.PLANNED else None,
    }
    return render(request, "meetings/site.html", context, status=422 if form is not None and form.errors else 200)


def _do(found: Site, what: str, form: Any, *, said: Any, actor: Actor) -> str:
    """One press of a button at the site; what to say then."""
    at = clock.now()
    match what:
        case "truc":
            actions.join_site(found.pk, backup_phone=form.cleaned_data["backup_phone"], actor=actor, at=at)
            return _("Đã ghi người trực và số điện thoại.")
        case "thu":
            test = actions.note_test(found.pk, **form.cleaned_data, actor=actor, at=at)
            return _("Đã ghi: thử đạt.") if test.passed else _("Đã ghi: thử chưa đạt. Gọi điểm cầu trung tâm để cùng xử lý.")
        case "diem-danh":
            call = must_exist(
                RollCall.objects.filter(pk=number_of(said.get("lan", "")), conference=found.conference_id).first()
            )
            actions.answer_roll_call(call.pk, site_id=found.pk, **form.cleaned_data, actor=actor, at=at)
            return _("Đã trả lời điểm danh.")
        case "xin":
            actions.ask_to_speak(found.pk, topic=form.cleaned_data["topic"], actor=actor, at=at)
            return _("Đã xin phát biểu. Trang này báo khi được mời.")
    request_id = must_exist(
        found.speak_requests.filter(pk=number_of(said.get("luot", ""))).values_list("pk", flat=True).first()
    )
    actions.withdraw_request(request_id, actor=actor, at=at)
    return _("Đã rút lời xin phát biểu.")


@require_POST
def beat(request: HttpRequest, site_id: int) -> HttpResponse:
    """We are here. By the page every 3 seconds, which gets what has changed; by the button where nothing beats by itself."""
    actor = actor_of(request)
    actions.beat(site_id, actor=actor, at=clock.now())
    if not for_fragment(request):
        return redirect("meetings:site", site_id)
    now, known = here(site_id), request.POST.getlist("co")
    parts = _parts(now)
    if all(part.known_as in known for part in parts):
        return HttpResponse(status=204)
    _actor, found = _site(request, site_id)
    return changed(request, parts, _context(found, now, AnswerForm(initial=_said(now)), SpeakForm()), known=known)
