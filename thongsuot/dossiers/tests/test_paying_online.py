"""The owner pays a dossier's fees online from its page: one payment, and no second one while the first may have been paid."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client

from thongsuot.dossiers.models import FeeDue
from thongsuot.dossiers.tests.make import MONDAY, receive
from thongsuot.kernel.actor import ANYONE
from thongsuot.payments import asking, gateway
from thongsuot.payments.models import FeePayment
from thongsuot.payments.stand_in import Bank, NearGateway
from thongsuot.payments.tests.make import an_account
from thongsuot.web.tests.words import said


def test_a_press_leads_to_the_payment_and_a_later_one_asks_the_gateway_first(town, clock, monkeypatch):
    bank = Bank(clock=clock)
    monkeypatch.setattr(gateway, "chosen", lambda: NearGateway(bank))
    an_account(town.river)
    dossier, browser = receive(town), Client()
    browser.post(f"/tra-cuu/{dossier}/mo/", {"secret": "5678"})
    page = f"/tra-cuu/{dossier}/thanh-toan/"
    there = browser.post(page)["Location"]
    payment = FeePayment.objects.get(subject_id=dossier.pk, subject="dossiers.dossier")
    assert there == f"/thanh-toan/{payment.secret}/"
    asking.pay_address(payment.pk, back_url="http://x/", actor=ANYONE, now=MONDAY)
    bank.pay(payment.reference)  # and its notice is lost
    clock.now = MONDAY + timedelta(minutes=16)
    bank.faults.append("deaf")

    refused = browser.post(page)

    assert refused.status_code == 503
    assert "đừng trả lần nữa" in said(refused)
    assert browser.post(page)["Location"] == there
    assert FeePayment.objects.filter(subject="dossiers.dossier").count() == 1
    assert not FeeDue.objects.filter(dossier=dossier, paid_at=None).exists()
