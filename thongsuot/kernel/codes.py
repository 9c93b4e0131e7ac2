"""Codes that people read out and type: random, in fours, of letters that are not taken for one another."""

from __future__ import annotations

import secrets

LETTERS = "23456789ACDEFHJKMNPRTUVWXY"


def new_code(prefix: str, *, letters: int = 8) -> str:
    """TS-7H4P-22KM. Eight letters are one of 10^11; for a key, take eleven: one of 10^15."""
    return f"{prefix}-{in_fours(''.join(secrets.choice(LETTERS) for _ in range(letters)))}"


def in_fours(letters: str) -> str:
    return "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))
