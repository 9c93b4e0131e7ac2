"""What the stand-in knows and answers, without any network: a SQLite file, the forms of `ways/sms.py` and `ways/zalo.py`.

It keeps what it is sent, so it holds personal data of whoever sends them: in a demo city nobody real.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thongsuot.notices import rules
from thongsuot.web.stand_in_file import StandInFile

SAYS = "Bản giả lập cổng tin nhắn: không phải cổng thật, tin không tới điện thoại nào."
# What may go wrong with the next call, or with what is told of it later.
WAYS_TO_FAIL: dict[str, Promise | str] = {
    "error": _("Báo lỗi máy chủ"),
    "limit": _("Báo quá nhiều tin"),
    "hang": _("Không trả lời, tin không được nhận"),
    "hang_stored": _("Không trả lời, nhưng đã nhận tin"),
    "garbage": _("Đã nhận tin, trả lời không đọc được"),
    "refuse": _("Từ chối số điện thoại"),
    "refuse_words": _("Từ chối nội dung hoặc mẫu"),
    "fail_later": _("Nhận tin, sau đó báo không tới nơi"),
    "twice": _("Báo đã tới nơi hai lần"),
    "out_of_order": _("Báo đã tới nơi, rồi gửi một báo cáo cũ là không tới"),
    "silent": _("Nhận tin, không báo gì thêm"),
}
UNANSWERED = frozenset({"hang", "hang_stored", "garbage"})
_TABLES = """
CREATE TABLE IF NOT EXISTS message (number INTEGER PRIMARY KEY AUTOINCREMENT, way TEXT NOT NULL, reference TEXT NOT NULL,
                                    phone TEXT NOT NULL, words TEXT NOT NULL, state TEXT NOT NULL, plan TEXT NOT NULL,
                                    repeated INTEGER NOT NULL DEFAULT 0, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS planned (number INTEGER PRIMARY KEY AUTOINCREMENT, way TEXT NOT NULL, mischief TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS message_reference ON message (way, reference);
"""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One message it took, or refused. `state`: accepted, refused, delivered, failed."""

    number: int
    way: str
    reference: str
    phone: str
    words: str
    state: str
    repeated: int
    at: datetime


class StandIn(StandInFile):
    """What it answered outlives its process; see `web.stand_in_file`."""

    TABLES = _TABLES

    def plan(self, way: str, mischief: str) -> None:
        """For the next call of this way that nothing is planned for yet."""
        if mischief not in WAYS_TO_FAIL:
            raise ValueError(f"unknown mischief {mischief}")
        with self._lock:
            self._base.execute("INSERT INTO planned (way, mischief) VALUES (?, ?)", (way, mischief))

    def planned(self) -> list[tuple[str, str]]:
        with self._lock:
            return [tuple(row) for row in self._base.execute("SELECT way, mischief FROM planned ORDER BY number")]

    def ask(self, way: str, asked: dict[str, Any]) -> tuple[str, int, dict[str, Any]]:
        """(mischief, status, answer). With a mischief of UNANSWERED the answer must not arrive."""
        with self._transaction():
            return self._ask(way, asked)

    def _ask(self, way: str, asked: dict[str, Any]) -> tuple[str, int, dict[str, Any]]:
        row = self._base.execute(
            "SELECT number, mischief FROM planned WHERE way = ? ORDER BY number LIMIT 1", (way,)
        ).fetchone()
        mischief = row[1] if row else ""
        if row:
            self._base.execute("DELETE FROM planned WHERE number = ?", (row[0],))
        if mischief in {"error", "limit"}:
            return mischief, 500 if mischief == "error" else 429, {"message": SAYS}
        if mischief == "hang":
            return mischief, 200, {}
        reference, phone, words = _read(way, asked)
        if mischief in {"refuse", "refuse_words"} or not (reference and phone and words):
            self._keep(way, reference, phone, words, "refused", mischief)
            number = mischief == "refuse" or not phone
            if way == rules.ZALO:
                return mischief, 200, {"error": -118 if number else -112, "message": SAYS}
            return mischief, 422, {"error": "number" if number else "text", "message": SAYS}
        known = self._base.execute("SELECT number FROM message WHERE way = ? AND reference = ?", (way, reference)).fetchone()
        # Zalo does not promise to know a tracking id again: there the same one is another message.
        if known and way == rules.SMS:
            self._base.execute("UPDATE message SET repeated = repeated + 1 WHERE number = ?", known)
            number = known[0]
        else:
            number = self._keep(way, reference, phone, words, "accepted", mischief)
        if way == rules.ZALO:
            return mischief, 200, {"error": 0, "message": SAYS, "data": {"msg_id": f"GL{number}"}}
        return mischief, 200, {"status": "accepted", "id": f"GL{number}", "message": SAYS}

    def _keep(self, way: str, reference: str, phone: str, words: str, state: str, plan: str) -> int:
        made = self._base.execute(
            "INSERT INTO message (way, reference, phone, words, state, plan, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (way, reference, phone, words, state, plan, self.clock().isoformat()),
        )
        return int(made.lastrowid or 0)

    def outcomes(self, way: str, reference: str) -> list[tuple[str, datetime]]:
        """What it has to report of a message it took: (delivered or failed, when), in the order in which it tells it."""
        with self._lock:
            row = self._base.execute(
                "SELECT number, plan FROM message WHERE way = ? AND reference = ? AND state <> 'refused' "
                "ORDER BY number LIMIT 1",
                (way, reference),
            ).fetchone()
            if row is None:
                return []
            now, earlier = self.clock(), self.clock() - timedelta(seconds=30)
            told = {
                "silent": [],
                "fail_later": [("failed", now)],
                "twice": [("delivered", now), ("delivered", now)],
                "out_of_order": [("delivered", now), ("failed", earlier)],
            }.get(row[1], [("delivered", now)])
            if told:
                self._base.execute("UPDATE message SET state = ? WHERE number = ?", (told[0][0], row[0]))
            # Zalo tells of what arrived and of nothing else.
            return [one for one in told if way == rules.SMS or one[0] == "delivered"]

    # --- What it has: for people and for tests ---

    def kept(self, limit: int = 100) -> list[Kept]:
        """The latest first."""
        with self._lock:
            rows = self._base.execute(
                "SELECT number, way, reference, phone, words, state, repeated, at FROM message ORDER BY number DESC LIMIT ?",
                (limit,),
            )
            return [
                Kept(
                    number=number,
                    way=way,
                    reference=reference,
                    phone=phone,
                    words=words,
                    state=state,
                    repeated=repeated,
                    at=datetime.fromisoformat(at),
                )
                for number, way, reference, phone, words, state, repeated, at in rows
            ]

    def clear(self) -> None:
        with self._lock:
            self._base.executescript("DELETE FROM message; DELETE FROM planned;")


def _read(way: str, asked: dict[str, Any]) -> tuple[str, str, str]:
    """(reference, number, words) of a call; a number that is none is empty."""
    if way == rules.ZALO:
        reference, phone, data = asked.get("tracking_id"), asked.get("phone"), asked.get("template_data")
        values = json.dumps(data, ensure_ascii=False) if isinstance(data, dict) else ""
        words = f"{asked['template_id']} {values}" if asked.get("template_id") and values else ""
    else:
        reference, phone, words = asked.get("reference"), asked.get("to"), str(asked.get("text") or "")
    number = str(phone or "")
    return str(reference or "")[:200], number if number.isdigit() and number.startswith("84") else "", words
