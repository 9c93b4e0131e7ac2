"""A bounded load: N connections send prepared requests for some seconds and count the answers. Talks to loopback only."""

from __future__ import annotations

import itertools
import re
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)


@dataclass
class Answers:
    """What came back: how many by status, and how long each took, in milliseconds."""

    seconds: float = 0.0
    by_status: Counter[int] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)

    @property
    def good(self) -> int:
        return sum(count for status, count in self.by_status.items() if 200 <= status < 300)

    @property
    def per_second(self) -> float:
        return self.good / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def request(method: str, path: str, *, headers: dict[str, str] | None = None, body: bytes = b"") -> bytes:
    """One HTTP/1.1 request, ready to send."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def run(requests: list[bytes], *, port: int, clients: int, seconds: float) -> Answers:
    """Each client sends the requests from its own place on, over and over, one after the other.

    One thread for all clients: what the load itself costs is taken from the machine that is measured.
    """
    answers = Answers()
    with ExitStack() as stack, selectors.DefaultSelector() as selector:
        opened = []
        for number in range(clients):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            first = number * len(requests) // clients
            client = _Client(connection, itertools.cycle(requests[first:] + requests[:first]))
            selector.register(connection, selectors.EVENT_READ, client)
            opened.append(client)
        began = time.perf_counter()
        for client in opened:
            client.ask()
        waiting = clients
        while waiting:
            for key, _events in selector.select():
                client = key.data
                status = client.take()
                if status is None:
                    continue
                now = time.perf_counter()
                answers.by_status[status] += 1
                answers.milliseconds.append((now - client.asked) * 1000)
                if now - began < seconds:
                    client.ask()
                else:
                    waiting -= 1
    answers.seconds = time.perf_counter() - began
    return answers


class _Client:
    """A connection with one question under way."""

    def __init__(self, connection: socket.socket, requests: Iterator[bytes]) -> None:
        self.connection, self.requests = connection, requests
        self.asked, self._data, self._length = 0.0, b"", 0

    def ask(self) -> None:
        self._data, self._length = b"", 0
        self.asked = time.perf_counter()
        self.connection.sendall(next(self.requests))

    def take(self) -> int | None:
        """What has come; the status when it was the last of the answer."""
        data = self.connection.recv(1 << 18)
        if not data:
            raise ConnectionError("the server closed the connection in the middle of an answer")
        self._data = self._data + data if self._data else data
        if not self._length:
            end = self._data.find(b"\r\n\r\n")
            if end < 0:
                return None
            found = _LENGTH.search(self._data, 0, end + 2)
            self._length = end + 4 + (int(found[1]) if found else 0)
        return int(self._data[9:12]) if len(self._data) >= self._length else None
