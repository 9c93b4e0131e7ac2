"""A stand-in for an SMS gateway and for Zalo: it takes messages, keeps them, reports later, and can misbehave on purpose.

In this process (a demo city: web and worker share one file), or as a server of its own (`thongsuot notices-stand-in`).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings

from thongsuot.notices.stand_in.core import SAYS, WAYS_TO_FAIL, StandIn

__all__ = ["SAYS", "WAYS_TO_FAIL", "StandIn", "data_file", "in_this_process"]


def data_file() -> Path:
    found: Path = settings.DATA_DIR / "notices-stand-in.sqlite3"
    return found


@cache
def in_this_process() -> StandIn:
    return StandIn(data_file())
