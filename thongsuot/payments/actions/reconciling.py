"""Statements that come in, their movements in the books, the gateway's list of a day, and what differs between the three."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.payments import debts, events, statements
from thongsuot.payments.actions import errors
from thongsuot.payments.actions.books import A, Why, enter
from thongsuot.payments.actions.cash import KEEP
from thongsuot.payments.actions.paying import take_transfer
from thongsuot.payments.gateway import Listed
from thongsuot.payments.keeping import must_answer
from thongsuot.payments.models import (
    BankStatement,
    CashShift,
    Difference,
    FeeAccount,
    FeePayment,
    GatewayRecord,
    LedgerEntry,
    ReconciledDay,
    Refund,
    StatementLine,
)
from thongsuot.payments.rules.reconcile import Found
from thongsuot.payments.rules.references import reference_in


@command
def bring_statement(account_id: int, content: bytes, *, name: str, actor: Actor, at: datetime) -> BankStatement:
    """All movements of a file that are new, or none. A movement that came before is the same one, or the file is refused.

    Raises NotFound, NotYourDuty, StatementUnreadable.
    """
    account = must_exist(FeeAccount.objects.select_for_update().filter(pk=account_id).first())
    must_answer(actor, KEEP, account.unit_id, at=at)
    read = statements.read(content)
    if read.account and re.sub(r"\W", "", read.account).upper()[-len(account.number) :] != account.number:
        raise errors.StatementUnreadable(_("Sổ phụ này của tài khoản khác."))
    sha256 = hashlib.sha256(content).hexdigest()
    if BankStatement.objects.filter(account=account, sha256=sha256).exists():
        raise errors.StatementUnreadable(_("Tệp này đã nhập rồi."))
    known = {
        (line.booked_on, line.bank_reference, line.number): line.amount_dong
        for line in account.lines.filter(booked_on__range=(read.first_day, read.last_day))
    }
    new = []
    for line in read.lines:
        before = known.get((line.booked_on, line.bank_reference, line.number))
        if before is not None and before != line.amount_dong:
            raise errors.StatementUnreadable(
                _("Giao dịch %(reference)s đã nhập với số tiền khác.") % {"reference": line.bank_reference}
            )
        if before is None:
            new.append(line)
    statement = BankStatement.objects.create(
        account=account,
        name=one_line(name)[:200],
        sha256=sha256,
        content=content.decode("utf-8", errors="replace").replace("\0", ""),
        first_day=read.first_day,
        last_day=read.last_day,
        opening_dong=read.opening_dong,
        closing_dong=read.closing_dong,
        brought_at=at,
        brought_by_id=actor.person_id,
    )
    StatementLine.objects.bulk_create(
        StatementLine(
            account=account,
            statement=statement,
            booked_on=line.booked_on,
            amount_dong=line.amount_dong,
            bank_reference=line.bank_reference,
            number=line.number,
            purpose=line.purpose,
            reference=reference_in(line.purpose),
        )
        for line in new
    )
    record(
        events.STATEMENT_BROUGHT,
        statement,
        actor=actor,
        at=at,
        unit_id=account.unit_id,
        first_day=read.first_day,
        last_day=read.last_day,
        new=len(new),
        known=len(read.lines) - len(new),
    )
    return statement


@command
def book_line(line_id: int, *, actor: Actor, at: datetime) -> bool:
    """What a movement means in the books: the bank has what the gateway announced, or what was paid in; or a transfer pays.

    Returns False when it means nothing we know of, which the comparison of the day then says. Twice changes nothing.
    """
    line = must_exist(StatementLine.objects.select_related("account").filter(pk=line_id).first())
    payment = FeePayment.objects.filter(reference=line.reference).first() if line.reference else None
    if payment is not None:
        debts.of(payment.subject).locked(payment.subject_id)
        payment = FeePayment.objects.select_for_update().get(pk=payment.pk)
    StatementLine.objects.select_for_update().get(pk=line_id)
    shift = None if payment else _shift_of(line)
    booked = False
    if line.amount_dong > 0 and not line.entries.exists():
        booked = True
        entry = partial(
            enter, Why.SETTLED, line.amount_dong, unit_id=line.account.unit_id, at=at, account=line.account, statement_line=line
        )
        if payment is not None and _announced(payment, line):
            entry(debit=A.BANK, credit=A.CLEARING, payment=payment)
        elif payment is not None:
            take_transfer(line_id, actor=actor, at=at)
        elif shift is not None:
            entry(debit=A.BANK, credit=A.TRANSIT, shift=shift)
        else:
            booked = False
    record(events.LINE_BOOKED, line, actor=actor, at=at, unit_id=line.account.unit_id, booked=booked)
    return booked


@command
def keep_gateway_day(day: date, rows: Sequence[Listed], *, actor: Actor, at: datetime) -> ReconciledDay:
    """The gateway's list of a day as it is now, in place of what it was."""
    one = _day(day)
    GatewayRecord.objects.filter(day=day).delete()
    seen: dict[str, int] = {}
    records = []
    for row in rows:
        seen[row.transaction_id] = seen.get(row.transaction_id, 0) + 1
        records.append(
            GatewayRecord(
                day=day,
                number=seen[row.transaction_id],
                reference=(reference_in(row.reference) or row.reference)[:60],
                transaction_id=row.transaction_id[:64],
                merchant=row.merchant[:40],
                amount_dong=row.amount_dong,
                at=row.at,
                fetched_at=at,
            )
        )
    GatewayRecord.objects.bulk_create(records, batch_size=1_000)
    one.fetched_at = at
    one.save(update_fields=["fetched_at"])
    record(events.DAY_FETCHED, one, actor=actor, at=at, day=day, rows=len(records))
    return one


@command
def note_differences(day: date, found: Sequence[Found], *, actor: Actor, at: datetime) -> ReconciledDay:
    """What a comparison found: new differences stand open, those it did not find again are gone, explained ones stay explained.

    Money that was paid twice, or names no payment and goes back, explains itself once its refund is there.
    """
    one = _day(day)
    known = {(row.kind, row.key): row for row in Difference.objects.filter(day=day)}
    back = Refund.objects.select_related("statement_line").filter(statement_line__booked_on=day)
    returns = {
        f"bank:{row.statement_line.known_as}": row for row in back.exclude(state=Refund.State.REFUSED) if row.statement_line
    }
    for each in found:
        row = known.pop((each.kind, each.key), None) or Difference(day=day, kind=each.kind, key=each.key, found_at=at)
        row.unit_id, row.payment_id, row.gone_at = each.unit_id, each.payment_id, None
        row.ours_dong, row.gateway_dong, row.bank_dong = each.ours_dong, each.gateway_dong, each.bank_dong
        refund = returns.get(each.key) if each.kind == Difference.Kind.NOT_OURS else _refund_of(each)
        if row.explained_at is None and refund is not None:
            row.explained_at, row.explained_by_name = at, actor.name
            row.explanation = _("Tiền không ứng với khoản nào, đã có đề nghị hoàn %(reference)s.") % {
                "reference": refund.reference
            }
        row.save()
    for row in known.values():
        if row.gone_at is None:
            row.gone_at = at
            row.save(update_fields=["gone_at"])
    one.compared_at = at
    one.save(update_fields=["compared_at"])
    record(events.DAY_COMPARED, one, actor=actor, at=at, day=day, differences=len(found))
    return one


@command
def explain_difference(difference_id: int, *, explanation: str, actor: Actor, at: datetime) -> Difference:
    """Raises NotFound, NotYourDuty, BadInput."""
    row = must_exist(Difference.objects.select_for_update().filter(pk=difference_id).first())
    must_answer(actor, KEEP, row.unit_id, at=at)
    explanation = one_line(explanation)[:300]
    if not explanation:
        raise BadInput({"explanation": _("Hãy ghi vì sao lệch và đã xử lý thế nào.")})
    row.explained_at, row.explained_by_name, row.explanation = at, actor.name, explanation
    row.save(update_fields=["explained_at", "explained_by_name", "explanation"])
    record(events.DIFFERENCE_EXPLAINED, row, actor=actor, at=at, unit_id=row.unit_id, what=row.kind, key=row.key)
    return row


def _day(day: date) -> ReconciledDay:
    ReconciledDay.objects.get_or_create(day=day)
    return ReconciledDay.objects.select_for_update().get(day=day)


def _announced(payment: FeePayment, line: StatementLine) -> bool:
    """Did the gateway announce this money, and no other movement has settled it?"""
    entries = LedgerEntry.objects.filter(payment=payment, account=line.account, amount_dong=line.amount_dong)
    came = entries.filter(debit=A.CLEARING, why__in=[Why.PAID, Why.UNDUE]).count()
    return came > entries.filter(credit=A.CLEARING, why=Why.SETTLED).count()


def _shift_of(line: StatementLine) -> CashShift | None:
    """The counted drawer whose paying-in slip this movement names, when the amount is what went to this account's unit."""
    words = {line.bank_reference, *line.purpose.split()}
    for shift in CashShift.objects.filter(state=CashShift.State.BANKED, slip_number__in=words):
        sent = shift.entries.filter(why=Why.BANKED, unit=line.account.unit_id, debit=A.TRANSIT).first()
        arrived = shift.entries.filter(why=Why.SETTLED, unit=line.account.unit_id).exists()
        if sent is not None and sent.amount_dong == line.amount_dong and not arrived:
            return shift
    return None


def _refund_of(found: Found) -> Refund | None:
    if found.kind != Difference.Kind.DOUBLE or found.payment_id is None:
        return None
    amount = found.gateway_dong if found.gateway_dong is not None else found.bank_dong
    undue = Refund.objects.filter(payment=found.payment_id, line=None, amount_dong=amount or 0)
    return undue.exclude(state=Refund.State.REFUSED).first()
