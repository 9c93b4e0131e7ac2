"""A stand-in for the telephone exchange: it rings when it is told to, and can misbehave. Nobody's telephone rings."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings

from thongsuot.hotline.stand_in.core import MISCHIEF, Kept, StandIn
from thongsuot.hotline.stand_in.near import NearExchange

__all__ = ["MISCHIEF", "Kept", "NearExchange", "StandIn", "data_file", "in_this_process"]


def data_file() -> Path:
    found: Path = settings.DATA_DIR / "telephone-exchange-stand-in.sqlite3"
    return found


@cache
def in_this_process() -> NearExchange:
    return NearExchange(StandIn(data_file()))
