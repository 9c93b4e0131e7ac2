"""What decides whether a certificate may be used, what must be warned of, and who must have one. No database, no clock."""

from __future__ import annotations

import csv
import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_DATA = Path(__file__).parent / "data"


class Condition(StrEnum):
    """A certificate at an instant: what its dates and its state say together."""

    WAITING = "waiting"
    NOT_YET = "not_yet"
    ACTIVE = "active"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


CONDITION_LABELS: dict[Condition, Promise] = {
    Condition.WAITING: _("Chờ bàn giao"),
    Condition.NOT_YET: _("Chưa đến ngày hiệu lực"),
    Condition.ACTIVE: _("Đang dùng"),
    Condition.EXPIRING: _("Sắp hết hạn"),
    Condition.EXPIRED: _("Hết hạn"),
    Condition.SUSPENDED: _("Tạm dừng"),
    Condition.REVOKED: _("Đã thu hồi"),
}
USABLE = frozenset({Condition.ACTIVE, Condition.EXPIRING})


def condition(*, state: str, not_before: datetime, not_after: datetime, at: datetime, soon_days: int = 90) -> Condition:
    """What the holder of a certificate may count on at that instant. Revocation outlasts everything."""
    if state == "revoked":
        return Condition.REVOKED
    if at >= not_after:
        return Condition.EXPIRED
    if state == "suspended":
        return Condition.SUSPENDED
    if state in ("issued", "delivered"):
        return Condition.WAITING
    if at < not_before:
        return Condition.NOT_YET
    return Condition.EXPIRING if not_after - at <= timedelta(days=soon_days) else Condition.ACTIVE


def warnings_due(not_after: datetime, *, at: datetime, marks: tuple[int, ...], said: frozenset[int]) -> int | None:
    """The mark (days before the end) that should be told now; the nearest one only, so a late start tells once."""
    left = not_after - at
    reached = [mark for mark in marks if timedelta() < left <= timedelta(days=mark)]
    nearest = min(reached, default=None)
    return nearest if nearest is not None and nearest not in said else None


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number by which signing is handled, for a time. `checked` is false where the text was not seen."""

    key: str
    value: int
    valid_from: date
    valid_to: date | None
    checked: bool
    basis: str


@cache
def _figures() -> tuple[Figure, ...]:
    with (_DATA / "settings.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Figure(
                key=row["key"],
                value=int(row["value"]),
                valid_from=date.fromisoformat(row["valid_from"]),
                valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
                checked=row["checked"] == "1",
                basis=row["basis"],
            )
            for row in csv.DictReader(file)
        )


def figure(key: str, *, on: date) -> int:
    """The value in force that day."""
    rows = [
        one for one in _figures() if one.key == key and one.valid_from <= on and (one.valid_to is None or on < one.valid_to)
    ]
    if not rows:
        raise KeyError(key)
    return rows[-1].value


def warning_marks(*, on: date) -> tuple[int, ...]:
    """Days before the end at which a warning is due, widest first."""
    return tuple(figure(key, on=on) for key in ("warn_first_days", "warn_second_days", "warn_third_days"))


@dataclass(frozen=True, kw_only=True)
class Need:
    """A post, or an agency (empty title), that must have a certificate for a unit to be ready."""

    level: str
    body_kind: str
    title: str
    valid_from: date
    valid_to: date | None
    basis: str

    @property
    def is_agency(self) -> bool:
        return not self.title


@cache
def _needs() -> tuple[Need, ...]:
    with (_DATA / "must_have.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Need(
                level=row["level"],
                body_kind=row["body_kind"],
                title=row["title"],
                valid_from=date.fromisoformat(row["valid_from"]),
                valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
                basis=row["basis"],
            )
            for row in csv.DictReader(file)
        )


def needs(level: str, *, on: date) -> list[Need]:
    """Who must have a certificate in a unit of that level, in the order of the list."""
    return [
        need
        for need in _needs()
        if need.level == level and need.valid_from <= on and (need.valid_to is None or on < need.valid_to)
    ]


PIN = re.compile(r"[!-~]{6,64}")


def pin_is_possible(pin: str) -> bool:
    """Six to sixty-four printable signs without blanks: what tokens take."""
    return PIN.fullmatch(pin) is not None


def pin_is_weak(pin: str) -> bool:
    """One sign repeated, or digits in a row up or down."""
    steps = {ord(after) - ord(before) for before, after in pairwise(pin)}
    return steps <= {0} or steps == {1} or steps == {-1}


# Without 0/O, 1/I/L: what is read from paper and typed again.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_SIGNS = 16
_CODE = re.compile(rf"[{_ALPHABET}]{{16}}")


def new_code() -> str:
    """Sixteen signs out of 31, 79 bits: nobody finds one by trying."""
    return "".join(secrets.choice(_ALPHABET) for _place in range(_SIGNS))


def code_from(secret: bytes) -> str:
    """The code that 32 secret bytes stand for: the same for the same bytes."""
    number, signs = int.from_bytes(secret, "big"), []
    for _place in range(_SIGNS):
        number, rest = divmod(number, len(_ALPHABET))
        signs.append(_ALPHABET[rest])
    return "".join(signs)


def code_as_kept(text: str) -> str | None:
    """As typed from paper, with or without dashes: 'abcd-efgh-…'. None when it cannot be a code."""
    code = re.sub(r"[\s-]", "", text).upper()
    return code if _CODE.fullmatch(code) else None


def code_as_shown(code: str) -> str:
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


# Where a request may go from where. Each move is one command of whoever manages certificates.
REQUEST_MOVES: dict[str, tuple[str, ...]] = {
    "draft": ("at_department", "closed"),
    "at_department": ("at_issuer", "closed"),
    "at_issuer": ("issued", "closed"),
    "issued": ("delivered",),
    "delivered": (),
    "closed": (),
}


def request_may_move(state: str, to: str) -> bool:
    return to in REQUEST_MOVES[state]


# Where a certificate may go from where, by its holder's or the issuer's act.
CERTIFICATE_MOVES: dict[str, tuple[str, ...]] = {
    "issued": ("delivered", "revoked"),
    "delivered": ("active", "revoked"),
    "active": ("suspended", "revoked"),
    "suspended": ("active", "revoked"),
    "revoked": (),
}


def certificate_may_move(state: str, to: str) -> bool:
    return to in CERTIFICATE_MOVES[state]


def level(*, has_time_stamp: bool, has_revocation_data: bool) -> str:
    """PAdES baseline level, ETSI EN 319 142-1: B-LT needs a time-stamp and the proof that nothing was revoked."""
    if has_time_stamp and has_revocation_data:
        return "B-LT"
    return "B-T" if has_time_stamp else "B-B"
