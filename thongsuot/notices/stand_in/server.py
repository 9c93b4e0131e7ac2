"""The stand-in as a server of its own: loopback only, for trying the real HTTP client and for machines without a gateway.

    thongsuot notices-stand-in --port 8182
    THONGSUOT_SMS_URL=http://127.0.0.1:8182/sms THONGSUOT_ZALO_URL=http://127.0.0.1:8182/zalo thongsuot up

POST /mischief    {"sms": ["hang_stored", "fail_later"], "zalo": ["refuse"]}: what happens to the next calls, one each
GET  /            how much it has, without anything personal

It reports what arrived to the address of THONGSUOT_URL, signed with the keys of this installation's settings.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.urls import reverse

from thongsuot.notices import rules
from thongsuot.notices.stand_in.core import SAYS, UNANSWERED, StandIn
from thongsuot.notices.stand_in.near import report
from thongsuot.notices.ways import http

MOST_BYTES = 2**20
HANG_SECONDS = 120.0
_PATHS = {"/sms": rules.SMS, "/zalo/message/template": rules.ZALO}


class Server(ThreadingHTTPServer):
    """`serve_forever` until it is shut down. `report_seconds`: how long after a message its reports go out; None: never."""

    daemon_threads = True

    def __init__(
        self,
        stand_in: StandIn,
        *,
        port: int = 0,
        hang_seconds: float = HANG_SECONDS,
        report_seconds: float | None = None,
    ) -> None:
        self.stand_in, self.hang_seconds, self.report_seconds = stand_in, hang_seconds, report_seconds
        self.spent: set[str] = set()  # renewing tokens of Zalo
        self.seen: list[Mapping[str, str]] = []  # headers of the calls, for tests
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def tell(self, way: str, reference: str) -> None:
        """Its reports of one message, to our address for them."""
        url = settings.PUBLIC_URL.rstrip("/") + reverse("notices:report", args=[way])
        for outcome, said_at in self.stand_in.outcomes(way, reference):
            body, headers = report(way, reference, outcome, said_at=said_at, at=self.stand_in.clock())
            with suppress(http.NoAnswer):
                http.post(url, body, {**http.JSON, **headers})


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "ThongSuotStandIn"
    sys_version = ""
    timeout = 60
    body = b""

    def do_GET(self) -> None:
        kept = self.server.stand_in.kept(1)
        self._say(200, {"message": SAYS, "messages": kept[0].number if kept else 0})

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MOST_BYTES:
            self.close_connection = True
            self._say(413, {"message": SAYS})
            return
        self.body = self.rfile.read(int(length))
        try:
            asked = {} if self.path == "/zalo/token" else json.loads(self.body)
        except (ValueError, RecursionError):
            asked = None
        if not isinstance(asked, dict):
            self._say(400, {"message": SAYS})
        elif self.path == "/mischief":
            self._plan(asked)
        elif self.path == "/zalo/token":
            self._renew()
        elif self.path in _PATHS:
            self._take(_PATHS[self.path], asked)
        else:
            self._say(404, {"message": SAYS})

    def _take(self, way: str, asked: dict[str, Any]) -> None:
        self.server.seen.append({name.lower(): value for name, value in self.headers.items()})
        mischief, status, answer = self.server.stand_in.ask(way, asked)
        if mischief in UNANSWERED:
            self.close_connection = True
            if mischief == "garbage":
                self._send(200, b"<html>not what you expect")
                return
            time.sleep(self.server.hang_seconds)
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._say(status, answer)
        if self.server.report_seconds is not None and status == 200:
            reference = str(asked.get("tracking_id" if way == rules.ZALO else "reference", ""))
            timer = threading.Timer(self.server.report_seconds, self.server.tell, args=[way, reference])
            timer.daemon = True
            timer.start()

    def _renew(self) -> None:
        """A renewing token is good once, and the first is any."""
        given = parse_qs(self.body.decode(errors="replace")).get("refresh_token", [""])[0]
        if not given or given in self.server.spent:
            self._say(200, {"error": -14014, "message": SAYS})
            return
        self.server.spent.add(given)
        number = len(self.server.spent)
        self._say(200, {"access_token": f"vao-{number}", "refresh_token": f"gia-han-{number}", "expires_in": "90000"})

    def _plan(self, asked: dict[str, Any]) -> None:
        try:
            for way in (rules.SMS, rules.ZALO):
                for mischief in asked.get(way, []):
                    self.server.stand_in.plan(way, mischief)
        except (ValueError, TypeError):
            self._say(400, {"message": SAYS})
            return
        self._say(200, {"message": SAYS})

    def _say(self, status: int, answer: Mapping[str, Any]) -> None:
        self._send(status, http.as_json(answer))

    def _send(self, status: int, content: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("X-Stand-In", "notices")
            self.send_header("Content-Length", str(len(content)))
            if self.close_connection:
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            self.close_connection = True  # whoever asked has gone

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Nothing: bodies hold numbers and names."""
