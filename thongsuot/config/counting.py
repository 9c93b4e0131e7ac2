"""How many requests were answered, and how long they took: by class of status, over all web processes of this machine.

Each process owns one small mapped file, so that counting costs no lock between processes; reading adds all files up.
"""

from __future__ import annotations

import mmap
import os
import struct
import threading
from pathlib import Path

CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
_PAIR = struct.Struct("<Qd")  # requests, seconds
_SIZE = _PAIR.size * len(CLASSES)


class Counter:
    """This process's own counts; a fork starts its own at its first request."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._process = 0
        self._counts: mmap.mmap

    def add(self, status: int, seconds: float) -> None:
        place = (min(max(status // 100, 1), 5) - 1) * _PAIR.size
        with self._lock:
            if self._process != os.getpid():
                self._open()
            requests, total = _PAIR.unpack_from(self._counts, place)
            _PAIR.pack_into(self._counts, place, requests + 1, total + seconds)

    def _open(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / f"web-{os.getpid()}").open("w+b") as file:
            file.truncate(_SIZE)
            self._counts = mmap.mmap(file.fileno(), _SIZE)
        self._process = os.getpid()


def totals(folder: Path) -> dict[str, tuple[int, float]]:
    """{class: (requests, seconds)} over every process since the web server started, ended ones included."""
    sums = dict.fromkeys(CLASSES, (0, 0.0))
    for file in folder.glob("web-*"):
        data = file.read_bytes()
        if len(data) != _SIZE:
            continue  # just being made
        for name, (requests, seconds) in zip(CLASSES, _PAIR.iter_unpack(data), strict=True):
            sums[name] = (sums[name][0] + requests, sums[name][1] + seconds)
    return sums


def forget(folder: Path) -> None:
    """For the start of a web server: counts begin at nought."""
    for file in folder.glob("web-*"):
        file.unlink(missing_ok=True)
