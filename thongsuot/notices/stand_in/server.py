"""The stand-in as a server of its own: loopback only, for trying the real HTTP client and for machines without a gateway.

    thongsuot notices-stand-in --port 8182
    THONGSUOT_SMS_URL=http://127.0.0.1:8182/sms THONGSUOT_ZALO_URL=http://127.0.0.1:8182/zalo thongsuot up

POST /mischief    {"sms": ["hang_stored", "fail_later"], "zalo": ["refuse"]}: what happens to the next calls, one each
GET  /            how much it has, without anything personal

It reports what arrived to the address of THONGSUOT_URL, signed with the keys of this installation's settings.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.urls import reverse

from thongsuot.notices import rules
from thongsuot.notices.stand_in.core import SAYS, UNANSWERED, StandIn
from thongsuot.notices.stand_in.near import report
from thongsuot.notices.ways import http
from thongsuot.web import stand_in_server
from thongsuot.web.stand_in_server import HANG_SECONDS, object_in

MOST_BYTES = 2**20
_PATHS = {"/sms": rules.SMS, "/zalo/message/template": rules.ZALO}


class Server(stand_in_server.Server):
    """`report_seconds`: how long after a message its reports go out; None: never."""

    def __init__(
        self,
        stand_in: StandIn,
        *,
        port: int = 0,
        hang_seconds: float = HANG_SECONDS,
        report_seconds: float | None = None,
    ) -> None:
        self.stand_in, self.report_seconds = stand_in, report_seconds
        self.spent: set[str] = set()  # renewing tokens of Zalo
        self.seen: list[Mapping[str, str]] = []  # headers of the calls, for tests
        super().__init__(_Handler, port=port, hang_seconds=hang_seconds)

    def tell(self, way: str, reference: str) -> None:
        """Its reports of one message, to our address for them."""
        url = settings.PUBLIC_URL.rstrip("/") + reverse("notices:report", args=[way])
        for outcome, said_at in self.stand_in.outcomes(way, reference):
            body, headers = report(way, reference, outcome, said_at=said_at, at=self.stand_in.clock())
            with suppress(http.NoAnswer):
                http.post(url, body, {**http.JSON, **headers})


class _Handler(stand_in_server.Handler):
    plays = "notices"
    server: Server

    def do_GET(self) -> None:  # noqa: N802 - the library's name
        kept = self.server.stand_in.kept(1)
        self.say(200, {"message": SAYS, "messages": kept[0].number if kept else 0})

    def do_POST(self) -> None:  # noqa: N802 - the library's name
        body = self.body(MOST_BYTES)
        if body is None:
            self.say(413, {"message": SAYS})
        elif self.path == "/zalo/token":
            self._renew(body)
        elif (asked := object_in(body)) is None:
            self.say(400, {"message": SAYS})
        elif self.path == "/mischief":
            self._plan(asked)
        elif self.path in _PATHS:
            self._take(_PATHS[self.path], asked)
        else:
            self.say(404, {"message": SAYS})

    def _take(self, way: str, asked: dict[str, Any]) -> None:
        self.server.seen.append({name.lower(): value for name, value in self.headers.items()})
        mischief, status, answer = self.server.stand_in.ask(way, asked)
        if mischief == "garbage":
            self.send_garbage()
            return
        if mischief in UNANSWERED:
            self.hang_up(after_hanging=True)
            return
        self.say(status, answer)
        if self.server.report_seconds is not None and status == 200:
            reference = str(asked.get("tracking_id" if way == rules.ZALO else "reference", ""))
            timer = threading.Timer(self.server.report_seconds, self.server.tell, args=[way, reference])
            timer.daemon = True
            timer.start()

    def _renew(self, body: bytes) -> None:
        """A renewing token is good once, and the first is any."""
        given = parse_qs(body.decode(errors="replace")).get("refresh_token", [""])[0]
        if not given or given in self.server.spent:
            self.say(200, {"error": -14014, "message": SAYS})
            return
        self.server.spent.add(given)
        number = len(self.server.spent)
        self.say(200, {"access_token": f"vao-{number}", "refresh_token": f"gia-han-{number}", "expires_in": "90000"})

    def _plan(self, asked: dict[str, Any]) -> None:
        try:
            for way in (rules.SMS, rules.ZALO):
                for mischief in asked.get(way, []):
                    self.server.stand_in.plan(way, mischief)
        except (ValueError, TypeError):
            self.say(400, {"message": SAYS})
            return
        self.say(200, {"message": SAYS})
