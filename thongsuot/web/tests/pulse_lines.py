"""A pulse server of its own process on the tests' database, and lines to it as a browser holds them."""

from __future__ import annotations

import http.client
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from django.db import connection

from thongsuot.kernel.die_with_parent import with_parent
from thongsuot.web.pulses import PATH, _signer


@contextmanager
def pulse_server() -> Iterator[int]:
    """Its port. It listens to the database that this process is connected to now."""
    with pulse_process() as (port, _process):
        yield port


@contextmanager
def pulse_process() -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The same, with the process that leads its group: for who wants to stop it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "thongsuot.config.cli", "pulses", "--port", str(port)],
        env={**os.environ, "DATABASE_URL": _database()},
        start_new_session=True,
        preexec_fn=with_parent(signal.SIGTERM),
    )
    try:
        until(lambda: status(port, "/healthz") == 200)
        yield port, process
    finally:
        process.terminate()
        try:
            process.wait(10)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _database() -> str:
    given = connection.get_connection_params()
    secret = f":{quote(given['password'], safe='')}" if given.get("password") else ""
    place = f"host={quote(given['host'], safe='')}&port={given.get('port') or 5432}"
    return f"postgresql://{given.get('user', '')}{secret}@/{given['dbname']}?{place}"


def until(holds, seconds=20.0):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never became so"
        time.sleep(0.02)


def status(port, path):
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asked.request("GET", path)
        return asked.getresponse().status
    except OSError:
        return 0
    finally:
        asked.close()


class Line:
    """A line of server-sent events, read event by event: 'here', 'cut', or 'message' for a pulse."""

    def __init__(self, port, topic):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self._connection.request("GET", f"{PATH}?theo={quote(_signer.sign(topic))}")
        self.response = self._connection.getresponse()
        assert self.response.status == 200

    def next(self):
        kind = "message"
        while True:
            words = self.response.readline().decode().rstrip("\n")
            if words.startswith("event: "):
                kind = words.removeprefix("event: ")
            elif words == "":
                return kind

    def silent(self):
        """Nothing came that was not read."""
        return not select.select([self._connection.sock], [], [], 0.1)[0]

    def close(self):
        self._connection.close()
