"""The stand-in as a server of its own: loopback only, for trying the real HTTP client and for machines without the portal.

    thongsuot national-portal-stand-in --port 8181
    THONGSUOT_PORTAL=http://127.0.0.1:8181 thongsuot up

GET  /records     what it has, without anything personal; with /records?day=2025-07-01 the count of a day
POST /mischief    {"next": ["hang", "drop_stored"], "cut_off_seconds": 3600, "refuse": {"H26…": ["17", "…"]}}; delay_seconds;
                  or {"cut_off": ["2025-07-07T09:00:00+07:00", "2025-07-07T10:00:00+07:00"]}
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from thongsuot.national_portal.portal import services
from thongsuot.national_portal.stand_in.core import SAYS, StandIn
from thongsuot.national_portal.stand_in.mischief import STORED
from thongsuot.web import stand_in_server
from thongsuot.web.stand_in_server import HANG_SECONDS, object_in

MOST_BYTES = 128 * 2**20


class Server(stand_in_server.Server):
    def __init__(self, stand_in: StandIn, *, port: int = 0, hang_seconds: float = HANG_SECONDS) -> None:
        self.stand_in = stand_in
        super().__init__(_Handler, port=port, hang_seconds=hang_seconds)


class _Handler(stand_in_server.Handler):
    plays = "national-portal"
    server: Server

    def do_GET(self) -> None:  # noqa: N802 - the library's name
        found = urlsplit(self.path)
        stand_in = self.server.stand_in
        if found.path == "/":
            counts = {**stand_in.counts(), "turned_away": stand_in.mischief.turned_away}
            self.say(200, {"message": SAYS, "counts": counts})
        elif found.path == "/records":
            day = parse_qs(found.query).get("day", [""])[0]
            if day:
                self.say(200, {"message": SAYS, **stand_in.answer("count", {"Ngay": day}, reference="")})
            else:
                self.say(200, {"message": SAYS, "counts": stand_in.counts(), "latest": stand_in.latest()})
        else:
            self.say(404, {"message": SAYS})

    def do_POST(self) -> None:  # noqa: N802 - the library's name
        content = self.body(MOST_BYTES)
        if content is None:
            self.say(413 if self.headers.get("Content-Length", "").isdecimal() else 411, {"error_code": "413", "message": SAYS})
            return
        body = object_in(content)
        if body is None:
            self.say(400, {"error_code": "400", "message": "Nội dung không phải JSON."})
            return
        path, stand_in = urlsplit(self.path).path.strip("/"), self.server.stand_in
        if path == "mischief":
            self._mischief(body)
            return
        service = next((name for name, place in services().items() if place == path and name != "$comment"), "")
        if not service:
            self.say(404, {"error_code": "404", "message": SAYS})
            return
        reference = self.headers.get("Idempotency-Key", "")[:200]
        if stand_in.mischief.delay_seconds:
            time.sleep(min(stand_in.mischief.delay_seconds, self.server.hang_seconds))
        way = stand_in.mischief.next(now=stand_in.clock(), code=reference.split("/")[0])
        if way and way not in STORED:
            self._misbehave(way)
            return
        if service == "token":
            self.say(200, stand_in.token(str(body.get("client_id", "")), str(body.get("client_secret", ""))))
            return
        if not stand_in.knows(self.headers.get("Authorization", "").removeprefix("Bearer ")):
            self.say(401, {"error_code": "401", "message": "Phiên làm việc đã hết."})
            return
        answer = stand_in.answer(service, body, reference=reference)
        if way == "double":
            answer = stand_in.answer(service, body, reference=reference)
        elif way:
            self._misbehave(way)
            return
        self.say(200, answer)

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
            self.say(400, {"error_code": "400", "message": type(wrong).__name__})
            return
        self.say(200, {"error_code": "0", "message": SAYS})

    def _misbehave(self, way: str) -> None:
        if way == "error":
            self.close_connection = True
            self.say(500, {"message": SAYS})
        elif way == "garbage":
            self.send_garbage()
        else:
            self.hang_up(after_hanging=way.startswith("hang"))
