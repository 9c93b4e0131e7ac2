"""The test transaction of a receiving account, as a debt of the account itself: paid, it is configured, the money goes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor, system
from thongsuot.kernel.command import record
from thongsuot.kernel.errors import must_exist
from thongsuot.payments import events
from thongsuot.payments.actions.refunding import propose_refund
from thongsuot.payments.debts import Debt, Owed
from thongsuot.payments.models import FeeAccount, FeePayment, PaymentLine, Refund
from thongsuot.payments.rules import TEST_DONG

PROOFS_APART = 10**12  # further than ids of accounts go


class TestTransactions:
    """See `debts.Debts`."""

    __test__ = False  # no test class

    subject = "payments.feeaccount"
    gives_receipts = False

    def locked(self, subject_id: int) -> Debt:
        account = must_exist(FeeAccount.objects.select_for_update().filter(pk=subject_id).first())
        line = Owed(id=_owed_id(account), code="TEST", name=_("Giao dịch thử"), kind="fee", amount_dong=TEST_DONG)
        return Debt(
            subject=self.subject,
            subject_id=account.pk,
            code=f"THU-{account.pk}",
            unit_id=account.unit_id,
            at_unit_id=account.unit_id,
            payer_name=account.holder,
            lines=[line] if account.state == FeeAccount.State.ON_PLATFORM else [],
        )

    def owing(self, unit_id: int, amount_dong: int, *, most: int) -> Sequence[Debt]:
        """None: a test pays itself, with its own reference."""
        return []

    def page(self, subject_id: int) -> str:
        account = must_exist(FeeAccount.objects.filter(pk=subject_id).first())
        return reverse("payments:account", args=[account.unit_id])

    def paid(self, subject_id: int, receipts: Mapping[int, int], *, how: str, actor: Actor, at: datetime) -> None:
        account = FeeAccount.objects.get(pk=subject_id)
        account.state, account.configured_at = FeeAccount.State.CONFIGURED, at
        account.save(update_fields=["state", "configured_at"])
        record(events.ACCOUNT_CONFIGURED, account, actor=actor, at=at, unit_id=account.unit_id, how=how)
        line = PaymentLine.objects.get(subject=self.subject, owed_id__in=receipts, live=True)
        propose_refund(line.pk, how=Refund.How.GATEWAY, reason=_("Giao dịch thử"), actor=system("worker"), at=at)

    def returned(self, subject_id: int, owed_id: int, *, reason: str, actor: Actor, at: datetime) -> None:
        """The account stays proved."""


def _owed_id(account: FeeAccount) -> int:
    """Each proof is an obligation of its own: an account that a successor proves anew has paid those before."""
    over = (FeePayment.State.PAID, FeePayment.State.RETURNED)
    proofs = FeePayment.objects.filter(subject=TestTransactions.subject, subject_id=account.pk, state__in=over).count()
    return account.pk + proofs * PROOFS_APART
