"""The pulse server: holds a line open to each page that follows something, and passes on what PostgreSQL notifies. ASGI.

One process and one database connection, however many pages. It draws nothing and asks the database nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

import psycopg
from django.db import connection
from psycopg.conninfo import make_conninfo

from thongsuot.web.pulses import CHANNEL, PATH, topic_in

logger = logging.getLogger(__name__)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

LINES_AT_MOST = 5_000
STILL_THERE = 15.0  # seconds between signs of life; live.js gives a line up after three missing ones
DATABASE_ASKED = 30.0  # seconds without a notice after which the database is asked whether it is there
LONGEST_WAIT = 5.0

# Words of the stream, read by live.js; an event without data is none. `retry`: milliseconds until a browser connects again.
HELLO = b"retry: 1000\nevent: here\ndata: 0\n\n"
CHANGED = b"data: 1\n\n"
STILL = b"event: here\ndata: 0\n\n"
CUT = b"event: cut\ndata: 0\n\n"


class Line:
    """One page's line. What happens while it is being written is told once, however often it happened."""

    def __init__(self) -> None:
        self._wakes = asyncio.Event()
        self._words = CHANGED

    def change(self) -> None:
        self._words = CHANGED
        self._wakes.set()

    def cut(self) -> None:
        self._words = CUT
        self._wakes.set()

    async def next_words(self) -> bytes:
        try:
            await asyncio.wait_for(self._wakes.wait(), STILL_THERE)
        except TimeoutError:
            return STILL
        self._wakes.clear()
        return self._words


class PulseServer:
    """The ASGI application. Topics are known by their signed names only."""

    def __init__(self) -> None:
        self._lines: dict[str, set[Line]] = {}
        self._count = 0
        self._hears = False
        self._listening: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._listening = asyncio.create_task(self._listen())
                await send({"type": "lifespan.startup.complete"})
            else:
                if self._listening is not None:
                    self._listening.cancel()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/healthz":
            await _short(send, 200 if self._hears else 503, b"ok" if self._hears else b"no database")
            return
        said = parse_qs(scope["query_string"].decode("latin-1")).get("theo", [])
        topic = topic_in(said[0]) if len(said) == 1 else None
        if scope["path"] != PATH or scope["method"] != "GET" or topic is None:
            await _short(send, 404, b"")
        elif self._count >= LINES_AT_MOST:
            await _short(send, 503, b"", (b"retry-after", b"30"))
        else:
            await self._follow(topic, receive, send)

    async def _follow(self, topic: str, receive: Receive, send: Send) -> None:
        line = Line()
        self._lines.setdefault(topic, set()).add(line)
        self._count += 1
        gone = asyncio.create_task(_gone(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _STREAM})
            await send(_part(HELLO if self._hears else HELLO + CUT))
            while not gone.done():
                words = asyncio.ensure_future(line.next_words())
                await asyncio.wait({words, gone}, return_when=asyncio.FIRST_COMPLETED)
                if not words.done():
                    words.cancel()
                    break
                await send(_part(words.result()))
        finally:
            gone.cancel()
            self._count -= 1
            self._lines[topic].discard(line)
            if not self._lines[topic]:
                del self._lines[topic]

    async def _listen(self) -> None:
        """For ever: what was missed while the database was away nobody knows, so then everybody asks anew."""
        wait = 0.1
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(_conninfo(), autocommit=True) as database:
                    await database.execute(f"LISTEN {CHANNEL}")
                    self._hears, wait = True, 0.1
                    self._tell_all(Line.change)
                    while True:
                        async for notice in database.notifies(timeout=DATABASE_ASKED):
                            for line in self._lines.get(notice.payload, ()):
                                line.change()
                        await database.execute("SELECT 1")
            except (psycopg.Error, OSError) as reason:
                if self._hears:
                    logger.warning("Pulses: the database is away (%s)", type(reason).__name__)
                self._hears = False
                self._tell_all(Line.cut)
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)

    def _tell_all(self, what: Callable[[Line], None]) -> None:
        for lines in self._lines.values():
            for line in lines:
                what(line)


_STREAM = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    (b"access-control-allow-origin", b"*"),  # a pulse holds nothing, and its topic was signed for who may see the page
]


def _part(words: bytes) -> dict[str, Any]:
    return {"type": "http.response.body", "body": words, "more_body": True}


async def _short(send: Send, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    kind = (b"content-type", b"text/plain; charset=utf-8")
    await send({"type": "http.response.start", "status": status, "headers": [kind, *headers]})
    await send({"type": "http.response.body", "body": body})


async def _gone(receive: Receive) -> None:
    with suppress(asyncio.CancelledError):
        while (await receive())["type"] != "http.disconnect":
            pass


def _conninfo() -> str:
    """As Django reaches the database, without what only its own driver understands."""
    given = connection.get_connection_params()
    names = ("host", "port", "dbname", "user", "password", "sslmode", "sslrootcert", "sslcert", "sslkey", "requirepeer")
    return make_conninfo(**{name: given[name] for name in names if given.get(name)})


application = PulseServer()
