"""Notices of the exchange as they come in: proved, then believed once; what is refused leaves a line in the log, no more."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from thongsuot.hotline import actions, exchange
from thongsuot.hotline.actions import errors
from thongsuot.hotline.exchange.protocol import Notice, is_sound
from thongsuot.hotline.models import CallNotice
from thongsuot.kernel.actor import system
from thongsuot.kernel.errors import TellPerson
from thongsuot.web.signed import FRESH, signature

logger = logging.getLogger(__name__)
EXCHANGE = system("gateway", "Tổng đài điện thoại")


def take(headers: Mapping[str, str], body: bytes, *, now: datetime) -> CallNotice:
    """Raises NoticeForged, NoticeLate, NoticeReplayed, NoticeUnreadable, UnknownLine."""
    try:
        said = read_notice(headers, body, key=exchange.secret(), now=now)
        return actions.take_notice(exchange.name(), said, actor=EXCHANGE, at=now)
    except TellPerson as refusal:
        logger.warning("notice of the telephone exchange refused: %s", refusal.code)
        raise


def read_notice(headers: Mapping[str, str], body: bytes, *, key: bytes, now: datetime) -> Notice:
    """A notice that is the exchange's own and fresh. Raises NoticeForged, NoticeLate, NoticeUnreadable."""
    at, nonce, sent = (headers.get(name, "") for name in ("X-Timestamp", "X-Nonce", "X-Signature"))
    if not key or not hmac.compare_digest(sent.encode(), signature(key, at=at, nonce=nonce, body=body).encode()):
        raise errors.NoticeForged
    if not (at.isascii() and at.isdigit() and len(at) < 12 and 16 <= len(nonce) <= 64 and nonce.isprintable()):
        raise errors.NoticeUnreadable
    if abs(now - datetime.fromtimestamp(int(at), UTC)) > FRESH:
        raise errors.NoticeLate
    try:
        said = msgspec.json.decode(body, type=Notice)
    except (msgspec.MsgspecError, RecursionError):
        raise errors.NoticeUnreadable from None
    # A call of tomorrow would stand above all others for a day.
    if not is_sound(said) or said.at > now + FRESH:
        raise errors.NoticeUnreadable
    return msgspec.structs.replace(said, nonce=nonce)
