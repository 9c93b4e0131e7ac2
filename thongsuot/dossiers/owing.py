"""What a dossier owes, for `payments`: its fees and levies, until they are paid, returned, or it ends without a result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Prefetch, Q, Sum
from django.urls import reverse

from thongsuot.dossiers import events, rules
from thongsuot.dossiers.models import Dossier, FeeDue
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import record
from thongsuot.kernel.errors import must_exist
from thongsuot.payments.debts import Debt, Owed
from thongsuot.payments.models import FeePayment

_OPEN = Q(paid_at=None, returned_at=None, amount_dong__gt=0)


class DossierFees:
    """See `payments.debts.Debts`."""

    subject = "dossiers.dossier"
    gives_receipts = True

    def locked(self, subject_id: int) -> Debt:
        dossier = must_exist(Dossier.objects.select_for_update().filter(pk=subject_id).first())
        return self._debt(dossier, FeeDue.objects.filter(_OPEN, dossier=dossier).order_by("pk"))

    def owing(self, unit_id: int, amount_dong: int, *, most: int) -> Sequence[Debt]:
        owed = Sum("fees__amount_dong", filter=Q(fees__paid_at=None, fees__returned_at=None))
        found = Dossier.objects.filter(resolving_unit_id=unit_id, received_at__isnull=False)
        found = found.exclude(status__in=rules.ENDED_WITHOUT_RESULT).filter(
            fees__paid_at=None, fees__returned_at=None, fees__amount_dong__gt=0
        )
        fees = Prefetch("fees", queryset=FeeDue.objects.filter(_OPEN).order_by("pk"), to_attr="open_fees")
        rows = found.annotate(owed=owed).filter(owed=amount_dong).order_by("-received_at").prefetch_related(fees)[:most]
        return [self._debt(dossier, dossier.open_fees) for dossier in rows]

    def _debt(self, dossier: Dossier, fees: Iterable[FeeDue]) -> Debt:
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
