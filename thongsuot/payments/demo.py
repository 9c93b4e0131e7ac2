"""Receiving accounts of the demo wards, the first one proved a month ago. Made up: no bank knows them. Never in production."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from thongsuot.kernel.actor import system
from thongsuot.payments import actions, receiving
from thongsuot.payments.gateway import Notice
from thongsuot.payments.models import FeeAccount
from thongsuot.people.demo import DemoInProduction, demo_units

LOADER = system("cli")
PROVED = timedelta(days=30)


def load_demo(city_id: int, *, at: datetime) -> int:
    """Make what is missing, once; how many accounts were made. The third ward has none: there fees are paid at the counter.

    Raises DemoInProduction.
    """
    if settings.PRODUCTION:
        raise DemoInProduction
    made, then = 0, at - PROVED
    for place, unit in enumerate(demo_units(city_id, at=at)[:2]):
        if FeeAccount.objects.filter(unit=unit.id).exists():
            continue
        account = actions.declare_account(
            unit.id,
            bank_bin="970436",
            number=f"99990000{unit.code}",
            holder=f"UBND {unit.name}",
            merchant=f"DEMO{unit.code}",
            actor=LOADER,
            at=then,
        )
        made += 1
        if place == 0:
            test = actions.begin_test_payment(account.pk, actor=LOADER, at=then)
            paid = Notice(
                transaction_id=f"THU{account.pk}",
                amount_dong=test.amount_dong,
                merchant=account.merchant,
                state="paid",
                at=then,
                reference=test.reference,
                nonce=f"demo-{test.reference}",
                sent_at=then,
            )
            actions.take_notice(paid, actor=receiving.GATEWAY, at=then)
    return made
