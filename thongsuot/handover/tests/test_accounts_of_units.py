"""Receiving accounts and what is owed go through a whole reorganisation, and back, with their units."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from thongsuot.handover import running
from thongsuot.handover.tests.make import HOUSE, JULY, JUNE, Eve, decide, open_for, plan_and_run
from thongsuot.kernel.actor import system
from thongsuot.payments import actions, debts
from thongsuot.payments.actions.errors import NotPayableOnline
from thongsuot.payments.models import FeeAccount, FeePayment, LedgerEntry, PaymentReceipt
from thongsuot.payments.tests.make import STALL, an_account, opened, told
from thongsuot.units.moves import HOLDINGS

pytestmark = pytest.mark.django_db
GATEWAY = system("gateway")
ACCOUNTS = HOLDINGS["payments.accounts"]


@pytest.fixture
def stall(eve: Eve) -> Iterator[None]:
    """What a ward is owed: until the day by the old one, then by its successor."""
    STALL.unit_id, STALL.closed = eve.unit("98101"), set()
    debts.register(STALL)
    yield
    debts.forget(STALL.subject)


@pytest.fixture
def proved(eve: Eve, stall: None) -> tuple[FeeAccount, FeeAccount]:
    """Of two wards that become one; both took money in June."""
    return (
        an_account(eve.unit("98101"), number="1133666688", merchant="BEN", at=JUNE),
        an_account(eve.unit("98102"), number="2233666688", merchant="HAI", at=JUNE),
    )


def as_they_stand() -> list[tuple[object, ...]]:
    return sorted(FeeAccount.objects.values_list("pk", "unit", "state", "configured_at", "closed_at"))


def pays(payment: FeePayment, at) -> str:
    return actions.take_notice(told(payment, at=at), actor=GATEWAY, at=at).outcome


def test_one_account_goes_on_at_the_successor_is_proved_there_and_takes_its_money(eve, proved):
    first, second = proved
    done, open_still = opened(1, at=JUNE), opened(2, at=JUNE)
    assert pays(done, JUNE) == "paid"
    booked = sorted(LedgerEntry.objects.values_list("pk", "unit", "debit", "credit", "amount_dong"))
    receipts = sorted(PaymentReceipt.objects.values_list("pk", "unit", "number"))

    changeover = open_for(decide(eve))
    plan_and_run(changeover)
    new = eve.unit("98001")
    assert ACCOUNTS.count([eve.unit("98101"), eve.unit("98102"), new]) == {new: 1}
    states = {row.pk: (row.unit_id, row.state, row.configured_at) for row in FeeAccount.objects.all()}
    assert sorted(states.values(), key=str) == [(new, "closed", None), (new, "on_platform", None)]
    goes_on = FeeAccount.objects.get(state="on_platform")

    # What was paid stays in the books of who was paid; the successor takes nothing before its account is proved.
    assert sorted(LedgerEntry.objects.values_list("pk", "unit", "debit", "credit", "amount_dong")) == booked
    assert sorted(PaymentReceipt.objects.values_list("pk", "unit", "number")) == receipts
    STALL.unit_id = new
    with pytest.raises(NotPayableOnline):
        opened(3, at=JULY)
    proof = actions.begin_test_payment(goes_on.pk, actor=HOUSE, at=JULY)
    assert pays(proof, JULY) == "paid"
    goes_on.refresh_from_db()
    assert (goes_on.state, goes_on.unit_id) == ("configured", new)
    assert pays(opened(3, at=JULY), JULY) == "paid"
    assert PaymentReceipt.objects.filter(unit=new).count() == 2

    # What was opened on the eve and paid after it is paid once.
    assert pays(open_still, JULY) == "paid"
    assert {first.pk, second.pk} == set(states)


def test_undone_the_accounts_are_where_they_were_and_still_proved(eve, proved):
    before = as_they_stand()
    changeover = open_for(decide(eve))
    plan_and_run(changeover)
    assert as_they_stand() != before
    running.undo(changeover.pk, actor=HOUSE, now=lambda: JULY)
    assert as_they_stand() == before
    assert pays(opened(1, at=JULY), JULY) == "paid"
