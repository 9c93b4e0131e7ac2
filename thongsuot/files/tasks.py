"""Background work on stored files. Cron times are UTC."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from thongsuot.files import storage
from thongsuot.kernel import clock
from thongsuot.kernel.jobs import RETRY

log = logging.getLogger(__name__)


@app.periodic(cron="17 19 * * *")
@app.task(name="files.sweep", retry=RETRY)
def sweep(timestamp: int) -> None:
    """Each night: take away bytes left by crashes."""
    taken = storage.sweep(at=clock.now())
    if taken:
        log.warning("%s left-over files taken away", taken)
