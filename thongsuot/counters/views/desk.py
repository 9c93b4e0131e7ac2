"""A counter as its officer works it all day: the number there, the next ones, and one key for what comes next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.counters import actions, serving
from thongsuot.counters.forms import BreakForm, SendOnForm, SendToForm
from thongsuot.counters.models import Counter, Ticket
from thongsuot.counters.queries import hall as queries
from thongsuot.counters.queries.served import done_by
from thongsuot.counters.views.common import Here, here, lines
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.web.forms import Form, refusals_on
from thongsuot.web.live import Part, changed
from thongsuot.web.request import nothing_pressed, number_of, pressed

SHOWN = 12
MOST_DONE = 60  # of one officer in a day, from which one comes back


def _counter(request: HttpRequest, counter_id: int) -> tuple[Here, Counter]:
    """Raises NotFound, NotYourDuty."""
    counter = queries.counter_of(counter_id)
    return here(request, counter.point_id, day=clock.today()), counter


def _parts(at: Here, counter: Counter) -> tuple[list[Part], dict[str, Any]]:
    day = clock.today()
    waiting = queries.waiting_for(counter, on=day, most=SHOWN)
    gone = queries.gone(at.house_id, on=day, most=SHOWN)
    held = queries.ticket_of(counter, on=day)
    sitting = counter.sittings.filter(day=day, until_at=None).first()
    mine = sitting is not None and sitting.person_id == at.actor.person_id
    # Whoever holds a number calls nobody else.
    pause = sitting.breaks.filter(until_at=None).first() if sitting is not None else None
    free = mine and held is None and pause is None
    shown = [(one.pk, one.waits_from, one.priority, one.queue_id) for one in waiting]
    parts = [
        Part("cho", "counters/_waiting.html", (shown, free)),
        Part("vang", "counters/_gone.html", ([(one.pk, one.ended_at) for one in gone], free)),
    ]
    return parts, {
        "waiting": waiting,
        "gone": gone,
        "held": held,
        "sitting": sitting,
        "mine": mine,
        "free": free,
        "pause": pause,
    }


@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest, counter_id: int) -> HttpResponse:
    at, counter = _counter(request, counter_id)
    seen = queries.hall(at.house_id, on=clock.today())
    what = pressed(request)
    said_to = {key: request.POST if what == key else None for key in ("chuyen", "chuyen-quay", "nghi")}
    form = SendOnForm(said_to["chuyen"], queues=seen.queues)
    to_form = SendToForm(said_to["chuyen-quay"], counters=seen.counters, own=counter.pk)
    break_form = BreakForm(said_to["nghi"])
    asked = next((one for one in (form, to_form, break_form) if one.is_bound), None)
    if request.method == "POST" and (asked is None or asked.is_valid()):
        with refusals_on(asked):
            if said := _do(what, request, counter, asked, actor=at.actor, at=clock.now()):
                messages.success(request, said)
            return redirect("counters:desk", counter.pk)
    parts, context = _parts(at, counter)
    context |= {"here": at, "counter": counter, "places": {part.id: part for part in parts}, "form": form}
    context |= {"to_form": to_form, "break_form": break_form, "forms": [form, to_form, break_form]}
    context |= lines(request, at.house_id)
    context["done"] = done_by(at.actor.person_id, house_id=at.house_id, on=clock.today(), most=MOST_DONE) if at.serves else []
    context["ways_on"] = serving.ways_on()
    context["serving"] = context["held"] is not None and context["held"].state == Ticket.State.SERVING
    return render(request, "counters/desk.html", context, status=422 if asked is not None and asked.errors else 200)


def _do(what: str, request: HttpRequest, counter: Counter, form: Form | None, *, actor: Actor, at: datetime) -> str:
    """One press of a button; what to say then, if the page does not show it anyway."""
    said = form.cleaned_data if form is not None else {}
    match what:
        case "ngoi":
            actions.sit_down(counter.pk, actor=actor, at=at)
            return _("Bạn đã ngồi vào quầy %(number)s.") % {"number": counter.number}
        case "roi":
            actions.get_up(counter.pk, actor=actor, at=at)
            return _("Đã rời quầy %(number)s.") % {"number": counter.number}
        case "tiep":
            called = actions.call_next(counter.pk, actor=actor, at=at)
            return "" if called else _("Đã xong. Chưa có số nào chờ quầy này.")
        case "goi":
            actions.call_one(number_of(request.POST.get("so", "")), counter_id=counter.pk, actor=actor, at=at)
        case "lai":
            again = actions.call_again(counter.pk, actor=actor, at=at)
            return _("Đã gọi lại số %(code)s.") % {"code": again.code}
        case "den":
            actions.begin(counter.pk, actor=actor, at=at)
        case "vang":
            missed = actions.absent(counter.pk, actor=actor, at=at)
            if missed.state == Ticket.State.LEFT:
                return _("Số %(code)s đã bỏ lượt. Nếu người đó quay lại, gọi từ danh sách bên dưới.") % {"code": missed.code}
            return _("Số %(code)s về cuối hàng.") % {"code": missed.code}
        case "xong":
            actions.finish(counter.pk, actor=actor, at=at)
        case "chuyen":
            sent = actions.send_on(counter.pk, queue_id=said["queue"], actor=actor, at=at)
            return _("Đã chuyển số %(code)s sang hàng %(queue)s.") % {"code": sent.code, "queue": sent.queue.name}
        case "chuyen-quay":
            to = {"to_counter_id": said["counter"], "reason": said["reason"]}
            sent = actions.send_to(counter.pk, **to, actor=actor, at=at)
            return _("Đã chuyển số %(code)s đến quầy khác. Quầy đó gọi số này trước.") % {"code": sent.code}
        case "nghi":
            actions.take_break(counter.pk, reason=said["reason"], actor=actor, at=at)
            return _("Quầy tạm nghỉ: bảng gọi số ghi rõ, không ai được gọi đến quầy này.")
        case "mo-lai":
            actions.end_break(counter.pk, actor=actor, at=at)
            return _("Đã mở lại quầy.")
        case _:
            raise nothing_pressed()
    return ""


@require_GET
def live(request: HttpRequest, counter_id: int) -> HttpResponse:
    at, counter = _counter(request, counter_id)
    parts, context = _parts(at, counter)
    return changed(request, parts, {**context, "counter": counter, "here": at}, known=request.GET.getlist("co"))
