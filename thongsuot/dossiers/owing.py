"""What a dossier owes, for `payments`: its fees and levies, until they are paid, returned, or it ends without a result."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse

from thongsuot.dossiers import events, rules
from thongsuot.dossiers.models import Dossier, FeeDue
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import record
from thongsuot.kernel.errors import must_exist
from thongsuot.payments.debts import Debt, Owed
from thongsuot.payments.models import FeePayment


class DossierFees:
    """See `payments.debts.Debts`."""

    subject = "dossiers.dossier"
    gives_receipts = True

    def locked(self, subject_id: int) -> Debt:
        dossier = must_exist(Dossier.objects.select_for_update().filter(pk=subject_id).first())
        fees = FeeDue.objects.filter(dossier=dossier, paid_at=None, returned_at=None, amount_dong__gt=0).order_by("pk")
        takes = dossier.status not in rules.ENDED_WITHOUT_RESULT and dossier.received_at is not None
        return Debt(
            subject=self.subject,
            subject_id=dossier.pk,
            code=str(dossier),
            unit_id=dossier.resolving_unit_id,
            at_unit_id=dossier.receiving_unit_id,
            payer_name=dossier.owner_name,
            lines=[
                Owed(id=fee.pk, code=fee.code, name=fee.name, kind=fee.kind, amount_dong=fee.amount_dong)
                for fee in fees
                if takes
            ],
        )

    def page(self, subject_id: int) -> str:
        dossier = must_exist(Dossier.objects.filter(pk=subject_id).first())
        return reverse("dossiers:tracked", args=[str(dossier)])

    def paid(self, subject_id: int, receipts: Mapping[int, int], *, how: str, actor: Actor, at: datetime) -> None:
        dossier = Dossier.objects.get(pk=subject_id)
        kind = events.FEE_COLLECTED if how == FeePayment.How.CASH else events.FEE_PAID_ONLINE
        for fee in FeeDue.objects.filter(dossier=dossier, pk__in=receipts).order_by("pk"):
            fee.paid_at, fee.paid_how, fee.receipt_number = at, how, receipts[fee.pk]
            fee.collected_by_name = actor.name
            fee.save()
            record(
                kind,
                dossier,
                actor=actor,
                at=at,
                unit_id=dossier.resolving_unit_id,
                fee=fee.code,
                amount_dong=fee.amount_dong,
                receipt=fee.receipt_number,
                taken_at_unit=dossier.receiving_unit_id,
            )

    def returned(self, subject_id: int, owed_id: int, *, reason: str, actor: Actor, at: datetime) -> None:
        dossier = Dossier.objects.get(pk=subject_id)
        fee = FeeDue.objects.get(pk=owed_id, dossier=dossier)
        fee.paid_at, fee.returned_at = None, at
        fee.save(update_fields=["paid_at", "returned_at"])
        record(
            events.FEE_RETURNED,
            dossier,
            actor=actor,
            at=at,
            unit_id=dossier.resolving_unit_id,
            fee=fee.code,
            amount_dong=fee.amount_dong,
            receipt=fee.receipt_number,
            reason=reason,
        )
