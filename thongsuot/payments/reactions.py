"""What follows by itself: a statement goes into the books, and what is known since too; refunds and cancelled payments to the
gateway.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone

from thongsuot.kernel import clock
from thongsuot.kernel.events import Happened, on
from thongsuot.payments import asking, comparing, events
from thongsuot.payments.models import CashShift, FeePayment, LedgerEntry, Refund, StatementLine
from thongsuot.units import queries as units


@on(events.STATEMENT_BROUGHT)
def book(happened: Happened) -> None:
    now = clock.now()
    for day in comparing.book_statement(happened.subject_id, now=now):
        comparing.compare_day(day, now=now, fetch=False)


@on(events.SHIFT_BANKED)
def find_the_deposit(happened: Happened) -> None:
    """The bank may be quicker than whoever writes down its slip."""
    shift = CashShift.objects.get(pk=happened.subject_id)
    sent = shift.entries.filter(why=LedgerEntry.Why.BANKED, debit=LedgerEntry.Account.TRANSIT)
    lines = _into(sent.values_list("unit_id", flat=True))
    _again(lines.filter(amount_dong__in=sent.values("amount_dong"), booked_on__gte=shift.day))


@on(events.REFUND_DONE)
def find_the_transfer(happened: Happened) -> None:
    """The bank may be quicker than whoever writes down the number of the order."""
    refund = Refund.objects.get(pk=happened.subject_id)
    paid = refund.entries.filter(why=LedgerEntry.Why.REFUNDED)
    lines = _into(paid.values_list("unit_id", flat=True), paid.values_list("account_id", flat=True))
    _again(lines.filter(amount_dong=-refund.amount_dong, booked_on__gte=timezone.localdate(refund.proposed_at)))


@on(events.REFUND_APPROVED)
def pay_back(happened: Happened) -> None:
    if Refund.objects.filter(pk=happened.subject_id, how=Refund.How.GATEWAY, state=Refund.State.APPROVED).exists():
        asking.send_refund(happened.subject_id, now=clock.now())


@on(events.CANCELLED)
def close_at_the_gateway(happened: Happened) -> None:
    """One that another payment took the place of can still be paid there, until the gateway is told."""
    if FeePayment.objects.filter(pk=happened.subject_id, asked_at__isnull=False).exists():
        asking.settle_standing(happened.subject_id, now=clock.now())


def _into(unit_ids: Iterable[int], account_ids: Iterable[int | None] = ()) -> QuerySet[StatementLine]:
    """Movements on the accounts of these units, with those that have moved to their keepers."""
    today, own = clock.today(), set(unit_ids)
    theirs = Q(account__unit__in=own | {units.keeper_of(unit_id, on=today) for unit_id in own})
    return StatementLine.objects.filter(theirs | Q(account__in=[pk for pk in account_ids if pk is not None]))


def _again(lines: QuerySet[StatementLine]) -> None:
    now = clock.now()
    for day in comparing.book_again(lines, now=now):
        comparing.compare_day(day, now=now, fetch=False)
