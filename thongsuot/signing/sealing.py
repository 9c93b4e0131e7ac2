"""Secrets at rest: sealed with the installation's secret key, and, where a person holds them, with that person's PIN.

A PIN of six digits is guessed in a day once the database is stolen, however slow one guess is made. So both are needed:
the PIN, through Argon2id, and `SECRET_KEY`, which is not in the database. Older secret keys still open what they sealed.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from django.conf import settings

MEMORY_KIB, PASSES = 64 * 1024, 3
_NONCE = 12


class DoesNotOpen(Exception):
    """Wrong PIN, or sealed under a secret key this installation does not have."""


def slowly(pin: str, *, salt: bytes, memory_kib: int, passes: int) -> bytes:
    """A PIN as a key: what one guess costs is set by memory and passes."""
    return Argon2id(salt=salt, length=32, iterations=passes, lanes=1, memory_cost=memory_kib).derive(pin.encode())


def seal(secret: bytes, *, what: str, key: bytes = b"") -> bytes:
    """`what` names the use: a secret sealed for one use does not open for another. `key`: of the PIN, or of a cookie."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(_mixed(settings.SECRET_KEY, what, key)).encrypt(nonce, secret, what.encode())


def opened(sealed: bytes, *, what: str, key: bytes = b"") -> bytes:
    """Raises DoesNotOpen."""
    nonce, body = sealed[:_NONCE], sealed[_NONCE:]
    for house in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return AESGCM(_mixed(house, what, key)).decrypt(nonce, body, what.encode())
        except InvalidTag:
            continue
    raise DoesNotOpen


def _mixed(house: str, what: str, key: bytes) -> bytes:
    mixer = hmac.HMAC(house.encode(), hashes.SHA256())
    mixer.update(b"signing." + what.encode() + b"\0" + key)
    return mixer.finalize()
