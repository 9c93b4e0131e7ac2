"""A payment from its opening to the money: nothing is paid twice, money that pays nothing is to be returned."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections

from thongsuot.kernel.actor import ANYONE
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.payments import actions, asking
from thongsuot.payments.actions import errors
from thongsuot.payments.gateway import Refused, Unreachable
from thongsuot.payments.models import FeePayment, GatewayNotice, PaymentReceipt, Refund
from thongsuot.payments.tests.make import DAY, GATEWAY, GOODS, MINUTE, MONDAY, STALL, books, opened, told

Outcome, State = GatewayNotice.Outcome, FeePayment.State
TEST = 1_000  # what proved the account is in the books: announced, and to be returned


def state_of(payment: FeePayment) -> str:
    return FeePayment.objects.get(pk=payment.pk).state


def test_paid_it_has_a_receipt_for_each_line_and_the_books_say_where_the_money_is(office):
    payment = opened()
    assert payment.amount_dong == sum(GOODS)
    assert len(payment.purpose) <= 25
    assert payment.purpose.startswith(payment.reference)

    row = actions.take_notice(told(payment), actor=GATEWAY, at=MONDAY + MINUTE)

    assert row.outcome == Outcome.PAID
    paid = FeePayment.objects.get(pk=payment.pk)
    assert (paid.state, paid.how, paid.known_at) == (State.PAID, "gateway", MONDAY + MINUTE)
    receipts = PaymentReceipt.objects.filter(line__payment=paid).order_by("number")
    assert [(one.year, one.number) for one in receipts] == [(2025, 1), (2025, 2)]
    assert books(office.city.river.pk) == {"clearing": sum(GOODS) + TEST, "fees": -sum(GOODS) - TEST}


def test_two_tabs_are_one_payment(office):
    assert opened().pk == opened(at=MONDAY + MINUTE).pk


def test_after_its_time_another_one_takes_its_place(office):
    first, second = opened(), opened(at=MONDAY + 16 * MINUTE)

    assert first.pk != second.pk
    assert state_of(first) == State.CANCELLED


def test_the_same_transaction_told_twice_changes_nothing(office):
    payment = opened()
    actions.take_notice(told(payment), actor=GATEWAY, at=MONDAY)
    before = books(office.city.river.pk)

    again = actions.take_notice(told(payment), actor=GATEWAY, at=MONDAY + DAY)

    assert again.outcome == Outcome.KNOWN
    assert books(office.city.river.pk) == before
    assert not Refund.objects.filter(line=None).exists()


def test_the_same_notice_to_the_letter_is_refused(office):
    payment = opened()
    notice = told(payment)
    actions.take_notice(notice, actor=GATEWAY, at=MONDAY)

    with pytest.raises(errors.NoticeReplayed):
        actions.take_notice(notice, actor=GATEWAY, at=MONDAY)
    assert GatewayNotice.objects.filter(nonce=notice.nonce).count() == 1


def test_paid_twice_by_two_ways_the_second_goes_back(office):
    payment = opened()
    actions.take_notice(told(payment, transaction="A"), actor=GATEWAY, at=MONDAY)

    second = actions.take_notice(
        told(payment, transaction="B", how="transfer", reference="", purpose=f"ck {payment.purpose.lower()}"),
        actor=GATEWAY,
        at=MONDAY + MINUTE,
    )

    assert second.outcome == Outcome.UNDUE
    refund = Refund.objects.get(line=None)
    assert (refund.transaction_id, refund.amount_dong, refund.state) == ("B", sum(GOODS), "proposed")
    assert books(office.city.river.pk)["undue"] == -sum(GOODS)


@pytest.mark.parametrize("amount", [1, sum(GOODS) - 1, sum(GOODS) + 1])
def test_another_amount_pays_nothing_and_goes_back(office, amount):
    payment = opened()

    row = actions.take_notice(told(payment, amount_dong=amount), actor=GATEWAY, at=MONDAY)

    assert row.outcome == Outcome.UNDUE
    assert state_of(payment) == State.WAITING
    assert Refund.objects.get(line=None).amount_dong == amount


def test_money_that_comes_after_the_time_was_over_still_pays(office, bank):
    payment = opened()
    asking.settle_standing(payment.pk, now=MONDAY + DAY)
    assert state_of(payment) == State.EXPIRED

    row = actions.take_notice(told(payment), actor=GATEWAY, at=MONDAY + DAY)

    assert row.outcome == Outcome.PAID
    assert state_of(payment) == State.PAID


def test_money_that_comes_after_another_payment_was_opened_pays_and_closes_that_one(office):
    late, fresh = opened(), opened(at=MONDAY + DAY)

    row = actions.take_notice(told(late), actor=GATEWAY, at=MONDAY + DAY)

    assert row.outcome == Outcome.PAID
    assert (state_of(late), state_of(fresh)) == (State.PAID, State.CANCELLED)


def test_money_for_what_is_not_owed_any_more_goes_back(office):
    payment = opened()
    STALL.closed.add(1)

    row = actions.take_notice(told(payment), actor=GATEWAY, at=MONDAY)

    assert row.outcome == Outcome.UNDUE
    with pytest.raises(errors.NothingOwed):
        opened()


def test_money_into_another_units_account_pays_nothing_and_stands_in_its_books(office):
    from thongsuot.payments.tests.make import an_account

    an_account(office.city.hill.pk, number="99887766", merchant="DOI")
    payment = opened()

    row = actions.take_notice(told(payment, merchant="DOI"), actor=GATEWAY, at=MONDAY)

    assert row.outcome == Outcome.UNDUE
    assert state_of(payment) == State.WAITING
    assert books(office.city.hill.pk)["undue"] == -sum(GOODS)


def test_money_nobody_knows_waits_for_reconciling(office):
    payment = opened()

    row = actions.take_notice(told(payment, reference="TS9999999"), actor=GATEWAY, at=MONDAY)

    assert (row.outcome, row.payment) == (Outcome.UNKNOWN, None)
    assert books(office.city.river.pk)["undue"] == -sum(GOODS)
    assert actions.take_notice(told(payment, reference="TS9999999"), actor=GATEWAY, at=MONDAY).outcome == Outcome.KNOWN


def test_a_failure_ends_it_and_a_new_one_may_be_opened(office):
    payment = opened()

    assert actions.take_notice(told(payment, state="failed"), actor=GATEWAY, at=MONDAY).outcome == Outcome.FAILED

    assert state_of(payment) == State.FAILED
    assert opened().pk != payment.pk


def test_a_failure_told_after_the_money_changes_nothing(office):
    payment = opened()
    actions.take_notice(told(payment), actor=GATEWAY, at=MONDAY)

    row = actions.take_notice(told(payment, state="failed", transaction="X"), actor=GATEWAY, at=MONDAY)

    assert row.outcome == Outcome.KNOWN
    assert state_of(payment) == State.PAID


def test_no_account_no_paying_online(office):
    STALL.unit_id = office.city.hill.pk

    with pytest.raises(errors.NotPayableOnline):
        opened()
    assert not FeePayment.objects.filter(subject=STALL.subject).exists()


def test_cash_is_not_taken_while_somebody_pays_online_and_is_after_they_gave_up(office, bank):
    payment = opened()
    lan = office.actor("lan")
    with pytest.raises(errors.PaymentWaiting):
        actions.take_cash(STALL.subject, 1, owed_ids=[10], actor=lan, at=MONDAY)

    asking.give_up(payment.pk, actor=lan, now=MONDAY)

    assert actions.take_cash(STALL.subject, 1, owed_ids=[10, 11], actor=lan, at=MONDAY) == {10: 1, 11: 2}
    with pytest.raises(errors.NothingOwed):
        actions.take_cash(STALL.subject, 1, owed_ids=[10], actor=lan, at=MONDAY)


def test_giving_up_finds_that_it_was_paid(office, bank):
    payment = opened()
    asking.pay_address(payment.pk, back_url="http://x/", actor=ANYONE, now=MONDAY)
    bank.pay(payment.reference)

    assert asking.give_up(payment.pk, actor=ANYONE, now=MONDAY).state == State.PAID


def test_a_silent_bank_keeps_it_waiting_until_it_speaks(office, bank):
    payment = opened()
    asking.pay_address(payment.pk, back_url="http://x/", actor=ANYONE, now=MONDAY)
    bank.faults.extend(["deaf", "silent"])

    asking.settle_standing(payment.pk, now=MONDAY + DAY)
    with pytest.raises(errors.GatewaySilent):
        asking.give_up(payment.pk, actor=ANYONE, now=MONDAY + DAY)
    assert state_of(payment) == State.WAITING

    asking.settle_standing(payment.pk, now=MONDAY + DAY)
    assert state_of(payment) == State.EXPIRED
    with pytest.raises(Refused):
        bank.pay(payment.reference)


def test_the_bank_that_takes_an_order_and_does_not_answer_has_one_order(office, bank):
    payment = opened()
    bank.faults.append("silent")
    with pytest.raises(errors.GatewaySilent):
        asking.pay_address(payment.pk, back_url="http://x/", actor=ANYONE, now=MONDAY)

    assert asking.pay_address(payment.pk, back_url="http://x/", actor=ANYONE, now=MONDAY).endswith(f"{payment.reference}/")
    bank.pay(payment.reference)
    with pytest.raises(Refused):
        bank.pay(payment.reference)


def test_who_takes_cash_has_the_duty_at_that_desk(office):
    for name in ("toan", "dao"):
        with pytest.raises(NotYourDuty):
            actions.take_cash(STALL.subject, 1, owed_ids=[10], actor=office.actor(name), at=MONDAY)
    assert not FeePayment.objects.filter(subject=STALL.subject).exists()


@pytest.mark.django_db(transaction=True)
def test_a_notice_and_cash_at_the_same_instant_are_paid_once(settings):
    """Twenty things: one thread brings the notice, another takes the cash; whoever is second is refused or returned."""
    from thongsuot.payments import debts
    from thongsuot.payments.tests.make import make_office

    settings.CITY_CODE = "98"
    office = make_office()
    STALL.unit_id, STALL.closed = office.city.river.pk, set()
    debts.register(STALL)
    lan = office.actor("lan")
    payments = [opened(thing) for thing in range(1, 21)]
    wall, faults = threading.Barrier(2), []

    def run(each):
        try:
            for payment in payments:
                wall.wait(30)
                each(payment)
        except BaseException as fault:  # told below, in the test's own thread
            faults.append(fault)
            wall.abort()
        finally:
            connections.close_all()

    def notice(payment):
        actions.take_notice(told(payment), actor=GATEWAY, at=MONDAY)

    def cash(payment):
        try:
            actions.cancel_payment(payment.pk, actor=lan, at=MONDAY)
            actions.take_cash(STALL.subject, payment.subject_id, owed_ids=[payment.subject_id * 10], actor=lan, at=MONDAY)
        except (errors.PaymentOver, errors.NothingOwed, errors.PaymentWaiting):
            pass

    threads = [threading.Thread(target=run, args=(each,)) for each in (notice, cash)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert not faults
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.owed_id, count(*) FROM payments_paymentline l JOIN payments_feepayment p ON p.id = l.payment_id"
            " WHERE l.live AND p.state = 'paid' AND l.subject = %s GROUP BY 1 HAVING count(*) > 1",
            [STALL.subject],
        )
        assert cursor.fetchall() == []
    numbers = list(PaymentReceipt.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    debts.forget(STALL.subject)


def test_a_no_of_the_bank_is_told_to_the_payer(office, bank):
    payment = opened()
    bank.faults.append("no")

    with pytest.raises(errors.GatewaySilent):
        asking.pay_address(payment.pk, back_url="http://x/", actor=ANYONE, now=MONDAY)
    bank.faults.append("deaf")
    with pytest.raises(Unreachable):
        bank.standing(payment.reference)
