"""A stand-in for the national portal: it validates, records, answers, and can misbehave on purpose. It is not the portal.

In this process (a demo city: web and worker share one file), or as a server of its own (`thongsuot national-portal-stand-in`).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings

from thongsuot.national_portal.stand_in.core import StandIn
from thongsuot.national_portal.stand_in.near import NearPortal

__all__ = ["NearPortal", "StandIn", "data_file", "in_this_process"]


def data_file() -> Path:
    found: Path = settings.DATA_DIR / "national-portal-stand-in.sqlite3"
    return found


@cache
def in_this_process() -> NearPortal:
    return NearPortal(StandIn(data_file()))
