"""Background work of counters: what the closing of a point ends. Cron times are UTC."""

from __future__ import annotations

from contextlib import suppress

from procrastinate.contrib.django import app

from thongsuot.counters import actions
from thongsuot.counters.queries import closing
from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.jobs import RETRY


@app.periodic(cron="*/5 * * * *")
@app.task(name="counters.close_points", retry=RETRY)
def close_points(timestamp: int) -> None:
    """Whoever still waits at a point that has closed is told so. One by one: a number called meanwhile is left alone."""
    for ticket_id in closing.to_expire(at=clock.now()):
        with suppress(TellPerson):
            actions.expire_ticket(ticket_id, actor=system("worker"), at=clock.now())
    for booking_id in closing.to_miss(at=clock.now()):
        with suppress(TellPerson):
            actions.miss_booking(booking_id, actor=system("worker"), at=clock.now())


@app.periodic(cron="10 18 * * *")
@app.task(name="counters.forget_counts", retry=RETRY)
def forget_counts(timestamp: int) -> None:
    """After midnight: who took how many numbers by telephone is kept for its day alone."""
    actions.forget_counts(at=clock.now())
