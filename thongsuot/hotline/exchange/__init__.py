"""The exchange of this installation by its settings: an address, the stand-in in this process, or none."""

from __future__ import annotations

from django.conf import settings
from django.utils.crypto import salted_hmac

from thongsuot.hotline.exchange.protocol import Exchange, Gone, Notice, Refused, Sound, Standing, Unreachable

__all__ = [
    "STAND_IN",
    "Exchange",
    "Gone",
    "Notice",
    "Refused",
    "Sound",
    "Standing",
    "Unreachable",
    "chosen",
    "is_stand_in",
    "name",
    "secret",
]
STAND_IN = "stand-in"


def is_stand_in() -> bool:
    return bool(settings.EXCHANGE == STAND_IN)


def name() -> str:
    """What it is called in its address of ours and in its lines; empty: none is connected."""
    if not settings.EXCHANGE:
        return ""
    return "gia-lap" if is_stand_in() else str(settings.EXCHANGE_NAME)


def chosen() -> Exchange | None:
    if not settings.EXCHANGE:
        return None
    if is_stand_in():
        from thongsuot.hotline.stand_in import in_this_process

        return in_this_process()
    from thongsuot.hotline.exchange.http import over_http

    return over_http()


def secret() -> bytes:
    """What both sides sign with."""
    if is_stand_in():
        return salted_hmac("hotline stand-in", "exchange", algorithm="sha256").digest()
    return str(settings.EXCHANGE_SECRET).encode()
