"""The public proof of a paper (QR). One place that speaks with `signing`."""

from __future__ import annotations


def new_code() -> str:
    """Empty: papers carry no QR until `signing` offers proofs."""
    return ""


def url(code: str) -> str:
    return ""
