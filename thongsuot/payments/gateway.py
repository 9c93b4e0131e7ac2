"""The payment gateway as we talk to it: one protocol, whoever is behind it; and its notices, proved by their signature."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Literal, Protocol

import msgspec
from django.conf import settings
from django.utils.crypto import salted_hmac

from thongsuot.payments.actions import errors
from thongsuot.web.signed import FRESH as FRESH
from thongsuot.web.signed import signature as signature

logger = logging.getLogger(__name__)
STAND_IN = "stand-in"
NOTICE_AT_MOST = 64 * 1024

WAITING: Literal["waiting"] = "waiting"
State = Literal["waiting", "paid", "failed", "cancelled", "unknown"]
MOST_DONG = 10**13


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What we ask to be paid. Asked again under the same reference it is the same order."""

    reference: str
    merchant: str
    amount_dong: int
    purpose: str
    back_url: str
    expires_at: datetime


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How an order or a refund stands at the gateway. All but `state` say something once it is paid."""

    state: State
    transaction_id: str = ""
    amount_dong: int = 0
    merchant: str = ""
    how: Literal["gateway", "transfer"] = "gateway"
    at: datetime = datetime.min.replace(tzinfo=UTC)


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the gateway's list of a day. `amount_dong` is below zero when it went back."""

    reference: str
    transaction_id: str
    merchant: str
    amount_dong: int
    at: datetime


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What the gateway tells us by itself. `nonce` and `sent_at` come with the signature."""

    transaction_id: str
    amount_dong: int
    merchant: str
    state: Literal["paid", "failed"]
    at: datetime
    reference: str = ""
    purpose: str = ""
    how: Literal["gateway", "transfer"] = "gateway"
    nonce: str = ""
    sent_at: datetime = datetime.min.replace(tzinfo=UTC)


class Refused(Exception):
    """The gateway answered, and the answer is no. Asking again as it is would be answered alike."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Unreachable(Exception):
    """No answer that can be relied on: what was asked may have been done or not."""


class Gateway(Protocol):
    """Each call may be made twice with the same reference; the answer is then the first one. All raise Unreachable, Refused."""

    def begin(self, order: Order) -> str:
        """The address where the payer goes on."""

    def standing(self, reference: str) -> Standing:
        """Of an order, or a refund."""

    def cancel(self, reference: str) -> Standing:
        """Nobody can pay it any more; if somebody has, that is the answer."""

    def refund(self, reference: str, *, transaction_id: str, amount_dong: int) -> Standing:
        """Give back so much of a transaction: paid, waiting, or refused."""

    def day(self, day: date) -> list[Listed]:
        """All it holds of a day, by the local clock."""


def is_sound(said: Standing | Listed | Notice) -> bool:
    """Can what is said of money be kept as it is? Names that fit, an amount that is one, an instant, nowhere a NUL."""
    least = 1 - MOST_DONG if isinstance(said, Listed) else 1
    reference = "" if isinstance(said, Standing) else said.reference
    purpose = said.purpose if isinstance(said, Notice) else ""
    return (
        _is_name(said.transaction_id)
        and least <= said.amount_dong < MOST_DONG
        and said.amount_dong != 0
        and len(said.merchant) <= 40
        and len(reference) <= 200
        and len(purpose) <= 1000
        and "\0" not in said.merchant + reference + purpose
        and said.at.tzinfo is not None
        and 2000 <= said.at.year < 2200  # what was left out is the year 1
    )


def _is_name(word: str) -> bool:
    return 0 < len(word) <= 64 and "\0" not in word  # as the column is


class Checked:
    """See `Gateway`. Whoever is behind it: an answer that could not be kept is none (`Unreachable`)."""

    def __init__(self, behind: Gateway) -> None:
        self.behind = behind

    def begin(self, order: Order) -> str:
        return self.behind.begin(order)

    def standing(self, reference: str) -> Standing:
        return self._sound(reference, self.behind.standing(reference))

    def cancel(self, reference: str) -> Standing:
        return self._sound(reference, self.behind.cancel(reference))

    def refund(self, reference: str, *, transaction_id: str, amount_dong: int) -> Standing:
        said = self.behind.refund(reference, transaction_id=transaction_id, amount_dong=amount_dong)
        if said.state == "paid" and not _is_name(said.transaction_id):
            raise _unsound(reference)
        return said

    def day(self, day: date) -> list[Listed]:
        rows = self.behind.day(day)
        if not all(is_sound(row) for row in rows):
            raise _unsound(day.isoformat())
        return rows

    def _sound(self, reference: str, said: Standing) -> Standing:
        if said.state == "paid" and not is_sound(said):
            raise _unsound(reference)
        return said


def _unsound(what: str) -> Unreachable:
    """Whoever runs the city has to tell the gateway's people: nothing of it is kept until it answers otherwise."""
    logger.warning("the payment gateway's answer about %s cannot be kept", what)
    return Unreachable()


def is_stand_in() -> bool:
    return bool(settings.PAYMENTS == STAND_IN)


def chosen() -> Gateway | None:
    """The gateway of this installation by `settings.PAYMENTS`: an address, the stand-in in this process, or None."""
    if not settings.PAYMENTS:
        return None
    if is_stand_in():
        from thongsuot.payments.stand_in import in_this_process

        return Checked(in_this_process())
    from thongsuot.payments.http_gateway import over_http

    return Checked(over_http())


def secret() -> bytes:
    """What both sides sign with."""
    if is_stand_in():
        return salted_hmac("payments stand-in", "gateway", algorithm="sha256").digest()
    return str(settings.PAYMENTS_SECRET).encode()


def read_notice(headers: Mapping[str, str], body: bytes, *, now: datetime) -> Notice:
    """A notice that is the gateway's own and fresh. Raises NoticeForged, NoticeLate, NoticeUnreadable."""
    at, nonce, sent = (headers.get(name, "") for name in ("X-Timestamp", "X-Nonce", "X-Signature"))
    key = secret()
    if not key or not hmac.compare_digest(sent.encode(), signature(key, at=at, nonce=nonce, body=body).encode()):
        raise errors.NoticeForged
    if not (at.isascii() and at.isdigit() and len(at) < 12 and 16 <= len(nonce) <= 64):
        raise errors.NoticeUnreadable
    sent_at = datetime.fromtimestamp(int(at), UTC)
    if abs(now - sent_at) > FRESH:
        raise errors.NoticeLate
    try:
        said = msgspec.json.decode(body, type=Notice)
    except msgspec.MsgspecError:
        raise errors.NoticeUnreadable from None
    if not is_sound(said):
        raise errors.NoticeUnreadable
    return msgspec.structs.replace(said, nonce=nonce, sent_at=sent_at)
