"""The books of the units whose fees one keeps: what stands in each account, entry by entry; the receipts by number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from thongsuot.kernel import clock
from thongsuot.kernel.errors import NotFound
from thongsuot.payments.actions.cash import KEEP
from thongsuot.payments.keeping import units_answered_for
from thongsuot.payments.models import LedgerEntry
from thongsuot.payments.queries import books as queries
from thongsuot.payments.views.common import tabs
from thongsuot.units import queries as units
from thongsuot.web.forms import PeriodForm
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_with, number_of

PRINTED = 2_000  # rows on one page that is printed


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the address asks for: the days, and one unit or all one answers for."""

    first: date
    last: date
    unit_id: int
    unit_ids: frozenset[int]
    whole: bool

    @property
    def days(self) -> dict[str, Any]:
        return {"first": self.first, "last": self.last}

    @property
    def query(self) -> str:
        unit = str(self.unit_id) if self.unit_id else ""
        return urlencode([("tu", f"{self.first:%d/%m/%Y}"), ("den", f"{self.last:%d/%m/%Y}"), ("don_vi", unit)])


def _asked(request: HttpRequest, current: str) -> tuple[Asked, dict[str, Any]]:
    """This month so far, of all units, when the address says nothing else."""
    actor, today = actor_with(request, KEEP), clock.today()
    mine = units_answered_for(actor, KEEP, at=clock.now())
    names = {unit_id: row.full_name for unit_id, row in units.unit_rows(mine, as_of=today).items()}
    usual = {"tu": today.replace(day=1), "den": today}
    form = PeriodForm(request.GET if {"tu", "den"} & request.GET.keys() else None, initial=usual)
    days = form.cleaned_data if form.is_bound and form.is_valid() else usual
    unit_id = number_of(request.GET.get("don_vi", ""))
    if unit_id and unit_id not in mine:
        raise NotFound
    asked = Asked(
        first=days["tu"],
        last=days["den"],
        unit_id=unit_id,
        unit_ids=frozenset({unit_id}) if unit_id else mine,
        whole=request.GET.get("tat-ca") == "1",
    )
    return asked, {
        "asked": asked,
        "form": form,
        "units": sorted(names.items(), key=lambda one: one[1]) if len(names) > 1 else [],
        "names": names,
        "tabs": tabs(current, actor=actor),
        "printed": PRINTED,
    }


@require_GET
def balances(request: HttpRequest) -> HttpResponse:
    asked, context = _asked(request, "payments:balances")
    context["rows"] = queries.balances(asked.unit_ids, **asked.days)
    return render(request, "payments/balances.html", context)


@require_GET
def entries(request: HttpRequest, account: str) -> HttpResponse:
    if account not in LedgerEntry.Account.values:
        raise NotFound
    asked, context = _asked(request, "payments:balances")
    found = queries.entries(account, asked.unit_ids, **asked.days)
    page = page_of(request, count=found.count(), size=PRINTED if asked.whole else None)
    context |= {"account": LedgerEntry.Account(account), "page": page, "rows": list(found[page.slice])}
    return render(request, "payments/entries.html", context)


@require_GET
def receipts(request: HttpRequest) -> HttpResponse:
    asked, context = _asked(request, "payments:receipts")
    found = queries.receipts(asked.unit_ids, **asked.days)
    page = page_of(request, count=found.count(), size=PRINTED if asked.whole else None)
    count, dong = queries.sum_of(found)
    context |= {"page": page, "rows": list(found[page.slice]), "count": count, "dong": dong}
    return render(request, "payments/receipts.html", context)
