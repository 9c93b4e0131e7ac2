"""For tests that start a process of their own on their database."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from django.db import connection


def database_url() -> str:
    """What such a process is given as DATABASE_URL."""
    of = connection.settings_dict
    options = {**of.get("OPTIONS", {}), "host": of["HOST"]}
    user = quote(of["USER"]) + (f":{quote(of['PASSWORD'])}" if of["PASSWORD"] else "")
    port = f":{of['PORT']}" if of["PORT"] else ""
    return f"postgresql://{user}@{port}/{of['NAME']}?{urlencode({k: v for k, v in options.items() if isinstance(v, str)})}"
