"""What gateways tell our address for reports: believed when it is signed and fresh, refused without a word about anybody."""

import json
import logging
from datetime import timedelta

import pytest
from django.test import Client

from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.kernel.models import Event
from thongsuot.notices import delivery
from thongsuot.notices.models import Delivery, DeliveryReport
from thongsuot.notices.rules import Recipient
from thongsuot.notices.stand_in.near import report
from thongsuot.notices.tests.make import make_notice
from thongsuot.notices.tests.ways import with_zalo
from thongsuot.notices.ways.sms import signed

SMS, ZALO = "/cong-tin-nhan/sms/", "/cong-tin-nhan/zalo/"


@pytest.fixture
def sent(city, gateways):
    """An SMS the gateway has taken, at noon of the day the clock shows."""
    noon = clock.now().replace(hour=5)
    notice = make_notice(city.river.pk, to=Recipient(name="Minh", phone="0912000048"), at=noon)
    delivery.deliver(notice.pk, way="sms", actor=system("worker"), at=noon)
    return notice.deliveries.get()


def post(address, body, headers):
    return Client().post(address, data=body, content_type="application/json", headers=dict(headers))


def told(row, outcome="delivered", *, way="sms", reference=None, at=None):
    at = at or clock.now()
    return report(way, reference or row.reference, outcome, said_at=at, at=at)


def state(row):
    row.refresh_from_db()
    return row.state


def test_a_signed_report_is_believed_once_and_by_whom_it_came_is_kept(sent):
    body, headers = told(sent)

    assert post(SMS, body, headers).json() == {"status": "taken"}
    assert state(sent) == "delivered"
    event = Event.objects.get(name="notices.delivered")
    assert (event.actor_name, event.via, event.actor_id) == ("SMS", "gateway", None)
    assert post(SMS, body, headers).json() == {"status": "nothing new"}
    assert DeliveryReport.objects.count() == 1


def test_a_failure_is_believed_too(sent):
    assert post(SMS, *told(sent, "failed")).status_code == 200
    assert (state(sent), sent.trouble) == ("failed", "not_delivered")


def refused(answer, status, why, caplog, row):
    assert (answer.status_code, answer.json()["error"]) == (status, why)
    assert state(row) == "sent"
    assert not DeliveryReport.objects.exists()
    [line] = [one.getMessage() for one in caplog.records if one.name.startswith("thongsuot.notices")]
    assert why in line
    assert not any(secret in line for secret in (row.reference, "912000048", "H98"))


def test_a_forged_report_is_refused_and_logged_without_anything_personal(sent, caplog):
    body, headers = told(sent)
    with caplog.at_level(logging.WARNING):
        refused(post(SMS, body.replace(b"delivered", b"failed"), headers), 403, "forged", caplog, sent)


@pytest.mark.parametrize("headers", [{}, {"x-signature": "sha256=00"}, {"x-timestamp": "1", "x-signature": "é"}])
def test_a_report_without_a_good_signature_is_refused(sent, headers, caplog):
    with caplog.at_level(logging.WARNING):
        refused(post(SMS, told(sent)[0], headers), 403, "forged", caplog, sent)


def test_an_old_report_sent_again_is_refused(sent, caplog):
    with caplog.at_level(logging.WARNING):
        old = clock.now() - timedelta(minutes=6)
        refused(post(SMS, *told(sent, at=old)), 403, "too old", caplog, sent)


def test_a_report_of_an_unknown_message_is_refused(sent, caplog):
    with caplog.at_level(logging.WARNING):
        refused(post(SMS, *told(sent, reference="khác")), 404, "unknown reference", caplog, sent)


def test_a_report_of_one_way_is_not_believed_of_another(sent, settings, caplog):
    with caplog.at_level(logging.WARNING):
        refused(post(ZALO, *told(sent, way="zalo")), 404, "unknown reference", caplog, sent)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"reference": 1}',
        b'{"reference": "x", "status": "delivered", "at": "hom nay"}',
        b'{"reference": "x", "status": "delivered", "at": "2025-11-17T09:00:00"}',
        b"[" * 5000,
    ],
)
def test_what_nobody_can_read_is_refused_though_it_is_signed(sent, settings, body):
    headers = signed(body, key=settings.SMS_REPORT_KEY, at=clock.now())

    assert post(SMS, body, headers).status_code == 400
    assert state(sent) == "sent"


def test_a_word_that_is_no_end_changes_nothing(sent, settings):
    body = json.dumps({"reference": sent.reference, "status": "queued", "at": clock.now().isoformat()}).encode()

    assert post(SMS, body, signed(body, key=settings.SMS_REPORT_KEY, at=clock.now())).json() == {"status": "nothing new"}
    assert state(sent) == "sent"


def test_without_a_key_of_ours_every_report_is_refused(sent, settings):
    settings.SMS_REPORT_KEY = ""
    body = told(sent)[0]

    assert post(SMS, body, signed(body, key="", at=clock.now())).status_code == 403


def test_too_long_or_by_no_such_way_or_by_another_method(sent, settings):
    assert post(SMS, b"x" * 70_000, {}).status_code == 413
    assert post("/cong-tin-nhan/smtp/", b"{}", {}).status_code == 404
    assert post("/cong-tin-nhan/bo-cau/", b"{}", {}).status_code == 404
    assert Client().get(SMS).status_code == 405
    settings.SMS_URL = ""
    assert post(SMS, *told(sent)).status_code == 404


def test_zalo_reports_by_its_own_signature(city, gateways):
    noon = clock.now().replace(hour=5)
    with_zalo(city=city.city.pk)
    notice = make_notice(city.river.pk, to=Recipient(name="Minh", phone="0912000048"), at=noon)
    delivery.deliver(notice.pk, way="zalo", actor=system("worker"), at=noon)
    row = Delivery.objects.get(notice=notice, way="zalo")
    body, headers = told(row, way="zalo")

    assert post(ZALO, body.replace(b"GL", b"XX"), headers).status_code == 403
    seen = body.replace(b"user_received_message", b"user_seen_message")
    assert post(ZALO, seen, headers).status_code == 403
    assert post(ZALO, body, headers).json() == {"status": "taken"}
    assert state(row) == "delivered"
    old = clock.now() - timedelta(hours=1)
    assert post(ZALO, *told(row, way="zalo", at=old)).status_code == 403
