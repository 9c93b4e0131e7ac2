"""What the stand-in knows and answers, without any network: a SQLite file, the same schema, the rules of the portal we know.

It keeps what it is sent, so it holds personal data of whoever sends them: in a demo city nobody real.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from thongsuot.national_portal import records
from thongsuot.national_portal.stand_in.mischief import Mischief
from thongsuot.web.stand_in_file import StandInFile, utc_now

SAYS = "Bản giả lập Cổng Dịch vụ công quốc gia: không phải Cổng thật, dữ liệu không gửi đi đâu."
_TABLES = """
CREATE TABLE IF NOT EXISTS dossier (code TEXT PRIMARY KEY, status INTEGER NOT NULL, record TEXT NOT NULL, day TEXT NOT NULL,
                                    unit TEXT NOT NULL, creations INTEGER NOT NULL, changed_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS arrival (number INTEGER PRIMARY KEY AUTOINCREMENT, reference TEXT UNIQUE NOT NULL,
                                    service TEXT NOT NULL, code TEXT NOT NULL, status INTEGER NOT NULL, record TEXT NOT NULL,
                                    answer TEXT NOT NULL, repeated INTEGER NOT NULL DEFAULT 0, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS file (id TEXT PRIMARY KEY, hash TEXT NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL,
                                 reference TEXT UNIQUE NOT NULL);
CREATE TABLE IF NOT EXISTS series (unit TEXT NOT NULL, day TEXT NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (unit, day));
CREATE TABLE IF NOT EXISTS refused (number INTEGER PRIMARY KEY AUTOINCREMENT, reference TEXT NOT NULL, service TEXT NOT NULL,
                                    error_code TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS dossier_day ON dossier (day, unit);
CREATE INDEX IF NOT EXISTS arrival_code ON arrival (code, number);
"""
_KINDS = {"create": "HoSo", "status": "HoSo", "result": "HoSo", "progress": "TienDo"}


class StandIn(StandInFile):
    """What it answered outlives its process; see `web.stand_in_file`."""

    TABLES = _TABLES

    def __init__(self, path: Path | None = None, *, clock: Callable[[], datetime] = utc_now) -> None:
        super().__init__(path, clock=clock)
        self.mischief = Mischief()
        self._tokens: set[str] = set()

    def token(self, client_id: str, secret: str) -> dict[str, Any]:
        """Anyone gets a session: who may talk to the portal is not what this plays."""
        with self._lock:
            value = secrets.token_urlsafe(24)
            self._tokens.add(value)
            return {"access_token": value, "expires_in": 600, "message": SAYS}

    def knows(self, token: str) -> bool:
        return token in self._tokens

    def end_sessions(self) -> None:
        with self._lock:
            self._tokens.clear()

    def answer(self, service: str, body: dict[str, Any], *, reference: str) -> dict[str, Any]:
        """What the portal would say: {"error_code", "message", …}."""
        with self._transaction():
            return self._answer(service, body, reference)

    def _answer(self, service: str, body: dict[str, Any], reference: str) -> dict[str, Any]:
        if service == "next_value":
            return self._next_value(str(body.get("DonVi", "")), str(body.get("Ngay", "")))
        if service == "count":
            return self._count(str(body.get("Ngay", "")), str(body.get("DonVi", "")))
        if not reference:
            return self._refuse(reference, service, "400", "Thiếu tham chiếu của lời gọi.")
        if service == "upload":
            return self._upload(body, reference)
        if service not in _KINDS:
            return self._refuse(reference, service, "404", "Không có dịch vụ này.")
        known = self._base.execute("SELECT answer FROM arrival WHERE reference = ?", (reference,)).fetchone()
        if known:
            self._base.execute("UPDATE arrival SET repeated = repeated + 1 WHERE reference = ?", (reference,))
            return dict(json.loads(known[0]))
        record = body.get("data")
        if not isinstance(record, dict):
            return self._refuse(reference, service, "422", "Thiếu dữ liệu.")
        return self._take(service, record, reference)

    def _take(self, service: str, record: dict[str, Any], reference: str) -> dict[str, Any]:
        kind = _KINDS[service]
        if wrong := records.unfit(kind, record):
            return self._refuse(reference, service, "422", "Sai mẫu dữ liệu: " + ", ".join(wrong))
        code = record["MaHoSo"]
        if code in self.mischief.refuses:
            return self._refuse(reference, service, *self.mischief.refuses[code])
        known = self._base.execute("SELECT 1 FROM dossier WHERE code = ?", (code,)).fetchone()
        if service == "create" and known:
            return self._refuse(reference, service, "409", "Mã hồ sơ đã có.")
        if service != "create" and not known:
            return self._refuse(reference, service, "404", "Chưa có hồ sơ mang mã này.")
        for paper in record.get("DanhSachGiayToKetQua", ()):
            if paper["GiayToId"] and not self._base.execute("SELECT 1 FROM file WHERE id = ?", (paper["GiayToId"],)).fetchone():
                return self._refuse(reference, service, "404", "Chưa có tệp kết quả mang mã này.")
        now = self.clock().isoformat()
        status = int(record["TrangThaiHoSo" if kind == "HoSo" else "TrangThai"])
        number = self._base.execute("SELECT coalesce(max(number), 0) + 1 FROM arrival").fetchone()[0]
        answer = {"error_code": "0", "message": SAYS, "id": f"GL{number}"}
        text = json.dumps(record, ensure_ascii=False)
        self._base.execute(
            "INSERT INTO arrival (reference, service, code, status, record, answer, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (reference, service, code, status, text, json.dumps(answer, ensure_ascii=False), now),
        )
        if service == "create":
            day = _day(record["NgayTiepNhan"] or record["NgayNopHoSo"])
            self._base.execute(
                "INSERT INTO dossier VALUES (?, ?, ?, ?, ?, 1, ?)", (code, status, text, day, code.rsplit("-", 2)[0], now)
            )
        elif kind == "HoSo":
            self._base.execute(
                "UPDATE dossier SET status = ?, record = ?, changed_at = ? WHERE code = ?", (status, text, now, code)
            )
        return answer

    def _upload(self, body: dict[str, Any], reference: str) -> dict[str, Any]:
        known = self._base.execute("SELECT id, hash FROM file WHERE reference = ?", (reference,)).fetchone()
        if known:
            return {"error_code": "0", "id": known[0], "hash": known[1]}
        try:
            content = base64.b64decode(str(body.get("NoiDung", "")), validate=True)
        except (binascii.Error, ValueError):
            return self._refuse(reference, "upload", "422", "Nội dung tệp không đọc được.")
        found = hashlib.sha256(content).hexdigest()
        if not content or found != body.get("MaBam"):
            return self._refuse(reference, "upload", "422", "Mã băm của tệp không khớp.")
        number = self._base.execute("SELECT count(*) FROM file").fetchone()[0]
        file_id = f"GLT{found[:20]}{number}"
        name = str(body.get("TenTep", ""))[:200]
        self._base.execute("INSERT INTO file VALUES (?, ?, ?, ?, ?)", (file_id, found, name, len(content), reference))
        return {"error_code": "0", "id": file_id, "hash": found}

    def _next_value(self, unit: str, day: str) -> dict[str, Any]:
        self._base.execute(
            "INSERT INTO series VALUES (?, ?, 1) ON CONFLICT (unit, day) DO UPDATE SET value = value + 1", (unit, day)
        )
        value = self._base.execute("SELECT value FROM series WHERE unit = ? AND day = ?", (unit, day)).fetchone()[0]
        return {"error_code": "0", "value": value}

    def _count(self, day: str, unit: str) -> dict[str, Any]:
        rows = self._base.execute(
            "SELECT code, status FROM dossier WHERE day = ? AND (? = '' OR unit = ?) ORDER BY code", (day, unit, unit)
        )
        return {"error_code": "0", "data": [{"MaHoSo": code, "TrangThaiHoSo": str(status)} for code, status in rows]}

    def _refuse(self, reference: str, service: str, error_code: str, message: str) -> dict[str, Any]:
        self._base.execute(
            "INSERT INTO refused (reference, service, error_code, at) VALUES (?, ?, ?, ?)",
            (reference, service, error_code, self.clock().isoformat()),
        )
        return {"error_code": error_code, "message": message}

    # --- What it has: for people and for tests ---

    def counts(self) -> dict[str, int]:
        """How much of everything it holds."""
        with self._lock:
            asked = {
                "dossiers": "SELECT count(*) FROM dossier",
                "messages": "SELECT count(*) FROM arrival",
                "repeated": "SELECT coalesce(sum(repeated), 0) FROM arrival",
                "files": "SELECT count(*) FROM file",
                "refused": "SELECT count(*) FROM refused",
            }
            return {name: self._base.execute(sql).fetchone()[0] for name, sql in asked.items()}

    def arrivals(self, code: str | None = None) -> list[tuple[str, str, int]]:
        """(reference, service, status) in the order of arrival."""
        with self._lock:
            sql = "SELECT reference, service, status FROM arrival WHERE ? IS NULL OR code = ? ORDER BY number"
            return [tuple(row) for row in self._base.execute(sql, (code, code))]

    def results_without_file(self) -> set[str]:
        """Codes of which some result came with a paper that has no file."""
        with self._lock:
            rows = self._base.execute("SELECT code, record FROM arrival WHERE service = 'result'")
            return {code for code, text in rows if not all(one["GiayToId"] for one in json.loads(text)["DanhSachGiayToKetQua"])}

    def record(self, code: str) -> dict[str, Any] | None:
        with self._lock:
            row = self._base.execute("SELECT record FROM dossier WHERE code = ?", (code,)).fetchone()
            return json.loads(row[0]) if row else None

    def status_of(self, code: str) -> int | None:
        """In which status it has a dossier; None: it does not know it."""
        with self._lock:
            row = self._base.execute("SELECT status FROM dossier WHERE code = ?", (code,)).fetchone()
            return int(row[0]) if row else None

    def latest(self, limit: int = 100) -> list[dict[str, Any]]:
        """The dossiers changed last, without anything personal."""
        with self._lock:
            rows = self._base.execute(
                "SELECT code, status, day, changed_at FROM dossier ORDER BY changed_at DESC, code LIMIT ?", (limit,)
            )
            return [{"MaHoSo": c, "TrangThaiHoSo": s, "NgayTiepNhan": d, "changed_at": a} for c, s, d, a in rows]

    def forget_dossier(self, code: str) -> None:
        """As if the portal had lost it, while it still knows the references it answered: for trying out reconciliation."""
        with self._lock:
            self._base.execute("DELETE FROM dossier WHERE code = ?", (code,))

    def has_otherwise(self, code: str, status: int) -> None:
        """As if somebody had changed the status at the portal."""
        with self._lock:
            self._base.execute("UPDATE dossier SET status = ? WHERE code = ?", (status, code))

    def close(self) -> None:
        with self._lock:
            self._base.close()


def _day(time: str) -> str:
    """The day of a time in either form: 2025-07-01."""
    return time[:10] if "-" in time[:10] else f"{time[:4]}-{time[4:6]}-{time[6:8]}" if len(time) >= 8 else ""
