"""What follows by itself: a statement goes into the books, an approved refund and a cancelled payment to the gateway."""

from __future__ import annotations

from thongsuot.kernel import clock
from thongsuot.kernel.events import Happened, on
from thongsuot.payments import asking, comparing, events
from thongsuot.payments.models import FeePayment, Refund


@on(events.STATEMENT_BROUGHT)
def book(happened: Happened) -> None:
    now = clock.now()
    for day in comparing.book_statement(happened.subject_id, now=now):
        comparing.compare_day(day, now=now, fetch=False)


@on(events.REFUND_APPROVED)
def pay_back(happened: Happened) -> None:
    if Refund.objects.filter(pk=happened.subject_id, how=Refund.How.GATEWAY, state=Refund.State.APPROVED).exists():
        asking.send_refund(happened.subject_id, now=clock.now())


@on(events.CANCELLED)
def close_at_the_gateway(happened: Happened) -> None:
    """One that another payment took the place of can still be paid there, until the gateway is told."""
    if FeePayment.objects.filter(pk=happened.subject_id, asked_at__isnull=False).exists():
        asking.settle_standing(happened.subject_id, now=clock.now())
