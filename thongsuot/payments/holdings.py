"""What a unit that ends holds of fees: its account goes on, to be proved anew; for the rest its keeper answers (keeping.py)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.actor import Actor
from thongsuot.payments import events
from thongsuot.payments.models import FeeAccount
from thongsuot.units.moves import Held, Moved, Rows, register, stays

State = FeeAccount.State


class FeeAccounts(Rows):
    """The bank knows the successor under that number once a test says so; of several that come together one goes on."""

    key = "payments.accounts"
    label = _("Tài khoản thu phí, lệ phí")
    columns = ("payments.FeeAccount.unit",)
    unit_path = "unit_id"
    moved, moved_back = events.ACCOUNT_MOVED, events.ACCOUNT_MOVED_BACK

    def rows(self) -> QuerySet[FeeAccount]:
        return FeeAccount.objects.exclude(state=State.CLOSED)

    def found(self, ids: Any) -> QuerySet[FeeAccount]:
        return FeeAccount.objects.filter(pk__in=list(ids))

    def thing(self, row: Any, unit_id: int) -> Held:
        return Held(id=row.pk, unit_id=unit_id, label=str(row), about=str(row.get_state_display()))

    def give(self, row: Any, to_unit_id: int, *, actor: Actor, at: datetime) -> dict[str, object]:
        was: dict[str, object] = {"state": row.state, "configured_at": row.configured_at and row.configured_at.isoformat()}
        if FeeAccount.objects.filter(unit=to_unit_id).exclude(state=State.CLOSED).exists():
            row.state, row.closed_at = State.CLOSED, at
        else:
            row.state = State.ON_PLATFORM if row.merchant else State.DECLARED
        row.unit_id, row.configured_at = to_unit_id, None
        row.save()
        return was

    def can_go_back(self, row: Any, one: Moved) -> bool:
        """Not once the successor has proved it."""
        return row.configured_at is None

    def restore(self, row: Any, one: Moved) -> None:
        row.unit_id, row.state, row.closed_at = one.from_unit_id, one.was["state"], None
        row.configured_at = one.was["configured_at"]
        row.save()


register(FeeAccounts())
stays(
    (
        "payments.FeePayment.unit",
        "payments.FeePayment.at_unit",
        "payments.PaymentReceipt.unit",
        "payments.LedgerEntry.unit",
        "payments.Refund.unit",
    ),
    "what was paid, its receipts, what goes back and the books stay as they were; what is still owed moves with its dossier",
)
stays(("payments.CashShift.unit", "payments.Difference.unit"), "counted, banked and explained by the unit's keeper")
