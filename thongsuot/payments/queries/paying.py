"""One payment, what is paid of something, and receipts."""

from __future__ import annotations

from dataclasses import dataclass

from thongsuot.kernel.errors import must_exist
from thongsuot.payments.models import FeeAccount, FeePayment, PaymentLine, PaymentReceipt
from thongsuot.payments.rules import vietqr


def by_secret(secret: str) -> FeePayment:
    """Raises NotFound."""
    return must_exist(FeePayment.objects.select_related("account").filter(secret=secret).first())


def receipt_by_secret(secret: str) -> PaymentReceipt:
    """Raises NotFound."""
    return must_exist(PaymentReceipt.objects.select_related("line__payment").filter(secret=secret).first())


def payload_of(payment: FeePayment) -> str:
    """What its VietQR code says."""
    account = payment.account
    assert account is not None  # fee_payment_account: it is for payments that wait, and cash never does
    return vietqr.payload(
        bank_bin=account.bank_bin, account=account.number, amount_dong=payment.amount_dong, purpose=payment.purpose
    )


def offered_in(unit_id: int) -> bool:
    """Can fees of this unit be paid online now?"""
    return FeeAccount.objects.filter(unit=unit_id, state=FeeAccount.State.CONFIGURED).exists()


@dataclass(frozen=True, kw_only=True)
class PaidLine:
    """How an obligation stands in payments: `receipt` is the secret of its page, "" without one."""

    line_id: int
    payment_id: int
    state: str
    reference: str
    receipt: str
    refund: str  # state of its refund, "" without one


def lines_of(subject: str, owed_ids: list[int]) -> dict[int, PaidLine]:
    """{obligation: its latest line that waits, has paid or was returned}. Two queries."""
    lines = (
        PaymentLine.objects.filter(subject=subject, owed_id__in=owed_ids, payment__state__in=("waiting", "paid", "returned"))
        .order_by("pk")
        .values_list(
            "owed_id",
            "pk",
            "payment_id",
            "payment__state",
            "payment__reference",
            "receipt__secret",
        )
    )
    refunds = dict(
        PaymentLine.objects.filter(subject=subject, owed_id__in=owed_ids, refunds__isnull=False)
        .order_by("refunds__pk")
        .values_list("pk", "refunds__state")
    )
    return {
        owed_id: PaidLine(
            line_id=pk,
            payment_id=payment_id,
            state=state,
            reference=reference,
            receipt=secret or "",
            refund=refunds.get(pk, ""),
        )
        for owed_id, pk, payment_id, state, reference, secret in lines
    }
