"""Notices of the gateway as they come in: proved, then believed once; what is refused leaves a line in the log, no more."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime

from thongsuot.kernel.actor import system
from thongsuot.kernel.errors import TellPerson
from thongsuot.payments import actions, gateway
from thongsuot.payments.models import GatewayNotice

logger = logging.getLogger(__name__)
GATEWAY = system("gateway", "Cổng thanh toán")


def take(headers: Mapping[str, str], body: bytes, *, now: datetime) -> GatewayNotice:
    """Raises NoticeForged, NoticeLate, NoticeReplayed, NoticeUnreadable."""
    try:
        return actions.take_notice(gateway.read_notice(headers, body, now=now), actor=GATEWAY, at=now)
    except TellPerson as refusal:
        logger.warning("notice of the payment gateway refused: %s", refusal.code)
        raise
