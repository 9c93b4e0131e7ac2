"""The telephone exchange as we talk to it: one protocol, whoever is behind it; and what it tells us."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal, Protocol

import msgspec

NOTICE_AT_MOST = 16 * 1024
Kind = Literal["ringing", "answered", "held", "transferred", "returned", "ended", "recorded"]
_NAME = re.compile(r"[\w.@:+-]{1,64}", re.ASCII)
_NUMBER = re.compile(r"\+?[0-9]{1,19}")
_SHORT = re.compile(r"[\w+*#.-]{1,20}", re.ASCII)
_TYPE = re.compile(r"audio/[a-z0-9.+-]{1,30}")
MOST_SECONDS = 24 * 3600


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What the exchange tells us by itself of one call. `nonce` comes with the signature.

    call             what the exchange calls it, the same in all it tells of it
    caller           the number; empty: withheld, or not said with this notice
    extension        who answered; to: where it was handed on, or came back from
    recording        where the exchange keeps it: told with the end, or by itself later
    """

    call: str
    event: Kind
    at: datetime
    line: str
    caller: str = ""
    extension: str = ""
    to: str = ""
    duration_seconds: int | None = None
    recording: str = ""
    recording_type: str = ""
    nonce: str = ""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How a call stands at the exchange, when it is asked."""

    state: Literal["ringing", "talking", "held", "ended", "unknown"]
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    extension: str = ""


class Sound(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of a recording: bytes from `first` on, of `total`."""

    content: bytes
    first: int
    total: int


class Refused(Exception):
    """The exchange answered, and the answer is no. Asking again as it is would be answered alike."""


class Gone(Refused):
    """There is no such thing there, or not any more."""


class Unreachable(Exception):
    """No answer that can be relied on: what was asked may have been done or not."""


class Exchange(Protocol):
    """All raise Unreachable, Refused."""

    def transfer(self, call_id: str, to: str) -> None:
        """A call that rings or is talked in goes to an extension, or to a number outside. Asked twice it goes there once."""

    def standing(self, call_id: str) -> Standing: ...

    def recording(self, reference: str, *, first: int, at_most: int, whole: int = 0) -> Sound:
        """`at_most` bytes from `first` on; all from there on of an exchange that knows no ranges, when all of it is no more
        than `whole`, else nothing but how much there is at least. Gone: there is no such recording; Refused, too: nothing
        from there on.
        """

    def forget_recording(self, reference: str) -> None:
        """It is deleted there. One that is gone already is no reason to refuse."""


def is_sound(said: Notice) -> bool:
    """Can it be kept as it is? Names that fit, numbers that are some, an instant with its zone."""
    return (
        _NAME.fullmatch(said.call) is not None
        and _SHORT.fullmatch(said.line) is not None
        and (not said.caller or _NUMBER.fullmatch(said.caller) is not None)
        and all(not short or _SHORT.fullmatch(short) is not None for short in (said.extension, said.to))
        and (said.duration_seconds is None or 0 <= said.duration_seconds <= MOST_SECONDS)
        and len(said.recording) <= 300
        and said.recording.isprintable()
        and (not said.recording_type or _TYPE.fullmatch(said.recording_type) is not None)
        and said.at.tzinfo is not None
        and 2000 <= said.at.year < 2200
    )
