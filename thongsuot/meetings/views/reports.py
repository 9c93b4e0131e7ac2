"""Who was there: a page that prints, and a sheet."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from thongsuot.kernel.text import slug
from thongsuot.meetings.models import Conference
from thongsuot.meetings.queries import planning
from thongsuot.meetings.queries import report as queries
from thongsuot.meetings.sheets import attendance
from thongsuot.meetings.views.common import WORDS, hub_actor

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _found(request: HttpRequest, conference_id: int) -> Conference:
    actor, _city = hub_actor(request)
    return planning.conference_for(conference_id, actor=actor)


@require_GET
def report(request: HttpRequest, conference_id: int) -> HttpResponse:
    found = _found(request, conference_id)
    return render(request, "meetings/report.html", {**WORDS, "conference": found, "report": queries.report(found)})


@require_GET
def workbook(request: HttpRequest, conference_id: int) -> HttpResponseBase:
    found = _found(request, conference_id)
    name = f"diem-danh-{planning.held_on(found):%Y-%m-%d}-{slug(found.title)[:60]}.xlsx"
    response = FileResponse(attendance(found, queries.report(found)), as_attachment=True, filename=name, content_type=SHEET)
    response.headers["Cache-Control"] = "private, no-store"
    return response
