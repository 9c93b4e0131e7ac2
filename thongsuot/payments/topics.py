"""What the pages of payments follow (`web.pulses`)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Model

from thongsuot.payments.models import FeePayment


def payment(payment_id: int) -> str:
    return f"thu.{payment_id}"


def topics_of(subject: Model) -> Iterator[str]:
    if isinstance(subject, FeePayment):
        yield payment(subject.pk)
