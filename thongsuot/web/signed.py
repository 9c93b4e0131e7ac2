"""How partners sign what they tell us, and we what we ask of them: one way for all who share a key with us."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

FRESH = timedelta(minutes=5)
"""How far the time under a signature may be from ours: what is older was kept by somebody."""


def signature(key: bytes, *, at: str, nonce: str, body: bytes) -> str:
    """HMAC-SHA256 over time, nonce and the body's digest, a line each, as hex."""
    return hmac.new(key, f"{at}\n{nonce}\n{hashlib.sha256(body).hexdigest()}".encode(), hashlib.sha256).hexdigest()
