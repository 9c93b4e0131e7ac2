"""Recorded voices of a point, or of all: put in place, listened to."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.counters import actions, voice
from thongsuot.counters.centre_forms import ListenForm, VoiceForm
from thongsuot.counters.clips import ZIP_AT_MOST
from thongsuot.counters.queries import voices as queries
from thongsuot.counters.rules import ARRANGE, CITY
from thongsuot.counters.views.common import here
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import BadInput
from thongsuot.units import queries as units
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import actor_of, nothing_pressed, pressed


@require_http_methods(["GET", "POST"])
def of_point(request: HttpRequest, point_id: int) -> HttpResponse:
    at = here(request, point_id, day=clock.today(), duty=ARRANGE)
    return _page(request, at.house_id, at.point.id, at.actor, {"here": at})


@require_http_methods(["GET", "POST"])
def of_city(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    units.city_of_duty(actor, CITY, on=clock.today())
    return _page(request, None, None, actor, {"here": None})


def _page(
    request: HttpRequest, house_id: int | None, point_id: int | None, actor: Actor, context: dict[str, Any]
) -> HttpResponse:
    what, own = pressed(request), queries.own_voice(house_id)
    form = VoiceForm(request.POST, request.FILES) if what == "tai" else VoiceForm()
    back = redirect("counters:voice", point_id) if point_id is not None else redirect("counters:city_voice")
    if what == "tai" and form.is_valid():
        with refusals_on(form):
            content = form.cleaned_data["file"].read(ZIP_AT_MOST + 1)
            name = form.cleaned_data["name"]
            actions.put_voice(content, name=name, point_id=point_id, actor=actor, at=clock.now())
            messages.success(request, _("Đã tải bộ giọng. Hãy nghe thử."))
            return back
    elif what == "thoi" and own is not None:
        actions.retire_voice(own.pk, actor=actor, at=clock.now())
        messages.success(request, _("Đã thôi dùng bộ giọng."))
        return back
    elif request.method == "POST" and what != "tai":
        raise nothing_pressed()
    asked = {"chu", "so", "quay"} & request.GET.keys()
    listen = ListenForm(request.GET if asked else None, initial={"chu": "A", "so": 15, "quay": 3})
    heard = listen.cleaned_data if listen.is_bound and listen.is_valid() else None
    used = queries.voice_of(house_id)
    lacks = queries.missing(used) if used else []
    context |= {
        "form": form,
        "listen": listen,
        "heard": heard,
        "words": voice.announcement(heard["chu"], heard["so"], heard["quay"]) if heard else "",
        "recorded": bool(used and heard and not set(voice.pieces(heard["chu"], heard["so"], heard["quay"])) & set(lacks)),
        "own": own,
        "used": used,
        "lacks": lacks,
        "pieces": voice.PIECES,
        "speaks": voice.can_speak(),
    }
    wrong = form.errors or listen.errors
    return render(request, "counters/voice.html", context, status=422 if wrong else 200)


@require_GET
def sample(request: HttpRequest, point_id: int) -> HttpResponseBase:
    at = here(request, point_id, day=clock.today(), duty=ARRANGE)
    return _sample(request, at.house_id)


@require_GET
def city_sample(request: HttpRequest) -> HttpResponseBase:
    units.city_of_duty(actor_of(request), CITY, on=clock.today())
    return _sample(request, None)


def _sample(request: HttpRequest, house_id: int | None) -> HttpResponseBase:
    form = ListenForm(request.GET)
    if not form.is_valid():
        raise BadInput({"so": _("Hãy ghi một chữ, một số và một quầy để nghe thử.")})
    said = form.cleaned_data
    heard = queries.spoken(house_id, said["chu"], said["so"], said["quay"])
    return file_answer(heard, "nghe-thu.wav", "audio/wav", shown=True)
