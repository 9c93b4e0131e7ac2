"""What somebody looks for, where an address must carry it from page to page: a place, words that may name people and houses.

Sealed with the installation's key for a day, so that no log, history or referrer says what it is.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta

from thongsuot.signing import sealing

OPENS_FOR = timedelta(days=1)


def seal(said: str, *, what: str, at: datetime) -> str:
    """`what` names the use; empty stays empty."""
    body = f"{at.timestamp():.0f} {said}".encode()
    return urlsafe_b64encode(sealing.seal(body, what=f"feedback.{what}")).decode().rstrip("=") if said else ""


def opened(sealed: str, *, what: str, at: datetime) -> str:
    """Empty for what was not sealed here for this use, or longer ago."""
    try:
        body = sealing.opened(urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4)), what=f"feedback.{what}").decode()
    except (ValueError, sealing.DoesNotOpen):
        return ""
    since, _space, said = body.partition(" ")
    return said if at - datetime.fromtimestamp(int(since), tz=UTC) <= OPENS_FOR else ""
