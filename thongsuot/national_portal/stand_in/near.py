"""The stand-in asked without a network: the protocol of `portal.Portal`, with its misbehaviour as the faults we would see."""

from __future__ import annotations

import base64
import hashlib
from datetime import date
from typing import Any

import msgspec

from thongsuot.national_portal.portal import OK, Answer, Held, Refused, Unreachable, Uploaded
from thongsuot.national_portal.stand_in.core import StandIn
from thongsuot.national_portal.stand_in.mischief import STORED

_FAULTS = {
    "error": "server",
    "hang": "timeout",
    "hang_stored": "timeout",
    "drop": "connection",
    "drop_stored": "dropped",
    "garbage": "unreadable",
}


class NearPortal:
    """See `portal.Portal`."""

    parallel = 1

    def __init__(self, stand_in: StandIn) -> None:
        self.stand_in = stand_in

    def next_value(self, *, unit: str, day: date) -> int:
        return int(self._say("next_value", {"DonVi": unit, "Ngay": day.isoformat()}, reference="")["value"])

    def upload(self, *, name: str, content: bytes, reference: str) -> Uploaded:
        body = {
            "TenTep": name,
            "NoiDung": base64.b64encode(content).decode(),
            "MaBam": hashlib.sha256(content).hexdigest(),
        }
        return msgspec.convert(self._say("upload", body, reference=reference), Uploaded)

    def create(self, record: dict[str, Any], *, reference: str) -> Answer:
        return self._told("create", record, reference)

    def status(self, record: dict[str, Any], *, reference: str) -> Answer:
        return self._told("status", record, reference)

    def result(self, record: dict[str, Any], *, reference: str) -> Answer:
        return self._told("result", record, reference)

    def progress(self, record: dict[str, Any], *, reference: str) -> Answer:
        return self._told("progress", record, reference)

    def count(self, *, day: date, unit: str) -> list[Held]:
        return msgspec.convert(self._say("count", {"Ngay": day.isoformat(), "DonVi": unit}, reference="")["data"], list[Held])

    def _told(self, service: str, record: dict[str, Any], reference: str) -> Answer:
        return msgspec.convert(self._say(service, {"data": record}, reference=reference), Answer)

    def _say(self, service: str, body: dict[str, Any], *, reference: str) -> dict[str, Any]:
        stand_in = self.stand_in
        way = stand_in.mischief.next(now=stand_in.clock(), code=reference.split("/")[0])
        if way and way not in STORED:
            raise Unreachable(_FAULTS[way])
        answer = stand_in.answer(service, body, reference=reference)
        if way == "double":
            answer = stand_in.answer(service, body, reference=reference)
        elif way:
            raise Unreachable(_FAULTS[way])
        if answer["error_code"] != OK:
            raise Refused(Answer(error_code=answer["error_code"], message=answer.get("message", "")))
        return answer
