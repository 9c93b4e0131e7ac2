"""What the command line says: Vietnamese first, English beside it; a step tells that it goes on when it takes long."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

SILENT_SECONDS = 2.0
SAY_AGAIN_SECONDS = 5.0


class Trouble(Exception):
    """Stops a command with a sentence for the operator and exit code 1: no traceback."""


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


class Step:
    """One piece of work under way; `note` shows how far it is."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.started = time.monotonic()
        self.noted = ""

    def note(self, text: str) -> None:
        self.noted = text

    def count(self, what: str, done: int, total: int) -> None:
        self.note(f"{what} {done}/{total}".strip())

    def line(self) -> str:
        seconds = f"{time.monotonic() - self.started:.0f} s"
        return f"  … {seconds}{', ' if self.noted else ''}{self.noted}"


@contextmanager
def step(vietnamese: str, english: str) -> Iterator[Step]:
    """Say what is being done, that it still goes on when it takes long, and how long it took."""
    work = Step(f"{vietnamese} ({english})")
    say(f"- {work.title}")
    done = threading.Event()
    teller = threading.Thread(target=_tell, args=(work, done), daemon=True)
    teller.start()
    try:
        yield work
    finally:
        done.set()
        teller.join()
    seconds = time.monotonic() - work.started
    if seconds >= SILENT_SECONDS:
        say(f"  ✓ {seconds:.1f} s")


def _tell(work: Step, done: threading.Event) -> None:
    wait = SILENT_SECONDS
    while not done.wait(wait):
        say(work.line())
        wait = SAY_AGAIN_SECONDS
