"""SMS by a gateway that speaks JSON over HTTP, as those of the networks and their resellers do.

    POST THONGSUOT_SMS_URL
    Authorization: Bearer <key>    or, with THONGSUOT_SMS_AUTH=hmac,    X-Timestamp, X-Signature: sha256=<hex>
    Idempotency-Key: <reference>
    {"reference": …, "from": <sender name>, "to": "84912…", "text": …, "unicode": false, "report_url": …}

    200 {"status": "accepted", "id": …}           400-499 {"error": "number" | "text" | …}

A report comes to our address for it, signed by X-Timestamp and X-Signature over "<timestamp>.<body>":

    {"reference": …, "status": "delivered" | "failed", "at": "2025-11-17T09:00:00+07:00"}
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from thongsuot.notices import rules
from thongsuot.notices.models import Trouble
from thongsuot.notices.ways import http
from thongsuot.notices.ways.protocol import STAND_IN, Message, NotTaken, Report, UnreadableReport

# What the gateway names when it says no: the number, the text. Any other no is about us, and may be mended.
_TROUBLES = {"number": Trouble.REFUSED_NUMBER, "text": Trouble.REFUSED_WORDS}


class SmsWay:
    name = rules.SMS

    def send(self, message: Message) -> str:
        text = rules.with_stop_line(message.words, message.unsubscribe)
        asked = {
            "reference": message.reference,
            "from": settings.SMS_SENDER,
            "to": abroad(message.to),
            "text": text,
            "unicode": rules.segments(text).marked,
            "report_url": settings.PUBLIC_URL.rstrip("/") + reverse("notices:report", args=[rules.SMS]),
        }
        try:
            status, answer = self._ask(asked)
        except http.NoAnswer:
            raise NotTaken(Trouble.GATEWAY, for_good=False) from None
        return understood(status, answer)

    def _ask(self, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if settings.SMS_URL == STAND_IN:
            from thongsuot.notices.stand_in import near

            return near.ask(rules.SMS, asked)
        body = http.as_json(asked)
        headers = {**http.JSON, "Idempotency-Key": str(asked["reference"])}
        if settings.SMS_AUTH == "hmac":
            headers |= signed(body, key=settings.SMS_KEY, at=datetime.now(UTC))
        else:
            headers["Authorization"] = f"Bearer {settings.SMS_KEY}"
        return http.post(settings.SMS_URL, body, headers)

    def read_report(self, body: bytes, headers: Mapping[str, str], *, at: datetime) -> Report | None:
        stamp, signature = headers.get("x-timestamp", ""), headers.get("x-signature", "")
        if not settings.SMS_REPORT_KEY or not hmac.compare_digest(
            signature.encode(), _signature(stamp, body, settings.SMS_REPORT_KEY).encode()
        ):
            raise UnreadableReport("forged")
        must_be_fresh(stamp, at=at, per_second=1)
        try:
            said = json.loads(body)
            reference, status, when = str(said["reference"]), said["status"], datetime.fromisoformat(said["at"])
        except (ValueError, TypeError, LookupError, RecursionError):
            raise UnreadableReport("unreadable") from None
        if when.tzinfo is None:
            raise UnreadableReport("unreadable")
        if status not in {"delivered", "failed"}:
            return None
        digest = hashlib.sha256(body).digest()
        return Report(reference=reference, delivered=status == "delivered", said_at=when, digest=digest)


def understood(status: int, answer: Mapping[str, Any]) -> str:
    """The gateway's id. Raises NotTaken."""
    if status in {401, 403}:
        raise NotTaken(Trouble.REFUSED_US, for_good=False)
    if status in {408, 409, 425, 429} or status >= 500 or status < 200 or 300 <= status < 400:
        raise NotTaken(Trouble.GATEWAY, for_good=False)
    if status >= 400:
        trouble = _TROUBLES.get(str(answer.get("error")))
        raise NotTaken(trouble or Trouble.REFUSED_US, for_good=trouble is not None)
    if answer.get("status") != "accepted":
        raise NotTaken(Trouble.GATEWAY, for_good=False)
    return str(answer.get("id", ""))[:100]


def abroad(phone: str) -> str:
    """As gateways want it: 84912000048."""
    return "84" + phone[1:]


def signed(body: bytes, *, key: str, at: datetime) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    return {"X-Timestamp": stamp, "X-Signature": _signature(stamp, body, key)}


def _signature(stamp: str, body: bytes, key: str) -> str:
    return "sha256=" + hmac.new(key.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def must_be_fresh(stamp: str, *, at: datetime, per_second: int) -> None:
    """`stamp`: when it was signed, since 1970, in seconds or thousandths. Raises UnreadableReport."""
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 16):
        raise UnreadableReport("unreadable")
    if abs(at.timestamp() - int(stamp) / per_second) > rules.REPORT_AGE.total_seconds():
        raise UnreadableReport("too old")
