"""A day's three lists fetched and put against each other; statements into the books, movement by movement."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from thongsuot.kernel.actor import Actor, system
from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.working_time import start_of
from thongsuot.payments import actions, gateway
from thongsuot.payments.actions.reconciling import means_something
from thongsuot.payments.models import (
    BankStatement,
    Difference,
    FeeAccount,
    FeePayment,
    GatewayNotice,
    GatewayRecord,
    LedgerEntry,
    ReconciledDay,
    StatementLine,
)
from thongsuot.payments.queries.reconciling import paid_on
from thongsuot.payments.rules import ARRIVES_WITHIN, reconcile
from thongsuot.payments.rules.reconcile import Found, Ours, Theirs, compare
from thongsuot.payments.rules.references import reference_in

logger = logging.getLogger(__name__)
WORKER = system("worker")
BACK = 31  # days whose open differences are looked at again each night
NEAR = 7  # days within which the bank has what the gateway listed


def book_statement(statement_id: int, *, now: datetime, actor: Actor = WORKER) -> list[date]:
    """Every movement of a statement, each in a transaction of its own. Returns the days it is about.

    Those are the days the bank booked, and those on which the payments it names were paid.
    """
    all_lines = StatementLine.objects.filter(statement=statement_id)
    for line_id in list(all_lines.filter(entries=None, pays_back=None).order_by("pk").values_list("pk", flat=True)):
        _book(line_id, now=now, actor=actor)
    named = FeePayment.objects.filter(reference__in=all_lines.exclude(reference="").values("reference"), paid_at__isnull=False)
    paid = {timezone.localdate(paid_at) for paid_at in named.values_list("paid_at", flat=True) if paid_at}
    banked = all_lines.filter(entries__shift__isnull=False).values_list("entries__shift__banked_at", flat=True)
    return sorted({*all_lines.values_list("booked_on", flat=True), *paid, *(timezone.localdate(at) for at in banked if at)})


def book_again(lines: QuerySet[StatementLine], *, now: datetime, actor: Actor = WORKER) -> list[date]:
    """Movements that meant nothing when they came, and do since. Returns their days."""
    days = set()
    for line in lines.select_related("account").filter(entries=None, pays_back=None).order_by("pk"):
        if means_something(line) and _book(line.pk, now=now, actor=actor):
            days.add(line.booked_on)
    return sorted(days)


def _book(line_id: int, *, now: datetime, actor: Actor) -> bool:
    """One that cannot be booked does not keep those after it: it is said in the log, and tried again each night."""
    try:
        return actions.book_line(line_id, actor=actor, at=now)
    except (TellPerson, IntegrityError) as fault:
        logger.error("movement %s cannot be booked: %s", line_id, type(fault).__name__)
        return False


def compare_day(
    day: date, *, now: datetime, actor: Actor = WORKER, fetch: bool = True, insist: bool = False
) -> Sequence[Found]:
    """All units at once. With a gateway that does not answer, its last list of the day stands.

    insist  raise gateway.Unreachable for that, once the lists that are there were compared
    """
    behind, silence = gateway.chosen(), None
    if fetch and behind is not None:
        try:
            rows = behind.day(day)
        except gateway.Refused:
            pass
        except gateway.Unreachable as error:
            silence = error
        else:
            actions.keep_gateway_day(day, rows, actor=actor, at=now)
    found: list[Found] = []

    def lists() -> Sequence[Found]:
        found[:] = differences_of(day, now=now)
        return found

    actions.note_differences(day, lists, actor=actor, at=now)
    if silence is not None and insist:
        raise silence
    return found


def days_to_compare(today: date) -> list[date]:
    """What a night looks at: the day that ended, days whose differences stand open, days the gateway has not told the whole of,
    and days whose cash should have arrived by now. None is older than `BACK` days, so that a night has its end."""
    first, yesterday = today - timedelta(days=BACK), today - timedelta(days=1)
    recent = range((today - first).days)
    open_days = Difference.objects.filter(day__gte=first, day__lt=today, gone_at=None, explained_at=None)
    fetched = ReconciledDay.objects.filter(day__gte=first, fetched_at__isnull=False).values_list("day", "fetched_at")
    whole = {day for day, at in fetched if at is not None and _is_whole(day, at)}
    online = FeePayment.objects.filter(how="gateway", paid_at__gte=start_of(first), paid_at__lt=start_of(today))
    paid = {timezone.localdate(at) for at in online.values_list("paid_at", flat=True) if at}
    on_its_way = _on_its_way().filter(at__gte=start_of(first), at__lt=start_of(today - timedelta(days=ARRIVES_WITHIN)))
    sent = {timezone.localdate(at) for at in on_its_way.values_list("at", flat=True)}
    wanted = {yesterday, *open_days.values_list("day", flat=True), *(paid - whole), *sent}
    return sorted(wanted & {first + timedelta(days=one) for one in recent})


def differences_of(day: date, *, now: datetime) -> list[Found]:
    """What the lists say that are stored."""
    told = GatewayNotice.objects.filter(payment=OuterRef("pk")).exclude(state="failed").exclude(outcome="failed")
    paid = list(
        paid_on(day)
        .annotate(told=Exists(told))
        .values_list("pk", "reference", "transaction_id", "amount_dong", "unit_id", "account_id", "how", "told")
    )
    ours = {
        row[0]: Ours(
            payment_id=row[0],
            reference=row[1],
            transaction_id=row[2],
            amount_dong=row[3],
            unit_id=row[4],
            account_id=row[5] or 0,  # none in cash alone
            by_gateway=row[6] == FeePayment.How.GATEWAY or row[7],
        )
        for row in paid
    }
    references = [one.reference for one in ours.values()]
    records = GatewayRecord.objects.filter(amount_dong__gt=0)
    listed = [*records.filter(day=day), *records.exclude(day=day).filter(reference__in=references)]
    moved = StatementLine.objects.select_related("account").filter(amount_dong__gt=0)
    booked = [*moved.filter(booked_on=day), *moved.exclude(booked_on=day).filter(reference__in=references)]
    slips = set(StatementLine.objects.filter(booked_on=day, entries__shift__isnull=False).values_list("pk", flat=True))
    theirs = _listed(listed, {one.reference: one.account_id for one in ours.values()}, day)
    named = ({row.reference for row in theirs} | {row.reference for row in booked}) - {*references, ""}
    others = FeePayment.objects.filter(reference__in=named).values_list("reference", "state", "pk")
    statements = BankStatement.objects.filter(first_day__lte=day, last_day__gte=day)
    fetched_at = ReconciledDay.objects.filter(day=day).values_list("fetched_at", flat=True).first()
    found = compare(
        list(ours.values()),
        theirs,
        [
            Theirs(
                reference=row.reference,
                transaction_id=row.known_as,
                amount_dong=row.amount_dong,
                unit_id=row.account.unit_id,
                account_id=row.account_id,
                movement=row.pk,
            )
            for row in booked
            if row.pk not in slips
        ],
        statements_of=set(statements.values_list("account_id", flat=True)),
        others={reference for reference, state, _pk in others if state in ("paid", "returned")},
        unpaid={reference: pk for reference, state, pk in others if state not in ("paid", "returned")},
        whole_day=fetched_at is not None and _is_whole(day, fetched_at),
    )
    return [*found, *_left(day), *_never_arrived(day, now=now)]


def _listed(rows: Sequence[GatewayRecord], accounts_of_ours: dict[str, int], day: date) -> list[Theirs]:
    """The gateway's rows, each with its account; what a person said of money without a name holds for its row there too."""
    accounts: dict[str, list[FeeAccount]] = {}
    for account in FeeAccount.objects.exclude(merchant="").order_by("pk"):
        accounts.setdefault(account.merchant, []).append(account)
    same = _movements_of([row for row in rows if row.merchant in accounts], accounts, day)
    found = []
    for row in rows:
        if row.merchant not in accounts:
            continue
        own = accounts_of_ours.get(row.reference)
        account = next((one for one in accounts[row.merchant] if one.pk == own), accounts[row.merchant][-1])
        line = same.get(row.pk)
        found.append(
            Theirs(
                reference=(line.reference if line else "") or row.reference,
                transaction_id=row.transaction_id,
                amount_dong=row.amount_dong,
                unit_id=account.unit_id,
                account_id=account.pk,
                movement=line.pk if line else None,
            )
        )
    return found


def _movements_of(rows: Sequence[GatewayRecord], accounts: dict[str, list[FeeAccount]], day: date) -> dict[int, StatementLine]:
    """{row of the gateway without a name: the movement it is}, of movements that were assigned or are sent back.

    Banks and gateways call the same money by names of their own: where none fits it is known by account and amount, each once,
    in the order it came, with what the days before listed.
    """
    if all(reference_in(row.reference) for row in rows):
        return {}
    near = (day - timedelta(days=NEAR), day + timedelta(days=NEAR))
    lines = StatementLine.objects.filter(amount_dong__gt=0, booked_on__range=near).order_by("booked_on", "pk")
    said = lines.filter(~Q(reference="") | Exists(StatementLine.objects.filter(pk=OuterRef("pk"), refunds__isnull=False)))
    left = [line for line in said if not reference_in(line.purpose)]
    listed = GatewayRecord.objects.filter(amount_dong__gt=0, day__range=(near[0], day), merchant__in=accounts)
    nameless = [row for row in listed.order_by("at", "pk") if not reference_in(row.reference)]
    found: dict[int, StatementLine] = {}
    for by_name in (True, False):
        for row in nameless:
            into = {account.pk for account in accounts[row.merchant]}
            for line in left if row.pk not in found else ():
                fits = line.account_id in into and line.amount_dong == row.amount_dong
                if fits and (line.bank_reference == row.transaction_id or not by_name):
                    found[row.pk] = line
                    left.remove(line)
                    break
    return found


def _left(day: date) -> list[Found]:
    """Money that left an account, no refund and nothing a person has named."""
    lines = StatementLine.objects.select_related("account").filter(booked_on=day, amount_dong__lt=0)
    return [
        Found(
            kind=reconcile.OUT,
            key=f"bank:{line.known_as}",
            unit_id=line.account.unit_id,
            bank_dong=line.amount_dong,
            movement=line.pk,
        )
        for line in lines.filter(entries=None, pays_back=None).order_by("pk")
    ]


def _on_its_way() -> QuerySet[LedgerEntry]:
    """Cash that was paid in at the bank and is in no statement yet."""
    arrived = LedgerEntry.objects.filter(shift=OuterRef("shift"), unit=OuterRef("unit"), credit=LedgerEntry.Account.TRANSIT)
    sent = LedgerEntry.objects.filter(why=LedgerEntry.Why.BANKED, debit=LedgerEntry.Account.TRANSIT)
    return sent.filter(~Exists(arrived))


def _never_arrived(day: date, *, now: datetime) -> list[Found]:
    if timezone.localdate(now) <= day + timedelta(days=ARRIVES_WITHIN):
        return []
    sent = _on_its_way().filter(at__gte=start_of(day), at__lt=start_of(day + timedelta(days=1))).order_by("pk")
    return [
        Found(kind=reconcile.TRANSIT, key=f"shift:{one.shift_id}:{one.unit_id}", unit_id=one.unit_id, ours_dong=one.amount_dong)
        for one in sent
    ]


def _is_whole(day: date, fetched_at: datetime) -> bool:
    return fetched_at >= start_of(day + timedelta(days=1))
