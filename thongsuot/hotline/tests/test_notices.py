"""What the exchange tells: proved, once, in whatever order; what is refused leaves a line in the log and nothing else."""

from __future__ import annotations

import logging
import secrets
from datetime import timedelta

import msgspec
import pytest
from django.test import Client

from thongsuot.hotline import actions, exchange
from thongsuot.hotline.actions import errors
from thongsuot.hotline.models import Call, CallBack, CallerNumber, CallNotice
from thongsuot.hotline.tests.make import EXCHANGE, MINUTE, MONDAY, NUMBER, SECOND, ended, ringing, said, talking, told
from thongsuot.kernel.models import Event
from thongsuot.kernel.tests.at_once import at_once
from thongsuot.web.signed import signature

ADDRESS = "/cong-tong-dai/gia-lap/"
RINGS = {"call": "x-1", "event": "ringing", "at": MONDAY.isoformat(), "line": "1022", "caller": "+84912000111"}


def sent(body=None, *, at=MONDAY, key=None, nonce=None, address=ADDRESS, **headers):
    body = body if isinstance(body, bytes) else msgspec.json.encode({**RINGS, **(body or {})})
    when, nonce = str(int(at.timestamp())), nonce or secrets.token_hex(10)
    signed = {
        "X-Timestamp": when,
        "X-Nonce": nonce,
        "X-Signature": signature(key or exchange.secret(), at=when, nonce=nonce, body=body),
        **headers,
    }
    return Client().post(address, body, content_type="application/json", headers=signed)


def test_a_good_one_is_kept_and_answered(office, clock):
    answer = sent()

    assert (answer.status_code, answer.json()) == (200, {"status": "taken"})
    call = Call.objects.get()
    assert (call.state, call.came_at, call.caller.number, call.withheld) == ("ringing", MONDAY, NUMBER, False)


def test_told_again_signed_anew_it_changes_nothing(office, clock):
    sent()

    assert sent().json() == {"status": "nothing new"}
    assert Call.objects.count() == 1


@pytest.mark.parametrize(
    ("what", "status", "code"),
    [
        ({"key": b"not the key"}, 403, "hotline.notice_forged"),
        ({"X-Signature": ""}, 403, "hotline.notice_forged"),
        ({"X-Signature": "ẩ"}, 403, "hotline.notice_forged"),
        ({"X-Nonce": "x" * 22}, 403, "hotline.notice_forged"),
        ({"X-Timestamp": "1"}, 403, "hotline.notice_forged"),
        ({"at": MONDAY - timedelta(minutes=6)}, 403, "hotline.notice_late"),
        ({"at": MONDAY + timedelta(minutes=6)}, 403, "hotline.notice_late"),
        ({"nonce": "short"}, 422, "hotline.notice_unreadable"),
        ({"body": b"not json"}, 422, "hotline.notice_unreadable"),
        ({"body": b"{}"}, 422, "hotline.notice_unreadable"),
        ({"body": b"[" * 5_000}, 422, "hotline.notice_unreadable"),
        ({"body": b"x" * 20_000}, 413, "hotline.notice_too_long"),
        ({"body": {"event": "danced"}}, 422, "hotline.notice_unreadable"),
        ({"body": {"at": "2025-10-06T08:00:00"}}, 422, "hotline.notice_unreadable"),
        ({"body": {"at": "2025-10-07T08:00:00+07:00"}}, 422, "hotline.notice_unreadable"),
        ({"body": {"caller": "<script>"}}, 422, "hotline.notice_unreadable"),
        ({"body": {"call": "\0"}}, 422, "hotline.notice_unreadable"),
        ({"body": {"recording": "a\nb"}}, 422, "hotline.notice_unreadable"),
        ({"body": {"duration_seconds": -1}}, 422, "hotline.notice_unreadable"),
        ({"body": {"line": "9999"}}, 404, "hotline.unknown_line"),
    ],
)
def test_what_is_refused_leaves_a_line_and_nothing_else(office, clock, caplog, what, status, code):
    with caplog.at_level(logging.WARNING):
        answer = sent(**what)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Call.objects.exists()
    assert not Event.objects.filter(name__startswith="hotline.call").exists()
    assert NUMBER not in caplog.text
    assert "84912000111" not in caplog.text


def test_the_same_notice_kept_by_somebody_is_not_believed_twice(office, clock):
    sent(nonce="n" * 20)

    answer = sent(nonce="n" * 20)

    assert (answer.status_code, answer.json()["code"]) == (409, "hotline.notice_replayed")
    assert CallNotice.objects.count() == 1


@pytest.mark.parametrize("name", ["1022", "khac", "GIA-LAP"])
def test_an_exchange_that_is_not_connected_is_nobody(office, clock, name):
    assert sent(address=f"/cong-tong-dai/{name}/").status_code == 404
    assert not Call.objects.exists()


def test_no_exchange_at_all(office, clock, settings):
    settings.EXCHANGE = ""

    assert sent().status_code == 404


def test_without_a_key_nobody_is_believed(office, clock, settings):
    settings.EXCHANGE, settings.EXCHANGE_SECRET = "https://tong-dai.example.vn", ""

    answer = sent(key=b"anything", address="/cong-tong-dai/1022/")

    assert answer.json()["code"] == "hotline.notice_forged"


def test_an_ordinary_call_from_ring_to_recording(office):
    office.sits()
    call = talking(office)

    assert (call.state, call.operator_name, call.answered_at) == ("talking", "Trần Thị Lan", MONDAY + 10 * SECOND)
    assert call.classify_by == MONDAY + 10 * SECOND + 5 * MINUTE
    assert told("held", call.exchange_id, MONDAY + 20 * SECOND).state == "held"
    assert told("answered", call.exchange_id, MONDAY + 30 * SECOND, extension="101").state == "talking"
    call = ended(call, MONDAY + MINUTE, duration_seconds=50)
    assert (call.state, call.told_seconds, call.ended_at) == ("after", 50, MONDAY + MINUTE)
    assert told("recorded", call.exchange_id, MONDAY + 2 * MINUTE, recording="r/1.wav").recording == "r/1.wav"


def test_withheld_numbers_are_normal(office):
    call = ringing(caller="")

    assert call.withheld
    assert not CallerNumber.objects.exists()
    assert ended(call, MONDAY + MINUTE).outcome == "abandoned"
    assert not CallBack.objects.exists()


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
def test_in_whatever_order_the_call_ends_alike(office, order):
    office.sits()
    now = MONDAY + 2 * MINUTE
    words = [
        said("ringing", "x", MONDAY, caller=NUMBER),
        said("answered", "x", MONDAY + 10 * SECOND, extension="101"),
        said("ended", "x", MONDAY + MINUTE),
    ]
    for place in order:
        actions.take_notice("gia-lap", words[place], actor=EXCHANGE, at=now)

    call = Call.objects.get()
    assert (call.state, call.outcome, call.came_at, call.operator_name) == ("after", "", MONDAY, "Trần Thị Lan")
    assert (call.answered_at, call.ended_at) == (MONDAY + 10 * SECOND, MONDAY + MINUTE)
    assert call.caller.number == NUMBER
    assert not CallBack.objects.filter(ended_at=None).exists()


def test_a_word_that_is_older_moves_nothing_back(office):
    office.sits()
    call = talking(office)
    ended(call, MONDAY + MINUTE)

    call = told("held", call.exchange_id, MONDAY + 20 * SECOND, came_at=MONDAY + 2 * MINUTE)

    assert call.state == "after"
    assert not CallNotice.objects.latest("pk").changed


def test_answered_at_a_telephone_nobody_sits_at_waits_for_whoever_takes_it(office, lan):
    office.sits(extension="102")
    call = talking(office)
    assert call.operator is None

    assert actions.pick_call(call.pk, actor=lan, at=MONDAY + MINUTE).operator_name == "Trần Thị Lan"


def test_dropped_is_called_back_once_and_not_when_they_rang_again(office):
    office.sits()
    ended(ringing(), MONDAY + 20 * SECOND)
    ended(ringing(MONDAY + MINUTE), MONDAY + 2 * MINUTE)
    (back,) = CallBack.objects.all()
    assert (back.reason, back.state, back.due_at) == ("dropped", "waiting", MONDAY + 20 * SECOND + 30 * MINUTE)

    talking(office, MONDAY + 3 * MINUTE)

    back.refresh_from_db()
    assert back.state == "rang_again"


def test_transferred_by_the_keys_of_a_telephone(office):
    office.sits()
    call = talking(office)

    call = told("transferred", call.exchange_id, MONDAY + MINUTE, to="115")

    assert (call.outcome, call.state) == ("transferred", "talking")
    assert ended(call, MONDAY + 2 * MINUTE).state == "done"


def test_events_hold_no_number(office):
    office.sits()
    ended(talking(office), MONDAY + MINUTE)

    assert not [one for one in Event.objects.filter(name__startswith="hotline.") if NUMBER in str(one.facts)]


def test_an_unknown_line_is_no_call(office):
    with pytest.raises(errors.UnknownLine):
        actions.take_notice(
            "gia-lap", msgspec.structs.replace(said("ringing", "x", MONDAY), line="1"), actor=EXCHANGE, at=MONDAY
        )
    assert not Call.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_notices_of_a_new_call_at_once_speak_of_one(office):
    words = [said("ringing", "x", MONDAY, caller=NUMBER), said("ringing", "x", MONDAY, caller=NUMBER)]

    faults = at_once(*(lambda one=one: actions.take_notice("gia-lap", one, actor=EXCHANGE, at=MONDAY) for one in words))

    assert faults == []
    assert (Call.objects.count(), CallNotice.objects.count(), CallerNumber.objects.count()) == (1, 2, 1)
