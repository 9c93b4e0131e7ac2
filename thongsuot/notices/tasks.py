"""Background work: one notice, one job."""

from __future__ import annotations

from procrastinate.contrib.django import app

from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.kernel.jobs import RETRY
from thongsuot.notices import delivery


@app.task(name="notices.send", retry=RETRY)
def send(notice_id: int) -> None:
    """May run twice: what is sent already is left alone. A server that says "later" gets a new job, not a retry of this one."""
    delivery.deliver(notice_id, actor=system("worker"), at=clock.now())
