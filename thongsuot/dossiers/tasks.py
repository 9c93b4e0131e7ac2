"""Background work on dossiers. Cron times are UTC."""

from __future__ import annotations

from procrastinate.contrib.django import app

from thongsuot.dossiers import actions
from thongsuot.dossiers.queries import leading
from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.kernel.jobs import RETRY


@app.periodic(cron="* * * * *")
@app.task(name="dossiers.fold_tally", queueing_lock="dossiers.fold_tally")
def fold_tally(timestamp: int) -> None:
    leading.fold_tally()


@app.periodic(cron="*/15 * * * *")
@app.task(name="dossiers.warn_of_deadlines", retry=RETRY)
def warn_of_deadlines(timestamp: int) -> None:
    """Whoever holds a dossier that came near its deadline gets a letter, once."""
    for dossier_id in actions.to_warn_of(at=clock.now()):
        actions.warn_of_deadline(dossier_id, actor=system("worker"), at=clock.now())


@app.periodic(cron="40 19 * * *")
@app.task(name="dossiers.sweep_drafts", retry=RETRY)
def sweep_drafts(timestamp: int) -> None:
    actions.sweep_drafts(at=clock.now())
