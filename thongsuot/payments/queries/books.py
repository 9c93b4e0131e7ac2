"""What stands in the books of units over a period, and their receipts by number. Reads only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet, Sum

from thongsuot.kernel.working_time import start_of
from thongsuot.payments.models import LedgerEntry, PaymentReceipt

Account = LedgerEntry.Account


@dataclass(frozen=True, kw_only=True)
class Balance:
    """One account: what stood in it before the period, what came in and went out in it, what stands after."""

    account: LedgerEntry.Account
    before: int
    debit: int
    credit: int

    @property
    def after(self) -> int:
        return self.before + self.debit - self.credit


def balances(unit_ids: Collection[int], *, first: date, last: date) -> list[Balance]:
    """Every account that ever held anything, in the order of the chart; over all of them what stands sums up to zero."""
    until = LedgerEntry.objects.filter(unit__in=unit_ids, at__lt=start_of(last + timedelta(days=1)))
    sums: dict[str, list[int]] = {}
    for within, found in ((0, until.filter(at__lt=start_of(first))), (1, until.filter(at__gte=start_of(first)))):
        for place, side in ((0, "debit"), (1, "credit")):
            for name, dong in found.values_list(side).order_by().annotate(sum=Sum("amount_dong")):
                sums.setdefault(name, [0, 0, 0, 0])[within * 2 + place] += dong
    return [
        Balance(account=account, before=sums[account][0] - sums[account][1], debit=sums[account][2], credit=sums[account][3])
        for account in Account
        if account in sums
    ]


def entries(account: str, unit_ids: Collection[int], *, first: date, last: date) -> QuerySet[LedgerEntry]:
    """What moved an account, the oldest first."""
    found = LedgerEntry.objects.select_related("payment", "refund", "shift", "statement_line").filter(unit__in=unit_ids)
    found = found.filter(
        Q(debit=account) | Q(credit=account), at__gte=start_of(first), at__lt=start_of(last + timedelta(days=1))
    )
    return found.order_by("at", "pk")


def receipts(unit_ids: Collection[int], *, first: date, last: date) -> QuerySet[PaymentReceipt]:
    """Those issued in the period, by unit, year and number: void ones too, so that no number is missing."""
    found = PaymentReceipt.objects.select_related("line__payment").filter(unit__in=unit_ids)
    found = found.filter(issued_at__gte=start_of(first), issued_at__lt=start_of(last + timedelta(days=1)))
    return found.order_by("unit", "year", "number")


def sum_of(found: QuerySet[PaymentReceipt]) -> tuple[int, int]:
    """(how many hold, đồng of these)"""
    holding = found.filter(void_at=None).order_by().aggregate(sum=Sum("line__amount_dong"))
    return found.filter(void_at=None).count(), int(holding["sum"] or 0)
