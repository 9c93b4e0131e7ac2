"""Asking the gateway, outside of any transaction; then one command keeps what it said. Each may run twice."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Literal

from thongsuot.kernel.actor import Actor, system
from thongsuot.kernel.errors import must_exist
from thongsuot.payments import actions, gateway
from thongsuot.payments.actions import errors
from thongsuot.payments.models import FeePayment, Refund

WORKER = system("worker")
Heard = Literal["answer", "silence", "nobody"]


def begin(subject: str, subject_id: int, *, actor: Actor, now: datetime) -> FeePayment:
    """The online payment of all that is owed, once the gateway has said of an earlier one that nobody can pay it any more.

    When the earlier one turns out to be paid it is that one. Raises NotFound, NothingOwed, NotPayableOnline, EarlierUnsettled.
    """
    return _settled(lambda: actions.begin_payment(subject, subject_id, actor=actor, at=now), now=now)


def begin_test(account_id: int, *, actor: Actor, now: datetime) -> FeePayment:
    """The same of an account's test. Raises NotFound, NotYourDuty, AccountNotReady, EarlierUnsettled."""
    return _settled(lambda: actions.begin_test_payment(account_id, actor=actor, at=now), now=now)


def _settled(open_one: Callable[[], FeePayment], *, now: datetime) -> FeePayment:
    before = 0
    while True:
        try:
            return open_one()
        except errors.EarlierUnsettled as no:
            if no.payment_id == before:
                raise
            before = no.payment_id
            settle_standing(before, now=now)
            earlier = FeePayment.objects.get(pk=before)
            if earlier.state == FeePayment.State.PAID:
                return earlier


def pay_address(payment_id: int, *, back_url: str, actor: Actor, now: datetime) -> str:
    """Where the payer goes on at the gateway. Raises NotFound, PaymentOver, NotPayableOnline, GatewaySilent."""
    behind = gateway.chosen()
    if behind is None:
        raise errors.NotPayableOnline
    payment = actions.note_asked(payment_id, actor=actor, at=now)
    assert payment.account is not None  # cash never waits
    assert payment.expires_at is not None
    order = gateway.Order(
        reference=payment.reference,
        merchant=payment.account.merchant,
        amount_dong=payment.amount_dong,
        purpose=payment.purpose,
        back_url=back_url,
        expires_at=payment.expires_at,
    )
    try:
        return behind.begin(order)
    except (gateway.Unreachable, gateway.Refused):
        raise errors.GatewaySilent from None


def settle_standing(payment_id: int, *, now: datetime, cancel: bool = True) -> Heard:
    """Ask how a payment stands; with `cancel` nobody can pay it any more afterwards. Without an answer nothing changes.

    Nobody is asked of a payment that the gateway was never told of: only the bank knows whether its code was used.
    """
    payment = must_exist(FeePayment.objects.filter(pk=payment_id).first())
    behind = gateway.chosen()
    standing = gateway.Standing(state="unknown")
    heard: Heard = "nobody"
    if behind is not None and payment.asked_at is not None:
        try:
            standing, heard = (_closed if cancel else _standing)(behind, payment.reference), "answer"
        except gateway.Unreachable:
            return "silence"
    if standing.state == "waiting" or (not cancel and standing.state != "paid"):
        return heard
    with suppress(errors.PaymentOver):
        noted = actions.note_standing(payment_id, standing, actor=WORKER, at=now)
        if cancel and noted.state == FeePayment.State.WAITING:  # what was paid is not what was owed: counted, and its time over
            actions.note_standing(payment_id, standing, actor=WORKER, at=now)
    return heard


def give_up(payment_id: int, *, actor: Actor, now: datetime) -> FeePayment:
    """The payer or the desk gives up: the gateway closes it first, what was paid meanwhile counts.

    Raises NotFound, PaymentOver, GatewaySilent, StillPayable.
    """
    payment = must_exist(FeePayment.objects.filter(pk=payment_id).first())
    behind = gateway.chosen()
    if behind is not None and payment.asked_at is not None:
        try:
            standing = _closed(behind, payment.reference)
        except gateway.Unreachable:
            raise errors.GatewaySilent from None
        if standing.state == "waiting":
            raise errors.StillPayable(payment.reference)
        if standing.state in ("paid", "failed"):
            with suppress(errors.PaymentOver):
                actions.note_standing(payment_id, standing, actor=WORKER, at=now)
            payment.refresh_from_db()
            if payment.state != FeePayment.State.WAITING:
                return payment
    return actions.cancel_payment(payment_id, actor=actor, at=now)


def _standing(behind: gateway.Gateway, reference: str) -> gateway.Standing:
    """Raises Unreachable. An order the gateway does not answer for it never got."""
    try:
        return behind.standing(reference)
    except gateway.Refused:
        return gateway.Standing(state="unknown")


def _closed(behind: gateway.Gateway, reference: str) -> gateway.Standing:
    """How it stands once it was to be closed: "waiting" when the gateway will not. Raises Unreachable."""
    try:
        return behind.cancel(reference)
    except gateway.Refused:
        return _standing(behind, reference)


def send_refund(refund_id: int, *, now: datetime) -> None:
    """Have the gateway give money back, under the refund's reference: however often it is asked, once."""
    refund = must_exist(Refund.objects.select_related("payment").filter(pk=refund_id).first())
    behind = gateway.chosen()
    if behind is None or refund.payment is None:
        return
    said: gateway.Standing | str
    try:
        said = behind.refund(
            refund.reference,
            transaction_id=refund.transaction_id or refund.payment.transaction_id,
            amount_dong=refund.amount_dong,
        )
    except gateway.Unreachable:
        return
    except gateway.Refused as no:
        said = no.why.replace("\0", "") or "?"
    with suppress(errors.RefundNotThere):
        actions.note_refund_standing(refund_id, said, actor=WORKER, at=now)
