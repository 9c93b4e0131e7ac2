"""Races in tests: several callers begin at the same instant, each in a thread with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection


def at_once(*works: Callable[[], object]) -> list[Exception]:
    """Run them together and wait; returns what they raised. Needs a test with real transactions."""
    together, faults = threading.Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        together.wait(30)
        try:
            work()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return faults
