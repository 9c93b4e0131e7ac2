"""Figures for programs: the index, the report, the days. The same queries as the pages. Duty: see figures."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from thongsuot.indicators import reports
from thongsuot.indicators.queries.catalogue import procedures_of
from thongsuot.indicators.queries.index import index
from thongsuot.indicators.queries.seen import seen_by
from thongsuot.indicators.queries.sums import Scope, Sums, by_day
from thongsuot.kernel import clock
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.periods import Period
from thongsuot.kernel.text import one_line
from thongsuot.people.api_auth import BearerActor
from thongsuot.units import queries as units
from thongsuot.web.periods import LONGEST
from thongsuot.web.request import actor_of

router = Router(tags=["indicators"])


@router.get("/indicators/index", auth=BearerActor(), summary="The quality index over a period")
def get_index(request: HttpRequest, first: date, last: date, unit: str = "", field: str = "") -> JsonResponse:
    """Every item with its figures and points; `rate` and `score` are null without data and `reason` says why.

    `unit`: a code of five digits, or of two for the city's own bodies; empty: all units of the key. `field`: a code.
    """
    scope, period = _asked(request, first, last, unit, field)
    found = index(scope, period)
    return _answer(
        {
            "first": first,
            "last": last,
            "as_of": period.as_of,
            "score": float(found.score),
            "points": float(found.points),
            "points_with_data": float(found.counted),
            "band": found.band or None,
            "items": [
                {
                    "code": item.code,
                    "group": item.group,
                    "name": str(item.formula.name),
                    "numerator": item.part,
                    "denominator": item.whole,
                    "rate": _number(item.rate),
                    "score": _number(item.score) if item.points else None,
                    "points": float(item.points),
                    "threshold": _number(item.threshold),
                    "checked": item.checked,
                    "reason": item.reason or None,
                }
                for item in found.items.values()
            ],
        }
    )


@router.get("/indicators/report", auth=BearerActor(), summary="Received, resolved and pending over a period")
def get_report(request: HttpRequest, first: date, last: date, unit: str = "", field: str = "") -> JsonResponse:
    """The sums of the whole and of each unit, field and procedure. On each line:
    carried_over + received = resolved + withdrawn + stopped + pending."""
    scope, period = _asked(request, first, last, unit, field)
    found = reports.report(scope, period)

    def lines(rows: list[reports.ReportLine]) -> list[dict[str, Any]]:
        return [{"key": row.key, "name": row.name, **_sums(row.sums)} for row in rows]

    return _answer(
        {
            "first": first,
            "last": last,
            "as_of": period.as_of,
            "total": _sums(found.sums),
            "units": lines(found.units),
            "fields": lines(found.fields),
            "procedures": lines(found.procedures),
        }
    )


@router.get("/indicators/series", auth=BearerActor(), summary="Day by day")
def get_series(request: HttpRequest, first: date, last: date, unit: str = "", field: str = "") -> JsonResponse:
    """Each day of the period up to today, with what was pending and overdue in the evening."""
    scope, period = _asked(request, first, last, unit, field)
    return _answer({"items": [{"day": row.day, **_sums(row.sums)} for row in by_day(scope, period)]})


def _sums(sums: Sums) -> dict[str, int]:
    return {
        "carried_over": sums.carried,
        "received": sums["received"],
        "counter": sums["counter"],
        "online": sums["online"],
        "post": sums["post"],
        "resolved": sums.resolved,
        "early": sums["early"],
        "on_the_day": sums["on_the_day"],
        "late": sums["result_late"],
        "withdrawn": sums["withdrawn"],
        "stopped": sums["stopped"],
        "pending": sums.open,
        "pending_in_time": sums.open_in_time,
        "pending_late": sums.open_late,
        "supplements": sums["supplements"],
        "in_time_2_1": sums.in_time,
        "of_period_2_1": sums.of_period,
        "rated": sums["rated"],
        "satisfied": sums["satisfied"],
    }


def _asked(request: HttpRequest, first: date, last: date, unit: str, field: str) -> tuple[Scope, Period]:
    actor = actor_of(request)
    now = clock.now()
    seen = seen_by(actor, on=timezone.localdate(now))
    if not (2000 <= first.year <= 2200 and first <= last and last - first <= LONGEST):
        raise BadInput({"last": _("Kỳ phải từ năm 2000, ngày cuối không trước ngày đầu, dài nhất hai năm.")})
    shown, whole = seen.unit_ids, seen.whole_city
    unit, field = one_line(unit)[:10], one_line(field)[:120]
    if unit:
        unit_id = units.unit_by_code(unit, as_of=timezone.localdate(now)).id
        actor.must("see figures", unit_id=unit_id)
        shown, whole = frozenset({unit_id}), False
    procedures = procedures_of(field) if field else None
    if field and not procedures:
        raise BadInput({"field": _("Không có lĩnh vực này trong danh mục.")})
    return Scope(unit_ids=shown, procedure_ids=procedures, whole_city=whole), Period(first=first, last=last, now=now)


def _number(value: Any) -> float | None:
    return None if value is None else round(float(value), 4)


def _answer(body: dict[str, Any]) -> JsonResponse:
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})
