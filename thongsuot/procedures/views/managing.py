"""The catalogue for who manages it: the list, one procedure with its past, its end."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.kernel import clock
from thongsuot.kernel.text import one_line
from thongsuot.procedures import actions, queries, words
from thongsuot.procedures.differences import Difference, differences
from thongsuot.procedures.forms.managing import EndForm
from thongsuot.procedures.views.common import managed_city
from thongsuot.units import queries as units
from thongsuot.web.confirm import confirm
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_number, page_of

_PROCESS = {"rieng": True, "mac-dinh": False}


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The list, by words, e-process and kind of right. A right is that of the city's communes: one of them stands for all."""
    _actor, city = managed_city(request)
    today = clock.today()
    asked = one_line(request.GET.get("q", ""))[:200]
    process, kind = request.GET.get("quy-trinh", ""), request.GET.get("tham-quyen", "")
    any_commune = next((unit.id for unit in units.units_under(city.id, as_of=today) if unit.level == "commune"), None)
    found = queries.catalogue(
        asked,
        on=today,
        unit_id=any_commune if kind else None,
        kind=kind,
        has_own_process=_PROCESS.get(process),
        page=page_number(request),
    )
    return render(
        request,
        "procedures/manage/index.html",
        {
            "found": found,
            "page": page_of(request, count=found.total, size=queries.PAGE),
            "asked": asked,
            "process": process,
            "kind": kind,
            "kinds": [(one, words.kind_words(one)) for one in ("devolved", "decentralised", "delegated")],
            "coverage": queries.process_coverage(on=today),
            "words": words,
            "counts": queries.counts_by_kind(unit_id=any_commune, on=today) if any_commune is not None else {},
        },
    )


@require_GET
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """Every version with what it changed, every right, and what happened."""
    _actor, city = managed_city(request)
    today = clock.today()
    versions = queries.version_rows(code)
    return render(
        request,
        "procedures/manage/procedure.html",
        {
            "code": code,
            "versions": versions,
            "changes": _changes(versions),
            "words": words,
            "today": today,
            "current": next((row for row in versions if _holds(row, today)), None),
            "rights": queries.competence_rows(code, city_id=city.id, on=today),
            "history": queries.history(code),
        },
    )


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, code: str) -> HttpResponse:
    """Abolish a procedure from a day on."""
    actor, city = managed_city(request)
    name = queries.version_rows(code)[0].name
    form = EndForm(request.POST or None, initial={"ends_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form, beside="ends_on"):
            actions.end_procedure(
                code,
                ends_on=form.cleaned_data["ends_on"],
                basis=form.cleaned_data["basis"],
                city_id=city.id,
                actor=actor,
                at=clock.now(),
            )
            messages.success(request, _("Đã ghi ngày bãi bỏ. Hồ sơ nhận trước ngày đó vẫn được giải quyết."))
            return redirect("procedures:manage_procedure", code)
    return confirm(
        request,
        staff=True,
        form=form,
        danger=True,
        question=_("Bãi bỏ thủ tục %(code)s?") % {"code": code},
        consequence=_(
            "Từ ngày đó không nơi nào nhận hồ sơ của “%(name)s” nữa. Việc này không hoàn tác được, "
            "chỉ công bố được phiên bản mới."
        )
        % {"name": name},
        button=_("Bãi bỏ thủ tục"),
        cancel_href=reverse("procedures:manage_procedure", args=[code]),
    )


def _holds(row: queries.VersionRow, today: date) -> bool:
    return row.valid_from <= today and (row.valid_to is None or today < row.valid_to)


def _changes(versions: list[queries.VersionRow]) -> dict[int, list[Difference]]:
    """What each version changed of the one before, by number. Versions are remembered: no query for most of them."""
    found: dict[int, Any] = {}
    for newer, older in pairwise(versions):
        found[newer.number] = differences(queries.version(older.id), queries.version(newer.id))
    return found
