"""Writing in the books: called by the commands of this folder, within their transactions."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from django.db import connection
from django.db.models import Case, F, Q, Sum, Value, When

from thongsuot.payments.models import CashShift, FeeAccount, FeePayment, LedgerEntry, Refund, StatementLine

A: TypeAlias = LedgerEntry.Account
Why: TypeAlias = LedgerEntry.Why


def one_by_one(*words: str) -> None:
    """Until this transaction ends nobody else is at what one of the words names. Whoever asks for several asks once."""
    with connection.cursor() as cursor:
        for word in sorted(words):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [word])


def enter(
    why: Why,
    amount_dong: int,
    *,
    debit: A,
    credit: A,
    unit_id: int,
    at: datetime,
    account: FeeAccount | None = None,
    payment: FeePayment | None = None,
    refund: Refund | None = None,
    shift: CashShift | None = None,
    statement_line: StatementLine | None = None,
) -> LedgerEntry | None:
    """So much from `credit` to `debit`; an amount below zero goes the other way, nothing is no entry."""
    if amount_dong == 0:
        return None
    if amount_dong < 0:
        debit, credit, amount_dong = credit, debit, -amount_dong
    return LedgerEntry.objects.create(
        why=why,
        amount_dong=amount_dong,
        debit=debit,
        credit=credit,
        unit_id=unit_id,
        at=at,
        account=account,
        payment=payment,
        refund=refund,
        shift=shift,
        statement_line=statement_line,
    )


def balance(which: A, **of: object) -> int:
    """What stands in an account: debits less credits, of the entries that `of` names (unit_id=…, shift=…)."""
    signed = Case(When(Q(debit=which), then=F("amount_dong")), default=Value(0) - F("amount_dong"))
    found = LedgerEntry.objects.filter(Q(debit=which) | Q(credit=which), **of).aggregate(sum=Sum(signed))["sum"]
    return int(found or 0)


def announced_nameless(line: StatementLine) -> LedgerEntry | None:
    """What the gateway told of this money without a name, when no other movement has taken it.

    Banks and gateways call the same movement by names of their own, so it is known by the account and the amount: of two that
    are alike in both it does not matter to the books which came first. Of two who ask for it at once one waits.
    """
    one_by_one(f"nameless {line.account_id} {line.amount_dong}")
    found = LedgerEntry.objects.filter(account=line.account, payment=None, amount_dong=line.amount_dong)
    taken = found.filter(why__in=[Why.ASSIGNED, Why.SETTLED], credit=A.CLEARING).count()
    return found.filter(why=Why.UNDUE, debit=A.CLEARING).order_by("pk")[taken : taken + 1].first()
