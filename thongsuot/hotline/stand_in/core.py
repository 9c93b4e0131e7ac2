"""What the stand-in's exchange knows and does, without any network: a SQLite file, so that its calls outlive its process."""

from __future__ import annotations

import io
import math
import secrets
import wave
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Literal

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thongsuot.hotline.exchange.protocol import Gone, Kind, Notice, Refused, Sound, Standing, Unreachable
from thongsuot.web.stand_in_file import StandInFile

# What goes wrong with all that is told of a call.
MISCHIEF: dict[str, Promise | str] = {
    "": _("Báo đúng"),
    "twice": _("Mỗi tin báo hai lần"),
    "lost_end": _("Không báo lúc kết thúc"),
    "late_end": _("Một phút sau mới báo kết thúc"),
    "out_of_order": _("Báo kết thúc rồi mới báo một tin cũ"),
    "deaf": _("Không nghe yêu cầu chuyển máy"),
    "unlifted": _("Không nối được đến máy lẻ"),
}
_TABLES = """
CREATE TABLE IF NOT EXISTS call (
  call_id TEXT PRIMARY KEY, line TEXT NOT NULL, caller TEXT NOT NULL, mischief TEXT NOT NULL, state TEXT NOT NULL,
  extension TEXT NOT NULL DEFAULT '', came_at TEXT NOT NULL, answered_at TEXT, held_at TEXT, ended_at TEXT,
  recording TEXT NOT NULL DEFAULT '');
"""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A call as it stands there. `state`: ringing, talking, held, ended."""

    call_id: str
    line: str
    caller: str
    mischief: str
    state: str
    extension: str
    came_at: datetime
    answered_at: datetime | None
    held_at: datetime | None
    ended_at: datetime | None
    recording: str


class StandIn(StandInFile):
    """See `web.stand_in_file`."""

    TABLES = _TABLES

    def ring(self, line: str, caller: str = "", *, mischief: str = "") -> tuple[Kept, Notice]:
        """Somebody dials the line; without a number: a withheld one. Returns what the exchange now tells."""
        if mischief not in MISCHIEF:
            raise ValueError(f"unknown mischief {mischief}")
        call_id = f"GL-{secrets.token_hex(6)}"
        with self._transaction():
            self._base.execute(
                "INSERT INTO call (call_id, line, caller, mischief, state, came_at) VALUES (?, ?, ?, ?, 'ringing', ?)",
                (call_id, line, caller, mischief, self.clock().isoformat()),
            )
            return self.kept(call_id), self._notice(call_id, "ringing")

    def answer(self, call_id: str, extension: str) -> Notice:
        """The receiver is lifted at an extension, or taken up again. Raises Refused when it is over."""
        with self._transaction():
            known = self._live(call_id)
            answered_at = (known.answered_at or self.clock()).isoformat()
            self._base.execute(
                "UPDATE call SET state = 'talking', extension = ?, answered_at = ?, held_at = NULL WHERE call_id = ?",
                (extension or known.extension, answered_at, call_id),
            )
            return self._notice(call_id, "answered")

    def hold(self, call_id: str) -> Notice:
        """Raises Refused when nobody talks in it."""
        with self._transaction():
            if self._live(call_id).state != "talking":
                raise Refused
            at = self.clock().isoformat()
            self._base.execute("UPDATE call SET state = 'held', held_at = ? WHERE call_id = ?", (at, call_id))
            return self._notice(call_id, "held")

    def hang_up(self, call_id: str) -> Notice:
        """By either side. What was talked in has been recorded. Raises Refused when it is over."""
        with self._transaction():
            known = self._live(call_id)
            self._base.execute(
                "UPDATE call SET state = 'ended', ended_at = ?, recording = ? WHERE call_id = ?",
                (self.clock().isoformat(), f"recordings/{call_id}.wav" if known.answered_at else "", call_id),
            )
            return self._notice(call_id, "ended")

    def come_back(self, call_id: str) -> Notice:
        """Nobody lifted the receiver there. Raises Refused when it is over."""
        with self._transaction():
            self._live(call_id)
            return self._notice(call_id, "returned")

    def transfer(self, call_id: str, to: str, *, inside: bool) -> Notice | None:
        """`inside`: an extension, whose receiver is lifted, or not. A call that goes outside is over for us."""
        with self._call(call_id):
            known = self._live(call_id)
            if inside and known.mischief == "unlifted":
                return None
            if inside:
                self._base.execute(
                    "UPDATE call SET state = 'talking', extension = ?, answered_at = coalesce(answered_at, ?)"
                    " WHERE call_id = ?",
                    (to, self.clock().isoformat(), call_id),
                )
                return self._notice(call_id, "answered")
            if known.answered_at is None:
                raise Refused
            return self._notice(call_id, "transferred", to=to)

    def standing(self, call_id: str) -> Standing:
        with self._call(call_id):
            row = self._base.execute("SELECT call_id FROM call WHERE call_id = ?", (call_id,)).fetchone()
            if row is None:
                return Standing(state="unknown")
            known = self.kept(call_id)
            return Standing(
                state=_STATES[known.state],
                answered_at=known.answered_at,
                ended_at=known.ended_at,
                extension=known.extension,
            )

    def recording(self, reference: str, *, first: int, at_most: int, whole: int = 0) -> Sound:
        with self._call(""):
            row = self._base.execute("SELECT call_id FROM call WHERE recording = ?", (reference,)).fetchone()
            content = tone()
            if row is None or not reference:
                raise Gone
            if first >= len(content):
                raise Refused
            return Sound(content=content[first : first + at_most], first=first, total=len(content))

    def forget_recording(self, reference: str) -> None:
        with self._call(""):
            self._base.execute("UPDATE call SET recording = '', caller = '' WHERE recording = ?", (reference,))

    def kept(self, call_id: str) -> Kept:
        """Raises Refused for one it does not have."""
        with self._lock:
            row = self._base.execute(f"{_ALL} WHERE call_id = ?", (call_id,)).fetchone()
        if row is None:
            raise Refused
        return _kept(row)

    def latest(self, most: int) -> list[Kept]:
        with self._lock:
            rows = self._base.execute(f"{_ALL} ORDER BY came_at DESC, rowid DESC LIMIT ?", (most,))
            return [_kept(row) for row in rows.fetchall()]

    def signed(self, notice: Notice, *, key: bytes) -> tuple[dict[str, str], bytes]:
        """Headers and body of a notice as they go over the line, with a nonce of their own."""
        body = msgspec.json.encode({k: v for k, v in msgspec.to_builtins(notice).items() if k != "nonce"})
        return self._headers(body, key=key), body

    def _notice(self, call_id: str, event: Kind, *, to: str = "") -> Notice:
        known = self.kept(call_id)
        ended = event == "ended"
        at = known.came_at if event == "ringing" else self.clock()
        since = known.answered_at or known.came_at
        return Notice(
            call=call_id,
            event=event,
            at=at,
            line=known.line,
            caller=known.caller,
            extension=known.extension,
            to=to,
            duration_seconds=max(0, int((at - since).total_seconds())) if ended else None,
            recording=known.recording if ended else "",
            recording_type="audio/wav" if ended and known.recording else "",
        )

    def _live(self, call_id: str) -> Kept:
        known = self.kept(call_id)
        if known.state == "ended":
            raise Refused
        return known

    def _call(self, call_id: str) -> AbstractContextManager[None]:
        """One request of ours, with what is planned to go wrong. Raises Unreachable, Refused."""
        with self._lock:
            row = self._base.execute("SELECT mischief FROM call WHERE call_id = ?", (call_id,)).fetchone()
        return self._request(silence=Unreachable, no=Refused(), deaf=row is not None and row[0] == "deaf")


_STATES: dict[str, Literal["ringing", "talking", "held", "ended"]] = {
    "ringing": "ringing",
    "talking": "talking",
    "held": "held",
    "ended": "ended",
}
_ALL = "SELECT call_id, line, caller, mischief, state, extension, came_at, answered_at, held_at, ended_at, recording FROM call"


def _kept(row: tuple[str, ...]) -> Kept:
    came_at, answered_at, held_at, ended_at = (datetime.fromisoformat(at) if at else None for at in row[6:10])
    assert came_at is not None
    return Kept(
        call_id=row[0],
        line=row[1],
        caller=row[2],
        mischief=row[3],
        state=row[4],
        extension=row[5],
        came_at=came_at,
        answered_at=answered_at,
        held_at=held_at,
        ended_at=ended_at,
        recording=row[10],
    )


@cache
def tone() -> bytes:
    """Two seconds of a hum: what every call of the stand-in sounds like."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(bytes(128 + int(40 * math.sin(place * 2 * math.pi * 440 / 8000)) for place in range(16_000)))
    return file.getvalue()
