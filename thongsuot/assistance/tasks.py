"""Background work of helping. Cron times are UTC."""

from __future__ import annotations

from contextlib import suppress

from procrastinate.contrib.django import app

from thongsuot.assistance import actions
from thongsuot.assistance.actions.errors import AlreadyOver
from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.kernel.errors import NotFound
from thongsuot.kernel.jobs import RETRY


@app.periodic(cron="*/10 * * * *")
@app.task(name="assistance.close_over", retry=RETRY)
def close_over(timestamp: int) -> None:
    """Codes that nobody typed and sessions whose time is over are noted as ended; they stopped working by themselves."""
    now = clock.now()
    for consent_id in actions.to_close(at=now):
        with suppress(AlreadyOver):  # filed, or ended by somebody, meanwhile
            actions.close_over(consent_id, actor=system("worker"), at=now)


@app.periodic(cron="20 19 * * *")
@app.task(name="assistance.forget_names", retry=RETRY)
def forget_names(timestamp: int) -> None:
    """Names of people without an account are not kept for ever; consents stay, as their history does."""
    now = clock.now()
    for consent_id in actions.to_forget(at=now):
        with suppress(NotFound):  # forgotten meanwhile
            actions.forget_name(consent_id, actor=system("worker"), at=now)
