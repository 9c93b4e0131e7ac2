"""Background work of allowances. Cron times are UTC."""

from __future__ import annotations

from procrastinate.contrib.django import app

from thongsuot.allowances import actions
from thongsuot.allowances.queries.imports import to_discard, to_forget
from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.kernel.jobs import RETRY


@app.periodic(cron="25 19 * * *")
@app.task(name="allowances.forget_rows", retry=RETRY)
def forget_rows(timestamp: int) -> None:
    """Each night: what rows said that did not come in within 90 days is emptied; files still waiting are discarded."""
    now = clock.now()
    for import_id in to_discard(at=now):
        actions.discard_import(import_id, actor=system("worker"), at=now)
    for import_id in to_forget(at=now):
        actions.forget_rows(import_id, actor=system("worker"), at=now)
