"""The kernel's own jobs: seal and prove the history, take up work that a killed worker left, forget old answers.

Cron times are UTC: the nightly ones run at night in Việt Nam.
"""

from __future__ import annotations

from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from thongsuot.kernel import clock, history, idempotency
from thongsuot.kernel.jobs import RETRY
from thongsuot.kernel.models import Answered


class HistoryBroken(Exception):
    """Events were changed or taken away. The failed job stays visible in /readyz, /metrics and `thongsuot check`."""


@app.periodic(cron="7 * * * *")
@app.task(name="kernel.seal_history", retry=RETRY)
def seal_history(timestamp: int) -> None:
    history.seal_history(at=clock.now())


@app.periodic(cron="30 19 * * *")
@app.task(name="kernel.verify_history")
def verify_history(timestamp: int) -> None:
    """Raises HistoryBroken."""
    found = list(history.faults())
    if found:
        raise HistoryBroken(f"{len(found)} faults, the first: {found[0].where} {found[0].what}")


@app.periodic(cron="* * * * *")
@app.task(name="kernel.take_up_left_jobs")
async def take_up_left_jobs(timestamp: int, silent_seconds: int = 30) -> None:
    """A worker that was killed leaves its jobs marked as running: queue them again, but not for ever.

    silent_seconds   a worker that was not heard of for so long is dead; a living one tells every ten seconds
    """
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silent_seconds):
        if job.attempts < (RETRY.max_attempts or 1):
            await app.job_manager.retry_job(job)
        else:
            await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)


@app.periodic(cron="50 19 * * *")
@app.task(name="kernel.forget_answers", retry=RETRY)
def forget_answers(timestamp: int) -> None:
    """Answers to requests with an Idempotency-Key."""
    Answered.objects.filter(answered_at__lt=clock.now() - idempotency.KEPT).delete()
