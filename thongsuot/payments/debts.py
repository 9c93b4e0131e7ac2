"""What people owe: capabilities above say, `payments` knows none of them.

from thongsuot.payments import debts
debts.register(DossierFees())  # from apps.ready
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from thongsuot.kernel.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Owed:
    """One obligation that is still to be paid, by the fee rule it was computed with. `kind`: fee (phí) or levy (lệ phí)."""

    id: int
    code: str
    name: str
    kind: str
    amount_dong: int


@dataclass(frozen=True, kw_only=True)
class Debt:
    """What one thing owes now.

    code        what people know it by
    unit_id     whose money it is
    at_unit_id  at whose desk it may be paid
    """

    subject: str
    subject_id: int
    code: str
    unit_id: int
    at_unit_id: int
    payer_name: str
    lines: Sequence[Owed]


class Debts(Protocol):
    """One kind of things that owe. Its calls run within the command of a payment; what it records belongs to that."""

    subject: str
    gives_receipts: bool  # each paid line gets a number of the unit's series of receipts

    def locked(self, subject_id: int) -> Debt:
        """The thing under its row lock, with what it still owes; no line when nothing is taken for it. Raises NotFound."""

    def owing(self, unit_id: int, amount_dong: int, *, most: int) -> Sequence[Debt]:
        """What owes the unit exactly so much now, the newest first, without any lock: to choose from."""

    def page(self, subject_id: int) -> str:
        """The address where the payer sees the thing itself; "" when there is none."""

    def paid(self, subject_id: int, receipts: Mapping[int, int], *, how: str, actor: Actor, at: datetime) -> None:
        """These obligations are paid, each with its receipt number (0: it has none). how: a FeePayment.How."""

    def returned(self, subject_id: int, owed_id: int, *, reason: str, actor: Actor, at: datetime) -> None:
        """The money for one obligation went back."""


_kinds: dict[str, Debts] = {}


def register(kind: Debts) -> None:
    """Add, or replace."""
    _kinds[kind.subject] = kind


def forget(subject: str) -> None:
    """For tests."""
    _kinds.pop(subject, None)


def of(subject: str) -> Debts:
    return _kinds[subject]


def owing(unit_id: int, amount_dong: int, *, most: int = 200) -> list[Debt]:
    """Of every kind."""
    return [debt for kind in _kinds.values() for debt in kind.owing(unit_id, amount_dong, most=most)]
