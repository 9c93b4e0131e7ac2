"""Background work of payments. Cron times are UTC."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from django.utils import timezone
from procrastinate.contrib.django import app

from thongsuot.kernel import clock
from thongsuot.kernel.jobs import RETRY
from thongsuot.payments import asking, gateway
from thongsuot.payments.models import FeePayment, Refund

AT_ONCE = 200
SILENT = 3  # days in vain, after which a night asks the gateway for no more
logger = logging.getLogger(__name__)


def _each(ask: Callable[..., object], ids: Iterable[int]) -> None:
    """One that fails does not keep those after it from their turn. The log has its id and the kind of fault: no words of it."""
    for one in ids:
        try:
            ask(one, now=clock.now())
        except Exception as fault:  # whatever it is, the others have their turn
            logger.error("%s of %s failed: %s", ask.__name__, one, type(fault).__name__)


@app.periodic(cron="* * * * *")
@app.task(name="payments.end_waiting", queueing_lock="payments.end_waiting", lock="payments.end_waiting")
def end_waiting(timestamp: int) -> None:
    """What nobody paid in time is asked for once more at the gateway, then it ends; what it does not answer waits on."""
    now = clock.now()
    late = FeePayment.objects.filter(state=FeePayment.State.WAITING, expires_at__lte=now).order_by("expires_at")
    _each(asking.settle_standing, late.values_list("pk", flat=True)[:AT_ONCE])


@app.periodic(cron="*/5 * * * *")
@app.task(name="payments.send_refunds", queueing_lock="payments.send_refunds", lock="payments.send_refunds")
def send_refunds(timestamp: int) -> None:
    """Approved refunds that the gateway pays, and those it was asked for and has not answered."""
    due = Refund.objects.filter(how=Refund.How.GATEWAY, state__in=[Refund.State.APPROVED, Refund.State.SENT], trouble="")
    _each(asking.send_refund, due.order_by("decided_at").values_list("pk", flat=True)[:AT_ONCE])


@app.periodic(cron="0 19 * * *")  # two in the morning
@app.task(name="payments.reconcile_yesterday", retry=RETRY, queueing_lock="payments.reconcile_yesterday")
def reconcile_yesterday(timestamp: int) -> None:
    """The day that ended, and each earlier one that something is open of. A silent gateway is asked again later."""
    from thongsuot.payments.comparing import book_again, compare_day, days_to_compare
    from thongsuot.payments.models import StatementLine

    days = days_to_compare(timezone.localdate(clock.now()))
    book_again(StatementLine.objects.filter(booked_on__gte=days[0]), now=clock.now())
    silent: list[gateway.Unreachable] = []
    for day in reversed(days):  # the latest first: a day of long ago that cannot be told keeps no other
        try:
            compare_day(day, now=clock.now(), fetch=len(silent) < SILENT, insist=True)
        except gateway.Unreachable as error:
            silent.append(error)
    if silent:
        raise silent[-1]


@app.task(name="payments.tell_late", retry=RETRY)
def tell_late(notice: str) -> None:
    """The stand-in's bank answers late."""
    from thongsuot.payments.stand_in.telling import tell_again

    tell_again(notice)
