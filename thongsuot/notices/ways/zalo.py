"""Zalo (ZNS): a template that Zalo approved beforehand, its parameters, our reference as `tracking_id`.

    POST THONGSUOT_ZALO_URL/message/template      access_token: <token>
    {"phone": "84912…", "template_id": …, "template_data": {…}, "tracking_id": …}
    200 {"error": 0, "data": {"msg_id": …}}       200 {"error": -108, "message": …}

Zalo tells us later by the event `user_received_message`; its signature is over the application's id, the body, the time and the
account's secret. Whether a repeated `tracking_id` is sent once, Zalo does not promise: after silence a message may go twice.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from thongsuot.notices import rules
from thongsuot.notices.models import Trouble
from thongsuot.notices.ways import http, zalo_token
from thongsuot.notices.ways.protocol import STAND_IN, Message, NotTaken, Report, UnreadableReport
from thongsuot.notices.ways.sms import abroad, must_be_fresh

_NUMBER = frozenset({-108, -114, -118, -119, -139, -140})  # no such number, no Zalo account, does not take messages of ours
_WORDS = frozenset({-112, -113, -117, -131, -132, -135, -136, -137})  # template or its parameters
_US = frozenset({-124, -115, -116, -125, -126, -147})  # token, quota, money: mended by people, then it goes


class ZaloWay:
    name = rules.ZALO

    def send(self, message: Message) -> str:
        asked = {
            "phone": abroad(message.to),
            "template_id": message.template,
            "template_data": dict(message.values),
            "tracking_id": message.reference,
        }
        try:
            status, answer = self._ask(asked)
        except http.NoAnswer:
            raise NotTaken(Trouble.GATEWAY, for_good=False) from None
        return understood(status, answer)

    def _ask(self, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if settings.ZALO_URL == STAND_IN:
            from thongsuot.notices.stand_in import near

            return near.ask(rules.ZALO, asked)
        url = settings.ZALO_URL.rstrip("/") + "/message/template"
        return http.post(url, http.as_json(asked), {**http.JSON, "access_token": zalo_token.in_use()})

    def read_report(self, body: bytes, headers: Mapping[str, str], *, at: datetime) -> Report | None:
        try:
            said = json.loads(body)
            stamp = str(said["timestamp"])
        except (ValueError, TypeError, LookupError, RecursionError):
            raise UnreadableReport("unreadable") from None
        given = headers.get("x-zevent-signature", "").encode()
        if not settings.ZALO_SECRET or not hmac.compare_digest(given, signature(body, stamp).encode()):
            raise UnreadableReport("forged")
        must_be_fresh(stamp, at=at, per_second=1000)
        if said.get("event_name") != "user_received_message":
            return None
        try:
            reference = str(said["message"]["tracking_id"])
            when = datetime.fromtimestamp(int(str(said["message"].get("delivery_time") or stamp)) / 1000, UTC)
        except (ValueError, TypeError, LookupError, OverflowError, OSError):
            raise UnreadableReport("unreadable") from None
        return Report(reference=reference, delivered=True, said_at=when, digest=hashlib.sha256(body).digest())


def understood(status: int, answer: Mapping[str, Any]) -> str:
    """Zalo's id. Raises NotTaken."""
    code = answer.get("error")
    if status != 200 or not isinstance(code, int):
        raise NotTaken(Trouble.REFUSED_US if status in {401, 403} else Trouble.GATEWAY, for_good=False)
    if code in _NUMBER:
        raise NotTaken(Trouble.REFUSED_NUMBER, for_good=True)
    if code in _WORDS:
        raise NotTaken(Trouble.REFUSED_WORDS, for_good=True)
    if code != 0:
        raise NotTaken(Trouble.REFUSED_US if code in _US else Trouble.GATEWAY, for_good=False)
    data = answer.get("data")
    return str(data.get("msg_id", ""))[:100] if isinstance(data, dict) else ""


def signature(body: bytes, stamp: str) -> str:
    whole = settings.ZALO_APP_ID.encode() + body + stamp.encode() + settings.ZALO_SECRET.encode()
    return "mac=" + hashlib.sha256(whole).hexdigest()
