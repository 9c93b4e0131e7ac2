"""The index, and the dossiers behind each of its figures."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.dossiers.models import Channel, Dossier, Status
from thongsuot.dossiers.queries.worklist import seen_by_units, units_of
from thongsuot.feedback import counting as feedback
from thongsuot.files.rules import FileType
from thongsuot.indicators import actions, counting, exporting, items, words
from thongsuot.indicators.models import Export
from thongsuot.indicators.queries.dossiers import Behind, behind
from thongsuot.indicators.queries.index import Index, ItemRow, figure, index, item_in_force
from thongsuot.indicators.queries.seen import counted_units
from thongsuot.indicators.queries.sums import Scope
from thongsuot.indicators.views.asked import Asked, asked
from thongsuot.kernel import clock
from thongsuot.kernel.errors import NotFound, NotYourDuty, must_exist
from thongsuot.procedures.rules import DUTIES
from thongsuot.units import queries as units
from thongsuot.web.downloads import file_answer
from thongsuot.web.faults import for_fragment
from thongsuot.web.paging import page_of
from thongsuot.web.periods import period_of
from thongsuot.web.request import actor_of

MOST_SHOWN = 10_000  # two hundred pages; whoever needs more wants the spreadsheet, or a shorter period


@require_GET
def quality_index(request: HttpRequest) -> HttpResponse:
    """The whole index of a scope over a period."""
    question = asked(request)
    found = index(question.scope, question.period)
    return render(
        request,
        "indicators/index.html",
        {
            **question.context(),
            **index_context(found),
            "opens": lambda item, part: _opens(question, item, part),
            "waiting": counting.waiting() + feedback.waiting(),
        },
        status=question.status,
    )


def _opens(question: Asked, item: ItemRow, part: str) -> str:
    """Where the dossiers or the tickets behind a figure are; empty where there is no list."""
    if item.whole is not None and part in item.formula.tickets:
        streams = [("luong", one) for one in sorted(item.streams)] if item.formula.tickets[part] != "nhan" else []
        kept = [pair for pair in question.kept if pair[0] != "linh_vuc"]
        return f"{reverse('feedback:figures_list', args=[item.formula.tickets[part]])}?{urlencode([*kept, *streams])}"
    if not item.has_dossiers or not items.behind(item.code, part):
        return ""
    return question.href("item", item.code, part)


def index_context(found: Index) -> dict[str, Any]:
    return {
        "index": found,
        "words": words,
        "figures": [
            {
                "label": _("Điểm"),
                "figure": words.decimal(found.score),
                "note": _("trên %(counted)s điểm có dữ liệu, của %(all)s điểm")
                % {"counted": words.short(found.counted), "all": words.short(found.points)},
            },
            {
                "label": _("So với phần có dữ liệu"),
                "figure": words.decimal(found.share, places=1),
                "unit": "%" if found.share is not None else "",
                "note": _("không thay cho điểm của cả bộ"),
            },
            {
                "label": _("Xếp loại"),
                "figure": str(items.BANDS[found.band]) if found.band else "-",
                "note": "" if found.band else _("chưa xếp: còn chỉ số chưa có dữ liệu"),
            },
        ],
    }


def _item_asked(request: HttpRequest, code: str, part: str) -> Asked:
    question = asked(request)
    if code not in items.ITEMS or part not in items.PARTS or not items.behind(code, part):
        raise NotFound
    if item_in_force(code, on=question.period.last) is None:
        raise NotFound
    return question


@require_GET
def item(request: HttpRequest, code: str, part: str) -> HttpResponse:
    """The dossiers behind a figure, each with the rule that put it there."""
    question = _item_asked(request, code, part)
    count = figure(code, part, question.scope, question.period)
    page = page_of(request, count=min(count, MOST_SHOWN))
    rows = behind(question.scope, question.period, code=code, part=part, limit=page.size, offset=page.first)
    opens = units_of(question.actor)  # figures alone do not open a dossier
    return render(
        request,
        "indicators/item.html",
        {
            **question.context(),
            "code": code,
            "part": part,
            "formula": items.ITEMS[code],
            "label": items.label(code),
            "count": count,
            "page": page,
            "rows": [shown(row, code, opens) for row in rows],
            "several": len(question.scope.unit_ids) > 1,
            "parts": [
                {"text": label, "href": question.href("item", code, name), "current": name == part}
                for name, label in items.PARTS.items()
                if items.behind(code, name)
            ],
            "excel": question.href("item_excel", code, part),
            "at_once": exporting.AT_ONCE,
            "most": exporting.MOST,
        },
        status=question.status,
    )


def shown(row: Behind, code: str, opens: frozenset[int]) -> dict[str, Any]:
    return {
        "row": row,
        "why": words.why(row, code),
        "in_time": row.verdict.in_time,
        "open_id": row.id if row.unit_id in opens else None,
        "channel": Channel(row.channel).label,
        "status": Status(row.status).label,
    }


@require_http_methods(["GET", "POST"])
def item_excel(request: HttpRequest, code: str, part: str) -> HttpResponseBase:
    """A short list at once; a long one is asked for (POST) and made by the worker."""
    question = _item_asked(request, code, part)
    scope, period = question.scope, question.period
    rows = figure(code, part, scope, period)
    if question.status != 200 or rows > exporting.MOST:
        return redirect(question.href("item", code, part))
    if rows <= exporting.AT_ONCE:
        file = exporting.list_file(scope, period, code=code, part=part)
        return file_answer(file, exporting.file_name(code, part, period), FileType.XLSX)
    if request.method == "GET":
        return redirect(question.href("item", code, part))
    export = actions.ask_export(
        f"{items.label(code)}: {items.PARTS[part]}",
        wanted=exporting.wanted(scope, period, code=code, part=part),
        unit_ids=scope.unit_ids,
        rows=rows,
        actor=question.actor,
        at=clock.now(),
    )
    return redirect("indicators:export", export.pk)


def _own_export(request: HttpRequest, export_id: int) -> Export:
    export = must_exist(Export.objects.defer("content").filter(pk=export_id, asked_by_id=actor_of(request).person_id).first())
    return export


@require_GET
def export(request: HttpRequest, export_id: int) -> HttpResponse:
    """How far a long list is; its file once made. Only for who asked."""
    found = _own_export(request, export_id)
    template = "indicators/_progress.html" if for_fragment(request) else "indicators/export.html"
    return render(request, template, {"export": found, "days": exporting.KEPT_DAYS})


@require_GET
def export_file(request: HttpRequest, export_id: int) -> HttpResponseBase:
    found = _own_export(request, export_id)
    if found.made_at is None or found.content is None:
        raise NotFound
    wanted = found.wanted
    name = f"chi-so-{wanted['item']}-{wanted['part']}-{wanted['first']}-{wanted['last']}.xlsx"
    return file_answer(bytes(found.content), name, FileType.XLSX)


@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """An officer's own figures: of the dossiers they did a step of. Nobody sees another person's."""
    actor = actor_of(request)
    mine_now = units_of(actor)
    if actor.person_id is None or not mine_now:
        raise NotYourDuty(DUTIES[0])
    now = clock.now()
    period, preset, form = period_of(request, now)
    # Wherever the step was done: a partner's people work on dossiers of others, and who moved worked elsewhere before.
    places = mine_now | counted_units(units.city_of(next(iter(mine_now))))
    scope = Scope(unit_ids=places, person_id=actor.person_id)
    question = Asked(
        actor=actor,
        scope=scope,
        seen=scope.unit_ids,
        period=period,
        unit_id=None,
        field="",
        preset=preset,
        form=form,
        choices=[],
        path=request.path,
    )
    found = index(scope, period)
    mine = found.items.get("2.1")
    page = page_of(request, count=min(mine.whole or 0 if mine else 0, MOST_SHOWN))
    rows = behind(scope, period, code="2.1", part="mau-so", limit=page.size, offset=page.first)
    rows.sort(key=lambda row: row.verdict.in_time)
    theirs = Dossier.objects.filter(seen_by_units(mine_now), pk__in=[row.id for row in rows])
    may_open = set(theirs.values_list("pk", flat=True))
    sums = found.sums
    return render(
        request,
        "indicators/own.html",
        {
            **question.context(),
            "index": found,
            "words": words,
            "page": page,
            "rows": [{**shown(row, "2.1", mine_now), "open_id": row.id if row.id in may_open else None} for row in rows],
            "figures": [
                {
                    "label": _("Sớm và đúng hạn"),
                    "figure": words.decimal(mine.rate if mine else None, places=1),
                    "unit": "%" if mine and mine.rate is not None else "",
                    "note": _("%(part)s trên %(whole)s hồ sơ") % {"part": sums.in_time, "whole": sums.of_period},
                },
                {"label": _("Đang giải quyết"), "figure": str(sums.open)},
                {"label": _("Trong đó quá hạn"), "figure": str(sums.open_late), "bad": sums.open_late > 0},
                {
                    "label": _("Giờ làm việc mỗi hồ sơ"),
                    "figure": words.decimal(found.items["2.2"].mean_hours if "2.2" in found.items else None, places=1),
                    "note": _("từ tiếp nhận đến có kết quả, của cả hồ sơ"),
                },
            ],
            "picked": [item for code in ("4.1", "4.2", "4.3", "4.5b") if (item := found.items.get(code)) is not None],
        },
        status=question.status,
    )
