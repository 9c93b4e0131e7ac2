"""What follows by itself: a statement goes into the books, an approved refund to the gateway."""

from __future__ import annotations

from thongsuot.kernel import clock
from thongsuot.kernel.events import Happened, on
from thongsuot.payments import asking, comparing, events
from thongsuot.payments.models import Refund


@on(events.STATEMENT_BROUGHT)
def book(happened: Happened) -> None:
    now = clock.now()
    for day in comparing.book_statement(happened.subject_id, now=now):
        comparing.compare_day(day, now=now, fetch=False)


@on(events.REFUND_APPROVED)
def pay_back(happened: Happened) -> None:
    if Refund.objects.filter(pk=happened.subject_id, how=Refund.How.GATEWAY, state=Refund.State.APPROVED).exists():
        asking.send_refund(happened.subject_id, now=clock.now())
