"""Calls are counted by the hour, per key or per network: one row, one statement, whatever comes at once."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from thongsuot.kernel.networks import network_of
from thongsuot.open311.errors import OverLimit
from thongsuot.open311.models import ApiKey
from thongsuot.open311.queries.access import TermsRow

_HOUR = timedelta(hours=1)
KEPT = timedelta(days=2)  # how long a network is told from another

_COUNT = """
INSERT INTO open311_usage AS u (city_id, hour, api_key_id, network, reads, sends, refused)
VALUES (%(city)s, %(hour)s, %(key)s, %(network)s, %(reads)s, %(sends)s, %(refused)s)
ON CONFLICT (city_id, hour, api_key_id, network) DO UPDATE
SET reads = u.reads + EXCLUDED.reads, sends = u.sends + EXCLUDED.sends, refused = u.refused + EXCLUDED.refused
RETURNING reads, sends
"""
_FOLD = """
WITH gone AS (
  DELETE FROM open311_usage WHERE network <> '' AND hour < %(before)s RETURNING city_id, hour, reads, sends, refused
)
INSERT INTO open311_usage AS u (city_id, hour, api_key_id, network, reads, sends, refused)
SELECT city_id, hour, NULL, '', sum(reads), sum(sends), sum(refused) FROM gone GROUP BY city_id, hour
ON CONFLICT (city_id, hour, api_key_id, network) DO UPDATE
SET reads = u.reads + EXCLUDED.reads, sends = u.sends + EXCLUDED.sends, refused = u.refused + EXCLUDED.refused
"""


def network_digest(address: str) -> str:
    """Of the network of an address; the address itself is kept nowhere."""
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, f"open311\x00{network_of(address)}".encode(), hashlib.sha256).hexdigest()[:32] if address else "-"


def count_read(city_id: int, key: ApiKey | None, network: str, terms: TermsRow, *, at: datetime) -> None:
    """Raises OverLimit."""
    reads, sends = _count(city_id, key, network, at, reads=1)
    _must_be_within(reads + sends if key else reads, key.limit_hour if key else terms.read_hour, city_id, key, network, at)


def count_send(city_id: int, key: ApiKey | None, network: str, terms: TermsRow, *, at: datetime) -> None:
    """Raises OverLimit."""
    reads, sends = _count(city_id, key, network, at, sends=1)
    _must_be_within(reads + sends if key else sends, key.limit_hour if key else terms.keyless_hour, city_id, key, network, at)


def count_refused(city_id: int, key: ApiKey | None, network: str, *, at: datetime) -> None:
    _count(city_id, key, network, at, refused=1)


def fold_networks(*, at: datetime) -> int:
    """What networks did some days ago is counted together; which they were is forgotten."""
    with connection.cursor() as cursor:
        cursor.execute(_FOLD, {"before": at - KEPT})
        folded: int = cursor.rowcount
        return folded


def _must_be_within(used: int, most: int, city_id: int, key: ApiKey | None, network: str, at: datetime) -> None:
    if used > most:
        count_refused(city_id, key, network, at=at)
        raise OverLimit(_hour(at) + _HOUR)


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _count(
    city_id: int, key: ApiKey | None, network: str, at: datetime, *, reads: int = 0, sends: int = 0, refused: int = 0
) -> tuple[int, int]:
    known: dict[str, int | str | datetime | None] = {
        "city": city_id,
        "hour": _hour(at),
        "key": key.pk if key else None,
        "network": "" if key else network,
        "reads": reads,
        "sends": sends,
        "refused": refused,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, known)
        row: tuple[int, int] = cursor.fetchone()
        return row
