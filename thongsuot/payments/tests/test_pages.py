"""What the pages of payments say: of a payment by who was asked about it, of receipts, of accounts."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from thongsuot.kernel.actor import ANYONE
from thongsuot.payments import actions, asking
from thongsuot.payments.actions import errors
from thongsuot.payments.models import FeeAccount, FeePayment, PaymentReceipt
from thongsuot.payments.tests.make import GATEWAY, HOUSE, MONDAY, opened, told
from thongsuot.people.tests.make import logged_in
from thongsuot.units import queries as units
from thongsuot.web.tests.words import said


@pytest.fixture(autouse=True)
def still(clock):
    """All of it on one Monday."""


def pressed(payment: FeePayment, what: str) -> str:
    return said(Client().post(f"/thanh-toan/{payment.secret}/", {"viec": what}, follow=True))


def at_the_gateway(bank) -> FeePayment:
    payment = opened()
    asking.pay_address(payment.pk, back_url="http://x/", actor=ANYONE, now=MONDAY)
    return payment


def test_a_payer_who_scanned_is_told_how_such_money_is_heard_of(office, bank):
    assert "Tiền chuyển bằng mã VietQR được ghi nhận khi ngân hàng báo về" in pressed(opened(), "hoi")


def test_a_payer_who_asks_is_told_what_the_gateway_said_or_that_it_said_nothing(office, bank):
    payment = at_the_gateway(bank)
    assert "Cổng thanh toán chưa nhận được tiền." in pressed(payment, "hoi")
    bank.faults.append("deaf")
    assert "Cổng thanh toán chưa trả lời. Trang này tự đổi" in pressed(payment, "hoi")
    bank.pay(payment.reference)
    assert "Đã nhận đủ tiền. Không cần làm gì thêm. Biên lai điện tử" in pressed(payment, "hoi")


def test_given_up_after_another_sum_was_paid_both_are_said(office, bank):
    payment = at_the_gateway(bank)
    bank.pay(payment.reference, amount_dong=7_000)

    words = pressed(payment, "huy")

    assert "Đã hủy giao dịch." in words
    assert "Đã nhận một khoản tiền không đúng số phải thu" in words


def test_the_desk_reads_what_became_of_it(office, bank):
    lan = logged_in(office.people["lan"])

    def give_up(payment):
        return said(lan.post(f"/can-bo/thu-phi/giao-dich/{payment.pk}/huy/", follow=True))

    payment = at_the_gateway(bank)
    bank.faults.append("no")
    assert "vẫn có thể được trả" in give_up(payment)
    bank.pay(payment.reference, amount_dong=7_000)
    words = give_up(payment)
    assert "Có thể thu tiền mặt." in words
    assert "Đã nhận một khoản tiền không đúng số phải thu" in words
    assert FeePayment.objects.get(pk=payment.pk).state == "cancelled"
    second = at_the_gateway(bank)
    bank.pay(second.reference)
    assert "Không thu tiền mặt nữa." in give_up(second)


def test_a_receipt_names_the_unit_as_it_was_on_the_local_day(office, monkeypatch):
    actions.take_notice(told(opened()), actor=GATEWAY, at=datetime(2025, 10, 6, 20, tzinfo=UTC))  # three in the morning
    asked, row = [], units.unit_row
    monkeypatch.setattr(units, "unit_row", lambda unit_id, *, as_of: asked.append(as_of) or row(unit_id, as_of=as_of))

    assert Client().get(f"/bien-lai/{PaymentReceipt.objects.earliest('pk').secret}/").status_code == 200
    assert asked == [date(2025, 10, 7)]


def test_a_test_transaction_promises_no_receipt(office):
    test = FeePayment.objects.get(subject="payments.feeaccount")
    words = said(Client().get(f"/thanh-toan/{test.secret}/"))
    assert "Đã nhận đủ tiền." in words
    assert "Biên lai" not in words


def test_an_account_at_a_bank_that_is_not_listed(office):
    dao, page = logged_in(office.people["dao"]), f"/can-bo/thu-phi/tai-khoan/{office.city.hill.pk}/"
    facts = {"viec": "luu", "bank_bin": "khac", "number": "55555", "holder": "UBND xã Đồi"}
    for typed in ("", "97049", "97049a"):
        refused = dao.post(page, {**facts, "other_bin": typed})
        assert refused.status_code == 422
        assert "Mã ngân hàng (BIN) có 6 chữ số" in said(refused)

    assert dao.post(page, {**facts, "other_bin": "970499"}).status_code == 302

    assert FeeAccount.objects.get(unit=office.city.hill.pk).bank_bin == "970499"
    form = dao.get(page).content.decode()
    assert 'value="970499"' in form
    assert dao.post(page, {**facts, "bank_bin": "970436", "other_bin": "970499"}).status_code == 302
    assert FeeAccount.objects.get(unit=office.city.hill.pk).bank_bin == "970436"


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"unit": "river"}, errors.AccountTaken, "Đơn vị đã có tài khoản"),
        ({"number": "1133666688"}, errors.NumberTaken, "Số tài khoản này"),
        ({"merchant": "SONG"}, errors.MerchantTaken, "Mã trên cổng thanh toán này"),
    ],
)
def test_what_is_taken_of_an_account_is_named(office, change, error, words):
    facts = {"bank_bin": "970436", "number": "55555", "holder": "UBND", "unit": "hill", **change}
    unit_id = getattr(office.city, facts.pop("unit")).pk
    with pytest.raises(errors.AccountTaken) as no:
        actions.declare_account(unit_id, **facts, actor=HOUSE, at=MONDAY)
    assert type(no.value) is error
    assert no.value.message().startswith(words)
