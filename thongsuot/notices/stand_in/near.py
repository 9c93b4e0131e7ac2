"""The stand-in asked without a network, and its reports played back a moment later by a job."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from procrastinate.contrib.django import app

from thongsuot.notices import rules
from thongsuot.notices.stand_in import in_this_process
from thongsuot.notices.stand_in.core import UNANSWERED
from thongsuot.notices.ways import http, sms, zalo

SECONDS_TO_REPORT = 3


def ask(way: str, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """See `ways.http.post`. Raises NoAnswer."""
    mischief, status, answer = in_this_process().ask(way, asked)
    if mischief in UNANSWERED:
        raise http.NoAnswer
    if status == 200:
        reference = str(asked["tracking_id" if way == rules.ZALO else "reference"])
        job = app.configure_task("notices.play_reports", schedule_in={"seconds": SECONDS_TO_REPORT})
        job.defer(way=way, reference=reference)
    return status, answer


def report(way: str, reference: str, outcome: str, *, said_at: datetime, at: datetime) -> tuple[bytes, Mapping[str, str]]:
    """(body, headers) as the real partner would send it, signed at `at`."""
    if way == rules.SMS:
        body = http.as_json({"reference": reference, "status": outcome, "at": said_at.isoformat()})
        return body, {name.lower(): value for name, value in sms.signed(body, key=settings.SMS_REPORT_KEY, at=at).items()}
    stamp = str(int(at.timestamp() * 1000))
    message = {"tracking_id": reference, "msg_id": "GL", "delivery_time": str(int(said_at.timestamp() * 1000))}
    body = http.as_json(
        {"app_id": settings.ZALO_APP_ID, "event_name": "user_received_message", "message": message, "timestamp": stamp}
    )
    return body, {"x-zevent-signature": zalo.signature(body, stamp)}
