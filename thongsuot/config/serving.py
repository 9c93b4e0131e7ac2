"""The long-lived processes: web and pulses (granian), worker (procrastinate). `thongsuot up` starts all of them."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from functools import partial
from importlib import import_module
from signal import SIGTERM
from typing import Any

WEB_PROCESSES = 2
WEB_THREADS = 4
JOBS_AT_ONCE = 4
LAST_SECONDS = 10  # what runs when we are asked to stop may end within this time


def serve_web(host: str, port: int) -> None:
    """Serve pages and API until SIGTERM or SIGINT."""
    from django.conf import settings
    from django.urls import get_resolver
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    from thongsuot.config import counting

    counting.forget(settings.DATA_DIR / "metrics")
    # Once, here: a fault in the code is said once, the processes share the memory, and no first visitor waits for it.
    import_module("thongsuot.config.wsgi")
    _ = get_resolver().url_patterns
    # What is loaded by now stays for good: no process looks through it for rubbish, nor gets pages of its own by doing so.
    gc.collect()
    gc.freeze()
    server = Server(
        "thongsuot.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=WEB_PROCESSES,
        blocking_threads=WEB_THREADS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=LAST_SECONDS,
        log_level=LogLevels.error,
    )
    server.serve(target_loader=partial(_application, os.getpid()), wrap_loader=False)


def _application(parent: int) -> Callable[..., Any]:
    """Runs in each web process: it must not outlive the one that made it, or it would keep the port."""
    from thongsuot.kernel.die_with_parent import ask_for_signal

    ask_for_signal(SIGTERM, parent)
    gc.set_threshold(10_000, 20, 20)  # a page makes some thousand things, and nearly all of them go by themselves
    from thongsuot.config.wsgi import application

    return application


def serve_pulses(host: str, port: int) -> None:
    """Tell open pages what changed, until SIGTERM or SIGINT. It needs the settings alone: no capability is loaded."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    server = Server(
        "thongsuot.web.pulse_server:application",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=1,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=2,  # the lines of open pages never end by themselves
        log_level=LogLevels.error,
    )
    server.serve(target_loader=partial(_pulses, os.getpid()), wrap_loader=False)


def _pulses(parent: int) -> Callable[..., Any]:
    from thongsuot.kernel.die_with_parent import ask_for_signal

    ask_for_signal(SIGTERM, parent)
    from thongsuot.web.pulse_server import application

    return application


def run_worker() -> None:
    """Run background jobs until SIGTERM or SIGINT. Jobs that succeeded leave no row; their event is the history."""
    from procrastinate.contrib.django import app

    from thongsuot.config.rehearsal import follow_what_is_played

    follow_what_is_played()
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]  # Django's connector has it, the base has not
    with app.replace_connector(connector) as worker_app:
        worker_app.run_worker(concurrency=JOBS_AT_ONCE, delete_jobs="successful", shutdown_graceful_timeout=LAST_SECONDS)
