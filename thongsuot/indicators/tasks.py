"""Background work of the figures. Cron times are UTC."""

from __future__ import annotations

from procrastinate.contrib.django import app

from thongsuot.indicators import counting, exporting
from thongsuot.kernel import clock
from thongsuot.kernel.jobs import RETRY


@app.periodic(cron="* * * * *")
@app.task(name="indicators.fold", queueing_lock="indicators.fold")
def fold(timestamp: int) -> None:
    """What changed within the last minute comes into the figures."""
    counting.fold()


@app.task(name="indicators.make_export", retry=RETRY)
def make_export(export_id: int) -> None:
    """A long list, written by the worker. Again: the same list once more."""
    exporting.make(export_id, at=clock.now())


@app.periodic(cron="50 19 * * *")
@app.task(name="indicators.sweep_exports", retry=RETRY)
def sweep_exports(timestamp: int) -> None:
    exporting.sweep(at=clock.now())
