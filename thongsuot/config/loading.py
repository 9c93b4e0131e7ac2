"""What a database is filled with, in order. Every step looks for what is missing and may run again at no cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from thongsuot.units import loading as units

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, kw_only=True)
class Loading:
    """One step. `run` gets the city's code, the time, and where to tell how far it is."""

    vietnamese: str
    english: str
    run: Callable[[str, datetime, Progress], object]
    demo: bool = False  # made-up content: never in production


def _country(city: str, at: datetime, progress: Progress) -> object:
    return units.load_country(at=at, progress=progress)


def _city(city: str, at: datetime, progress: Progress) -> object:
    return units.load_city(city, at=at, progress=progress)


STEPS = (
    Loading(vietnamese="Nạp đơn vị hành chính cả nước", english="all units of the country", run=_country),
    Loading(vietnamese="Nạp thành phố và các xã, phường", english="the city and its communes", run=_city),
)


def demo_accounts() -> list[str]:
    """A line per demo account for the greeting; empty in a city without them."""
    return []
