"""What stand-ins that are servers of their own share: loopback only, JSON, nothing logged, no answer where so planned."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

HANG_SECONDS = 120.0


class Server(ThreadingHTTPServer):
    """`serve_forever` until it is shut down. `hang_seconds`: how long a call hangs that is meant to."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, handler: type[Handler], *, port: int = 0, hang_seconds: float = HANG_SECONDS) -> None:
        self.hang_seconds = hang_seconds
        super().__init__(("127.0.0.1", port), handler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """`plays`: whom it stands in for, in a header of each answer."""

    plays: ClassVar[str]
    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "ThongSuotStandIn"
    sys_version = ""
    timeout = 60

    def body(self, most_bytes: int) -> bytes | None:
        """None when it is too long, or does not say how long it is: then only the line can be closed."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > most_bytes:
            self.close_connection = True
            return None
        return self.rfile.read(int(length))

    def say(self, status: int, answer: Mapping[str, Any]) -> None:
        self.send(status, json.dumps(answer, ensure_ascii=False).encode())

    def send(self, status: int, content: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("X-Stand-In", self.plays)
            self.send_header("Content-Length", str(len(content)))
            if self.close_connection:
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            self.close_connection = True  # whoever asked has gone

    def send_garbage(self) -> None:
        self.close_connection = True
        self.send(200, b"<html>not what you expect")

    def hang_up(self, *, after_hanging: bool) -> None:
        """The line is cut without an answer."""
        self.close_connection = True
        if after_hanging:
            time.sleep(self.server.hang_seconds)
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Nothing: addresses and bodies hold codes, numbers and names."""


def object_in(body: bytes) -> dict[str, Any] | None:
    """The JSON object of a body; None when it is none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
