"""A stand-in for bank and gateway: it takes orders, "pays" them as it is told, and can misbehave. No money moves anywhere."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings

from thongsuot.payments.stand_in.core import Bank
from thongsuot.payments.stand_in.near import NearGateway

__all__ = ["Bank", "NearGateway", "data_file", "in_this_process"]


def data_file() -> Path:
    found: Path = settings.DATA_DIR / "payment-gateway-stand-in.sqlite3"
    return found


@cache
def in_this_process() -> NearGateway:
    return NearGateway(Bank(data_file()))
