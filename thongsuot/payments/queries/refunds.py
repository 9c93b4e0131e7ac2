"""Refunds of one's units: what waits for a decision or for its money, then what is over."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from thongsuot.kernel.errors import must_exist
from thongsuot.payments.models import PaymentLine, Refund

OPEN = (Refund.State.PROPOSED, Refund.State.APPROVED, Refund.State.SENT)


def refunds(unit_ids: Collection[int], *, is_open: bool) -> QuerySet[Refund]:
    of = Refund.objects.select_related("payment", "line").filter(_of(unit_ids, "payment__"))
    return of.filter(state__in=OPEN).order_by("proposed_at") if is_open else of.exclude(state__in=OPEN).order_by("-proposed_at")


def refund_of(refund_id: int, unit_ids: Collection[int]) -> Refund:
    """Raises NotFound."""
    return must_exist(Refund.objects.select_related("payment", "line").filter(_of(unit_ids, "payment__"), pk=refund_id).first())


def line_of(line_id: int, unit_ids: Collection[int]) -> PaymentLine:
    """Raises NotFound."""
    return must_exist(PaymentLine.objects.select_related("payment").filter(_of(unit_ids, "payment__"), pk=line_id).first())


def _of(unit_ids: Collection[int], where: str) -> Q:
    """Whose money it is, or at whose desk it was paid."""
    return Q(**{f"{where}unit__in": unit_ids}) | Q(**{f"{where}at_unit__in": unit_ids})
