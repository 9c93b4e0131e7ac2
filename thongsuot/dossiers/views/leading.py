"""What leaders look at: what is late, where, at which step, with whom; how much comes in. One unit or all one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from thongsuot.dossiers.desk_words import SHORT_STEP
from thongsuot.dossiers.queries import leading as figures
from thongsuot.dossiers.queries import partners
from thongsuot.dossiers.queries.worklist import units_of
from thongsuot.dossiers.views.officer import asked_unit, unit_choices
from thongsuot.kernel import clock
from thongsuot.kernel.text import number
from thongsuot.kernel.working_time import start_of
from thongsuot.people.rules import DUTIES
from thongsuot.procedures import queries as procedures
from thongsuot.units import queries as units
from thongsuot.web import charts
from thongsuot.web.forms import PeriodForm
from thongsuot.web.request import actor_with

LATE_SHOWN = 50
LATE_SHOWN_OF_MANY = 20  # with many units: each unit's own page has more
PERIODS = (
    ("7", gettext_lazy("7 ngày")),
    ("30", gettext_lazy("30 ngày")),
    ("90", gettext_lazy("90 ngày")),
    ("365", gettext_lazy("Một năm")),
)


@dataclass(frozen=True, kw_only=True)
class Sum:
    """The figures of all units shown, as one."""

    running: int
    waiting: int
    late: int
    late_units: int
    near: int
    unanswered: int
    to_hand_back: int
    received: int
    online: int
    on_time: int
    resolved: int

    @classmethod
    def of(cls, lines: Sequence[figures.UnitFigures]) -> Sum:
        def add(name: str) -> int:
            return sum(getattr(line, name) for line in lines)

        return cls(
            running=add("running"),
            waiting=add("waiting"),
            late=add("late"),
            late_units=sum(line.late > 0 for line in lines),
            near=add("near"),
            unanswered=add("unanswered"),
            to_hand_back=add("to_hand_back"),
            received=add("received"),
            online=add("online"),
            on_time=add("on_time"),
            resolved=add("on_time") + add("not_on_time"),
        )


@require_GET
def leading(request: HttpRequest) -> HttpResponse:
    """Figures of now and of a period. A ward's leader sees the ward, a city's leader every unit; `don_vi` goes down to one."""
    actor, now = actor_with(request, "see figures"), clock.now()
    mine = actor.units_for("see figures")
    choices = unit_choices(mine)
    unit_id = asked_unit(request, choices)
    shown = mine if unit_id is None else frozenset({unit_id})
    first, last, form = _period(request)
    lines = figures.unit_figures(shown, first=first, last=last, now=now)
    total = Sum.of(lines)
    opens = units_of(actor)  # figures alone do not open a dossier
    most = LATE_SHOWN if len(shown) == 1 else LATE_SHOWN_OF_MANY
    late = figures.late_dossiers(shown, now=now, limit=most)
    by_day = figures.received_by_day(shown, first=first, last=last)
    return render(
        request,
        "dossiers/leading/leading.html",
        {
            "now": now,
            "first": first,
            "last": last,
            "form": form,
            "periods": _period_links(request, unit_id),
            "units": choices,
            "unit_id": unit_id,
            "title": _title(shown, unit_id, timezone.localdate(now)),
            "figures": _figures(total, several=len(lines) > 1),
            "lines": lines,
            "base": f"{reverse('dossiers:leading')}?{_asked(request)}",
            "share": share,
            "late": [(row, procedures.version(row.version_id).name, row.id if row.unit_id in opens else None) for row in late],
            "late_total": total.late,
            "late_shown": most,
            "by_duty": [
                (str(DUTIES[duty].label) if duty in DUTIES else duty, count)
                for duty, count in figures.late_by_duty(shown, now=now)
            ],
            "step": SHORT_STEP,
            "legs": partners.legs_by_agency(shown, first=start_of(first), last=start_of(last + timedelta(days=1)), now=now),
            "papers": partners.overdue_papers(shown, now=now),
            "opinions": partners.overdue_opinions(shown, now=now),
            "chart": charts.columns(charts.by_period(by_day, first=first, last=last)),
        },
        status=422 if form.is_bound and form.errors else 200,
    )


def _period(request: HttpRequest) -> tuple[date, date, PeriodForm]:
    today = clock.today()
    days = {"7": 7, "90": 90, "365": 365}.get(request.GET.get("ngay", ""), 30)
    usual = {"tu": today - timedelta(days=days - 1), "den": today}
    form = PeriodForm(request.GET if {"tu", "den"} & request.GET.keys() else None, initial=usual)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else usual
    return chosen["tu"], chosen["den"], form


def _period_links(request: HttpRequest, unit_id: int | None) -> list[dict[str, Any]]:
    own = "tu" in request.GET or "den" in request.GET
    asked = request.GET.get("ngay", "30")
    unit = [("don_vi", str(unit_id))] if unit_id else []
    return [
        {"text": label, "href": f"{request.path}?{urlencode([('ngay', days), *unit])}", "current": days == asked and not own}
        for days, label in PERIODS
    ]


def _asked(request: HttpRequest) -> str:
    """The period of the address, to be kept in the links to units."""
    kept = {name: request.GET[name] for name in ("ngay", "tu", "den") if request.GET.get(name)}
    return f"{urlencode(kept)}&" if kept else ""


def _title(shown: frozenset[int], unit_id: int | None, on: date) -> str:
    if unit_id is not None or len(shown) == 1:
        return units.unit_row(unit_id or next(iter(shown)), as_of=on).full_name
    return _("%(count)s đơn vị") % {"count": len(shown)}


def share(part: int, whole: int) -> str:
    """'98,6'; a dash where there is nothing to divide."""
    return f"{part * 100 / whole:.1f}".replace(".", ",") if whole else "-"


def _figures(total: Sum, *, several: bool) -> list[dict[str, Any]]:
    late_note = _("ở %(count)s đơn vị") % {"count": total.late_units} if several and total.late else ""
    return [
        {
            "label": _("Đúng hạn"),
            "figure": share(total.on_time, total.resolved),
            "unit": "%" if total.resolved else "",
            "note": _("%(part)s trên %(whole)s hồ sơ đã xong")
            % {"part": number(total.on_time), "whole": number(total.resolved)},
        },
        {"label": _("Quá hạn lúc này"), "figure": number(total.late), "bad": total.late > 0, "note": late_note},
        {"label": _("Sắp đến hạn"), "figure": number(total.near)},
        {
            "label": _("Đang giải quyết"),
            "figure": number(total.running),
            "note": _("Đang dừng chờ người dân: %(count)s") % {"count": number(total.waiting)},
        },
        {
            "label": _("Chưa trả lời đúng hạn"),
            "figure": number(total.unanswered),
            "bad": total.unanswered > 0,
            "note": _("hồ sơ trực tuyến quá giờ trả lời"),
        },
        {
            "label": _("Đã nhận"),
            "figure": number(total.received),
            "note": _("Trực tuyến %(share)s %%") % {"share": share(total.online, total.received)},
        },
    ]
