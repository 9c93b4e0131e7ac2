"""What was said in a call: for a reason that is kept, piece by piece from the exchange; nothing of it lies here."""

from __future__ import annotations

import re
import tempfile

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.feedback.actions.errors import SenderKept
from thongsuot.hotline import actions, asking
from thongsuot.hotline.actions import errors
from thongsuot.hotline.actions.common import keeps_caller_close, recordings_of
from thongsuot.hotline.actions.looking import must_hear
from thongsuot.hotline.forms import ReasonForm, WhyForm
from thongsuot.hotline.queries.desk import call_of
from thongsuot.hotline.queries.recordings import hold_of
from thongsuot.hotline.rules import LEAD
from thongsuot.kernel import clock
from thongsuot.people.queries import looked_lately
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import actor_of, nothing_pressed, number_of, pressed

_RANGE = re.compile(r"bytes=([0-9]{1,12})-([0-9]{0,12})")


@require_http_methods(["GET", "POST"])
def recording(request: HttpRequest, call_id: int) -> HttpResponse:
    actor, one = actor_of(request), call_of(call_id)
    what, leads, kept = pressed(request), actor.may(LEAD, unit_id=one.city_id), keeps_caller_close(one)
    known, hold = recordings_of(one), hold_of(one)
    hears = request.method == "POST" and not what
    if hears or not (leads and kept):  # it may have to be held all the same: whoever settles the denunciation may demand it
        must_hear(one, actor=actor)
    if not known and not (leads and (hold is not None or what == "thoi-giu")):  # what is held is released all the same
        raise errors.NoRecording
    form, hold_form = (
        ReasonForm(None if what else request.POST or None),
        WhyForm(request.POST if what == "giu" else None, auto_id="giu_%s"),
    )
    if what not in ("", "giu", "thoi-giu"):
        raise nothing_pressed()
    if what == "thoi-giu":
        actions.release_recording(one.pk, actor=actor, at=clock.now())
        messages.success(request, _("Đã thôi giữ bản ghi âm: hết thời hạn thì xóa như thường."))
        return redirect("hotline:recording" if known else "hotline:call", one.pk)
    if hold_form.is_bound and hold_form.is_valid():
        with refusals_on(hold_form):
            actions.hold_recording(one.pk, reason=hold_form.cleaned_data["reason"], actor=actor, at=clock.now())
            messages.success(request, _("Đã giữ bản ghi âm: không xóa khi hết thời hạn."))
            return redirect("hotline:recording", one.pk)
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            actions.open_recording(one.pk, reason=form.cleaned_data["reason"], actor=actor, at=clock.now())
            return redirect("hotline:recording", one.pk)
    context = {"call": one, "form": form, "opened": looked_lately(one, actor, now=clock.now()), "hold": hold}
    context |= {"hold_form": hold_form, "leads": leads, "recordings": known, "kept": SenderKept().message() if kept else ""}
    return render(request, "hotline/recording.html", context, status=422 if form.errors or hold_form.errors else 200)


@require_GET
def sound(request: HttpRequest, call_id: int) -> HttpResponseBase:
    """The bytes that the player asks for; without a range all. Who has given no reason is led to where it is asked."""
    actor, one, now = actor_of(request), call_of(call_id), clock.now()
    must_hear(one, actor=actor)
    if not looked_lately(one, actor, now=now):
        return redirect("hotline:recording", one.pk)
    leg = number_of(request.GET.get("chang", ""))
    known = next((each for each in recordings_of(one) if (each.pk or 0) == leg), None)
    if known is None:
        raise errors.NoRecording
    kind = known.kind or "audio/wav"
    name = f"cuoc-goi-{one.pk}{f'-{leg}' if leg else ''}.{kind.rpartition('/')[2]}"
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
        first, total = 0, 1
        while first < total:
            piece = asking.recording(one, known, first=first, at_most=asking.A_PIECE, actor=actor, at=now)
            file.write(piece.content)
            first, total = first + len(piece.content), piece.total if piece.content else 0
        file.seek(0)
        whole = file_answer(file, name, kind)
        whole.headers["Accept-Ranges"] = "bytes"
        return whole
    first = int(asked[1])
    most = int(asked[2]) - first + 1 if asked[2] else asking.A_PIECE
    if most < 1:
        return HttpResponse(status=416)
    piece = asking.recording(one, known, first=first, at_most=most, actor=actor, at=now)
    content = piece.content[:most] if asked[2] else piece.content  # of an exchange without ranges all of it came
    answer = file_answer(content, name, kind)
    answer.status_code = 206
    answer.headers["Content-Range"] = f"bytes {piece.first}-{piece.first + len(content) - 1}/{piece.total}"
    answer.headers["Accept-Ranges"] = "bytes"
    return answer
