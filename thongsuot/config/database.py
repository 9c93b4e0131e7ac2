"""Which database: DATABASE_URL, or the embedded one in the data folder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

NAME = "thongsuot"  # of the embedded database and its owner


def database_settings(url: str, data_dir: Path) -> dict[str, Any]:
    """Django's settings for `url` (postgresql://user:password@host:port/name?host=/socket), or for the embedded database."""
    if not url:
        from thongsuot.config.embedded_postgres import EmbeddedPostgres

        embedded = EmbeddedPostgres(data_dir)
        # The socket's path can be guessed: libpq then checks that the account we gave the server to is at the other end.
        options = {"requirepeer": embedded.server_user} if embedded.server_user else {}
        return _postgres(NAME=NAME, USER=NAME, HOST=str(embedded.sockets), OPTIONS=options)
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"DATABASE_URL must start with postgresql://, not {parts.scheme}://")
    query = dict(parse_qsl(parts.query))
    return _postgres(
        NAME=unquote(parts.path.lstrip("/")),
        USER=unquote(parts.username or ""),
        PASSWORD=unquote(parts.password or ""),
        HOST=query.pop("host", unquote(parts.hostname or "")),
        PORT=str(parts.port or ""),
        OPTIONS=query,
    )


def _postgres(**settings: Any) -> dict[str, Any]:
    # Connections stay open per thread; after a database restart the first request is answered 503 and the next reconnects
    # (web/middleware.py), which spares a health check before each of the millions of others.
    return {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 600, **settings}


class InUse(Exception):
    """Another process holds this data folder."""

    def __init__(self, data_dir: Path, holder: str) -> None:
        super().__init__(holder)
        self.data_dir = data_dir
        self.holder = holder


@contextmanager
def holding(data_dir: Path) -> Iterator[None]:
    """Hold the data folder alone until the end of the block, whatever ends it. Raises InUse."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "in-use").open("a+") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            mark.seek(0)
            raise InUse(data_dir, mark.read().strip()) from None
        mark.truncate(0)
        mark.write(str(os.getpid()))
        mark.flush()
        yield


@contextmanager
def database_at_hand(url: str, data_dir: Path) -> Iterator[None]:
    """For one command: the embedded database is started when nothing else has, and stopped again afterwards."""
    from thongsuot.config.embedded_postgres import EmbeddedPostgres

    embedded = EmbeddedPostgres(data_dir)
    if url or embedded.running():
        yield
        return
    with holding(data_dir):
        embedded.start(tied=True)
        try:
            embedded.create_database(NAME)
            yield
        finally:
            embedded.stop()
