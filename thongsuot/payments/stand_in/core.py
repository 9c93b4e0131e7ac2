"""What the bank knows and answers, without any network: a SQLite file, so that what it was told outlives its process."""

from __future__ import annotations

import secrets
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta, timezone

import msgspec

from thongsuot.payments import gateway
from thongsuot.payments.gateway import Listed, Notice, Order, Refused, Standing, Unreachable
from thongsuot.web.stand_in_file import StandInFile

_TABLES = """
CREATE TABLE IF NOT EXISTS bill (
  reference TEXT PRIMARY KEY, merchant TEXT NOT NULL, amount INTEGER NOT NULL, purpose TEXT NOT NULL, back_url TEXT NOT NULL,
  expires_at TEXT NOT NULL, state TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS movement (
  transaction_id TEXT PRIMARY KEY, reference TEXT NOT NULL, merchant TEXT NOT NULL, amount INTEGER NOT NULL,
  purpose TEXT NOT NULL, how TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS returned (
  reference TEXT PRIMARY KEY, of TEXT NOT NULL, amount INTEGER NOT NULL, transaction_id TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS movement_reference ON movement (reference);
"""
HERE = timezone(timedelta(hours=7))


class Bank(StandInFile):
    """See `web.stand_in_file`."""

    TABLES = _TABLES

    def take_order(self, order: Order) -> None:
        with self._call():
            known = self.bill(order.reference)
            if known is not None and (known.merchant, known.amount_dong) != (order.merchant, order.amount_dong):
                raise Refused("Mã giao dịch đã dùng cho một khoản khác.")
            self._base.execute(
                "INSERT OR IGNORE INTO bill VALUES (?, ?, ?, ?, ?, ?, 'waiting')",
                (
                    order.reference,
                    order.merchant,
                    order.amount_dong,
                    order.purpose,
                    order.back_url,
                    order.expires_at.isoformat(),
                ),
            )

    def bill(self, reference: str) -> Order | None:
        row = self._base.execute(
            "SELECT reference, merchant, amount, purpose, back_url, expires_at FROM bill WHERE reference = ?", (reference,)
        ).fetchone()
        if row is None:
            return None
        return Order(
            reference=row[0],
            merchant=row[1],
            amount_dong=row[2],
            purpose=row[3],
            back_url=row[4],
            expires_at=datetime.fromisoformat(row[5]),
        )

    def standing(self, reference: str) -> Standing:
        with self._call():
            return self._standing(reference)

    def cancel(self, reference: str) -> Standing:
        with self._call():
            self._base.execute("UPDATE bill SET state = 'cancelled' WHERE reference = ? AND state = 'waiting'", (reference,))
            return self._standing(reference)

    def pay(self, reference: str, *, amount_dong: int = 0) -> Notice:
        """The payer pays the order at the bank's page. Raises Refused when it is not open. Returns what the bank now tells."""
        with self._transaction():
            order = self.bill(reference)
            state = self._base.execute("SELECT state FROM bill WHERE reference = ?", (reference,)).fetchone()
            if order is None or state[0] != "waiting":
                raise Refused("Khoản này không còn chờ trả tại ngân hàng.")
            self._base.execute("UPDATE bill SET state = 'paid' WHERE reference = ?", (reference,))
            return self._moved(order.merchant, amount_dong or order.amount_dong, reference, order.purpose, "gateway")

    def fail(self, reference: str) -> Notice:
        """The bank does not let it pass."""
        with self._transaction():
            order = self.bill(reference)
            if order is None:
                raise Refused("Không có khoản này.")
            self._base.execute("UPDATE bill SET state = 'failed' WHERE reference = ? AND state = 'waiting'", (reference,))
            return Notice(
                transaction_id=f"NH{secrets.token_hex(6).upper()}",
                amount_dong=order.amount_dong,
                merchant=order.merchant,
                state="failed",
                at=self.clock(),
                reference=reference,
            )

    def transfer(self, merchant: str, amount_dong: int, purpose: str) -> Notice:
        """Somebody transfers to the account, as a VietQR code or their own hand says."""
        with self._transaction():
            return self._moved(merchant, amount_dong, "", purpose, "transfer")

    def refund(self, reference: str, *, transaction_id: str, amount_dong: int) -> Standing:
        with self._call():
            known = self._base.execute("SELECT transaction_id FROM returned WHERE reference = ?", (reference,)).fetchone()
            if known is None:
                row = self._base.execute(
                    "SELECT merchant, amount, purpose, how FROM movement WHERE transaction_id = ?", (transaction_id,)
                ).fetchone()
                back = self._base.execute(
                    "SELECT coalesce(sum(amount), 0) FROM returned WHERE of = ?", (transaction_id,)
                ).fetchone()
                if row is None or back[0] + amount_dong > row[1]:
                    raise Refused("Giao dịch không có, hoặc đã trả lại đủ.")
                told = self._moved(row[0], -amount_dong, reference, f"Hoan {row[2]}", row[3])
                self._base.execute(
                    "INSERT INTO returned VALUES (?, ?, ?, ?)", (reference, transaction_id, amount_dong, told.transaction_id)
                )
                known = (told.transaction_id,)
            return Standing(state="paid", transaction_id=known[0], amount_dong=amount_dong, at=self.clock())

    def day(self, day: date) -> list[Listed]:
        with self._call():
            rows = self._base.execute(
                "SELECT reference, transaction_id, merchant, amount, at, purpose FROM movement ORDER BY at, rowid"
            )
            listed = [
                Listed(
                    reference=row[0] or row[5],
                    transaction_id=row[1],
                    merchant=row[2],
                    amount_dong=row[3],
                    at=datetime.fromisoformat(row[4]),
                )
                for row in rows.fetchall()
            ]
            return [row for row in listed if row.at.astimezone(HERE).date() == day]

    def signed(self, notice: Notice) -> tuple[dict[str, str], bytes]:
        """Headers and body of a notice as they go over the line, with a nonce of their own."""
        body = msgspec.json.encode({k: v for k, v in msgspec.to_builtins(notice).items() if k not in ("nonce", "sent_at")})
        return self._headers(body, key=gateway.secret()), body

    def _standing(self, reference: str) -> Standing:
        state = self._base.execute("SELECT state, merchant FROM bill WHERE reference = ?", (reference,)).fetchone()
        if state is None:
            return Standing(state="unknown")
        if state[0] != "paid":
            return Standing(state=state[0])
        row = self._base.execute(
            "SELECT transaction_id, amount, merchant, at FROM movement WHERE reference = ? AND amount > 0 ORDER BY rowid",
            (reference,),
        ).fetchone()
        return Standing(
            state="paid", transaction_id=row[0], amount_dong=row[1], merchant=row[2], at=datetime.fromisoformat(row[3])
        )

    def _moved(self, merchant: str, amount_dong: int, reference: str, purpose: str, how: str) -> Notice:
        told = Notice(
            transaction_id=f"NH{secrets.token_hex(6).upper()}",
            amount_dong=amount_dong,
            merchant=merchant,
            state="paid",
            at=self.clock(),
            reference=reference,
            purpose=purpose,
            how="gateway" if how == "gateway" else "transfer",
        )
        self._base.execute(
            "INSERT INTO movement VALUES (?, ?, ?, ?, ?, ?, ?)",
            (told.transaction_id, reference, merchant, amount_dong, purpose, how, told.at.isoformat()),
        )
        return told

    def _call(self) -> AbstractContextManager[None]:
        """One call of ours, with what is planned to go wrong. Raises Unreachable, Refused."""
        return self._request(silence=Unreachable, no=Refused("Ngân hàng không nhận lúc này."))
