"""Statements that come in, their movements in the books, the gateway's list of a day, and what differs between the three."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.text import day as day_words
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
from thongsuot.payments.rules.references import reference_in, says
from thongsuot.units import queries as units

AMOUNT_ALONE = 10  # days within which a movement that names no refund is taken for one of its amount


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
    new = _new_lines(account, read)
    statement = BankStatement.objects.create(
        account=account,
        name=one_line(name)[:200],
        sha256=sha256,
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
    """What a movement means in the books: the bank has what the gateway announced, or what was paid in; a transfer pays;
    or what left is a refund, of which the books know already what was transferred by hand.

    Returns False when it means nothing we know of, which the comparison of the day then says. Twice changes nothing.
    """
    line = must_exist(StatementLine.objects.select_related("account").filter(pk=line_id).first())
    payment = FeePayment.objects.filter(reference=line.reference).first() if line.reference and line.amount_dong > 0 else None
    if payment is not None:
        debts.of(payment.subject).locked(payment.subject_id)
        payment = FeePayment.objects.select_for_update().get(pk=payment.pk)
    line = StatementLine.objects.select_related("account").select_for_update(of=("self",)).get(pk=line_id)
    booked = False
    if not line.entries.exists() and line.pays_back_id is None:
        entry = partial(enter, Why.SETTLED, line.amount_dong, debit=A.BANK, at=at, account=line.account, statement_line=line)
        if line.amount_dong < 0:
            booked = _pays_back(line, at=at)
        elif payment is not None:
            # In the books where it was announced: the account may have moved to another unit since.
            told = _announced(payment, line)
            if told is not None:
                entry(credit=A.CLEARING, payment=payment, unit_id=told.unit_id)
            else:
                take_transfer(line_id, actor=actor, at=at)
            booked = True
        elif (sent := _deposit(line, lock=True)) is not None:
            entry(credit=A.TRANSIT, shift=sent.shift, unit_id=sent.unit_id)
            booked = True
    record(events.LINE_BOOKED, line, actor=actor, at=at, unit_id=line.account.unit_id, booked=booked)
    return booked


def means_something(line: StatementLine) -> bool:
    """Would booking it write anything? Looks, and locks nothing."""
    if line.amount_dong < 0:
        return _paid_back(line) is not None
    return FeePayment.objects.filter(reference=line.reference).exists() or _deposit(line) is not None


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
def note_differences(day: date, lists: Callable[[], Sequence[Found]], *, actor: Actor, at: datetime) -> ReconciledDay:
    """What a comparison finds: new differences stand open, those it does not find again are gone, explained ones stay explained
    as long as their amounts are what was explained.

    Money that was paid twice, names no payment or pays none, and goes back, explains itself once its refund is there.

    lists  compares, called under the day's lock: of two comparisons at once the later one sees what the earlier wrote
    """
    one = _day(day)
    found = lists()
    known = {(row.kind, row.key): row for row in Difference.objects.select_for_update().filter(day=day)}
    movements = [each.movement for each in found if each.movement is not None]
    back = Refund.objects.filter(statement_line__in=movements).exclude(state=Refund.State.REFUSED)
    returns = {row.statement_line_id: row for row in back}
    reopened = 0
    for each in found:
        row = known.pop((each.kind, each.key), None) or Difference(day=day, kind=each.kind, key=each.key, found_at=at)
        was, now = (row.ours_dong, row.gateway_dong, row.bank_dong), (each.ours_dong, each.gateway_dong, each.bank_dong)
        if row.explained_at is not None and was != now:
            row.explained_at, reopened = None, reopened + 1
        row.unit_id, row.payment_id, row.statement_line_id, row.gone_at = each.unit_id, each.payment_id, each.movement, None
        row.ours_dong, row.gateway_dong, row.bank_dong = now
        refund = returns.get(each.movement) if each.kind == Difference.Kind.NOT_OURS else None
        refund = refund or _refund_of(each)
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
    record(events.DAY_COMPARED, one, actor=actor, at=at, day=day, differences=len(found), reopened=reopened)
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


def _new_lines(account: FeeAccount, read: statements.Statement) -> list[statements.Line]:
    """The lines of a file that did not come before, of each day. Raises StatementUnreadable where that cannot be told."""
    goes_on, by_day = _goes_on(account, read), defaultdict[date, list[StatementLine]](list)
    rows = account.lines.select_related("statement").filter(booked_on__range=(read.first_day, read.last_day))
    for row in rows.order_by("pk"):
        by_day[row.booked_on].append(row)
    new: list[statements.Line] = []
    for day in sorted({line.booked_on for line in read.lines}):
        held = _by_reference(by_day[day])
        came = {(line.bank_reference, line.number): line for line in read.lines if line.booked_on == day}
        both = held.keys() & came.keys()
        for key in both:
            if held[key].amount_dong != came[key].amount_dong:
                raise errors.StatementUnreadable(
                    _("Giao dịch %(reference)s đã nhập với số tiền khác.") % {"reference": came[key].bank_reference}
                )
        twins = {key for key in both if came[key].is_nameless}
        if goes_on:
            before = Counter(reference for reference, _number in held)
            nameless = [line for line in came.values() if line.is_nameless]
            new += [replace(line, number=line.number + before[line.bank_reference]) for line in nameless]
            came = {key: line for key, line in came.items() if not line.is_nameless}
        elif twins and not (held.keys() <= came.keys() or came.keys() <= held.keys()):
            raise errors.StatementUnreadable(
                _(
                    "Ngày %(day)s đã nhập một phần, và giao dịch không có số tham chiếu không biết là cũ hay mới. "
                    "Hãy tải sổ phụ trọn ngày ấy."
                )
                % {"day": day_words(day)}
            )
        elif held and not both and _the_same_otherwise(held.values(), came.values(), is_table=read.opening_dong is None):
            raise errors.StatementUnreadable(
                _("Ngày %(day)s đã nhập từ tệp mẫu khác, với số tham chiếu khác. Hãy nhập ngày ấy bằng mẫu như trước.")
                % {"day": day_words(day)}
            )
        new += [line for key, line in came.items() if key not in held]
    return new


def _by_reference(rows: Iterable[StatementLine]) -> dict[tuple[str, int], StatementLine]:
    """Each by its reference and number; what an earlier release stored under the bank's word for none, by the made one."""
    found: dict[tuple[str, int], StatementLine] = {}
    for row in rows:
        reference, number = statements.reference_of(row.bank_reference, row.amount_dong, row.purpose), row.number
        if reference != row.bank_reference:
            number = 1 + sum(1 for known, _number in found if known == reference)
        found[reference, number] = row
    return found


def _goes_on(account: FeeAccount, read: statements.Statement) -> bool:
    """Does the file begin where one of the same days ended, so that nothing of it came before?"""
    there = account.statements.filter(first_day__lte=read.last_day, last_day__gte=read.first_day)
    ends = list(there.exclude(closing_dong=None).values_list("opening_dong", "closing_dong"))
    opening = read.opening_dong
    return opening is not None and opening in {end for _start, end in ends} - {start for start, _end in ends}


def _the_same_otherwise(held: Iterable[StatementLine], came: Iterable[statements.Line], *, is_table: bool) -> bool:
    """Movements of a day in the other of the two forms of a file, none of whose references is known, of the same amounts."""
    rows = list(held)
    if any((row.statement.opening_dong is None) == is_table for row in rows):
        return False
    ours, theirs = Counter(row.amount_dong for row in rows), Counter(line.amount_dong for line in came)
    return ours <= theirs or theirs <= ours


def _day(day: date) -> ReconciledDay:
    ReconciledDay.objects.get_or_create(day=day)
    return ReconciledDay.objects.select_for_update().get(day=day)


def _announced(payment: FeePayment, line: StatementLine) -> LedgerEntry | None:
    """The entry of this money as the gateway announced it, when no other movement has settled it."""
    entries = LedgerEntry.objects.filter(payment=payment, account=line.account, amount_dong=line.amount_dong)
    came = entries.filter(debit=A.CLEARING, why__in=[Why.PAID, Why.UNDUE]).order_by("pk")
    settled = entries.filter(credit=A.CLEARING, why=Why.SETTLED).count()
    return came[settled : settled + 1].first()


def _deposit(line: StatementLine, *, lock: bool = False) -> LedgerEntry | None:
    """What went to the bank out of a counted drawer, of this amount and for this account's unit, by the slip that is named.

    An account that moved takes in what was sent for the units it came from. What a person sends back is none.
    """
    if line.refunds.exclude(state=Refund.State.REFUSED).exists():
        return None
    unit_ids = {line.account.unit_id, *units.kept_by(frozenset({line.account.unit_id}), on=line.booked_on)}
    sent = LedgerEntry.objects.select_related("shift").filter(
        why=Why.BANKED, debit=A.TRANSIT, unit__in=unit_ids, amount_dong=line.amount_dong, shift__day__lte=line.booked_on
    )
    words = f"{line.bank_reference} {line.purpose}"
    for one in sent.order_by("pk"):
        assert one.shift is not None  # only drawers are banked
        if not says(words, one.shift.slip_of(one.unit_id)):
            continue
        if lock:  # two movements that name one slip come one after the other
            CashShift.objects.select_for_update().get(pk=one.shift.pk)
        if not one.shift.entries.filter(why=Why.SETTLED, unit=one.unit_id).exists():
            return one
    return None


def _pays_back(line: StatementLine, *, at: datetime) -> bool:
    """Money that left by a refund. What the gateway gave back leaves the account only now; a transfer by hand has left it in
    the books when it was made, so that its movement is only marked as known."""
    paid = _paid_back(line)
    if paid is None:
        return False
    assert paid.refund is not None  # what was refunded has one
    refund = Refund.objects.select_for_update().get(pk=paid.refund.pk)
    if StatementLine.objects.filter(pays_back=refund).exists():
        return False
    line.pays_back = refund
    line.save(update_fields=["pays_back"])
    if paid.credit == A.CLEARING:
        enter(
            Why.SETTLED,
            -line.amount_dong,
            debit=A.CLEARING,
            credit=A.BANK,
            unit_id=paid.unit_id,
            at=at,
            account=line.account,
            payment=paid.payment,
            refund=refund,
            statement_line=line,
        )
    return True


def _paid_back(line: StatementLine) -> LedgerEntry | None:
    """The entry of the refund that this movement is: named by its reference, its payment's or its proof; else by the amount
    alone, near the day it was made, unless another movement names it."""
    own = Q(account=line.account) | Q(unit=line.account.unit_id)
    made = LedgerEntry.objects.select_related("refund", "payment").filter(
        own, why=Why.REFUNDED, credit__in=[A.BANK, A.CLEARING], amount_dong=-line.amount_dong, refund__movement=None
    )
    rows = list(made.order_by("pk"))
    for one in rows:
        if _names(line, one):
            return one
    near = [one for one in rows if abs((timezone.localdate(one.at) - line.booked_on).days) <= AMOUNT_ALONE]
    if not near:
        return None
    same = StatementLine.objects.filter(account=line.account, amount_dong=line.amount_dong, pays_back=None, entries=None)
    others = list(same.exclude(pk=line.pk))
    return next((one for one in near if not any(_names(other, one) for other in others)), None)


def _names(line: StatementLine, paid: LedgerEntry) -> bool:
    refund, words = paid.refund, f"{line.bank_reference} {line.purpose}"
    assert refund is not None  # what was refunded has one
    references = {refund.reference, paid.payment.reference if paid.payment else ""} - {""}
    return line.reference in references or says(words, refund.proof)


def _refund_of(found: Found) -> Refund | None:
    if found.kind not in (Difference.Kind.DOUBLE, Difference.Kind.NOT_OURS) or found.payment_id is None:
        return None
    amount = found.gateway_dong if found.gateway_dong is not None else found.bank_dong
    undue = Refund.objects.filter(payment=found.payment_id, line=None, amount_dong=amount or 0)
    return undue.exclude(state=Refund.State.REFUSED).first()
