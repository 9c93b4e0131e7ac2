"""Drawers, refunds, accounts: money that is counted, brought to the bank, given back."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.payments import actions, asking
from thongsuot.payments.actions import errors
from thongsuot.payments.models import CashShift, FeeAccount, FeePayment, LedgerEntry, PaymentLine, PaymentReceipt, Refund
from thongsuot.payments.queries.accounts import progress
from thongsuot.payments.queries.shifts import in_drawer
from thongsuot.payments.tests.make import DAY, GATEWAY, GOODS, HOUSE, MINUTE, MONDAY, STALL, an_account, books, opened, told

TEST = 1_000


def cash(office, thing=1, *, by="lan", at=MONDAY):
    actions.take_cash(STALL.subject, thing, owed_ids=[thing * 10, thing * 10 + 1], actor=office.actor(by, at), at=at)
    return CashShift.objects.filter(person=office.people[by]).latest("pk")


def line_of(thing=1):
    return PaymentLine.objects.filter(subject=STALL.subject, owed_id=thing * 10).latest("pk")


def test_a_drawer_opens_with_the_first_dong_and_holds_all_of_the_day(office):
    shift = cash(office, 1)
    assert cash(office, 2, at=MONDAY + MINUTE) == shift
    assert cash(office, 3, by="hoa") != shift
    assert cash(office, 4, at=MONDAY + DAY) != shift
    assert in_drawer(shift) == 2 * sum(GOODS)


def test_counted_as_the_books_say_then_banked(office):
    shift = cash(office)

    actions.close_shift(shift.pk, counts={50_000: 1}, actor=office.actor("lan"), at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.bank_shift(shift.pk, slip_number="GN01", actor=office.actor("lan"), at=MONDAY)
    banked = actions.bank_shift(shift.pk, slip_number="GN01", actor=office.actor("toan"), at=MONDAY)

    assert (banked.state, banked.expected_dong, banked.counted_dong, banked.reason) == ("banked", 50_000, 50_000, "")
    assert books(office.city.river.pk)["transit"] == 50_000
    assert "cash" not in books(office.city.river.pk)
    for again in (actions.close_shift, actions.bank_shift):
        more = {"counts": {}} if again is actions.close_shift else {"slip_number": "GN02"}
        with pytest.raises((errors.ShiftNotOpen, errors.ShiftNotClosed)):
            again(shift.pk, **more, actor=office.actor("toan"), at=MONDAY)


@pytest.mark.parametrize(("notes", "differs"), [({20_000: 2}, -10_000), ({20_000: 3}, 10_000)])
def test_what_differs_needs_a_reason_and_stands_in_the_books(office, notes, differs):
    shift, lan = cash(office), office.actor("lan")
    with pytest.raises(BadInput):
        actions.close_shift(shift.pk, counts=notes, actor=lan, at=MONDAY)
    assert CashShift.objects.get(pk=shift.pk).state == "open"

    actions.close_shift(shift.pk, counts=notes, reason="đếm hai lần", actor=lan, at=MONDAY)
    actions.bank_shift(shift.pk, slip_number="GN01", actor=office.actor("toan"), at=MONDAY)

    found = books(office.city.river.pk)
    assert found["differences"] == -differs
    assert found["transit"] == 50_000 + differs


@pytest.mark.parametrize("counts", [{7: 1}, {50_000: -1}, {50_000: 10**6}])
def test_notes_that_are_none_are_refused(office, counts):
    shift = cash(office)
    with pytest.raises(BadInput):
        actions.close_shift(shift.pk, counts=counts, reason="x", actor=office.actor("lan"), at=MONDAY)


def test_another_persons_drawer_is_closed_by_who_keeps_the_fees_of_the_unit_alone(office):
    shift = cash(office)
    for name in ("hoa", "dao"):
        with pytest.raises(NotYourDuty):
            actions.close_shift(shift.pk, counts={50_000: 1}, actor=office.actor(name), at=MONDAY)
    actions.close_shift(shift.pk, counts={50_000: 1}, actor=office.actor("toan"), at=MONDAY)


def test_a_refund_in_cash_from_proposal_to_the_drawer(office):
    shift = cash(office)
    refund = actions.propose_refund(line_of().pk, how="cash", reason="thu nhầm", actor=office.actor("lan"), at=MONDAY)
    with pytest.raises(errors.RefundNotPossible):
        actions.propose_refund(line_of().pk, how="cash", reason="nữa", actor=office.actor("lan"), at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.approve_refund(refund.pk, actor=office.actor("lan"), at=MONDAY)
    actions.approve_refund(refund.pk, actor=office.actor("hong"), at=MONDAY)

    actions.pay_refund_by_hand(refund.pk, proof="PC 12", actor=office.actor("lan"), at=MONDAY)

    assert Refund.objects.get(pk=refund.pk).state == "done"
    assert in_drawer(shift) == GOODS[1]
    void = PaymentReceipt.objects.get(line=line_of())
    assert (void.void_at, void.void_reason) == (MONDAY, "thu nhầm")
    assert FeePayment.objects.get(lines=line_of()).state == "paid"  # its other line holds
    assert "refunds" not in books(office.city.river.pk)
    with pytest.raises(errors.RefundNotThere):
        actions.pay_refund_by_hand(refund.pk, proof="PC 12", actor=office.actor("lan"), at=MONDAY)


def test_who_proposes_does_not_approve(office):
    cash(office)
    hong = office.actor("hong")
    refund = actions.propose_refund(line_of().pk, how="cash", reason="thu nhầm", actor=hong, at=MONDAY)

    with pytest.raises(errors.OwnRefund):
        actions.approve_refund(refund.pk, actor=hong, at=MONDAY)
    actions.refuse_refund(refund.pk, reason="tự rút lại", actor=hong, at=MONDAY)
    actions.propose_refund(line_of().pk, how="cash", reason="thu nhầm", actor=office.actor("lan"), at=MONDAY)


def test_an_empty_drawer_gives_nothing_back(office):
    cash(office)
    refund = actions.propose_refund(line_of().pk, how="cash", reason="thu nhầm", actor=office.actor("lan"), at=MONDAY)
    actions.approve_refund(refund.pk, actor=office.actor("hong"), at=MONDAY)

    with pytest.raises(errors.DrawerTooEmpty):
        actions.pay_refund_by_hand(refund.pk, proof="PC", actor=office.actor("hoa"), at=MONDAY)
    assert Refund.objects.get(pk=refund.pk).state == "approved"
    assert not CashShift.objects.filter(person=office.people["hoa"]).exists()


def test_the_gateway_gives_back_once_however_often_it_is_asked(office, bank):
    payment = opened()
    asking.pay_address(payment.pk, back_url="http://x/", actor=HOUSE, now=MONDAY)
    notice = bank.pay(payment.reference)
    actions.take_notice(told(payment, transaction=notice.transaction_id), actor=GATEWAY, at=MONDAY)
    refund = actions.propose_refund(line_of().pk, how="gateway", reason="thu nhầm", actor=office.actor("toan"), at=MONDAY)
    actions.approve_refund(refund.pk, actor=office.actor("hong"), at=MONDAY)
    bank.faults.extend(["deaf", "silent"])

    for _time in range(4):
        asking.send_refund(refund.pk, now=MONDAY)

    assert Refund.objects.get(pk=refund.pk).state == "done"
    back = [row for row in bank.day(MONDAY.date()) if row.amount_dong < 0]
    assert [row.amount_dong for row in back] == [-GOODS[0]]
    assert books(office.city.river.pk)["clearing"] == GOODS[1] + TEST


def test_what_the_gateway_cannot_give_back_waits_before_people_who_transfer_it(office, bank):
    payment = opened()
    actions.take_notice(told(payment), actor=GATEWAY, at=MONDAY)  # of a transaction the bank does not have
    refund = actions.propose_refund(line_of().pk, how="gateway", reason="thu nhầm", actor=office.actor("toan"), at=MONDAY)
    actions.approve_refund(refund.pk, actor=office.actor("hong"), at=MONDAY)

    asking.send_refund(refund.pk, now=MONDAY)
    assert Refund.objects.get(pk=refund.pk).trouble
    actions.pay_refund_by_hand(refund.pk, proof="UNC 7", actor=office.actor("toan"), at=MONDAY)

    assert Refund.objects.get(pk=refund.pk).how == "transfer"
    assert books(office.city.river.pk)["bank"] == -GOODS[0]


def test_the_way_back_is_the_way_it_came(office, bank):
    cash(office)
    with pytest.raises(BadInput):
        actions.propose_refund(line_of().pk, how="gateway", reason="x", actor=office.actor("lan"), at=MONDAY)


def test_the_test_transaction_proves_the_account_and_its_money_is_to_go_back(office):
    account = an_account(office.city.hill.pk, number="99887766", merchant="DOI")

    assert (account.state, account.configured_at) == ("configured", MONDAY)
    assert Refund.objects.get(payment__subject_id=account.pk, payment__subject="payments.feeaccount").amount_dong == TEST
    assert not PaymentReceipt.objects.filter(unit=office.city.hill.pk).exists()
    with pytest.raises(errors.AccountNotReady):
        actions.begin_test_payment(account.pk, actor=HOUSE, at=MONDAY)


def test_an_account_is_one_of_one_unit(office):
    more = {"bank_bin": "970436", "holder": "UBND", "actor": HOUSE, "at": MONDAY}
    with pytest.raises(errors.AccountTaken):
        actions.declare_account(office.city.river.pk, number="55555", **more)
    with pytest.raises(errors.AccountTaken):
        actions.declare_account(office.city.hill.pk, number="1133666688", **more)
    with pytest.raises(NotYourDuty):
        actions.declare_account(office.city.hill.pk, number="55555", **{**more, "actor": office.actor("toan")})


@pytest.mark.parametrize(
    ("field", "value"), [("bank_bin", "97"), ("number", "12"), ("number", "1" * 20), ("holder", "x"), ("merchant", "a b")]
)
def test_an_account_that_does_not_fit_is_refused(office, field, value):
    facts = {"bank_bin": "970436", "number": "55555", "holder": "UBND xã Đồi", "merchant": "DOI"}
    with pytest.raises(BadInput) as refused:
        actions.declare_account(office.city.hill.pk, **{**facts, field: value}, actor=HOUSE, at=MONDAY)
    assert list(refused.value.problems) == [field]


def test_closed_it_takes_nothing_more_and_another_may_follow(office):
    payment = opened()
    with pytest.raises(errors.AccountInUse):
        actions.close_account(office.account_id, reason="đổi ngân hàng", actor=HOUSE, at=MONDAY)
    actions.cancel_payment(payment.pk, actor=HOUSE, at=MONDAY)
    actions.close_account(office.account_id, reason="đổi ngân hàng", actor=HOUSE, at=MONDAY)
    with pytest.raises(errors.NotPayableOnline):
        opened()

    an_account(office.city.river.pk, number="2222", merchant="SONG2")
    assert opened().account.number == "2222"


def test_the_series_of_a_city_day_by_day(office):
    """Three units ready one after the other, and one whose account was closed again."""
    wards = [office.city.river.pk, office.city.hill.pk, office.city.city.pk]
    an_account(office.city.hill.pk, number="2222", merchant="B", at=MONDAY + DAY)
    other = an_account(office.city.city.pk, number="3333", merchant="C", at=MONDAY + DAY)
    actions.close_account(other.pk, reason="nhầm", actor=HOUSE, at=MONDAY + 2 * DAY)

    rows = progress(wards, until=(MONDAY + 2 * DAY).date(), days=4)

    assert [(row.new, row.ready, row.left) for row in rows] == [(0, 0, 3), (1, 1, 2), (2, 3, 0), (-1, 2, 1)]


def test_the_series_of_hai_phong(office):
    """29 of 114 ready before, 38 in three days: 67 on the third, 47 left."""
    plan = [(0, 29), (1, 12), (2, 13), (3, 13)]
    ids = []
    for days, many in plan:
        for _each in range(many):
            unit_id = 10_000 + len(ids)
            ids.append((unit_id, MONDAY + days * DAY))
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        FeeAccount.objects.bulk_create(
            FeeAccount(
                unit_id=unit_id, bank_bin="970436", number=str(unit_id), holder="UBND", merchant=str(unit_id),
                state="configured", declared_at=at, configured_at=at,
            )
            for unit_id, at in ids
        )  # fmt: skip
        everyone = [unit_id for unit_id, _at in ids] + list(range(20_000, 20_000 + 114 - 67))

        rows = progress(everyone, until=(MONDAY + 3 * DAY).date(), days=4)

        assert [row.ready for row in rows] == [29, 41, 54, 67]
        assert (rows[-1].left, sum(row.new for row in rows[1:])) == (47, 38)
        transaction.set_rollback(True)


@pytest.mark.parametrize("statement", ["UPDATE payments_ledgerentry SET amount_dong = 1", "DELETE FROM payments_ledgerentry"])
def test_nobody_rewrites_the_books(office, statement):
    assert LedgerEntry.objects.exists()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
