"""Background work on certificates. Cron times are UTC."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from thongsuot.kernel.actor import system
from thongsuot.kernel.jobs import RETRY
from thongsuot.signing import actions
from thongsuot.signing.queries.certificates import to_warn_of


@app.periodic(cron="5 0 * * *")
@app.task(name="signing.warn_of_ends", retry=RETRY)
def warn_of_ends(timestamp: int) -> None:
    """Each morning: who holds a certificate that ends within 90, 60 or 30 days is told, once per mark."""
    for certificate_id, days in to_warn_of(at=timezone.now()):
        actions.warn_of_end(certificate_id, days=days, actor=system("worker"), at=timezone.now())
