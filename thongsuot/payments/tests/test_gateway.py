"""The gateway over HTTP: a bank that listens, checks each signature, and may break off."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import pytest

from thongsuot.payments.gateway import Order, Refused, Unreachable, signature
from thongsuot.payments.http_gateway import HttpGateway
from thongsuot.payments.stand_in import Bank

KEY = b"shared by both"
NOW = datetime(2025, 10, 6, 8, tzinfo=UTC)
ORDER = Order(
    reference="TS234567M",
    merchant="SONG",
    amount_dong=50_000,
    purpose="TS234567M 1",
    back_url="https://thanhpho.example.vn/thanh-toan/x/",
    expires_at=NOW,
)


class Listening(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        self.bank, self.way, self.refused = Bank(clock=lambda: NOW), "", 0
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: Listening

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.removeprefix("/api/")
        signed = signature(
            KEY,
            at=self.headers["X-Timestamp"],
            nonce=self.headers["X-Nonce"],
            body=f"{self.command} {path}\n".encode() + body,
        )
        if signed != self.headers["X-Signature"] or abs(time.time() - int(self.headers["X-Timestamp"])) > 300:
            self.server.refused += 1
            self._say(401, {"why": "signature"})
            return
        if self.server.way == "drop":
            self.close_connection = True
            return
        if self.server.way == "garbage":
            self._say(200, "what is this")
            return
        if self.server.way == "error":
            self._say(500, {"why": "down"})
            return
        try:
            self._say(200, self._asked(path.split("/"), body))
        except Refused as no:
            self._say(409, {"why": no.why})

    do_GET = do_POST = _answer  # noqa: N815 - the library's names

    def _asked(self, path: list[str], body: bytes) -> object:
        bank = self.server.bank
        match (self.command, path):
            case "POST", ["orders", reference]:
                bank.take_order(msgspec.json.decode(body, type=Order))
                return {"pay_url": f"https://bank.example.vn/{reference}"}
            case "GET", ["orders", reference]:
                return bank.standing(reference)
            case "POST", ["orders", reference, "cancel"]:
                return bank.cancel(reference)
            case "POST", ["refunds", reference]:
                return bank.refund(reference, **msgspec.json.decode(body))
            case "GET", ["days", day]:
                return bank.day(datetime.fromisoformat(day).date())
        raise Refused("unknown")

    def _say(self, status: int, answer: object) -> None:
        content = msgspec.json.encode(answer)
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def server():
    listening = Listening()
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield listening
    listening.shutdown()
    listening.server_close()
    thread.join(10)


def gateway_to(server: Listening, key: bytes = KEY) -> HttpGateway:
    return HttpGateway(f"http://127.0.0.1:{server.server_address[1]}/api/", client_id="city", key=key, timeout=5)


def test_an_order_from_its_beginning_to_the_money_back(server):
    ours = gateway_to(server)

    assert ours.standing(ORDER.reference).state == "unknown"
    assert ours.begin(ORDER) == ours.begin(ORDER) == "https://bank.example.vn/TS234567M"
    assert ours.standing(ORDER.reference).state == "waiting"
    paid = server.bank.pay(ORDER.reference)
    found = ours.standing(ORDER.reference)
    assert (found.state, found.transaction_id, found.amount_dong, found.at) == ("paid", paid.transaction_id, 50_000, NOW)
    assert ours.cancel(ORDER.reference) == found
    back = ours.refund("TSREFUND2", transaction_id=paid.transaction_id, amount_dong=20_000)
    assert back == ours.refund("TSREFUND2", transaction_id=paid.transaction_id, amount_dong=20_000)
    assert [row.amount_dong for row in ours.day(NOW.date())] == [50_000, -20_000]


def test_a_plain_no_says_why(server):
    ours = gateway_to(server)
    ours.begin(ORDER)
    with pytest.raises(Refused, match="Mã giao dịch đã dùng cho một khoản khác"):
        ours.begin(msgspec.structs.replace(ORDER, amount_dong=1))


@pytest.mark.parametrize("way", ["drop", "garbage", "error"])
def test_whatever_cannot_be_relied_on_may_be_asked_again(server, way):
    ours, server.way = gateway_to(server), way
    with pytest.raises(Unreachable):
        ours.begin(ORDER)

    server.way = ""
    assert ours.begin(ORDER)


def test_another_key_opens_nothing(server):
    with pytest.raises(Unreachable):
        gateway_to(server, b"another").begin(ORDER)
    assert server.refused == 1
    assert server.bank.bill(ORDER.reference) is None


def test_nobody_there_is_unreachable_and_a_wrong_address_is_told_at_the_start(server):
    ours = gateway_to(server)
    server.server_close()
    with pytest.raises(Unreachable):
        ours.standing(ORDER.reference)
    with pytest.raises(ValueError, match="THONGSUOT_PAYMENTS"):
        HttpGateway("ftp://bank", client_id="", key=KEY)
