"""Background work of the sync. Cron times are UTC. Arguments hold nothing: what is to be done is in the tables."""

from __future__ import annotations

import time
from datetime import timedelta

from procrastinate.contrib.django import app

from thongsuot.kernel import clock
from thongsuot.kernel.jobs import RETRY
from thongsuot.national_portal.collecting import collect, forget_told
from thongsuot.national_portal.portal import chosen
from thongsuot.national_portal.sending import send_due

SECONDS_A_TURN = 50.0
TOLD_KEPT = timedelta(days=90)


@app.periodic(cron="* * * * *")
@app.task(name="national_portal.sync", queueing_lock="national_portal.sync", lock="national_portal.sync")
def sync(timestamp: int) -> None:
    """Take up what happened, send what is due, until all is told, the portal is away, or it is the next turn's time.

    One at a time (`lock`): a slow portal must not hold all places of the worker.
    """
    portal = chosen()
    if portal is None:
        return
    give_up = time.monotonic() + SECONDS_A_TURN
    while time.monotonic() < give_up:
        new = collect(at=clock.now())
        made = send_due(portal, clock=clock.now, batches=20, time_is_up=lambda: time.monotonic() >= give_up)
        if not new and not made.accepted:
            return


@app.periodic(cron="20 19 * * *")
@app.task(name="national_portal.forget_told", retry=RETRY)
def forget_told_messages(timestamp: int) -> None:
    """What was accepted long ago is in the history anyway; the lane keeps that the portal knows the dossier."""
    forget_told(before=clock.now() - TOLD_KEPT)
