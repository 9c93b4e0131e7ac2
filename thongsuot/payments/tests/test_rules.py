"""References that survive a bank's hands, VietQR codes that others read, and three lists against each other."""

from __future__ import annotations

import base64
import io

import pytest
import segno
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from vietnam_qr_pay import QRPay

from thongsuot.payments.rules import reconcile, vietqr
from thongsuot.payments.rules.reconcile import Found, Ours, Theirs, compare
from thongsuot.payments.rules.references import LENGTH, PURPOSE_AT_MOST, new_reference, purpose_of, reference_in, unmarked
from thongsuot.web import qr

ACCOUNTS = st.text("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", min_size=4, max_size=19)
PURPOSES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ", min_size=1, max_size=25).map(str.strip).filter(bool)


@given(account=ACCOUNTS, amount=st.integers(1, 10**13 - 1), purpose=PURPOSES, bank=st.integers(0, 999_999))
def test_a_reader_not_ours_finds_in_the_code_what_we_put_there(account, amount, purpose, bank):
    payload = vietqr.payload(bank_bin=f"{bank:06}", account=account, amount_dong=amount, purpose=purpose)

    read = QRPay(payload)

    assert read.is_valid
    assert read.init_method == "12"
    assert read.consumer.bank_bin == f"{bank:06}"
    assert read.consumer.bank_number == account
    assert read.amount == str(amount)
    assert read.additional_data.purpose == purpose


def test_the_example_of_the_standard_to_the_letter():
    payload = vietqr.payload(bank_bin="970436", account="1133666688", amount_dong=20_000, purpose="TS234567M 1")

    assert payload.startswith("00020101021238540010A00000072701240006970436011011336666880208QRIBFTTA5303704540520000")
    assert payload[-8:-4] == "6304"
    assert vietqr.checksum(payload[:-4]) == payload[-4:]
    assert vietqr.checksum("123456789") == "29B1"  # the check value of CRC-16/CCITT-FALSE


def test_another_checksum_is_seen_by_the_reader_too():
    payload = vietqr.payload(bank_bin="970436", account="1133666688", amount_dong=20_000, purpose="TS234567M 1")
    assert not QRPay(payload[:-1] + ("0" if payload[-1] != "0" else "1")).is_valid


def test_the_picture_of_the_page_is_read_by_a_reader_not_ours():
    payload = vietqr.payload(
        bank_bin="970436", account="1133666688", amount_dong=5_432_100, purpose="TS234567M 261072611200011"
    )
    address = qr.picture(payload)
    svg = base64.b64decode(address.removeprefix("data:image/svg+xml;base64,")).decode()
    drawn = io.BytesIO()
    segno.make_qr(payload, error="m").save(drawn, kind="png", border=4, scale=4, light="white")

    found = zxingcpp.read_barcodes(Image.open(drawn).convert("L"))

    assert [one.text for one in found] == [payload]
    assert svg == _svg(payload)  # the same modules as the picture that was read, drawn as lines


def _svg(text: str) -> str:
    drawing = io.BytesIO()
    segno.make_qr(text, error="m").save(drawing, kind="svg", border=4, xmldecl=False, scale=4, light="white")
    return drawing.getvalue().decode()


@pytest.mark.parametrize(
    ("wrong", "value"),
    [
        ("bank_bin", "97043"),
        ("bank_bin", "97043x"),
        ("account", ""),
        ("account", "1" * 20),
        ("account", "1 2"),
        ("amount_dong", 0),
        ("amount_dong", 10**13),
        ("purpose", ""),
        ("purpose", "x" * 26),
        ("purpose", "phí"),
    ],
)
def test_what_does_not_fit_makes_no_code(wrong, value):
    good = {"bank_bin": "970436", "account": "1133666688", "amount_dong": 1, "purpose": "x"}
    with pytest.raises(ValueError, match=wrong):
        vietqr.payload(**{**good, wrong: value})


@given(st.integers(0, 10**6), st.sampled_from(["", " ", "."]), st.booleans())
def test_a_reference_is_found_again_in_what_banks_make_of_it(seed, gap, lower):
    reference = new_reference()
    words = f"MBVCB.{seed}.{gap.join(purpose_of(reference, 'H26.107-261120-0011'))}.CT tu 0123 NGUYEN VAN A"
    assert reference_in(words.lower() if lower else words) == reference


@given(st.integers(2, LENGTH - 1), st.sampled_from("23456789ABCDEFGHJKMNPQRSTUVWXYZ"))
def test_one_wrong_character_is_never_another_payment(place, letter):
    reference = new_reference()
    changed = reference[:place] + letter + reference[place + 1 :]
    assert reference_in(changed) == (reference if changed == reference else "")


def test_two_references_in_one_transfer_are_for_a_person():
    assert reference_in(f"{new_reference()} {new_reference()}") == ""
    one = new_reference()
    assert reference_in(f"{one} {one}") == one


@given(st.text(max_size=80))
def test_the_purpose_fits_whatever_the_code(code):
    purpose = purpose_of(new_reference(), code)
    assert len(purpose) <= PURPOSE_AT_MOST
    assert purpose.isascii()


def test_marks_go_letters_stay():
    assert unmarked("Đặng Thị Huyền, Ủy ban") == "Dang Thi Huyen, Uy ban"


def ours(number: int, amount: int = 50_000, *, unit: int = 1, by_gateway: bool = True) -> Ours:
    return Ours(
        payment_id=number,
        reference=f"R{number}",
        transaction_id=f"T{number}",
        amount_dong=amount,
        unit_id=unit,
        account_id=unit,
        by_gateway=by_gateway,
    )


def theirs(number: int, amount: int = 50_000, *, unit: int = 1, transaction: str = "", reference: str | None = None) -> Theirs:
    return Theirs(
        reference=f"R{number}" if reference is None else reference,
        transaction_id=transaction or f"T{number}",
        amount_dong=amount,
        unit_id=unit,
        account_id=unit,
    )


def kinds(found: list[Found]) -> list[str]:
    return [one.kind for one in found]


EQUAL = [ours(1), ours(2)], [theirs(1), theirs(2)], [theirs(1), theirs(2)]


def test_equal_lists_have_no_difference():
    assert compare(*EQUAL, statements_of={1}) == []


@pytest.mark.parametrize(
    ("mine", "gateway", "bank", "kind"),
    [
        ([ours(1), ours(2)], [theirs(1)], [theirs(1), theirs(2)], reconcile.NOT_GATEWAYS),
        ([ours(1), ours(2)], [theirs(1), theirs(2)], [theirs(1)], reconcile.NOT_BANKS),
        ([ours(1)], [theirs(1), theirs(2)], [theirs(1)], reconcile.NOT_OURS),
        ([ours(1)], [theirs(1)], [theirs(1), theirs(9, reference="")], reconcile.NOT_OURS),
        ([ours(1)], [theirs(1), theirs(1, transaction="X")], [theirs(1)], reconcile.DOUBLE),
        ([ours(1)], [theirs(1)], [theirs(1), theirs(1, transaction="X")], reconcile.DOUBLE),
        ([ours(1)], [theirs(1, 49_000)], [theirs(1)], reconcile.AMOUNT),
        ([ours(1)], [theirs(1)], [theirs(1, 51_000)], reconcile.AMOUNT),
        ([ours(1)], [theirs(1)], [theirs(1, unit=2)], reconcile.UNIT),
        ([ours(1)], [theirs(1, unit=2)], [theirs(1)], reconcile.UNIT),
    ],
)
def test_each_planted_difference_is_found_and_nothing_else(mine, gateway, bank, kind):
    assert kinds(compare(mine, gateway, bank, statements_of={1})) == [kind]


def test_of_units_without_a_statement_the_bank_says_nothing():
    assert compare([ours(1)], [theirs(1)], [], statements_of=set()) == []


def test_a_transfer_that_came_straight_to_the_account_is_in_no_gateway_list():
    assert compare([ours(1, by_gateway=False)], [], [theirs(1)], statements_of={1}) == []


def test_rows_of_payments_that_count_on_another_day_are_compared_there():
    assert compare([], [theirs(7)], [theirs(7)], statements_of={1}, others={"R7"}) == []


@given(st.lists(st.integers(1, 12), unique=True, max_size=12), st.data())
def test_as_many_differences_as_were_planted(numbers, data):
    """From equal lists, each payment suffers one thing or nothing; what is found is what was planted."""
    mine, gateway, bank, planted = [], [], [], []
    for number in numbers:
        harm = data.draw(st.sampled_from(["", "not_ours", "not_gateways", "not_banks", "double", "amount", "unit"]))
        planted += [harm] if harm else []
        mine += [] if harm == "not_ours" else [ours(number)]
        if harm != "not_gateways":
            gateway.append(theirs(number, 1 if harm == "amount" else 50_000))
        if harm not in ("not_banks", "not_ours"):
            bank.append(theirs(number, unit=2 if harm == "unit" else 1))
        if harm == "double":
            gateway.append(theirs(number, transaction="again"))

    found = compare(mine, gateway, bank, statements_of={1})

    assert sorted(kinds(found)) == sorted(planted)
    assert len({(one.kind, one.key) for one in found}) == len(found)
    assert found == compare(mine[::-1], gateway[::-1], bank[::-1], statements_of={1})
