"""Refunds of one's units: what waits for a decision or for its money, then what is over."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from thongsuot.kernel.errors import must_exist
from thongsuot.payments.models import PaymentLine, Refund

OPEN = (Refund.State.PROPOSED, Refund.State.APPROVED, Refund.State.SENT)


def refunds(unit_ids: Collection[int], *, is_open: bool) -> QuerySet[Refund]:
    of = _whole().filter(_of_units(unit_ids))
    return of.filter(state__in=OPEN).order_by("proposed_at") if is_open else of.exclude(state__in=OPEN).order_by("-proposed_at")


def refund_of(refund_id: int, unit_ids: Collection[int]) -> Refund:
    """Raises NotFound."""
    return must_exist(_whole().filter(_of_units(unit_ids), pk=refund_id).first())


def line_of(line_id: int, unit_ids: Collection[int]) -> PaymentLine:
    """Whose money it is, or at whose desk it was paid. Raises NotFound."""
    paid = Q(payment__unit__in=unit_ids) | Q(payment__at_unit__in=unit_ids)
    return must_exist(PaymentLine.objects.select_related("payment").filter(paid, pk=line_id).first())


def _whole() -> QuerySet[Refund]:
    return Refund.objects.select_related("payment", "account", "line", "statement_line__account")


def _of_units(unit_ids: Collection[int]) -> Q:
    """In whose books the money stands, or at whose desk it was paid; of a row of before, whose payment or account it names."""
    before = Q(payment__unit__in=unit_ids) | Q(statement_line__account__unit__in=unit_ids)
    return Q(unit__in=unit_ids) | Q(payment__at_unit__in=unit_ids) | (Q(unit=None) & before)
