"""SMS and Zalo over HTTP, by the adapters that talk to real partners: their answers, their keys, Zalo's token."""

import json
from contextlib import closing
from datetime import timedelta
from http.client import HTTPConnection

import pytest

from thongsuot.notices import tasks
from thongsuot.notices.models import ZaloToken
from thongsuot.notices.tests.make import MONDAY, make_notice
from thongsuot.notices.tests.ways import BY_PHONE, send, states, with_zalo


def test_over_http_by_bearer_and_by_hmac(city, gateway_server, settings):
    first, second = make_notice(city.river.pk, to=BY_PHONE), make_notice(city.river.pk, to=BY_PHONE)
    send(first, "sms")
    settings.SMS_AUTH = "hmac"
    send(second, "sms")

    bearer, signed = gateway_server.seen
    assert (states(first), states(second)) == ({"sms": "sent"}, {"sms": "sent"})
    assert bearer["authorization"] == "Bearer khoa"
    assert bearer["idempotency-key"] == first.deliveries.get().reference
    assert signed["x-signature"].startswith("sha256=")
    assert "authorization" not in signed


def test_over_http_zalo_gets_its_token(city, gateway_server):
    with_zalo(city=city.city.pk)
    notice = make_notice(city.river.pk, to=BY_PHONE)

    send(notice, "zalo")

    assert states(notice)["zalo"] == "sent"
    assert gateway_server.seen[0]["access_token"] == "the-vao"
    assert notice.deliveries.get(way="zalo").gateway_id == "GL1"


@pytest.mark.parametrize("mischief", ["error", "limit", "hang", "hang_stored", "garbage"])
def test_over_http_every_silence_is_later(city, gateway_server, mischief):
    notice = make_notice(city.river.pk, to=BY_PHONE)
    gateway_server.stand_in.plan("sms", mischief)

    send(notice, "sms")
    assert notice.deliveries.get().trouble == "gateway"
    send(notice, "sms", at=MONDAY + timedelta(minutes=1))

    assert states(notice) == {"sms": "sent"}
    assert len(gateway_server.stand_in.kept()) == 1


def test_over_http_nobody_at_the_port_is_later_too(city, gateway_server, settings):
    notice = make_notice(city.river.pk, to=BY_PHONE)
    settings.SMS_URL = "http://127.0.0.1:9/sms"

    send(notice, "sms")

    assert (states(notice), notice.deliveries.get().trouble) == ({"sms": "queued"}, "gateway")


@pytest.mark.parametrize(
    ("answer", "trouble", "for_good"),
    [
        ((401, {}), "refused_us", False),
        ((422, {"error": "number"}), "refused_number", True),
        ((422, {"error": "text"}), "refused_words", True),
        ((400, {"error": "sender"}), "refused_us", False),
        ((302, {}), "gateway", False),
        ((503, {}), "gateway", False),
        ((200, {"status": "?"}), "gateway", False),
    ],
)
def test_what_an_answer_of_the_sms_gateway_means(answer, trouble, for_good):
    from thongsuot.notices.ways import NotTaken
    from thongsuot.notices.ways.sms import understood

    with pytest.raises(NotTaken) as refused:
        understood(*answer)
    assert (refused.value.trouble, refused.value.for_good) == (trouble, for_good)


@pytest.mark.parametrize(
    ("code", "trouble", "for_good"),
    [(-118, "refused_number", True), (-131, "refused_words", True), (-124, "refused_us", False), (-999, "gateway", False)],
)
def test_what_an_answer_of_zalo_means(code, trouble, for_good):
    from thongsuot.notices.ways import NotTaken
    from thongsuot.notices.ways.zalo import understood

    with pytest.raises(NotTaken) as refused:
        understood(200, {"error": code})
    assert (refused.value.trouble, refused.value.for_good) == (trouble, for_good)


def test_what_the_stand_in_is_asked_over_http_it_says_it_is_one(gateway_server):
    with closing(HTTPConnection(gateway_server.address.removeprefix("http://"), timeout=5)) as connection:
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert answer.headers["X-Stand-In"] == "notices"
        assert "giả lập" in json.loads(answer.read())["message"]


@pytest.fixture
def renewing(gateway_server, settings):
    settings.ZALO_RENEWING_URL, settings.ZALO_RENEWING_TOKEN = f"{gateway_server.address}/zalo/token", "lần đầu"
    settings.ZALO_APP_SECRET, settings.ZALO_TOKEN = "khoa-ung-dung", ""
    return gateway_server


def test_zalos_token_is_renewed_in_time_kept_encrypted_and_used(city, renewing, settings):
    tasks.renew_zalo_token(0)
    tasks.renew_zalo_token(0)

    row = ZaloToken.objects.get()
    assert renewing.spent == {"lần đầu"}
    assert "vao-1" not in row.access
    assert "gia-han-1" not in row.renewing
    with_zalo(city=city.city.pk)
    send(make_notice(city.river.pk, to=BY_PHONE), "zalo")
    assert renewing.seen[0]["access_token"] == "vao-1"

    ZaloToken.objects.update(ends_at=row.renewed_at + timedelta(hours=1))
    tasks.renew_zalo_token(0)
    assert renewing.spent == {"lần đầu", "gia-han-1"}
    settings.ZALO_RENEWING_TOKEN = "lấy lại"
    tasks.renew_zalo_token(0)
    assert "lấy lại" in renewing.spent
    assert ZaloToken.objects.count() == 1


def test_a_token_that_is_not_renewed_is_an_error_in_the_log_without_the_token(city, renewing, caplog):
    renewing.spent.add("lần đầu")

    tasks.renew_zalo_token(0)

    assert not ZaloToken.objects.exists()
    assert "was not renewed" in caplog.text
    assert "lần đầu" not in caplog.text


def test_without_a_renewing_token_nothing_is_asked(city, gateway_server):
    tasks.renew_zalo_token(0)
    assert gateway_server.spent == set()
