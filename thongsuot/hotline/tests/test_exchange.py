"""The exchange over HTTP: one that listens, checks each signature, knows ranges or not, and may break off."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import pytest

from thongsuot.hotline import asking
from thongsuot.hotline.exchange.http import HttpExchange
from thongsuot.hotline.exchange.protocol import Gone, Refused, Sound, Unreachable
from thongsuot.hotline.stand_in import StandIn
from thongsuot.web.signed import signature

KEY = b"shared by both"


class Listening(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        self.core, self.way, self.asked = StandIn(), "", []
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: Listening

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.removeprefix("/api/")
        self.server.asked.append((self.command, path))
        signed = signature(
            KEY, at=self.headers["X-Timestamp"], nonce=self.headers["X-Nonce"], body=f"{self.command} {path}\n".encode() + body
        )
        if signed != self.headers["X-Signature"] or abs(time.time() - int(self.headers["X-Timestamp"])) > 300:
            return self._say(401, b"{}")
        if self.server.way == "drop":
            self.close_connection = True
            return None
        if self.server.way in {"garbage", "error"}:
            return self._say(200 if self.server.way == "garbage" else 500, b"what is this")
        try:
            return self._serve(path, body)
        except Refused:
            return self._say(404, b"{}")

    def _serve(self, path: str, body: bytes) -> None:
        core, parts = self.server.core, path.split("/")
        if path.startswith("recordings/") and self.command == "DELETE":
            core.forget_recording(path)
            return self._say(204, b"")
        if path.startswith("recordings/"):
            whole = core.recording(path, first=0, at_most=10**6).content  # the stand-in's are shorter
            if self.server.way == "no ranges":
                return self._say(200, whole)
            first, last = (int(part) for part in self.headers["Range"].removeprefix("bytes=").split("-"))
            piece = whole[first : last + 1]
            if not piece:
                return self._say(416, b"")
            return self._say(206, piece, **{"Content-Range": f"bytes {first}-{first + len(piece) - 1}/{len(whole)}"})
        if parts[-1] == "transfer":
            core.transfer(parts[1], msgspec.json.decode(body)["to"], inside=True)
            return self._say(200, b"{}")
        known = core.standing(parts[1])
        return self._say(404, b"{}") if known.state == "unknown" else self._say(200, msgspec.json.encode(known))

    do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - the library's names

    def _say(self, status: int, content: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def listening():
    server = Listening()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def behind(listening):
    return HttpExchange(f"http://127.0.0.1:{listening.server_address[1]}/api/", client_id="thong-suot", key=KEY, timeout=5)


def recorded(listening) -> str:
    kept, _notice = listening.core.ring("1022", "0912000111")
    listening.core.answer(kept.call_id, "101")
    return str(listening.core.hang_up(kept.call_id).recording)


def test_transfers_and_says_how_a_call_stands(listening, behind):
    kept, _notice = listening.core.ring("1022", "0912000111")
    assert behind.standing(kept.call_id).state == "ringing"

    behind.transfer(kept.call_id, "101")

    assert (behind.standing(kept.call_id).state, behind.standing(kept.call_id).extension) == ("talking", "101")
    assert behind.standing("another").state == "unknown"
    with pytest.raises(Refused):
        behind.transfer("another", "101")


@pytest.mark.parametrize("way", ["", "no ranges"])
def test_a_recording_comes_piece_by_piece_and_is_deleted(listening, behind, way):
    reference, listening.way = recorded(listening), way

    first = behind.recording(reference, first=0, at_most=1000, whole=1_000_000)
    rest = behind.recording(reference, first=1000, at_most=1_000_000, whole=1_000_000)

    assert first.content[:1000] + rest.content == listening.core.recording(reference, first=0, at_most=10**6).content
    assert first.content[:4] == b"RIFF"
    behind.forget_recording(reference)
    behind.forget_recording(reference)
    listening.way = ""
    with pytest.raises(Refused):
        behind.recording(reference, first=0, at_most=1000)


@pytest.mark.parametrize(
    "reference",
    [
        "http://169.254.169.254/latest/",
        "https://127.0.0.1/api/recordings/x",
        "//evil.example/x",
        "../../etc/passwd",
        "/other/x",
        "file:///etc/passwd",
    ],
)
def test_recordings_are_fetched_from_its_own_address_alone(listening, behind, reference):
    with pytest.raises(Refused):
        behind.recording(reference, first=0, at_most=1000)
    assert listening.asked == []


def test_without_ranges_more_comes_than_the_product_asks_for_at_once_and_no_more_than_is_set(listening, behind, monkeypatch):
    reference, listening.way = recorded(listening), "no ranges"
    content = bytes(range(256)) * (2 * asking.A_PIECE // 256)
    monkeypatch.setattr(
        listening.core, "recording", lambda _reference, *, first, at_most: Sound(content=content, first=0, total=len(content))
    )

    for first in (0, asking.A_PIECE):
        sound = behind.recording(reference, first=first, at_most=asking.A_PIECE, whole=len(content))
        assert (sound.content, sound.total) == (content[first:], len(content))
    cut = behind.recording(reference, first=0, at_most=asking.A_PIECE, whole=len(content) - 1)
    assert (cut.content, cut.total) == (b"", len(content))
    assert behind.recording(reference, first=0, at_most=1).total > 0, "it is still there"


def test_without_ranges_one_that_breaks_off_is_not_taken_for_whole(listening, behind, monkeypatch):
    def broken(handler, *_said):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"x" * 10)
        handler.close_connection = True

    reference = recorded(listening)
    monkeypatch.setattr(_Handler, "_serve", broken)
    with pytest.raises(Unreachable):
        behind.recording(reference, first=0, at_most=100, whole=10**6)


def test_no_more_is_read_of_a_part_than_was_asked_for(listening, behind, monkeypatch):
    reference = recorded(listening)
    monkeypatch.setattr(
        _Handler, "_serve", lambda handler, *_said: handler._say(206, b"x" * 101, **{"Content-Range": "bytes 0-99/101"})
    )
    with pytest.raises(Unreachable):
        behind.recording(reference, first=0, at_most=100, whole=10**6)


@pytest.mark.parametrize("way", ["drop", "garbage", "error"])
def test_an_answer_that_cannot_be_relied_on_is_none(listening, behind, way):
    listening.way = way

    with pytest.raises(Unreachable):
        behind.standing("x")
    if way != "garbage":
        with pytest.raises(Unreachable):
            behind.transfer("x", "101")


@pytest.mark.parametrize("status", [404, 410])
def test_one_that_is_gone_is_gone_and_one_it_may_not_delete_is_refused(listening, behind, monkeypatch, status):
    reference = recorded(listening)
    monkeypatch.setattr(_Handler, "_serve", lambda handler, *_said: handler._say(status, b""))
    behind.forget_recording(reference)
    with pytest.raises(Gone):
        behind.recording(reference, first=0, at_most=1)
    for no in (403, 405, 409, 501):
        monkeypatch.setattr(_Handler, "_serve", lambda handler, *_said, no=no: handler._say(no, b""))
        with pytest.raises(Refused):
            behind.forget_recording(reference)
        with pytest.raises(Refused) as said:
            behind.recording(reference, first=0, at_most=1)
        assert not isinstance(said.value, Gone), "whether it is there nobody said"


def test_with_another_key_it_is_nobody(listening):
    other = HttpExchange(f"http://127.0.0.1:{listening.server_address[1]}/api", client_id="x", key=b"other", timeout=5)
    with pytest.raises(Unreachable):
        other.standing("x")


def test_nobody_there_and_no_address():
    with pytest.raises(Unreachable):
        HttpExchange("http://127.0.0.1:9/", client_id="x", key=KEY, timeout=1).standing("x")
    with pytest.raises(ValueError, match="THONGSUOT_EXCHANGE"):
        HttpExchange("tong-dai", client_id="x", key=KEY)
