"""The stand-in as a server of its own: loopback only, for trying the real HTTP client and for machines without the portal.

    thongsuot national-portal-stand-in --port 8181
    THONGSUOT_PORTAL=http://127.0.0.1:8181 thongsuot up

GET  /records     what it has, without anything personal; with /records?day=2025-07-01 the count of a day
POST /mischief    {"next": ["hang", "drop_stored"], "cut_off_seconds": 3600, "refuse": {"H26…": ["17", "…"]}}; delay_seconds;
                  or {"cut_off": ["2025-07-07T09:00:00+07:00", "2025-07-07T10:00:00+07:00"]}
"""

from __future__ import annotations

import json
import socket
import time
from contextlib import suppress
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from thongsuot.national_portal.portal import services
from thongsuot.national_portal.stand_in.core import SAYS, StandIn
from thongsuot.national_portal.stand_in.mischief import STORED

MOST_BYTES = 128 * 2**20
HANG_SECONDS = 120.0


class Server(ThreadingHTTPServer):
    """`serve_forever` until it is shut down. `hang_seconds`: how long a call hangs that is meant to."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, stand_in: StandIn, *, port: int = 0, hang_seconds: float = HANG_SECONDS) -> None:
        self.stand_in, self.hang_seconds = stand_in, hang_seconds
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "ThongSuotStandIn"
    sys_version = ""
    timeout = 60

    def do_GET(self) -> None:
        found = urlsplit(self.path)
        stand_in = self.server.stand_in
        if found.path == "/":
            counts = {**stand_in.counts(), "turned_away": stand_in.mischief.turned_away}
            self._say(200, {"message": SAYS, "counts": counts})
        elif found.path == "/records":
            day = parse_qs(found.query).get("day", [""])[0]
            if day:
                self._say(200, {"message": SAYS, **stand_in.answer("count", {"Ngay": day}, reference="")})
            else:
                self._say(200, {"message": SAYS, "counts": stand_in.counts(), "latest": stand_in.latest()})
        else:
            self._say(404, {"message": SAYS})

    def do_POST(self) -> None:
        body = self._body()
        if body is None:
            return
        path, stand_in = urlsplit(self.path).path.strip("/"), self.server.stand_in
        if path == "mischief":
            self._mischief(body)
            return
        service = next((name for name, place in services().items() if place == path and name != "$comment"), "")
        if not service:
            self._say(404, {"error_code": "404", "message": SAYS})
            return
        reference = self.headers.get("Idempotency-Key", "")[:200]
        if stand_in.mischief.delay_seconds:
            time.sleep(min(stand_in.mischief.delay_seconds, self.server.hang_seconds))
        way = stand_in.mischief.next(now=stand_in.clock(), code=reference.split("/")[0])
        if way and way not in STORED:
            self._misbehave(way)
            return
        if service == "token":
            self._say(200, stand_in.token(str(body.get("client_id", "")), str(body.get("client_secret", ""))))
            return
        if not stand_in.knows(self.headers.get("Authorization", "").removeprefix("Bearer ")):
            self._say(401, {"error_code": "401", "message": "Phiên làm việc đã hết."})
            return
        answer = stand_in.answer(service, body, reference=reference)
        if way == "double":
            answer = stand_in.answer(service, body, reference=reference)
        elif way:
            self._misbehave(way)
            return
        self._say(200, answer)

    def _body(self) -> dict[str, Any] | None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MOST_BYTES:
            self.close_connection = True
            self._say(413 if length.isdecimal() else 411, {"error_code": "413", "message": SAYS})
            return None
        try:
            found = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            self._say(400, {"error_code": "400", "message": "Nội dung không phải JSON."})
            return None
        return found

    def _mischief(self, body: dict[str, Any]) -> None:
        mischief, clock = self.server.stand_in.mischief, self.server.stand_in.clock
        try:
            mischief.plan(map(str, body.get("next", [])))
            if "cut_off_seconds" in body:
                mischief.cut_off = (clock(), clock() + timedelta(seconds=float(body["cut_off_seconds"])))
            if "cut_off" in body:
                begins, ends = (datetime.fromisoformat(one).astimezone() for one in body["cut_off"])
                mischief.cut_off = (begins, ends)
            if "refuse" in body:
                mischief.refuses = {str(code): (str(no[0]), str(no[1])) for code, no in dict(body["refuse"]).items()}
            if "delay_seconds" in body:
                mischief.delay_seconds = float(body["delay_seconds"])
        except (ValueError, TypeError, LookupError, OverflowError) as wrong:
            self._say(400, {"error_code": "400", "message": type(wrong).__name__})
            return
        self._say(200, {"error_code": "0", "message": SAYS})

    def _misbehave(self, way: str) -> None:
        self.close_connection = True
        if way == "error":
            self._say(500, {"message": SAYS})
        elif way == "garbage":
            self._send(200, b"<html>not what you expect")
        else:
            if way.startswith("hang"):
                time.sleep(self.server.hang_seconds)
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

    def _say(self, status: int, answer: dict[str, Any]) -> None:
        self._send(status, json.dumps(answer, ensure_ascii=False).encode())

    def _send(self, status: int, content: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("X-Stand-In", "national-portal")
            self.send_header("Content-Length", str(len(content)))
            if self.close_connection:
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            self.close_connection = True  # whoever asked has gone

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Nothing: addresses and bodies hold codes and people."""
