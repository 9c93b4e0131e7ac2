"""Units side by side, steps, days, the map."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from thongsuot.indicators import mapping, rules, words
from thongsuot.indicators.queries import compare as comparing
from thongsuot.indicators.queries import steps as stepping
from thongsuot.indicators.queries.compare import Sort
from thongsuot.indicators.queries.sums import Scope, by_day
from thongsuot.indicators.views.asked import Asked, asked
from thongsuot.kernel.text import number
from thongsuot.procedures.models import Procedure
from thongsuot.units import queries as units
from thongsuot.web import charts


def _all_units(question: Asked) -> Scope:
    """Comparing one unit with itself says nothing: the unit of the address only stays for the other pages."""
    return Scope(unit_ids=question.seen, procedure_ids=question.scope.procedure_ids)


@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """Processing time, on-time share and satisfaction of units, sorted by links."""
    question = asked(request)
    sort = Sort(request.GET["sap"]) if request.GET.get("sap") in set(Sort) else Sort.NAME
    down = request.GET.get("chieu") == "giam"
    lines = comparing.unit_lines(_all_units(question), question.period, sort=sort, down=down)
    labels = {
        Sort.NAME: _("Đơn vị"),
        Sort.RECEIVED: _("Đã nhận"),
        Sort.HOURS: _("Giờ mỗi hồ sơ"),
        Sort.ON_TIME: _("Tỷ lệ đúng hạn"),
        Sort.SATISFIED: _("Tỷ lệ hài lòng"),
        Sort.LATE: _("Đang quá hạn"),
    }

    def turned(key: Sort) -> str:
        """Figures begin with the highest, names with A; pressed again the other way round."""
        goes_down = not down if key is sort else key is not Sort.NAME
        return "giam" if goes_down else "tang"

    heads = [
        {
            "text": label,
            "num": key is not Sort.NAME,
            "href": question.href("compare", sap=key.value, chieu=turned(key)),
            "sorted": ("down" if down else "up") if key is sort else "",
        }
        for key, label in labels.items()
    ]
    busy = [line for line in lines if line.sums.of_period or line.sums["rated"]]
    return render(
        request,
        "indicators/compare.html",
        {
            **question.context(),
            "words": words,
            "heads": heads,
            "lines": busy,
            "idle": [line for line in lines if line not in busy and line.unit_id in question.actor.units_for("see figures")],
            "too_few": rules.TOO_FEW,
        },
        status=question.status,
    )


@require_GET
def steps(request: HttpRequest) -> HttpResponse:
    """Where time goes: the worst bottleneck first."""
    question = asked(request)
    by = stepping.By(request.GET["theo"]) if request.GET.get("theo") in set(stepping.By) else stepping.By.DUTY
    found = stepping.steps(question.scope, question.period, by=by)
    procedures = dict(
        Procedure.objects.filter(pk__in={row.procedure_id for row in found.rows if row.procedure_id}).values_list("pk", "name")
    )
    names = units.unit_rows({row.unit_id for row in found.rows if row.unit_id}, as_of=question.period.last)
    labels = {
        stepping.By.DUTY: _("Theo việc"),
        stepping.By.STEP: _("Theo bước của thủ tục"),
        stepping.By.UNIT: _("Theo đơn vị"),
    }
    return render(
        request,
        "indicators/steps.html",
        {
            **question.context(),
            "words": words,
            "rows": [(row, _step_label(row, procedures, names)) for row in found.rows],
            "every": found.every,
            "too_few": rules.TOO_FEW,
            "tabs": [
                {"text": label, "href": question.href("steps", theo=key.value), "current": key is by}
                for key, label in labels.items()
            ],
            "hours": _hours,
        },
        status=question.status,
    )


def _step_label(row: stepping.StepRow, procedures: dict[int, str], names: dict[int, units.UnitRow]) -> tuple[str, str]:
    """What stands in the first column: (strong, soft)."""
    if row.procedure_id is not None:
        return row.name, procedures.get(row.procedure_id, "")
    if row.unit_id is not None:
        return row.duty_label, names[row.unit_id].full_name if row.unit_id in names else ""
    return row.duty_label, ""


def _hours(minutes: int | None) -> str:
    return "-" if minutes is None else words.decimal(minutes / 60, places=1)


@require_GET
def series(request: HttpRequest) -> HttpResponse:
    """Day by day: what came, what was resolved, what is left, what is late."""
    question = asked(request)
    rows = by_day(question.scope, question.period)
    points = charts.by_period(
        [(row.day, row.sums["received"], row.sums["online"]) for row in rows],
        first=question.period.first,
        last=question.period.last,
    )
    return render(
        request,
        "indicators/series.html",
        {
            **question.context(),
            "words": words,
            "rows": rows,
            "chart": charts.columns(points),
            "lines": [
                _line(_("Đang giải quyết"), [float(row.sums.open) for row in rows]),
                _line(_("Đang quá hạn"), [float(row.sums.open_late) for row in rows]),
            ],
            "share": lambda row: words.percent(rules.rate(row.sums["closed_in_time"], row.sums["closed"])),
        },
        status=question.status,
    )


def _line(label: str, values: list[float]) -> dict[str, Any]:
    """A polyline from nought over the days, with its last value in words."""
    most = max(values, default=0.0) or 1.0
    step = 300 / max(1, len(values) - 1)
    points = " ".join(f"{place * step:.1f},{70 - value * 60 / most:.1f}" for place, value in enumerate(values))
    return {
        "label": label,
        "points": points,
        "last": number(int(values[-1])) if values else "-",
        "most": number(int(max(values, default=0.0))),
        "end_x": round((len(values) - 1) * step, 1) if values else 0,
        "end_y": round(70 - values[-1] * 60 / most, 1) if values else 70,
    }


@require_GET
def city_map(request: HttpRequest) -> HttpResponse:
    """The city coloured by any indicator; the same as a table beside it."""
    question = asked(request)
    key = request.GET.get("chi_so", "")
    measures = comparing.measures()
    key = key if key in measures else "dung-han"
    measure = measures[key]
    lines = comparing.unit_lines(_all_units(question), question.period)
    city_id = units.city_of(next(iter(question.scope.unit_ids)))
    drawn = mapping.city_map(city_id, lines, measure, on=question.period.last)
    marks = {place.line.unit_id: place for place in drawn.places}
    rows = [
        (line, measure.value(line), measure.cases(line), marks.get(line.unit_id)) for line in lines if line.unit_id != city_id
    ]
    rows.sort(key=lambda row: (row[1] is None, -(row[1] or 0.0) if measure.bad_high else (row[1] or 0.0)))
    return render(
        request,
        "indicators/map.html",
        {
            **question.context(),
            "measure": measure,
            "drawn": drawn,
            "known": [row for row in rows if row[1] is not None],
            "unknown": [row for row in rows if row[1] is None],
            "said": lambda value: _said(value, measure),
            "tabs": [
                {"text": one.label, "href": question.href("map", chi_so=name), "current": name == key}
                for name, one in measures.items()
            ],
            "too_few": rules.TOO_FEW,
        },
        status=question.status,
    )


def _said(value: float | None, measure: comparing.Measure) -> str:
    if value is None:
        return _("chưa có dữ liệu")
    if measure.unit == "%":
        return words.percent(value)
    return words.decimal(value, places=1) + " " + _("giờ") if measure.unit == "h" else number(round(value))
