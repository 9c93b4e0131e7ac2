"""What Zalo lets us in with: the one secret of ours that changes by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.mfa.adapter import get_adapter

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.notices import events
from thongsuot.notices.models import ZaloToken
from thongsuot.notices.ways import zalo_token


@command
def keep_zalo_token(fresh: zalo_token.Fresh, *, actor: Actor, at: datetime) -> ZaloToken:
    """Instead of whatever was kept before: that one is spent."""
    row = ZaloToken.objects.select_for_update().order_by("pk").first() or ZaloToken()
    row.access, row.renewing = get_adapter().encrypt(fresh.access), get_adapter().encrypt(fresh.renewing)
    row.begun_with, row.renewed_at, row.ends_at = zalo_token.begun_with(), at, at + timedelta(seconds=fresh.seconds)
    row.save()
    record(events.ZALO_TOKEN_RENEWED, row, actor=actor, at=at, ends_at=row.ends_at)
    return row
