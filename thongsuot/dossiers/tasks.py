"""Background work on dossiers. Cron times are UTC."""

from __future__ import annotations

from contextlib import suppress

from procrastinate.contrib.django import app

from thongsuot.dossiers import actions
from thongsuot.dossiers.queries import leading
from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.jobs import RETRY
from thongsuot.units import queries as units


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


# One walk at a time: a later change's walk takes what an unfinished one has not reached yet for dated by hand.
@app.task(name="dossiers.recompute_dues", retry=RETRY, lock="dossiers.recompute_dues")
def recompute_dues(recomputation_id: int, again: bool = False) -> None:
    """Go through what is open after the calendar changed; once more when every process has the new calendar."""
    units.clear_caches()
    after: int | None = 0 if again else None
    while True:
        last = actions.recompute_slice(recomputation_id, after=after, actor=system("worker"), at=clock.now())
        if last is None:
            break
        after = last if again else None
    if not again:
        recompute_dues.configure(schedule_in={"seconds": int(3 * units.SOON)}).defer(
            recomputation_id=recomputation_id, again=True
        )


@app.periodic(cron="40 19 * * *")
@app.task(name="dossiers.sweep_drafts", retry=RETRY)
def sweep_drafts(timestamp: int) -> None:
    actions.sweep_drafts(at=clock.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="dossiers.close_abandoned_batches", retry=RETRY)
def close_abandoned_batches(timestamp: int) -> None:
    """A leader who closes the browser leaves a sealed PIN behind: it goes when its time is over."""
    actions.close_abandoned(at=clock.now())


@app.periodic(cron="*/15 * * * *")
@app.task(name="dossiers.settle_partners", retry=RETRY)
def settle_partners(timestamp: int) -> None:
    """What nobody confirmed counts as taken over; silence past its date is agreement where the procedure says so."""
    at, worker = clock.now(), system("worker")
    for dossier_id in actions.to_take_over(at=at):
        with suppress(TellPerson):  # someone was faster
            actions.count_as_taken(dossier_id, actor=worker, at=at)
    for opinion_id in actions.silent_ones(at=at):
        with suppress(TellPerson):
            actions.settle_silence(opinion_id, actor=worker, at=at)
