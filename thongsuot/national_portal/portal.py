"""The national portal as we talk to it: one protocol, whoever is behind it."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import msgspec
from django.conf import settings

_SERVICES = Path(__file__).parent / "data" / "services.json"
OK = "0"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the portal says to a record: error_code "0" is yes, anything else is no with a message for people."""

    error_code: str
    message: str = ""
    id: str = ""

    @property
    def ok(self) -> bool:
        return self.error_code == OK


class Uploaded(msgspec.Struct, frozen=True, kw_only=True):
    """A file the portal has taken, under its own id, with the hash it computed."""

    id: str
    hash: str


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """One dossier as the portal counts it."""

    MaHoSo: str
    TrangThaiHoSo: str


class Refused(Exception):
    """The portal answered, and the answer is no. Trying again as it is would be answered alike."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.error_code)
        self.answer = answer


class Unreachable(Exception):
    """No answer that can be relied on: what was sent may have arrived or not. `fault`: a key of rules.FAULTS."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class Portal(Protocol):
    """Each call may be made twice with the same `reference`; the portal then answers as it did the first time.

    Every one raises Unreachable and Refused. Implementations are used by several threads at once.
    """

    parallel: int  # how many dossiers may be sent at once

    def next_value(self, *, unit: str, day: date) -> int:
        """The portal's next number for a dossier code of that agency identifier. For offices that do not number themselves."""

    def upload(self, *, name: str, content: bytes, reference: str) -> Uploaded:
        """Raises also Refused when the hash the portal computed is not ours."""

    def create(self, record: dict[str, Any], *, reference: str) -> Answer:
        """A dossier it does not know yet: a HoSo."""

    def status(self, record: dict[str, Any], *, reference: str) -> Answer:
        """A dossier it knows, in another status: a HoSo."""

    def result(self, record: dict[str, Any], *, reference: str) -> Answer:
        """A dossier it knows, with its result: a HoSo."""

    def progress(self, record: dict[str, Any], *, reference: str) -> Answer:
        """A line of progress: a TienDo."""

    def count(self, *, day: date, unit: str) -> list[Held]:
        """What it holds of the dossiers received on a day. `unit`: an agency identifier, or empty for all of ours."""


@cache
def services() -> dict[str, str]:
    found: dict[str, str] = json.loads(_SERVICES.read_text())
    return found


STAND_IN = "stand-in"


def is_stand_in() -> bool:
    return bool(settings.PORTAL == STAND_IN)


def chosen() -> Portal | None:
    """The portal of this installation by `settings.PORTAL`: an address, the stand-in in this process, or None."""
    if not settings.PORTAL:
        return None
    if is_stand_in():
        from thongsuot.national_portal.stand_in import in_this_process

        return in_this_process()
    from thongsuot.national_portal.http_portal import over_http

    return over_http()
