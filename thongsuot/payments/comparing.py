"""A day's three lists fetched and put against each other; statements into the books, movement by movement."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Exists, OuterRef

from thongsuot.kernel.actor import Actor, system
from thongsuot.payments import actions, gateway
from thongsuot.payments.models import BankStatement, FeeAccount, FeePayment, GatewayNotice, GatewayRecord, StatementLine
from thongsuot.payments.queries.reconciling import paid_on
from thongsuot.payments.rules.reconcile import Found, Ours, Theirs, compare

WORKER = system("worker")


def book_statement(statement_id: int, *, now: datetime, actor: Actor = WORKER) -> list[date]:
    """Every movement of a statement, each in a transaction of its own. Returns the days it is about."""
    lines = StatementLine.objects.filter(statement=statement_id, entries=None).order_by("pk")
    for line_id in list(lines.values_list("pk", flat=True)):
        actions.book_line(line_id, actor=actor, at=now)
    days = StatementLine.objects.filter(statement=statement_id).values_list("booked_on", flat=True)
    return sorted(set(days))


def compare_day(day: date, *, now: datetime, actor: Actor = WORKER, fetch: bool = True) -> list[Found]:
    """All units at once. With a gateway that does not answer, its last list of the day stands. Raises nothing for that."""
    behind = gateway.chosen()
    if fetch and behind is not None:
        try:
            rows = behind.day(day)
        except (gateway.Unreachable, gateway.Refused):
            pass
        else:
            actions.keep_gateway_day(day, rows, actor=actor, at=now)
    found = differences_of(day)
    actions.note_differences(day, found, actor=actor, at=now)
    return found


def differences_of(day: date) -> list[Found]:
    """What the lists say that are stored."""
    told = GatewayNotice.objects.filter(payment=OuterRef("pk")).exclude(state="failed").exclude(outcome="failed")
    paid = list(
        paid_on(day)
        .annotate(told=Exists(told))
        .values_list("pk", "reference", "transaction_id", "amount_dong", "unit_id", "how", "told")
    )
    ours = {
        row[0]: Ours(
            payment_id=row[0],
            reference=row[1],
            transaction_id=row[2],
            amount_dong=row[3],
            unit_id=row[4],
            by_gateway=row[5] == FeePayment.How.GATEWAY or row[6],
        )
        for row in paid
    }
    references = [one.reference for one in ours.values()]
    units_of = dict(FeeAccount.objects.exclude(merchant="").order_by("pk").values_list("merchant", "unit_id"))
    records = GatewayRecord.objects.filter(amount_dong__gt=0)
    listed = [*records.filter(day=day), *records.exclude(day=day).filter(reference__in=references)]
    moved = StatementLine.objects.select_related("account").filter(amount_dong__gt=0)
    booked = [*moved.filter(booked_on=day), *moved.exclude(booked_on=day).filter(reference__in=references)]
    slips = set(StatementLine.objects.filter(booked_on=day, entries__shift__isnull=False).values_list("pk", flat=True))
    named = ({row.reference for row in listed} | {row.reference for row in booked}) - set(references)
    counted = FeePayment.objects.filter(reference__in=named, state__in=("paid", "returned")).values_list("reference", flat=True)
    statements = BankStatement.objects.filter(first_day__lte=day, last_day__gte=day)
    return compare(
        list(ours.values()),
        [
            Theirs(
                reference=row.reference,
                transaction_id=row.transaction_id,
                amount_dong=row.amount_dong,
                unit_id=units_of[row.merchant],
            )
            for row in listed
            if row.merchant in units_of
        ],
        [
            Theirs(
                reference=row.reference,
                transaction_id=row.known_as,
                amount_dong=row.amount_dong,
                unit_id=row.account.unit_id,
            )
            for row in booked
            if row.pk not in slips
        ],
        statements_of=set(statements.values_list("account__unit_id", flat=True)),
        others=set(counted),
    )
