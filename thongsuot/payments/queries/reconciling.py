"""Days that were compared, what differs in them, and statements that are there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.working_time import VIET_NAM, start_of
from thongsuot.payments import debts
from thongsuot.payments.debts import Debt
from thongsuot.payments.models import (
    BankStatement,
    Difference,
    FeeAccount,
    FeePayment,
    GatewayRecord,
    ReconciledDay,
    Refund,
    StatementLine,
)
from thongsuot.payments.rules.references import plain

ALL = 10_000  # debts of one unit and one amount: none has so many
CODE_TAIL = 10  # digits of the end of a code: the day, and the number within it
PAID_ONLINE = Q(state__in=["paid", "returned"]) & ~Q(how="cash")


@dataclass(frozen=True, kw_only=True)
class DaySums:
    """What the three lists say of a day, for some units: how many and how much."""

    day: date
    ours: tuple[int, int]
    gateway: tuple[int, int]
    bank: tuple[int, int]
    open: int
    explained: int


def day_sums(unit_ids: Collection[int], days: Sequence[date]) -> list[DaySums]:
    """In the order of `days`. Five queries, however many days."""
    accounts = list(FeeAccount.objects.filter(unit__in=unit_ids).values_list("pk", "merchant"))
    merchants = [merchant for _pk, merchant in accounts if merchant]
    first, last = start_of(min(days)), start_of(max(days) + timedelta(days=1))
    paid = FeePayment.objects.filter(PAID_ONLINE, paid_at__gte=first, paid_at__lt=last, unit__in=unit_ids)
    listed = GatewayRecord.objects.filter(day__in=days, merchant__in=merchants, amount_dong__gt=0)
    booked = StatementLine.objects.filter(account__in=[pk for pk, _m in accounts], booked_on__in=days, amount_dong__gt=0)
    ours = _sums(paid.annotate(local_day=TruncDate("paid_at", tzinfo=VIET_NAM)), "local_day")
    theirs, banks = _sums(listed, "day"), _sums(booked, "booked_on")
    found = Difference.objects.filter(unit__in=unit_ids, day__in=days, gone_at=None).values("day").order_by()
    counts = found.annotate(open=Count("pk", filter=Q(explained_at=None)), all=Count("pk"))
    differences = {row["day"]: (row["open"], row["all"] - row["open"]) for row in counts}
    return [
        DaySums(
            day=day,
            ours=ours.get(day, (0, 0)),
            gateway=theirs.get(day, (0, 0)),
            bank=banks.get(day, (0, 0)),
            open=differences.get(day, (0, 0))[0],
            explained=differences.get(day, (0, 0))[1],
        )
        for day in days
    ]


def _sums(rows: QuerySet[Any], day: str) -> dict[date, tuple[int, int]]:
    """{day: (how many, how much)}"""
    found = rows.values(day).order_by().annotate(n=Count("pk"), sum=Sum("amount_dong"))
    return {row[day]: (row["n"], row["sum"]) for row in found}


def paid_on(day: date) -> QuerySet[FeePayment]:
    """Online payments of a day by the local clock, paid back since or not."""
    first, last = start_of(day), start_of(day + timedelta(days=1))
    return FeePayment.objects.filter(PAID_ONLINE, paid_at__gte=first, paid_at__lt=last)


def differences(unit_ids: Collection[int], *, day: date | None = None) -> QuerySet[Difference]:
    """Those that still stand, what nobody explained first."""
    found = Difference.objects.select_related("payment", "statement_line").filter(unit__in=unit_ids, gone_at=None)
    found = found.filter(day=day) if day else found.filter(explained_at=None)
    return found.order_by("explained_at", "-day", "kind", "key")


def compared(day: date) -> ReconciledDay | None:
    return ReconciledDay.objects.filter(day=day).first()


def refund_of(found: Difference) -> Refund | None:
    """The refund by which the money of a difference goes back."""
    amount = found.gateway_dong if found.gateway_dong is not None else found.bank_dong
    named = Q(statement_line=found.statement_line_id) if found.statement_line_id else Q(pk=None)
    if found.payment_id:
        named |= Q(payment=found.payment_id, line=None, amount_dong=amount or 0)
    return Refund.objects.filter(named).exclude(state=Refund.State.REFUSED).order_by("pk").first()


def shift_of(found: Difference) -> int | None:
    """The drawer whose money never arrived."""
    return int(found.key.split(":")[1]) if found.kind == Difference.Kind.TRANSIT else None


def outflows(unit_ids: Collection[int]) -> QuerySet[StatementLine]:
    """Money that left accounts of these units and is no refund: what it was is still to be said, or may be set right."""
    found = StatementLine.objects.select_related("account").filter(account__unit__in=unit_ids, amount_dong__lt=0)
    return found.filter(pays_back=None)


def nameless(unit_ids: Collection[int]) -> QuerySet[StatementLine]:
    """Movements into accounts of these units that name no payment of ours and are in no books, the latest first."""
    ours = FeePayment.objects.filter(reference=OuterRef("reference"))
    found = StatementLine.objects.select_related("account").filter(account__unit__in=unit_ids, amount_dong__gt=0, entries=None)
    return found.filter(~Exists(ours)).order_by("-booked_on", "-pk")


def going_back(lines: Sequence[StatementLine]) -> dict[int, int]:
    """{movement: the proposal to send it back to its sender that waits for a decision}"""
    waiting = Refund.objects.filter(statement_line__in=[line.pk for line in lines], state=Refund.State.PROPOSED)
    return {row.statement_line_id: row.pk for row in waiting if row.statement_line_id is not None}


def may_pay(line: StatementLine, *, code: str = "") -> list[Debt]:
    """Debts of the account's unit of just this amount; those whose code the words of the transfer hold come first.

    code  a part of the code, as people write it, of those looked for
    """
    words, wanted = plain(line.purpose), plain(code)
    found = [one for one in debts.owing(line.account.unit_id, line.amount_dong, most=ALL) if wanted in plain(one.code)]
    return sorted(found, key=lambda debt: plain(debt.code) not in words and plain(debt.code)[-CODE_TAIL:] not in words)


def difference_of(difference_id: int, unit_ids: Collection[int]) -> Difference:
    """Raises NotFound."""
    found = Difference.objects.select_related("payment", "statement_line__account")
    return must_exist(found.filter(unit__in=unit_ids, pk=difference_id).first())


def statements(unit_ids: Collection[int], *, most: int = 20) -> QuerySet[BankStatement]:
    return (
        BankStatement.objects.select_related("account")
        .filter(account__unit__in=unit_ids)
        .annotate(count=Count("lines"))
        .order_by("-brought_at")[:most]
    )
