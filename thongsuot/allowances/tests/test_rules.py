"""Months, amounts, rows: no database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from thongsuot.allowances import rules
from thongsuot.allowances.rules import outcomes, rates, roll
from thongsuot.allowances.tests.make import a_row
from thongsuot.files.tables import TableRow

AROUND = roll.Surroundings(
    unit_ids={"98001": 1, "98002": 2},
    allowed=frozenset({1}),
    own_unit_id=1,
    month=date(2025, 10, 1),
    groups={"KT-6C": roll.GroupFact(id=7, has_rate=True), "NCC-TB": roll.GroupFact(id=8, has_rate=False)},
)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("7/2025", date(2025, 7, 1)),
        ("07-2025", date(2025, 7, 1)),
        ("2025-07", date(2025, 7, 1)),
        ("15/07/2025", date(2025, 7, 1)),
        ("2025-07-15", date(2025, 7, 1)),
        ("13/2025", None),
        ("", None),
        ("tháng bảy", None),
    ],
)
def test_a_month_is_read_as_people_write_it(text, month):
    assert rules.month_of(text) == month


@pytest.mark.parametrize(
    ("own", "coefficient", "base", "dong"),
    [
        (None, "1.5", 500_000, 750_000),
        (None, "2.5", 540_000, 1_350_000),
        (None, "1.25", 333_333, 416_666),
        (None, "0.5", 1, 1),  # half a đồng goes up
        (2_055_000, None, None, 2_055_000),
        (900_000, "1.5", 500_000, 900_000),
        (None, None, 500_000, None),
        (None, "1.5", None, None),
    ],
)
def test_an_amount_is_the_persons_own_or_coefficient_times_base(own, coefficient, base, dong):
    assert rules.amount_dong(own=own, coefficient=Decimal(coefficient) if coefficient else None, base=base) == dong


def test_what_is_shipped_has_a_base_for_every_month_and_never_two():
    bases = sorted(rates.shipped_bases(), key=lambda base: base.valid_from)

    assert [(base.amount_dong, base.valid_from) for base in bases] == [
        (500_000, date(2024, 7, 1)),
        (540_000, date(2026, 1, 1)),
    ]
    assert all(one.valid_to == after.valid_from for one, after in pairwise(bases))
    assert bases[-1].valid_to is None
    assert not any(base.checked for base in bases)
    assert all((group.coefficient is None) == (group.kind == "merit") for group in rates.shipped_groups())


@pytest.mark.parametrize(
    ("text", "dong"),
    [
        ("2055000", 2_055_000),
        ("2.055.000", 2_055_000),
        ("2,055,000", 2_055_000),
        ("2 055 000", 2_055_000),
        ("2\u00a0055\u00a0000 đ", 2_055_000),
        ("500.000,00", 500_000),
        ("500,000.0", 500_000),
        ("500.000 đồng", 500_000),
        ("2055000.0", 2_055_000),  # as a spreadsheet's float is written
        ("2055000.5", None),
        ("500.000,50", None),
        ("500.000.00", None),  # of two kinds, or nothing
        ("1.624,000", None),
        ("1000.000", None),
        ("50.00.000", None),
        ("5e5", None),
        ("0", None),
        ("100.000.001", None),
        ("-500000", None),
    ],
)
def test_a_sum_is_read_only_when_it_can_be_read_in_one_way(text, dong):
    assert roll.dong_of(text) == dong


def test_pairs_that_one_person_may_be_in_are_dated_and_of_groups_that_are_shipped():
    codes = {group.code for group in rates.shipped_groups()}
    june, july = rates.pairs_on(date(2025, 6, 1)), rates.pairs_on(date(2025, 7, 1))

    assert {code for pair in june for code in (pair.first, pair.second)} <= codes
    assert {pair.second for pair in june} - {pair.second for pair in july} == {"CT-5C"}
    assert all("[cần đối chiếu]" in pair.basis for pair in june if not pair.checked)


@pytest.mark.parametrize(
    ("changes", "state", "reasons"),
    [
        ({}, "good", ()),
        ({"unit": "98001"}, "good", ()),
        ({"unit": "98002"}, "rejected", ("not_yours",)),
        ({"unit": "12345"}, "to_correct", ("unit",)),
        ({"id_number": "123456789"}, "to_correct", ("id_number",)),
        ({"full_name": " "}, "to_correct", ("full_name",)),
        ({"born": "31/02/1938"}, "to_correct", ("born",)),
        ({"born": "1938"}, "good", ()),
        ({"group": "X"}, "to_correct", ("group",)),
        ({"group": "NCC-TB"}, "to_correct", ("no_amount",)),
        ({"group": "NCC-TB", "amount": "2.055.000 đ"}, "good", ()),
        ({"amount": "nhiều"}, "to_correct", ("amount",)),
        ({"amount": "-5"}, "to_correct", ("amount",)),
        ({"coefficient": "1,5"}, "good", ()),
        ({"coefficient": "NaN"}, "to_correct", ("coefficient",)),
        ({"coefficient": "1.555"}, "to_correct", ("coefficient",)),
        ({"start": "0"}, "to_correct", ("start",)),
        ({"start": "10/2025"}, "good", ()),
        ({"start": "11/2025"}, "to_correct", ("start_later",)),
        ({"payer": "tiền mặt"}, "to_correct", ("payer",)),
        ({"account": ""}, "to_correct", ("account",)),
        ({"payer": "Bưu điện", "account": ""}, "to_correct", ("cash_point",)),
        ({"receiver_name": "Hồ Thị Thử"}, "to_correct", ("receiver",)),
        ({"receiver_name": "Hồ Thị Thử", "receiver_id_number": "001458000777"}, "good", ()),
        ({"address": "x" * 301}, "rejected", ("too_long",)),
    ],
)
def test_each_row_is_good_to_be_corrected_or_rejected_with_its_reason(changes, state, reasons):
    judged = roll.judge(TableRow(5, a_row(1, **changes)), AROUND)

    assert (judged.state, judged.reasons) == (state, reasons)
    assert bool(judged.values) == (state == "good")
    assert all(reason in roll.REASONS for reason in reasons)


@pytest.mark.parametrize(
    ("cells", "outcome", "wrong"),
    [
        ({"reference": "202510.1.15", "outcome": "Đã trả"}, "paid", ""),
        ({"reference": "202510.1.15", "outcome": "KHÔNG TRẢ ĐƯỢC"}, "failed", ""),
        ({"reference": "202510.1.15", "outcome": "có lẽ"}, "", "outcome"),
        ({"reference": "202509.1.15", "outcome": "Đã trả"}, "", "unknown"),
        ({"reference": "15", "outcome": "Đã trả"}, "", "reference"),
        ({"reference": "202510.1.15", "outcome": "Đã trả", "amount": "x"}, "paid", "amount"),
    ],
)
def test_a_payers_row_says_what_it_says_or_why_it_cannot_be_used(cells, outcome, wrong):
    said = outcomes.said_by(TableRow(2, cells), month=date(2025, 10, 1))

    assert (said.outcome, said.wrong) == (outcome, wrong)


def test_the_line_of_sums_is_about_nobody():
    assert outcomes.is_total(TableRow(9, {"reference": "Tổng cộng"}))
    assert not outcomes.is_total(TableRow(9, {"reference": "202510.1.15"}))
