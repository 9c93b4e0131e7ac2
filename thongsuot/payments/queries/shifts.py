"""Drawers: one's own of today, those of one's units, and what went in and out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, F, Q, QuerySet, Sum, When

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import must_exist
from thongsuot.payments.models import CashShift, FeePayment, LedgerEntry

CASH = LedgerEntry.Account.CASH


@dataclass(frozen=True, kw_only=True)
class ShiftRow:
    """A drawer with what the books say is in it; `is_old`: it should have been counted by now."""

    shift: CashShift
    cash_dong: int
    takings: int
    is_old: bool


def shifts(actor: Actor, *, unit_ids: Collection[int]) -> QuerySet[CashShift]:
    """One's own and those of the units whose fees one keeps, what is open first, then the latest."""
    mine = Q(person_id=actor.person_id) if actor.person_id is not None else Q()
    found = CashShift.objects.filter(mine | Q(unit__in=unit_ids))
    return found.order_by(Case(When(state="open", then=0), When(state="closed", then=1), default=2), "-day", "-pk")


def with_cash(found: Iterable[CashShift], *, on: date) -> list[ShiftRow]:
    """Each with what its books say on that day."""
    rows = list(found)
    cash = _cash([row.pk for row in rows])
    return [
        ShiftRow(
            shift=row,
            cash_dong=cash.get(row.pk, (0, 0))[0],
            takings=cash.get(row.pk, (0, 0))[1],
            is_old=row.state == CashShift.State.OPEN and row.day < on,
        )
        for row in rows
    ]


def shift_of(shift_id: int, *, actor: Actor, unit_ids: Collection[int]) -> CashShift:
    """Raises NotFound when it is neither one's own nor of one's units."""
    shift = must_exist(CashShift.objects.filter(pk=shift_id).first())
    own = actor.person_id is not None and shift.person_id == actor.person_id
    return must_exist(shift if own or shift.unit_id in unit_ids else None)


def in_drawer(shift: CashShift) -> int:
    return _cash([shift.pk]).get(shift.pk, (0, 0))[0]


def taken_in(shift: CashShift) -> QuerySet[FeePayment]:
    return shift.payments.prefetch_related("lines__receipt").order_by("pk")


def _cash(shift_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """{shift: (what is in the drawer, how many times something was taken)}."""
    signed = Case(When(debit=CASH, then=F("amount_dong")), default=0 - F("amount_dong"))
    rows = LedgerEntry.objects.filter(Q(debit=CASH) | Q(credit=CASH), shift__in=shift_ids).values("shift")
    taken = Sum(Case(When(why=LedgerEntry.Why.TAKEN, then=1), default=0))
    return {row["shift"]: (row["sum"], row["taken"]) for row in rows.annotate(sum=Sum(signed), taken=taken).order_by()}
