"""What a stand-in remembers: a SQLite file of its own, which several threads and processes may use and which outlives them."""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from thongsuot.web.signed import signature


def utc_now() -> datetime:
    return datetime.now(UTC)


class StandInFile:
    """What every stand-in begins with: its tables, a clock, one transaction at a time, and faults with requests of ours.

    path    None keeps everything in memory, for tests
    faults  what goes wrong with the next requests, one each: "" lets one pass, "silent" does it and does not answer,
            "deaf" neither does nor answers, "no" refuses
    """

    TABLES: ClassVar[str]

    def __init__(self, path: Path | None = None, *, clock: Callable[[], datetime] = utc_now) -> None:
        self.clock = clock
        self.faults: deque[str] = deque()
        self._lock = threading.RLock()
        self._base = _opened(path, self.TABLES)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._base.execute("ROLLBACK")
                raise
            self._base.execute("COMMIT")

    @contextmanager
    def _request(self, *, silence: type[Exception], no: Exception, deaf: bool = False) -> Iterator[None]:
        """One request of ours, with the fault that is planned for it. Raises `silence` or `no`."""
        fault = self.faults.popleft() if self.faults else ""
        if deaf or fault == "deaf":
            raise silence
        if fault == "no":
            raise no
        with self._transaction():
            yield
        if fault == "silent":
            raise silence

    def _headers(self, body: bytes, *, key: bytes) -> dict[str, str]:
        """Over what it tells by itself, with a nonce of their own."""
        at, nonce = str(int(self.clock().timestamp())), secrets.token_urlsafe(16)
        return {"X-Timestamp": at, "X-Nonce": nonce, "X-Signature": signature(key, at=at, nonce=nonce, body=body)}


def _opened(path: Path | None, tables: str) -> sqlite3.Connection:
    """With its tables, made if missing; it begins no transaction by itself."""
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    base = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None, timeout=20)
    if path is not None:
        path.chmod(0o600)
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = NORMAL")
    base.executescript(tables)
    return base
