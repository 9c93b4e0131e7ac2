"""While somebody asks: the answer to be told, by every officer; and which answers are used, for those who keep them."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.kernel import clock
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.kernel.text import one_line
from thongsuot.knowledge import actions, queries
from thongsuot.knowledge.models import AnswerUse
from thongsuot.knowledge.views.keeping import keeper
from thongsuot.web.request import actor_of, nothing_pressed, number_of

PERIODS = (30, 90, 365)
FOUND = 10
# Whence officers come to look up; without it they are at a counter. The hotline has a look-up of its own within a call.
_ELSEWHERE = (AnswerUse.Kind.RECEPTION, AnswerUse.Kind.FEEDBACK)


@require_http_methods(["GET", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    """At the counter, or where the address says (`tai`): words in, the short spoken form first. The button says it was told."""
    actor, now = actor_of(request), clock.now()
    if not actor.is_staff:
        raise NotYourDuty("receive dossiers")
    asked, where = one_line(request.GET.get("q", ""))[:200], request.GET.get("tai", "")
    where = where if where in _ELSEWHERE else ""
    if request.method == "POST":
        if not (version_id := number_of(request.POST.get("ban", ""))):
            raise nothing_pressed()
        actions.note_told(version_id, where=where or AnswerUse.Kind.COUNTER, actor=actor, at=now)
        messages.success(request, _("Đã ghi: trả lời người dân theo câu này."))
        back = urlencode({name: value for name, value in (("q", asked), ("tai", where)) if value})
        return redirect(f"{reverse('knowledge:look_up')}?{back}" if back else "knowledge:look_up")
    today = clock.today()
    rows = queries.search(asked, on=today, limit=FOUND) if asked else queries.most_used(on=today, limit=FOUND)
    return render(request, "knowledge/look_up.html", {"asked": asked, "where": where, "rows": rows})


@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Most used, never used, not useful, out of date."""
    _actor, city_id = keeper(request)
    today = clock.today()
    days = number_of(request.GET.get("so-ngay", ""))
    days = days if days in PERIODS else PERIODS[1]
    rows = queries.use_rows(city_id, since=today - timedelta(days=days - 1), on=today)
    context = {
        "days": days,
        "periods": [(one, _("%(days)s ngày") % {"days": one}) for one in PERIODS],
        "kinds": [(kind, AnswerUse.Kind(kind).label) for kind in AnswerUse.TOLD],
        "used_heads": [{"text": kind.label, "num": True} for kind in AnswerUse.Kind],
        "rows": rows,
        "used": [row for row in rows if row.told or row.useful or row.useless][:50],
        "never": [row for row in rows if not row.told and not row.useful],
        "not_useful": sorted((row for row in rows if row.useless > row.useful), key=lambda row: row.useful - row.useless)[:50],
        "review": queries.to_review(city_id, on=today),
    }
    return render(request, "knowledge/figures.html", context)
