"""Background work of Open311. Cron times are UTC."""

from __future__ import annotations

from procrastinate.contrib.django import app

from thongsuot.kernel import clock
from thongsuot.kernel.jobs import RETRY
from thongsuot.open311 import actions


@app.periodic(cron="20 18 * * *")
@app.task(name="open311.fold_networks", retry=RETRY)
def fold_networks(timestamp: int) -> None:
    actions.fold_networks(at=clock.now())
