"""Money that comes in: whose account it is in, and whether it was counted before. Asked within the commands of this folder."""

from __future__ import annotations

from django.db.models import F

from thongsuot.payments.actions.books import A, Why
from thongsuot.payments.gateway import Notice, Standing
from thongsuot.payments.models import FeeAccount, FeePayment, GatewayNotice, Refund, StatementLine

Outcome = GatewayNotice.Outcome


def account_named(merchant: str, payment: FeePayment | None = None) -> FeeAccount | None:
    """The account a gateway calls so: the payment's own where it fits, else the open one, else the one closed last."""
    if not merchant:
        return None
    if payment is not None and payment.account is not None and payment.account.merchant == merchant:
        return payment.account
    return FeeAccount.objects.filter(merchant=merchant).order_by(F("closed_at").desc(nulls_first=True), "-pk").first()


def known(transaction_id: str) -> bool:
    """Has this money been counted? Holds for as long as nobody else is at the transaction (`one_by_one`)."""
    return (
        FeePayment.objects.filter(transaction_id=transaction_id).exists()
        or Refund.objects.filter(transaction_id=transaction_id, line=None, payment__isnull=False).exists()
        or Refund.objects.filter(transaction_id=transaction_id, statement_line__entries__isnull=False).exists()
        or GatewayNotice.objects.filter(
            transaction_id=transaction_id, outcome__in=(Outcome.PAID, Outcome.UNDUE, Outcome.UNKNOWN)
        ).exists()
    )


def in_a_statement(payment: FeePayment, said: Notice | Standing) -> bool:
    """Was this money counted when a statement brought it? Banks and gateways call the same movement by names of their own.

    What is taken for another one here, because it has the same reference and amount, the next statement brings by itself.
    """
    if StatementLine.objects.filter(bank_reference=said.transaction_id, entries__payment=payment).exists():
        return True
    counted = payment.entries.filter(debit=A.BANK, why__in=[Why.PAID, Why.UNDUE], amount_dong=said.amount_dong).count()
    told = payment.notices.filter(outcome=Outcome.KNOWN, amount_dong=said.amount_dong).exclude(state="failed")
    by_itself = {  # counted when the gateway told of it, by whatever way it is told again
        payment.transaction_id,
        *payment.refunds.filter(line=None).values_list("transaction_id", flat=True),
        *payment.notices.filter(outcome__in=(Outcome.PAID, Outcome.UNDUE)).values_list("transaction_id", flat=True),
    }
    other = told.exclude(transaction_id__in={said.transaction_id, *by_itself})
    return counted > other.values("transaction_id").distinct().count()
