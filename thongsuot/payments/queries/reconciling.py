"""Days that were compared, what differs in them, and statements that are there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet, Sum

from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.working_time import start_of
from thongsuot.payments.models import BankStatement, Difference, FeeAccount, FeePayment, GatewayRecord, StatementLine


@dataclass(frozen=True, kw_only=True)
class DaySums:
    """What the three lists say of a day, for some units: how many and how much."""

    day: date
    ours: tuple[int, int]
    gateway: tuple[int, int]
    bank: tuple[int, int]
    open: int
    explained: int


def day_sums(unit_ids: Collection[int], days: list[date]) -> list[DaySums]:
    accounts = list(FeeAccount.objects.filter(unit__in=unit_ids).values_list("pk", "merchant"))
    merchants = [merchant for _pk, merchant in accounts if merchant]
    rows = []
    for day in days:
        paid = paid_on(day).filter(unit__in=unit_ids).aggregate(n=Count("pk"), sum=Sum("amount_dong"))
        listed = GatewayRecord.objects.filter(day=day, merchant__in=merchants, amount_dong__gt=0)
        theirs = listed.aggregate(n=Count("pk"), sum=Sum("amount_dong"))
        booked = StatementLine.objects.filter(account__in=[pk for pk, _merchant in accounts], booked_on=day, amount_dong__gt=0)
        banks = booked.aggregate(n=Count("pk"), sum=Sum("amount_dong"))
        found = Difference.objects.filter(unit__in=unit_ids, day=day, gone_at=None).aggregate(
            open=Count("pk", filter=Q(explained_at=None)), explained=Count("pk", filter=Q(explained_at__isnull=False))
        )
        rows.append(
            DaySums(
                day=day,
                ours=(paid["n"], paid["sum"] or 0),
                gateway=(theirs["n"], theirs["sum"] or 0),
                bank=(banks["n"], banks["sum"] or 0),
                open=found["open"],
                explained=found["explained"],
            )
        )
    return rows


def paid_on(day: date) -> QuerySet[FeePayment]:
    """Online payments of a day by the local clock, paid back since or not."""
    first, last = start_of(day), start_of(day + timedelta(days=1))
    states = (FeePayment.State.PAID, FeePayment.State.RETURNED)
    return FeePayment.objects.filter(state__in=states, paid_at__gte=first, paid_at__lt=last).exclude(how=FeePayment.How.CASH)


def differences(unit_ids: Collection[int], *, day: date | None = None) -> QuerySet[Difference]:
    """Those that still stand, what nobody explained first."""
    found = Difference.objects.select_related("payment").filter(unit__in=unit_ids, gone_at=None)
    found = found.filter(day=day) if day else found.filter(explained_at=None)
    return found.order_by("explained_at", "-day", "kind", "key")


def difference_of(difference_id: int, unit_ids: Collection[int]) -> Difference:
    """Raises NotFound."""
    return must_exist(Difference.objects.select_related("payment").filter(unit__in=unit_ids, pk=difference_id).first())


def statements(unit_ids: Collection[int], *, most: int = 20) -> QuerySet[BankStatement]:
    return (
        BankStatement.objects.select_related("account")
        .filter(account__unit__in=unit_ids)
        .annotate(count=Count("lines"))
        .order_by("-brought_at")[:most]
    )
