"""What a fresh database is filled with, in order. Each step may run again at no cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Loading:
    """One step. `run` gets the city's code and the time; `wanted` says whether anything is missing."""

    vietnamese: str
    english: str
    wanted: Callable[[str], bool]
    run: Callable[[str, datetime], None]
    demo: bool = False  # made-up content: never in production


def steps() -> list[Loading]:
    return []


def demo_accounts() -> list[str]:
    """A line per demo account for the greeting; empty in a city without them."""
    return []
