"""Background work on dossiers. Cron times are UTC."""

from __future__ import annotations

from contextlib import suppress

from django.utils import timezone
from procrastinate.contrib.django import app

from thongsuot.dossiers import actions
from thongsuot.dossiers.queries import leading
from thongsuot.kernel.actor import system
from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.jobs import RETRY


@app.periodic(cron="* * * * *")
@app.task(name="dossiers.fold_tally", queueing_lock="dossiers.fold_tally")
def fold_tally(timestamp: int) -> None:
    leading.fold_tally()


@app.periodic(cron="*/15 * * * *")
@app.task(name="dossiers.warn_of_deadlines", retry=RETRY)
def warn_of_deadlines(timestamp: int) -> None:
    """Whoever holds a dossier that came near its deadline gets a letter, once."""
    for dossier_id in actions.to_warn_of(at=timezone.now()):
        actions.warn_of_deadline(dossier_id, actor=system("worker"), at=timezone.now())


@app.periodic(cron="40 19 * * *")
@app.task(name="dossiers.sweep_drafts", retry=RETRY)
def sweep_drafts(timestamp: int) -> None:
    actions.sweep_drafts(at=timezone.now())


@app.periodic(cron="*/15 * * * *")
@app.task(name="dossiers.settle_partners", retry=RETRY)
def settle_partners(timestamp: int) -> None:
    """What nobody confirmed counts as taken over; silence past its date is agreement where the procedure says so."""
    at, worker = timezone.now(), system("worker")
    for dossier_id in actions.to_take_over(at=at):
        with suppress(TellPerson):  # someone was faster
            actions.count_as_taken(dossier_id, actor=worker, at=at)
    for opinion_id in actions.silent_ones(at=at):
        with suppress(TellPerson):
            actions.settle_silence(opinion_id, actor=worker, at=at)
