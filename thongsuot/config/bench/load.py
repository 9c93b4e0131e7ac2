"""A bounded load: N connections send prepared requests for some seconds and count the answers. Talks to loopback only."""

from __future__ import annotations

import itertools
import socket
import threading
import time
from collections import Counter
from dataclasses import dataclass, field


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
    """Each client sends the requests from its own place on, over and over, one after the other."""
    answers, lock = Answers(), threading.Lock()
    start = threading.Barrier(clients + 1)
    ends_at = [0.0]

    def client(number: int) -> None:
        mine = itertools.cycle(requests[number * len(requests) // clients :] + requests[: number * len(requests) // clients])
        seen: Counter[int] = Counter()
        times: list[float] = []
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            start.wait()
            while (began := time.perf_counter()) < ends_at[0]:
                connection.sendall(next(mine))
                seen[_status(connection)] += 1
                times.append((time.perf_counter() - began) * 1000)
        with lock:
            answers.by_status.update(seen)
            answers.milliseconds.extend(times)

    threads = [threading.Thread(target=client, args=[number]) for number in range(clients)]
    for thread in threads:
        thread.start()
    began = time.perf_counter()
    ends_at[0] = began + seconds
    start.wait()
    for thread in threads:
        thread.join()
    answers.seconds = time.perf_counter() - began
    return answers


def _status(connection: socket.socket) -> int:
    data = connection.recv(65536)
    while (end := data.find(b"\r\n\r\n")) < 0:
        data += _more(connection)
    head = data[:end].lower()
    place = head.find(b"content-length:")
    length = int(head[place + 15 : head.find(b"\r\n", place) if head.find(b"\r\n", place) > 0 else None]) if place >= 0 else 0
    missing = length - (len(data) - end - 4)
    while missing > 0:
        missing -= len(_more(connection))
    return int(data[9:12])


def _more(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ConnectionError("the server closed the connection in the middle of an answer")
    return data
