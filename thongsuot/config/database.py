"""Which database: DATABASE_URL, or the embedded one in the data folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def database_settings(url: str, data_dir: Path) -> dict[str, Any]:
    """Django's settings for `url` (postgresql://user:password@host:port/name?host=/socket), or for the embedded database."""
    if not url:
        from thongsuot.config.embedded_postgres import socket_dir

        return _postgres(NAME="thongsuot", USER="thongsuot", HOST=str(socket_dir(data_dir)))
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
