"""Asking the gateway, outside of any transaction; then one command keeps what it said. Each may run twice."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from thongsuot.kernel.actor import Actor, system
from thongsuot.kernel.errors import must_exist
from thongsuot.payments import actions, gateway
from thongsuot.payments.actions import errors
from thongsuot.payments.models import FeePayment, Refund

WORKER = system("worker")


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


def settle_standing(payment_id: int, *, now: datetime, cancel: bool = True) -> None:
    """Ask how a payment stands; with `cancel` nobody can pay it any more afterwards. Without an answer nothing changes."""
    payment = must_exist(FeePayment.objects.filter(pk=payment_id).first())
    behind = gateway.chosen()
    standing = gateway.Standing(state="unknown")
    if behind is not None and payment.asked_at is not None:
        try:
            standing = (behind.cancel if cancel else behind.standing)(payment.reference)
        except gateway.Unreachable:
            return
        except gateway.Refused:
            standing = gateway.Standing(state="unknown")
    if standing.state == "waiting" or (not cancel and standing.state != "paid"):
        return
    with suppress(errors.PaymentOver):
        actions.note_standing(payment_id, standing, actor=WORKER, at=now)


def give_up(payment_id: int, *, actor: Actor, now: datetime) -> FeePayment:
    """The payer or the desk gives up: the gateway closes it first, what was paid meanwhile counts. Raises GatewaySilent."""
    payment = must_exist(FeePayment.objects.filter(pk=payment_id).first())
    behind = gateway.chosen()
    if behind is not None and payment.asked_at is not None:
        try:
            standing = behind.cancel(payment.reference)
        except (gateway.Unreachable, gateway.Refused):
            raise errors.GatewaySilent from None
        if standing.state in ("paid", "failed"):
            with suppress(errors.PaymentOver):
                return actions.note_standing(payment_id, standing, actor=WORKER, at=now)
    return actions.cancel_payment(payment_id, actor=actor, at=now)


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
        said = no.why or "?"
    if isinstance(said, gateway.Standing) and said.state == "waiting" and refund.state == Refund.State.SENT:
        return
    with suppress(errors.RefundNotThere):
        actions.note_refund_standing(refund_id, said, actor=WORKER, at=now)
