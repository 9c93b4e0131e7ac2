"""The real HTTP client against the stand-in's own server on loopback, both as they run; and a server that is not the portal."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import date

import pytest

from thongsuot.dossiers.tests.make import MONDAY, receive, resolve
from thongsuot.national_portal.collecting import collect
from thongsuot.national_portal.http_portal import HttpPortal
from thongsuot.national_portal.models import Lane
from thongsuot.national_portal.portal import Refused, Unreachable
from thongsuot.national_portal.sending import send_batch
from thongsuot.national_portal.stand_in import StandIn
from thongsuot.national_portal.stand_in.server import Server


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server(StandIn(), hang_seconds=1.0)
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def client(server: Server, **changes) -> HttpPortal:
    return HttpPortal(server.address, **{"client_id": "tp", "secret": "bí mật", "timeout": 0.4, **changes})


def test_a_whole_batch_goes_over_the_wire(wire, server):
    for _number in range(5):
        receive(wire.town)
    done = resolve(wire.town, receive(wire.town), at=MONDAY)
    collect(at=MONDAY)

    made = send_batch(client(server), at=MONDAY)

    assert made.accepted == 5 + 7
    assert server.stand_in.counts()["files"] == 1
    assert server.stand_in.record(done.code)["DanhSachGiayToKetQua"][0]["GiayToId"]
    assert not Lane.objects.exclude(state="idle").exists()


@pytest.mark.parametrize(
    ("way", "fault"),
    [
        ("error", "server"),
        ("hang", "timeout"),
        ("hang_stored", "timeout"),
        ("drop", "dropped"),
        ("drop_stored", "dropped"),
        ("garbage", "unreadable"),
    ],
)
def test_each_way_to_fail_is_seen_as_what_it_is(server, way, fault):
    portal = client(server)
    portal.token()
    server.stand_in.mischief.plan([way, way])  # a dropped one is asked once more at once: the connection might have been stale

    with pytest.raises(Unreachable) as trouble:
        portal.count(day=date(2025, 7, 1), unit="")

    assert trouble.value.fault == fault
    server.stand_in.mischief.script.clear()
    assert portal.count(day=date(2025, 7, 1), unit="") == []


def test_a_session_that_is_over_is_renewed_once(server):
    portal = client(server)
    first = portal.token()
    server.stand_in.end_sessions()

    assert portal.count(day=date(2025, 7, 1), unit="") == []
    assert portal.token() != first


def test_a_connection_that_lay_idle_too_long_is_no_fault(server):
    portal = client(server)
    portal.token()
    server.stand_in.mischief.plan(["drop"])

    assert portal.count(day=date(2025, 7, 1), unit="") == []


def test_nobody_there_is_a_fault_and_no_crash(server):
    portal = HttpPortal("http://127.0.0.1:9", client_id="x", secret="y", timeout=0.2)

    with pytest.raises(Unreachable) as trouble:
        portal.token()
    assert trouble.value.fault in {"connection", "timeout"}


def test_next_values_and_files(server):
    portal = client(server)

    assert [portal.next_value(unit="H26.107", day=date(2025, 7, 1)) for _n in range(3)] == [1, 2, 3]
    first = portal.upload(name="kq.pdf", content=b"%PDF", reference="a/1")
    assert portal.upload(name="kq.pdf", content=b"%PDF", reference="a/1") == first
    with pytest.raises(Refused):
        portal.create({"MaHoSo": "x"}, reference="x/1/create")


@pytest.mark.parametrize("expires_in", [None, "soon", -1, "600", True])
def test_a_session_whose_length_cannot_be_read_is_a_session(server, monkeypatch, expires_in):
    portal, real = client(server), server.stand_in.token
    monkeypatch.setattr(server.stand_in, "token", lambda *who: {**real(*who), "expires_in": expires_in})

    assert portal.count(day=date(2025, 7, 1), unit="") == []


def test_numbers_where_texts_were_agreed_are_read_all_the_same(server, monkeypatch):
    portal, said = client(server), {"error_code": 0, "message": None, "id": 17, "data": [{"MaHoSo": "H1", "TrangThaiHoSo": 9}]}
    monkeypatch.setattr(server.stand_in, "answer", lambda *_a, **_k: said)

    assert portal.create({}, reference="x/1/create").id == "17"
    assert portal.count(day=date(2025, 7, 1), unit="")[0].TrangThaiHoSo == "9"
    said["error_code"] = 17
    with pytest.raises(Refused):
        portal.create({}, reference="x/1/create")
    for data in (None, [None], [{}], "x"):
        said.update(error_code=0, data=data)
        with pytest.raises(Unreachable):
            portal.count(day=date(2025, 7, 1), unit="")


def ask(server: Server, method: str, path: str, body: bytes = b"", headers=()) -> tuple[int, dict]:
    with closing(http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=5)) as connection:
        connection.request(method, path, body=body, headers=dict(headers))
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


def test_the_stand_in_says_what_it_is_and_shows_nobody(wire, server):
    receive(wire.town)
    collect(at=MONDAY)
    send_batch(client(server), at=MONDAY)

    status, found = ask(server, "GET", "/records")

    assert status == 200
    assert "giả lập" in found["message"]
    assert found["counts"]["dossiers"] == len(found["latest"]) == 1
    assert "Minh" not in json.dumps(found, ensure_ascii=False)
    assert ask(server, "GET", "/records?day=2025-10-06")[1]["data"][0]["TrangThaiHoSo"] == "2"
    assert ask(server, "GET", "/")[0] == 200


@pytest.mark.parametrize("body", [b"", b"[]", b"nothing", b"\xff\xfe", b"[" * 50_000])
def test_the_stand_in_bears_bad_input(server, body):
    assert ask(server, "POST", "/token", body)[0] == 400
    assert ask(server, "POST", "/nowhere", b"{}")[0] == 404
    assert ask(server, "POST", "/mischief", b'{"next": ["explode"]}')[0] == 400
    assert ask(server, "POST", "/ho-so/dong-bo", b"{}")[0] == 401
    assert ask(server, "GET", "/elsewhere")[0] == 404


def test_the_stand_in_can_be_told_to_misbehave_over_the_wire(server):
    assert ask(server, "POST", "/mischief", b'{"next": ["error"], "delay_seconds": 0}')[0] == 200

    assert ask(server, "POST", "/token", b"{}")[0] == 500
    assert ask(server, "POST", "/token", b"{}")[0] == 200
