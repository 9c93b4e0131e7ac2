"""The link by which an optional letter is declined without login: short enough for an SMS, good for as long as the letter."""

from __future__ import annotations

import base64
import hmac

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from thongsuot.notices.models import Delivery

_BYTES = 12  # 96 bits: nobody guesses one that leads to somebody else's letter


def unsubscribe(delivery: Delivery) -> str:
    return settings.PUBLIC_URL.rstrip("/") + reverse("notices:unsubscribe", args=[token_of(delivery.pk)])


def longest() -> str:
    """As long as any of ten thousand million letters: what an SMS must have room for."""
    return settings.PUBLIC_URL.rstrip("/") + reverse("notices:unsubscribe", args=[f"{'9' * 10}-{'A' * (_BYTES * 4 // 3)}"])


def token_of(delivery_id: int) -> str:
    return f"{delivery_id}-{_seal(delivery_id, settings.SECRET_KEY)}"


def delivery_in(token: str) -> int | None:
    """None when we did not make it, with this key or one of before."""
    number, _dash, seal = token.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    good = any(hmac.compare_digest(seal.encode(), _seal(int(number), key).encode()) for key in keys)
    return int(number) if good else None


def _seal(delivery_id: int, key: str) -> str:
    digest = salted_hmac("notices.unsubscribe", str(delivery_id), secret=key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:_BYTES]).decode()
