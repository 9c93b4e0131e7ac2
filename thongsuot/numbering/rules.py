"""How numbers are written."""

from __future__ import annotations

from datetime import date


def dossier_code_prefix(agency_identifier: str, day: date) -> str:
    """`H26.107-261120-`: the body that resolves, the day of reception (TT 01/2018/TT-VPCP, Điều 19; TT 03/2025/TT-VPCP)."""
    return f"{agency_identifier}-{day:%y%m%d}-"


def padded(number: int, digits: int) -> str:
    """At least that many digits; grows when needed, never cuts."""
    return str(number).zfill(digits)
