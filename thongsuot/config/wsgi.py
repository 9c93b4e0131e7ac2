"""WSGI entry: one application with three ways in. Pages pass all middleware, programs a short list, tracking none."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thongsuot.config.settings")
django.setup(set_prefix=False)

from thongsuot.config import quick  # noqa: E402 - after the setup: they know models
from thongsuot.config.counting import Counter  # noqa: E402
from thongsuot.config.handlers import ShortHandler  # noqa: E402
from thongsuot.config.rehearsal import with_simulated_time  # noqa: E402

SHORT_WAY = ("/api/", "/open311/v2/", "/healthz", "/readyz", "/metrics")
API_DOCS = "/api/v1/docs"  # a page among programs' addresses

pages = WSGIHandler()
programs = ShortHandler()
_counter = Counter(settings.DATA_DIR / "metrics")


def _answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    started = time.perf_counter()

    def answer(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        _counter.add(int(status[:3]), time.perf_counter() - started)
        return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

    path = environ["PATH_INFO"]
    if not path.startswith(SHORT_WAY) or path == API_DOCS:
        return pages(environ, answer)
    return quick.answer(environ, answer) or programs(environ, answer)


application = with_simulated_time(_answer) if settings.SIMULATED_CLOCK else _answer
