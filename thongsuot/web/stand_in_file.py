"""What a stand-in remembers: a SQLite file of its own, which several threads and processes may use and which outlives them."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path


def utc_now() -> datetime:
    return datetime.now(UTC)


def opened(path: Path | None, tables: str) -> sqlite3.Connection:
    """With its tables, made if missing; without a path in memory, for tests. It begins no transaction by itself."""
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    base = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None, timeout=20)
    if path is not None:
        path.chmod(0o600)
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = NORMAL")
    base.executescript(tables)
    return base
