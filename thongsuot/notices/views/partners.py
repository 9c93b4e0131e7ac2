"""Where gateways report, and what the stand-in of a demo city has taken."""

from __future__ import annotations

import logging

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.notices import actions, queries, rules
from thongsuot.notices.forms import MischiefForm
from thongsuot.notices.stand_in import in_this_process
from thongsuot.notices.ways import UnreadableReport, connected, way_named
from thongsuot.notices.ways.protocol import STAND_IN
from thongsuot.units import queries as units
from thongsuot.web.request import actor_of

log = logging.getLogger(__name__)
MOST_BYTES = 64 * 2**10


@csrf_exempt
@require_POST
def report(request: HttpRequest, way: str) -> HttpResponse:
    """A gateway tells what became of a message. Its signature is who it is; the log names the way and the fault alone."""
    if way not in connected() & rules.BY_PHONE:
        raise Http404
    at = clock.now()
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return JsonResponse({"error": "too long"}, status=413)
    try:
        found = way_named(way).read_report(request.body, {k.lower(): v for k, v in request.headers.items()}, at=at)
        gateway = Actor(person_id=None, name=str(rules.WAYS[way]), via="gateway")
        new = found is not None and actions.take_report(way, found, actor=gateway, at=at)
    except UnreadableReport as fault:
        log.warning("a report by %s was refused: %s", way, fault.why)
        return JsonResponse({"error": fault.why}, status=400 if fault.why == "unreadable" else 403)
    except actions.UnknownDelivery:
        log.warning("a report by %s was refused: unknown reference", way)
        return JsonResponse({"error": "unknown reference"}, status=404)
    if found is not None and not new:
        log.warning("a report by %s came a second time and changed nothing", way)
    return JsonResponse({"status": "taken" if new else "nothing new"})


@require_http_methods(["GET", "POST"])
def stand_in(request: HttpRequest) -> HttpResponse:
    """The outbox of the stand-in: what would have reached telephones, and what should go wrong next."""
    units.city_of_duty(actor_of(request), queries.DUTY, on=timezone.localdate(clock.now()))
    if STAND_IN not in {settings.SMS_URL, settings.ZALO_URL}:
        messages.info(request, _("Không có cổng tin nhắn nào đang được giả lập trong hệ thống này."))
        return redirect("notices:outbox")
    core = in_this_process()
    form = MischiefForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        core.plan(form.cleaned_data["way"], form.cleaned_data["mischief"])
        messages.success(request, _("Đã hẹn. Lần gọi tới của cách gửi này sẽ như vậy."))
        return redirect("notices:stand_in")
    context = {
        "form": form,
        "rows": queries.played(core.kept(50)),
        "planned": [(rules.WAYS[way], form.mischief_label(what)) for way, what in core.planned()],
        # In a trial on real dossiers words are read in the outbox alone, for a reason that is kept.
        "words": not settings.PRODUCTION,
    }
    return render(request, "notices/stand_in.html", context, status=422 if form.errors else 200)
