"""Who was there: a page that prints, and a sheet."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from thongsuot.files.rules import FileType
from thongsuot.kernel.text import slug
from thongsuot.meetings.models import Conference
from thongsuot.meetings.queries import planning
from thongsuot.meetings.queries import report as queries
from thongsuot.meetings.sheets import attendance
from thongsuot.meetings.views.common import WORDS, hub_actor
from thongsuot.web.downloads import file_answer


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
    return file_answer(attendance(found, queries.report(found)), name, FileType.XLSX)
