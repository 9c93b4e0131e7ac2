"""Notices of the gateway at their door: forged, late, replayed and unreadable ones leave a line in the log and nothing else."""

from __future__ import annotations

import logging
from datetime import timedelta

import msgspec
import pytest
from django.test import Client

from thongsuot.payments import gateway
from thongsuot.payments.models import FeePayment, GatewayNotice, LedgerEntry
from thongsuot.payments.tests.make import MONDAY, opened, told

ADDRESS = "/thanh-toan/bao-co/"
PEOPLE = ("Trần Văn Minh", "1133666688")


@pytest.fixture(autouse=True)
def stand_in(settings, clock):
    settings.PAYMENTS = "stand-in"


def said_of(notice):
    return {name: value for name, value in msgspec.to_builtins(notice).items() if name not in ("nonce", "sent_at")}


def sent(notice, *, at=MONDAY, key=None, nonce="n" * 22, body=None, **headers):
    body = msgspec.json.encode(said_of(notice)) if body is None else body
    when = str(int(at.timestamp()))
    signed = {
        "X-Timestamp": when,
        "X-Nonce": nonce,
        "X-Signature": gateway.signature(key or gateway.secret(), at=when, nonce=nonce, body=body),
        **headers,
    }
    return Client().post(ADDRESS, body, content_type="application/json", headers=signed)


def test_a_good_one_is_kept_and_answered(office):
    payment = opened()

    answer = sent(told(payment))

    assert (answer.status_code, answer.json()) == (200, {"outcome": "paid"})
    assert FeePayment.objects.get(pk=payment.pk).state == "paid"


def test_told_again_signed_anew_it_is_known(office):
    payment = opened()
    sent(told(payment))

    assert sent(told(payment), nonce="m" * 22).json() == {"outcome": "known"}


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"key": b"not the key"}, 400, "payments.notice_forged"),
        ({"X-Signature": ""}, 400, "payments.notice_forged"),
        ({"X-Signature": "ẩ"}, 400, "payments.notice_forged"),
        ({"X-Nonce": "x" * 22}, 400, "payments.notice_forged"),
        ({"X-Timestamp": "1"}, 400, "payments.notice_forged"),
        ({"at": MONDAY - timedelta(minutes=6)}, 400, "payments.notice_late"),
        ({"at": MONDAY + timedelta(minutes=6)}, 400, "payments.notice_late"),
        ({"nonce": "short"}, 422, "payments.notice_unreadable"),
        ({"body": b"not json"}, 422, "payments.notice_unreadable"),
        ({"body": b"{}"}, 422, "payments.notice_unreadable"),
        ({"body": b"x" * 70_000}, 422, "payments.notice_unreadable"),
        ({"body": b"[" * 5_000}, 422, "payments.notice_unreadable"),
    ],
)
def test_what_is_refused_leaves_a_line_and_nothing_else(office, caplog, said, status, code):
    payment = opened()
    before = (GatewayNotice.objects.count(), LedgerEntry.objects.count())

    with caplog.at_level(logging.WARNING):
        answer = sent(told(payment), **said)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert FeePayment.objects.get(pk=payment.pk).state == "waiting"
    assert (GatewayNotice.objects.count(), LedgerEntry.objects.count()) == before
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("thongsuot.payments")]
    if len(said.get("body", b"")) < 65_536:
        assert lines == [f"notice of the payment gateway refused: {code}"]
    assert not any(secret in line for line in lines for secret in (*PEOPLE, payment.reference))


def test_the_same_bytes_again_are_refused(office, caplog):
    payment = opened()
    sent(told(payment))

    with caplog.at_level(logging.WARNING):
        answer = sent(told(payment))

    assert (answer.status_code, answer.json()["code"]) == (409, "payments.notice_replayed")
    assert "refused" in caplog.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount_dong": -1},
        {"amount_dong": 0},
        {"amount_dong": 10**13},
        {"amount_dong": 1.5},
        {"amount_dong": "20000"},
        {"transaction_id": ""},
        {"transaction_id": "x" * 65},
        {"merchant": "x" * 41},
        {"state": "maybe"},
        {"at": "2025-10-06T08:00:00"},
        {"at": "yesterday"},
        {"purpose": "x" * 1001},
        {"reference": None},
        {"reference": "\0"},
        {"purpose": "a\0b"},
        {"transaction_id": "a\0b"},
        {"merchant": "\0"},
        {"at": "0001-01-01T00:00:00+00:00"},
        {"how": "cash"},
    ],
)
def test_a_signed_notice_that_says_nonsense_is_unreadable(office, wrong):
    payment = opened()
    answer = sent(None, body=msgspec.json.encode({**said_of(told(payment)), **wrong}))

    assert answer.status_code == 422
    assert not GatewayNotice.objects.filter(nonce="n" * 22).exists()


def test_without_a_gateway_nobody_can_tell_anything(office, settings):
    settings.PAYMENTS, settings.PAYMENTS_SECRET = "", ""
    assert sent(told(opened()), key=b"x").status_code == 400


def test_it_is_for_posting(office):
    assert Client().get(ADDRESS).status_code == 405
