"""A unit that ends: its account goes to the successor and is proved anew, what is open is its keeper's."""

from __future__ import annotations

import pytest

from thongsuot.kernel.command import NothingRecorded, command
from thongsuot.payments import actions
from thongsuot.payments.actions import errors
from thongsuot.payments.models import FeeAccount, FeePayment, Refund
from thongsuot.payments.tests.make import GATEWAY, HOUSE, MONDAY, STALL, an_account, opened, told
from thongsuot.units.moves import HOLDINGS, Move, Moved

ACCOUNTS = HOLDINGS["payments.accounts"]


@command
def in_a_command(work):
    return work()


@pytest.fixture
def moved(office):
    """Phường Sông's account given to xã Đồi, and back when it is called."""
    river, hill = office.city.river.pk, office.city.hill.pk
    move = Move(id=office.account_id, from_unit_id=river, to_unit_id=hill)

    def go():
        return in_a_command(lambda: ACCOUNTS.move([move], changeover_id=1, actor=HOUSE, at=MONDAY))[office.account_id]

    def back(was):
        one = Moved(id=office.account_id, from_unit_id=river, to_unit_id=hill, was=was)
        return in_a_command(lambda: ACCOUNTS.put_back([one], changeover_id=1, actor=HOUSE, at=MONDAY))

    return go, back


def test_it_goes_to_the_successor_and_takes_nothing_before_it_is_proved_there(office, moved):
    go, back = moved
    before = FeeAccount.objects.get(pk=office.account_id)
    assert ACCOUNTS.count([office.city.river.pk]) == {office.city.river.pk: 1}

    was = go()

    account = FeeAccount.objects.get(pk=office.account_id)
    assert (account.unit_id, account.state, account.configured_at) == (office.city.hill.pk, "on_platform", None)
    STALL.unit_id = office.city.hill.pk
    with pytest.raises(errors.NotPayableOnline):
        opened()

    back(was)
    account = FeeAccount.objects.get(pk=office.account_id)
    assert (account.unit_id, account.state, account.configured_at) == (
        before.unit_id,
        before.state,
        before.configured_at,
    )


def test_of_two_that_come_together_one_goes_on(office, moved):
    an_account(office.city.hill.pk, number="99887766", merchant="DOI")

    moved[0]()

    assert FeeAccount.objects.get(pk=office.account_id).state == "closed"
    assert FeeAccount.objects.filter(unit=office.city.hill.pk).exclude(state="closed").count() == 1


def test_once_the_successor_proved_it_it_stays(office, moved):
    """By a test transaction of its own: the money of the one before may still be on its way back."""
    go, back = moved
    was = go()
    first = FeePayment.objects.get(subject="payments.feeaccount")
    assert (first.state, first.lines.get().live) == ("paid", True)

    test = actions.begin_test_payment(office.account_id, actor=HOUSE, at=MONDAY)
    assert actions.take_notice(told(test, transaction="TEST2"), actor=GATEWAY, at=MONDAY).outcome == "paid"

    account = FeeAccount.objects.get(pk=office.account_id)
    assert (account.state, account.unit_id) == ("configured", office.city.hill.pk)
    refunds = Refund.objects.filter(payment__subject="payments.feeaccount").order_by("pk")
    assert [(one.payment_id, one.unit_id) for one in refunds] == [
        (first.pk, office.city.river.pk),
        (test.pk, office.city.hill.pk),
    ]
    with pytest.raises(NothingRecorded):  # nothing went back
        back(was)
    assert FeeAccount.objects.get(pk=office.account_id).unit_id == office.city.hill.pk


def test_a_test_that_waited_when_it_moved_is_not_the_successors(office):
    river, hill = office.city.river.pk, office.city.hill.pk
    actions.close_account(office.account_id, reason="đổi", actor=HOUSE, at=MONDAY)
    more = {"bank_bin": "970436", "number": "3333", "holder": "UBND", "merchant": "S3"}
    account = actions.declare_account(river, **more, actor=HOUSE, at=MONDAY)
    before = actions.begin_test_payment(account.pk, actor=HOUSE, at=MONDAY)
    move = Move(id=account.pk, from_unit_id=river, to_unit_id=hill)
    in_a_command(lambda: ACCOUNTS.move([move], changeover_id=1, actor=HOUSE, at=MONDAY))

    test = actions.begin_test_payment(account.pk, actor=HOUSE, at=MONDAY)

    assert (test.unit_id, FeePayment.objects.get(pk=before.pk).state) == (hill, "cancelled")


def test_money_for_a_payment_of_before_still_arrives(office, moved):
    payment = opened()
    moved[0]()

    row = actions.take_notice(told(payment), actor=GATEWAY, at=MONDAY)

    assert row.outcome == "paid"
