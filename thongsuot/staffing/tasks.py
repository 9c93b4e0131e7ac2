"""Background work: what was decided takes effect when its day begins. Cron times are UTC."""

from __future__ import annotations

from procrastinate.contrib.django import app

from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.kernel.jobs import RETRY
from thongsuot.staffing import carrying_out


@app.periodic(cron="* * * * *")
@app.task(name="staffing.take_effect", retry=RETRY, lock="staffing.take_effect")
def take_effect(timestamp: int) -> None:
    """Each minute, so that whoever takes up a post at midnight finds the account open; twice at once changes nothing."""
    carrying_out.all_due(actor=system("worker"), at=clock.now())
