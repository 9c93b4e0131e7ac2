"""Numbers are given once, in order, without gaps; a cancelled one stays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.kernel.actor import ANYONE, system
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.numbering.actions import NumberNotGiven, cancel_number, draw
from thongsuot.numbering.models import CancelledNumber, Series
from thongsuot.numbering.rules import dossier_code_prefix, padded

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


def test_a_series_counts_from_one_and_apart_from_others(db):
    assert [draw("result", unit_id=1, bucket="2026", at=NOW)[0] for _ in range(3)] == [1, 2, 3]
    assert draw("result", unit_id=1, bucket="2027", at=NOW)[0] == 1
    assert draw("result", unit_id=2, bucket="2026", at=NOW)[0] == 1
    assert draw("supplement", unit_id=1, bucket="2026", at=NOW)[0] == 1


def test_a_number_of_an_undone_transaction_is_given_again(db):
    draw("result", unit_id=1, bucket="2026", at=NOW)
    with pytest.raises(RuntimeError), transaction.atomic():
        assert draw("result", unit_id=1, bucket="2026", at=NOW)[0] == 2
        raise RuntimeError
    assert draw("result", unit_id=1, bucket="2026", at=NOW)[0] == 2


def test_instants_rise_with_numbers_even_when_clocks_do_not(db):
    _first, first_at = draw("dossier", unit_id=1, bucket="261120", at=NOW)
    _second, second_at = draw("dossier", unit_id=1, bucket="261120", at=NOW - timedelta(hours=1))
    assert second_at > first_at


def test_a_cancelled_number_stays_with_its_reason_and_is_not_given_again(db):
    draw("result", unit_id=1, bucket="2026", at=NOW)
    series = Series.objects.get()
    cancel_number(series.pk, 1, reason="viết nhầm", actor=system("cli"), at=NOW)
    assert CancelledNumber.objects.get().reason == "viết nhầm"
    assert draw("result", unit_id=1, bucket="2026", at=NOW)[0] == 2
    for number in (0, 1, 3):
        with pytest.raises(NumberNotGiven):
            cancel_number(series.pk, number, reason="x", actor=system("cli"), at=NOW)
    with pytest.raises(NotYourDuty):
        cancel_number(series.pk, 2, reason="x", actor=ANYONE, at=NOW)


@given(st.integers(1, 10**9))
def test_padding_never_cuts(number):
    assert int(padded(number, 4)) == number
    assert len(padded(number, 4)) >= 4


def test_a_code_begins_with_the_agency_and_the_day():
    assert dossier_code_prefix("H26.107", date(2026, 11, 20)) == "H26.107-261120-"
