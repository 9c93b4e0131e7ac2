"""Zalo's access token lasts a day and is renewed with another one that is good once: kept encrypted, renewed in time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from allauth.mfa.adapter import get_adapter
from django.conf import settings

from thongsuot.notices.models import ZaloToken
from thongsuot.notices.ways import http

BEFORE_ITS_END = timedelta(hours=6)


class NotRenewed(Exception):
    """Zalo gave none. The text names the fault alone."""


@dataclass(frozen=True, kw_only=True)
class Fresh:
    access: str
    renewing: str
    seconds: int


def in_use() -> str:
    """The renewed one, else the one of the settings. One query."""
    kept = _kept()
    return get_adapter().decrypt(kept.access) if kept else settings.ZALO_TOKEN


def is_due(*, at: datetime) -> bool:
    kept = _kept()
    return bool(settings.ZALO_URL and settings.ZALO_RENEWING_TOKEN) and (kept is None or kept.ends_at - at < BEFORE_ITS_END)


def asked_anew() -> Fresh:
    """Raises NotRenewed. What comes must be kept at once: the old one is spent."""
    kept = _kept()
    renewing = get_adapter().decrypt(kept.renewing) if kept else settings.ZALO_RENEWING_TOKEN
    asked = {"app_id": settings.ZALO_APP_ID, "grant_type": "refresh_token", "refresh_token": renewing}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "secret_key": settings.ZALO_APP_SECRET}
    try:
        status, answer = http.post(settings.ZALO_RENEWING_URL, urlencode(asked).encode(), headers)
        access, renewing = answer.get("access_token"), answer.get("refresh_token")
        seconds = int(str(answer.get("expires_in", "")))
    except (http.NoAnswer, ValueError):
        raise NotRenewed("no answer, or an unreadable one") from None
    if status != 200 or not isinstance(access, str) or not isinstance(renewing, str) or not (access and renewing):
        raise NotRenewed(f"status {status}")
    return Fresh(access=access, renewing=renewing, seconds=min(max(seconds, 0), 10**6))


def begun_with() -> bytes:
    """A new token in the settings begins anew: whoever put it there has got it from Zalo because the old one was lost."""
    return hashlib.sha256(settings.ZALO_RENEWING_TOKEN.encode()).digest()


def _kept() -> ZaloToken | None:
    if not settings.ZALO_RENEWING_TOKEN:
        return None
    return ZaloToken.objects.filter(begun_with=begun_with()).order_by("-pk").first()
