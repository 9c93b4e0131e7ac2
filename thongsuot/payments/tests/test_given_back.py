"""Undue money goes back out of the account it came into, whatever the gateway answers, and may be proposed again."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection

from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.payments import actions, asking, comparing, gateway
from thongsuot.payments.actions import errors
from thongsuot.payments.gateway import Standing
from thongsuot.payments.models import FeePayment, LedgerEntry, PaymentLine, Refund
from thongsuot.payments.tests.make import GATEWAY, GOODS, HOUSE, MONDAY, Office, an_account, books, opened, told
from thongsuot.people.tests.make import logged_in
from thongsuot.web.tests.words import said

SUM = sum(GOODS)


class Says:
    """A gateway that calls every refund so."""

    def __init__(self, *states: str) -> None:
        self.states = list(states)
        self.asked = 0

    def refund(self, _reference, **_more):
        self.asked += 1
        return Standing(state=self.states.pop(0), transaction_id="BACK")


def approved(office: Office) -> Refund:
    payment = opened()
    actions.take_notice(told(payment), actor=GATEWAY, at=MONDAY)
    line = PaymentLine.objects.get(payment=payment, owed_id=10)
    refund = actions.propose_refund(line.pk, how="gateway", reason="thu nhầm", actor=office.actor("toan"), at=MONDAY)
    return actions.approve_refund(refund.pk, actor=office.actor("hong"), at=MONDAY)


def undue(merchant: str, transaction: str, payment: FeePayment | None = None) -> Refund:
    """Money for what is paid already, into the account that is called so."""
    if payment is None:
        payment = opened()
        actions.take_notice(told(payment), actor=GATEWAY, at=MONDAY)
    actions.take_notice(told(payment, transaction=transaction, merchant=merchant), actor=GATEWAY, at=MONDAY)
    return Refund.objects.get(transaction_id=transaction)


def page(refund: Refund) -> str:
    return f"/can-bo/thu-phi/hoan/{refund.pk}/"


@pytest.mark.parametrize("state", ["failed", "cancelled", "unknown"])
def test_what_the_gateway_does_not_do_waits_before_people_and_is_not_asked_for_ever(office, monkeypatch, state):
    from thongsuot.payments import tasks

    refund, behind = approved(office), Says("waiting", "waiting", state)
    monkeypatch.setattr(gateway, "chosen", lambda: behind)
    asking.send_refund(refund.pk, now=MONDAY)
    refund.refresh_from_db()
    assert (refund.state, refund.trouble) == ("sent", "")
    events = len(history_of(refund))
    asking.send_refund(refund.pk, now=MONDAY)  # still on its way: nothing is written
    assert len(history_of(refund)) == events

    asking.send_refund(refund.pk, now=MONDAY)
    tasks.send_refunds(0)

    refund.refresh_from_db()
    assert (refund.state, behind.asked) == ("approved", 3)
    assert refund.trouble.startswith("cổng báo")
    toan = logged_in(office.people["toan"])
    assert "Cổng thanh toán không trả lại được" in said(toan.get(page(refund)))
    assert toan.post(page(refund), {"viec": "tra", "proof": "UNC 9"}).status_code == 302
    assert Refund.objects.get(pk=refund.pk).state == "done"


def test_two_equal_sums_in_two_units_each_go_back_out_of_their_own(office, clock):
    hill = an_account(office.city.hill.pk, number="99887766", merchant="DOI")
    before = {unit: books(unit) for unit in (office.city.river.pk, office.city.hill.pk)}
    here = undue("SONG", "B")
    there = undue("DOI", "C", here.payment)
    assert (here.unit_id, here.account_id) == (office.city.river.pk, office.account_id)
    assert (there.unit_id, there.account_id) == (office.city.hill.pk, hill.pk)
    toan, hong, dao = (logged_in(office.people[name]) for name in ("toan", "hong", "dao"))

    # The desk where it was paid sees it; whoever holds the money decides and pays.
    assert "Duyệt hoàn" not in said(hong.get(page(there)))
    assert hong.post(page(there), {"viec": "duyet"}).status_code == 403
    assert there.reference in said(dao.get("/can-bo/thu-phi/hoan/"))
    assert dao.get(page(here)).status_code == 404
    assert dao.post(page(there), {"viec": "duyet"}).status_code == 302
    actions.note_refund_standing(there.pk, "không có", actor=HOUSE, at=MONDAY)
    assert "Ghi đã trả lại tiền" not in said(toan.get(page(there)))
    with pytest.raises(NotYourDuty):
        actions.pay_refund_by_hand(there.pk, proof="UNC", actor=office.actor("toan"), at=MONDAY)
    assert dao.post(page(there), {"viec": "tra", "proof": "UNC 1"}).status_code == 302

    entry = LedgerEntry.objects.get(refund=there, why="refunded")
    assert (entry.unit_id, entry.account_id, entry.debit, entry.credit) == (office.city.hill.pk, hill.pk, "refunds", "bank")
    held = books(office.city.hill.pk)
    assert (held.get("undue", 0), held.get("refunds", 0)) == (0, before[office.city.hill.pk].get("refunds", 0))
    assert books(office.city.river.pk)["undue"] == -SUM


def test_a_transfer_into_another_units_account_is_returned_by_that_units_people(office, clock):
    hill = an_account(office.city.hill.pk, number="99887766", merchant="DOI")
    payment = opened()
    content = f"Ngày;Số tham chiếu;Số tiền;Nội dung\n06/10/2025;FT1;{SUM};{payment.purpose}\n"
    statement = actions.bring_statement(hill.pk, content.encode(), name="a", actor=office.actor("dao"), at=MONDAY)
    comparing.book_statement(statement.pk, now=MONDAY)
    refund, dao = Refund.objects.get(line=None), logged_in(office.people["dao"])
    assert refund.how == "transfer"

    assert dao.post(page(refund), {"viec": "duyet"}).status_code == 302
    assert dao.post(page(refund), {"viec": "tra", "proof": "UNC 1"}).status_code == 302

    held = books(office.city.hill.pk)
    assert (held.get("bank", 0), held.get("undue", 0), held.get("refunds", 0)) == (0, 0, 0)


def test_not_agreed_to_it_is_proposed_again(office, clock):
    refund = undue("SONG", "B")
    toan, hong = (logged_in(office.people[name]) for name in ("toan", "hong"))
    with pytest.raises(errors.RefundNotPossible):
        actions.propose_again(refund.pk, reason="x", actor=office.actor("toan"), at=MONDAY)
    assert hong.post(page(refund), {"viec": "khong", "reason": "chưa rõ"}).status_code == 302
    assert "Đề nghị lại" not in said(hong.get(page(refund)))
    for name, error, reason in (("hong", NotYourDuty, "x"), ("dao", NotYourDuty, "x"), ("toan", BadInput, " ")):
        with pytest.raises(error):
            actions.propose_again(refund.pk, reason=reason, actor=office.actor(name), at=MONDAY)
    assert toan.post(page(refund), {"viec": "lai"}).status_code == 422

    answer = toan.post(page(refund), {"viec": "lai", "reason": "người nộp đã đưa sao kê"})

    again = Refund.objects.exclude(pk=refund.pk).get(transaction_id="B")
    assert answer["Location"] == page(again)
    same = ("payment_id", "amount_dong", "unit_id", "account_id", "how")
    assert [getattr(again, name) for name in same] == [getattr(refund, name) for name in same]
    assert "Đề nghị hoàn lại lần nữa" not in said(toan.get(page(refund)))
    with pytest.raises(errors.RefundNotPossible):
        actions.propose_again(refund.pk, reason="x", actor=office.actor("toan"), at=MONDAY)
    assert hong.post(page(again), {"viec": "duyet"}).status_code == 302
    assert "undue" not in books(office.city.river.pk)


def test_refunds_of_before_learn_where_their_money_stands(office):
    an_account(office.city.hill.pk, number="99887766", merchant="DOI")
    here = undue("SONG", "B")
    there = undue("DOI", "C", here.payment)
    line = PaymentLine.objects.get(payment=here.payment, owed_id=10)
    of_line = actions.propose_refund(line.pk, how="gateway", reason="x", actor=office.actor("toan"), at=MONDAY)
    content = "Ngày;Số tham chiếu;Số tiền;Nội dung\n06/10/2025;FT1;7000;nop phi\n"
    statement = actions.bring_statement(office.account_id, content.encode(), name="a", actor=HOUSE, at=MONDAY)
    nameless = actions.propose_return(statement.lines.get().pk, reason="x", actor=office.actor("toan"), at=MONDAY)
    rows = Refund.objects.filter(pk__in=[here.pk, there.pk, of_line.pk, nameless.pk]).order_by("pk")
    held = list(rows.values_list("pk", "unit_id", "account_id"))
    Refund.objects.update(unit=None, account=None)
    seen = said(logged_in(office.people["toan"]).get("/can-bo/thu-phi/hoan/"))
    assert all(row.reference in seen for row in rows)

    with connection.cursor() as cursor:
        cursor.execute(import_module("thongsuot.payments.migrations.0005_held_by_whom").FILL)

    assert list(rows.values_list("pk", "unit_id", "account_id")) == held
    assert not Refund.objects.filter(unit=None).exists()
