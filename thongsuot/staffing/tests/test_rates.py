"""Rates in the file: a changed figure ends one line and begins another; no line is paid twice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from thongsuot.kernel.models import Event
from thongsuot.people.tests.make import MONDAY
from thongsuot.staffing import actions, loading
from thongsuot.staffing.models import LeaveRate
from thongsuot.staffing.queries.leaving import advice
from thongsuot.staffing.tests.make import make_leave, make_member


@pytest.fixture
def rates(monkeypatch) -> list[dict[str, str]]:
    """The rows of the file, to be changed."""
    rows = loading._rows
    kept = rows("leave_rates.csv")
    monkeypatch.setattr(loading, "_rows", lambda name: kept if name == "leave_rates.csv" else rows(name))
    return kept


def changed_search(rates, *, ends: str) -> None:
    """The way the how-to tells: the row ends, one with the new figure follows."""
    old = next(row for row in rates if row["code"] == "leaving_search")
    rates.append({**old, "valid_from": "2025-11-01", "limit": "4", "basis": "Nghị định mới", "checked": "1"})
    old["valid_to"] = ends


def test_a_rate_that_ends_and_one_that_follows_give_exactly_one_line(office, rates):
    case = make_leave(office, make_member(office), kind="leaving", leaves_on=date(2025, 12, 1))
    changed_search(rates, ends="2025-11-01")

    assert loading.load(at=MONDAY) == 2
    lines = [line for line in advice(case).lines if line.code == "leaving_search"]
    assert [(line.quantity, line.basis) for line in lines] == [(Decimal(4), "Nghị định mới")]
    old = LeaveRate.objects.get(code="leaving_search", valid_from=date(2025, 1, 1))
    assert old.valid_to == date(2025, 11, 1)
    event = Event.objects.get(name="staffing.rate_changed")
    assert (event.facts["code"], event.facts["changed"]) == ("leaving_search", ["valid_to"])
    assert loading.load(at=MONDAY) == 0


def test_that_somebody_compared_a_rate_with_its_text_is_carried_over(office, rates):
    next(row for row in rates if row["code"] == "leaving_search").update(checked="1", basis="NĐ 178/2024/NĐ-CP Điều 9")

    assert loading.load(at=MONDAY) == 1
    rate = LeaveRate.objects.get(code="leaving_search")
    assert (rate.checked, rate.basis) == (True, "NĐ 178/2024/NĐ-CP Điều 9")


def test_two_rows_of_one_rate_never_hold_on_one_day(office, rates):
    changed_search(rates, ends="")
    with pytest.raises(actions.errors.RatesOverlap) as refusal:
        loading.load(at=MONDAY)
    assert "leaving_search" in refusal.value.message()

    rate = LeaveRate.objects.get(code="leaving_search")
    rate.pk, rate.valid_from = None, date(2026, 1, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        rate.save()


def test_a_figure_changed_in_its_row_is_refused_and_the_way_is_told(office, rates):
    next(row for row in rates if row["code"] == "leaving_search")["factor"] = "2"
    with pytest.raises(actions.errors.RateDiffers) as refusal:
        loading.load(at=MONDAY)

    assert "thêm một dòng mới" in refusal.value.message()
    assert LeaveRate.objects.get(code="leaving_search").factor == 1
