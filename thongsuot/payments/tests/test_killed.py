"""The process is killed outright between the bank's notice and our answer: the bank tells again, and it was paid once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest
from django.db import connection

from thongsuot.kernel.tests.outside import database_url
from thongsuot.payments import debts, receiving
from thongsuot.payments.models import FeePayment, GatewayNotice, PaymentReceipt, Refund
from thongsuot.payments.stand_in import Bank
from thongsuot.payments.tests.make import MINUTE, MONDAY, STALL, books, make_office, opened, told

# Takes a notice as the web does, and kills itself: before the commit, or after it with the answer unsaid.
TAKER = """
import json, os, signal, sys
import django
django.setup()
from datetime import datetime
from django.db import connections
from thongsuot.payments import debts, receiving
from thongsuot.payments.tests.make import STALL
where, unit_id, at, headers, body = sys.argv[1:]
STALL.unit_id = int(unit_id)
debts.register(STALL)
if where == "before":
    def die(*_):
        os.kill(os.getpid(), signal.SIGKILL)
    type(connections["default"])._commit = die
receiving.take(json.loads(headers), body.encode(), now=datetime.fromisoformat(at))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("where", "kept"), [("before", False), ("after", True)])
def test_killed_before_it_answered_it_is_told_again_and_was_paid_once(settings, where, kept):
    settings.CITY_CODE, settings.PAYMENTS, settings.PAYMENTS_SECRET = "98", "https://bank.invalid", "shared by both"
    office = make_office()
    STALL.unit_id, STALL.closed = office.city.river.pk, set()
    debts.register(STALL)
    payment, bank = opened(), Bank(clock=lambda: MONDAY)
    notice = told(payment)
    headers, body = bank.signed(notice)
    taker = [
        sys.executable,
        "-c",
        TAKER,
        where,
        str(office.city.river.pk),
        MONDAY.isoformat(),
        json.dumps(headers),
        body.decode(),
    ]
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "thongsuot.config.settings",
        "THONGSUOT_PAYMENTS": settings.PAYMENTS,
        "THONGSUOT_PAYMENTS_SECRET": settings.PAYMENTS_SECRET,
    }

    died = subprocess.run(taker, env=environment, capture_output=True, text=True, timeout=120, check=False)

    assert died.returncode == -signal.SIGKILL, died.stderr[-2000:]
    connection.close()
    assert GatewayNotice.objects.filter(transaction_id=notice.transaction_id).exists() is kept

    for minute in (1, 2):  # until it hears an answer
        bank.clock = lambda minute=minute: MONDAY + minute * MINUTE
        headers, body = bank.signed(notice)
        row = receiving.take(headers, body, now=MONDAY + minute * MINUTE)

    assert row.outcome == "known"
    assert FeePayment.objects.get(pk=payment.pk).state == "paid"
    assert list(PaymentReceipt.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert books(office.city.river.pk) == {"clearing": 51_000, "fees": -51_000}
    assert not Refund.objects.filter(line=None).exists()
    debts.forget(STALL.subject)
