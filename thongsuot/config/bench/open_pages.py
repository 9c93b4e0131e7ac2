"""Pages that stay open in many browsers at once: each follows its line of pulses and asks for its parts as web's live.js does.

One thread of asyncio on plain connections, so that what the load itself takes stays small.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing, suppress
from html import unescape
from time import monotonic
from urllib.parse import urlencode, urlsplit

from thongsuot.config.bench.cookies import ANYBODY, TOKEN

# Of live.js, in seconds; and of what asks in web/live.html.
EVERY, EVEN_SO, AT_LEAST, GIVEN_UP = 3.0, 30.0, 0.15, 8.0
GOOD = {200, 204, 302}
_KNOWN = re.compile(r'name="co" value="([\w-]+):(\w+)"')
_FOLLOWS, _ASKS = re.compile(r'data-follows="([^"]+)"'), re.compile(r'hx-get="([^"]+)" hx-trigger="nhip"')
_DESKS = re.compile(r'<ul class="desks".*?</ul>', re.DOTALL)
_AT_DESK, _SOUND = re.compile(r"<b>(\w\s\d+)</b>"), re.compile(r'data-sound="([^"]+)"')
_LAST_CALL = re.compile(r'class="call__no">([^<]+)<')
_HERE_NOW = re.compile(r'id="so-nay"><a[^>]*>([^<]+)<')


class Web:
    """A web server as browsers use it: connections are kept, and counted is what was answered."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answers: Counter[int] = Counter()
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def send(
        self, method: str, path: str, cookies: str, body: str = "", *, htmx: bool = False
    ) -> tuple[int, dict[str, str], bytes]:
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {cookies}\r\n"
        head += "HX-Request: true\r\n" if htmx else ""
        if method == "POST":
            head += (
                f"X-CSRFToken: {TOKEN}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
            )
        while True:
            kept = bool(self._free)
            reader, writer = self._free.pop() if kept else await asyncio.open_connection("127.0.0.1", self.port)
            try:
                writer.write(f"{head}\r\n{body}".encode())
                status, headers = await _head(reader)
                sent = await _body(reader, status, headers)
            except (ConnectionError, asyncio.IncompleteReadError):
                writer.close()
                if not kept:
                    raise
                continue  # the server gave up a line that nobody used
            except asyncio.CancelledError:
                writer.close()
                raise
            self._free.append((reader, writer))
            self.answers[status] += 1
            return status, headers, sent

    def close(self) -> None:
        for _reader, writer in self._free:
            writer.close()


async def _head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.split(": ", 1) for line in lines if line)
    return int(first.split()[1]), {name.lower(): value for name, value in pairs}


async def _body(reader: asyncio.StreamReader, status: int, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding") != "chunked":
        return await reader.readexactly(0 if status == 204 else int(headers["content-length"]))
    found = b""
    while size := int(await reader.readuntil(b"\r\n"), 16):
        found += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readexactly(2)
    return found


async def pulses(address: str) -> AsyncGenerator[str, None]:
    """The names of the events of a line, as a browser tells them: `open` when it stands, `message` for a pulse."""
    place = urlsplit(address)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    try:
        writer.write(f"GET {place.path}?{place.query} HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode())
        status, _headers = await _head(reader)
        if status != 200:
            raise ConnectionError(f"{address}: {status}")
        yield "open"
        name, said = "message", False
        async for line in reader:  # the sizes of chunks between them are no words of the stream
            if line.startswith(b"event: "):
                name = line[7:].decode().strip()
            elif line.startswith(b"data: "):
                said = True
            elif line == b"\n" and said:
                yield name
                name, said = "message", False
    finally:
        writer.close()


class Page:
    """A page of a browser. `cut`: lines that ended by themselves; `late`: questions given up."""

    def __init__(self, web: Web, path: str, cookies: str = ANYBODY) -> None:
        self.web, self.path, self.cookies = web, path, cookies
        self.cut = self.late = self.asked = 0
        self.follows = True
        self._known: dict[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._told = asyncio.Event()

    async def come(self, path: str = "") -> str:
        """The browser goes to an address: what it had open is closed."""
        self.leave()
        _status, _headers, sent = await self.web.send("GET", path or self.path, self.cookies)
        text = sent.decode()
        self._known = {}
        self._take_in(text)
        follows, asks = _FOLLOWS.search(text), _ASKS.search(text)
        if self.follows and follows and asks:
            self._told = asyncio.Event()
            self._told.set()
            self._spawn(self._follow(unescape(follows[1])))
            self._spawn(self._keep_asking(unescape(asks[1])))
        return text

    async def press(self, **said: str) -> str:
        """A button of a form: the page that comes then. Raises ConnectionError when the answer is no other page."""
        status, headers, _sent = await self.web.send("POST", self.path, self.cookies, urlencode(said))
        if status != 302:
            raise ConnectionError(f"{self.path} {said}: {status}")
        return await self.come(headers["location"])

    def leave(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._tasks = set()

    def shown(self, text: str) -> None:
        """For who wants to know what came."""

    def _take_in(self, text: str) -> None:
        self._known |= dict(_KNOWN.findall(text))
        self.shown(text)

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        self._tasks.add(asyncio.create_task(work))

    async def _follow(self, address: str) -> None:
        while True:
            with suppress(ConnectionError):
                async with aclosing(pulses(address)) as events:
                    async for name in events:
                        if name in {"open", "message"}:
                            self._told.set()
            self.cut += 1
            await asyncio.sleep(1)

    async def _keep_asking(self, path: str) -> None:
        last, failures = 0.0, 0
        while True:
            patience = min(EVEN_SO, EVERY * 2 ** (failures - 1)) if failures else EVEN_SO
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), last + patience - monotonic() if last else None)
            await asyncio.sleep(max(0.0, last + AT_LEAST - monotonic()))
            self._told.clear()
            last, good = monotonic(), False
            with suppress(TimeoutError, ConnectionError):
                async with asyncio.timeout(GIVEN_UP):
                    good = await self._ask(path)
            failures = 0 if good else failures + 1
            self.late += not good

    async def _ask(self, path: str) -> bool:
        self.asked += 1
        said = urlencode([("co", f"{part}:{version}") for part, version in self._known.items()])
        status, _headers, sent = await self.web.send("GET", f"{path}?{said}", self.cookies, htmx=True)
        if sent:
            self._take_in(sent.decode())
        return status in GOOD


class Board(Page):
    """The call board of a hall. `seen`: when a number was first shown at a counter; `call`: the number called last."""

    def __init__(self, web: Web, path: str) -> None:
        super().__init__(web, path)
        self.seen: dict[str, float] = {}
        self.call = ""
        self._heard: set[str] = set()

    def shown(self, text: str) -> None:
        if desks := _DESKS.search(text):
            for code in _AT_DESK.findall(desks[0]):
                self.seen.setdefault(code, monotonic())
        if call := _LAST_CALL.search(text):
            self.call = call[1]
        for sound in _SOUND.findall(text):  # board.js fetches each once
            if sound not in self._heard:
                self._heard.add(sound)
                self._spawn(self._hear(sound))

    async def _hear(self, path: str) -> None:
        await self.web.send("GET", path, self.cookies)


def number_here(text: str) -> str:
    """The number that an officer's page shows as being at the counter."""
    found = _HERE_NOW.search(text)
    return found[1] if found else ""
