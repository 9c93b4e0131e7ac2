"""A payment from its opening to the money: each reads the debt under its lock, so that nothing is paid twice."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from django.utils import timezone

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.events import EventKind
from thongsuot.kernel.working_time import start_of
from thongsuot.numbering.actions import draw
from thongsuot.payments import debts, events
from thongsuot.payments.actions import errors
from thongsuot.payments.actions.books import A, Why, enter, one_by_one
from thongsuot.payments.actions.counted import account_named, in_a_statement, known
from thongsuot.payments.debts import Debt, Owed
from thongsuot.payments.gateway import Notice, Standing
from thongsuot.payments.models import (
    CashShift,
    FeeAccount,
    FeePayment,
    GatewayNotice,
    PaymentLine,
    PaymentReceipt,
    Refund,
    StatementLine,
)
from thongsuot.payments.rules.references import new_reference, purpose_of, reference_in

WAITS = timedelta(minutes=15)  # as long as a payer needs; money that comes later still counts
TAKE = "receive dossiers"
SERIES = "fee_receipt"
State: TypeAlias = FeePayment.State
How: TypeAlias = FeePayment.How


@command
def begin_payment(subject: str, subject_id: int, *, actor: Actor, at: datetime) -> FeePayment:
    """Open one online payment of all that is owed; the one that waits already is given again, as long as it fits.

    Whoever asks has been shown the thing by its own capability.
    Raises NotFound, NothingOwed, NotPayableOnline, EarlierUnsettled.
    """
    debt = debts.of(subject).locked(subject_id)
    if not debt.lines:
        raise errors.NothingOwed
    account = FeeAccount.objects.filter(unit=debt.unit_id, state=FeeAccount.State.CONFIGURED).first()
    if account is None:
        raise errors.NotPayableOnline
    return _open(debt, account, actor=actor, at=at)


@command
def begin_test_payment(account_id: int, *, actor: Actor, at: datetime) -> FeePayment:
    """A small sum that proves an account: when it is paid the account is configured, and the sum goes back.

    Raises NotFound, NotYourDuty, AccountNotReady, EarlierUnsettled.
    """
    account = must_exist(FeeAccount.objects.filter(pk=account_id).first())
    actor.must("keep fees", unit_id=account.unit_id)
    debt = debts.of("payments.feeaccount").locked(account_id)
    if not debt.lines:
        raise errors.AccountNotReady
    account.refresh_from_db()
    return _open(debt, account, actor=actor, at=at)


def _open(debt: Debt, account: FeeAccount, *, actor: Actor, at: datetime) -> FeePayment:
    waiting = waiting_for(debt.subject, [line.id for line in debt.lines])
    if len(waiting) == 1 and _same(waiting[0], debt, account) and at < _until(waiting[0]):
        payment = waiting[0]
        record(events.BEGUN, payment, actor=actor, at=at, unit_id=payment.unit_id, again=True)
        return payment
    for one in waiting:
        if one.asked_at is not None:  # the gateway holds an order that can be paid, or was
            raise errors.EarlierUnsettled(one.pk, one.reference)
        _end(one, State.CANCELLED, events.CANCELLED, actor=actor, at=at)
    payment = new_payment(debt, debt.lines, account=account, made_at=at, expires_at=at + WAITS)
    record(
        events.BEGUN,
        payment,
        actor=actor,
        at=at,
        unit_id=payment.unit_id,
        reference=payment.reference,
        amount_dong=payment.amount_dong,
        of=f"{debt.subject} {debt.subject_id}",
    )
    return payment


@command
def note_asked(payment_id: int, *, actor: Actor, at: datetime) -> FeePayment:
    """The gateway is about to be told of it. Raises NotFound, PaymentOver."""
    payment = must_exist(FeePayment.objects.select_for_update().filter(pk=payment_id).first())
    if payment.state != State.WAITING or at >= _until(payment):
        raise errors.PaymentOver
    payment.asked_at = payment.asked_at or at
    payment.save(update_fields=["asked_at"])
    record(events.ASKED, payment, actor=actor, at=at, unit_id=payment.unit_id)
    return payment


@command
def take_cash(subject: str, subject_id: int, *, owed_ids: Collection[int], actor: Actor, at: datetime) -> dict[int, int]:
    """Cash for these obligations into the drawer of whoever takes it. Returns {obligation: receipt number}.

    Raises NotFound, NotYourDuty, NothingOwed, PaymentWaiting.
    """
    debt = debts.of(subject).locked(subject_id)
    actor.must(TAKE, unit_id=debt.at_unit_id)
    lines = [line for line in debt.lines if line.id in owed_ids]
    if not lines:
        raise errors.NothingOwed
    if waiting := waiting_for(subject, owed_ids):
        raise errors.PaymentWaiting(waiting[0].reference, waiting[0].expires_at)
    shift = open_shift(debt.at_unit_id, actor=actor, at=at)
    payment = new_payment(debt, lines, made_at=at, shift=shift, taken_by_name=actor.name)
    enter(
        Why.TAKEN,
        payment.amount_dong,
        debit=A.CASH,
        credit=A.FEES,
        unit_id=debt.unit_id,
        at=at,
        payment=payment,
        shift=shift,
    )
    return _paid(payment, how=How.CASH, transaction_id="", paid_at=at, actor=actor, at=at)


def open_shift(unit_id: int, *, actor: Actor, at: datetime) -> CashShift:
    """The drawer of a person at a unit today; it opens with the first đồng. Call within a command."""
    shift, new = CashShift.objects.select_for_update().get_or_create(
        unit_id=unit_id,
        person_id=actor.person_id,  # type: ignore[misc]  # the house has none: then NULL is looked for
        day=timezone.localdate(at),
        state=CashShift.State.OPEN,
        defaults={"person_name": actor.name, "opened_at": at},
    )
    if new:
        record(events.SHIFT_OPENED, shift, actor=actor, at=at, unit_id=unit_id)
    return shift


@command
def take_notice(notice: Notice, *, actor: Actor, at: datetime) -> GatewayNotice:
    """What the gateway says of a transaction, its signature proved before. The same transaction told again changes nothing.

    Raises NoticeReplayed.
    """
    one_by_one(f"nonce {notice.nonce}", f"transaction {notice.transaction_id}")
    if GatewayNotice.objects.filter(nonce=notice.nonce).exists():
        raise errors.NoticeReplayed
    payment = payment_named(notice.reference, notice.purpose)
    outcome = _outcome(payment, notice, actor=actor, at=at)
    row = GatewayNotice.objects.create(
        nonce=notice.nonce,
        reference=notice.reference[:60],
        transaction_id=notice.transaction_id,
        amount_dong=notice.amount_dong,
        merchant=notice.merchant,
        state=notice.state,
        sent_at=notice.sent_at,
        came_at=at,
        outcome=outcome,
        payment=payment,
    )
    record(
        events.TOLD,
        row,
        actor=actor,
        at=at,
        unit_id=payment.unit_id if payment else None,
        transaction=notice.transaction_id,
        outcome=outcome,
        reference=payment.reference if payment else "",
    )
    return row


@command
def note_standing(payment_id: int, standing: Standing, *, actor: Actor, at: datetime) -> FeePayment:
    """What the gateway answered when it was asked. What still waits there, or was never heard of, has its time over.

    Raises NotFound, PaymentOver: it waits no longer, and nothing new was said.
    """
    payment = must_exist(FeePayment.objects.filter(pk=payment_id).first())
    if standing.state == "paid":
        one_by_one(f"transaction {standing.transaction_id}")  # its notice may be at the door
        if _money(payment, standing, actor=actor, at=at) != GatewayNotice.Outcome.KNOWN:
            payment.refresh_from_db()
            return payment
    debts.of(payment.subject).locked(payment.subject_id)
    payment = FeePayment.objects.select_for_update().get(pk=payment_id)
    if payment.state != State.WAITING:
        raise errors.PaymentOver
    if standing.state == "failed":
        _end(payment, State.FAILED, events.FAILED, actor=actor, at=at)
    else:
        _end(payment, State.EXPIRED, events.EXPIRED, actor=actor, at=at)
    return payment


@command
def cancel_payment(payment_id: int, *, actor: Actor, at: datetime) -> FeePayment:
    """The payer, or the desk, does not go on with it; the gateway was told before. Raises NotFound, PaymentOver."""
    payment = must_exist(FeePayment.objects.filter(pk=payment_id).first())
    debts.of(payment.subject).locked(payment.subject_id)
    payment = FeePayment.objects.select_for_update().get(pk=payment_id)
    if payment.state != State.WAITING:
        raise errors.PaymentOver
    _end(payment, State.CANCELLED, events.CANCELLED, actor=actor, at=at)
    return payment


@command
def take_transfer(line_id: int, *, actor: Actor, at: datetime) -> FeePayment:
    """A movement of a statement that pays a payment of ours of which no notice came. Raises NotFound, PaymentOver."""
    line = must_exist(StatementLine.objects.select_related("account").filter(pk=line_id).first())
    payment = payment_named(line.reference, "")
    if payment is None or line.amount_dong <= 0 or line.entries.exists():
        raise errors.PaymentOver
    _money(
        payment,
        Standing(
            state="paid",
            transaction_id=f"{line.pk}-{line.bank_reference}"[:64],
            amount_dong=line.amount_dong,
            merchant=line.account.merchant,
            how="transfer",
            at=start_of(line.booked_on),  # its hour is not said
        ),
        line=line,
        actor=actor,
        at=at,
    )
    payment.refresh_from_db()
    return payment


def _outcome(payment: FeePayment | None, notice: Notice, *, actor: Actor, at: datetime) -> GatewayNotice.Outcome:
    outcomes = GatewayNotice.Outcome
    if notice.state == "paid":
        if known(notice.transaction_id):
            return outcomes.KNOWN
        if payment is None:
            if StatementLine.objects.filter(bank_reference=notice.transaction_id, entries__isnull=False).exists():
                return outcomes.KNOWN
            account = account_named(notice.merchant)
            if account is not None:
                enter(
                    Why.UNDUE,
                    notice.amount_dong,
                    debit=A.CLEARING,
                    credit=A.UNDUE,
                    unit_id=account.unit_id,
                    at=at,
                    account=account,
                )
            return outcomes.UNKNOWN
        return _money(payment, notice, actor=actor, at=at)
    if payment is None:
        return outcomes.UNKNOWN
    debts.of(payment.subject).locked(payment.subject_id)
    payment = FeePayment.objects.select_for_update().get(pk=payment.pk)
    if payment.state != State.WAITING:
        return outcomes.KNOWN
    _end(payment, State.FAILED, events.FAILED, actor=actor, at=at)
    return outcomes.FAILED


def _money(
    payment: FeePayment, said: Notice | Standing, *, line: StatementLine | None = None, actor: Actor, at: datetime
) -> GatewayNotice.Outcome:
    """Money came: it pays when all of the payment is still owed, at that amount, into that account; else it is to go back."""
    debt = debts.of(payment.subject).locked(payment.subject_id)
    payment = FeePayment.objects.select_for_update(of=("self",)).select_related("account").get(pk=payment.pk)
    account = (line.account if line else account_named(said.merchant, payment)) or payment.account
    assert account is not None  # fee_payment_account: whatever is not cash has one
    if line is None and (known(said.transaction_id) or in_a_statement(payment, said)):
        return GatewayNotice.Outcome.KNOWN
    into = A.BANK if line else A.CLEARING
    right = (
        payment.state not in (State.PAID, State.RETURNED)
        and said.amount_dong == payment.amount_dong
        and account.pk == payment.account_id
        and _fits(payment, debt)
    )
    if right:
        for other in waiting_for(payment.subject, [one.owed_id for one in payment.lines.all()]):
            if other.pk != payment.pk:
                _end(other, State.CANCELLED, events.CANCELLED, actor=actor, at=at)
        payment.lines.update(live=True)  # what was given up and is paid after all
    if not right:
        _undue(payment, said, account=account, into=into, line=line, actor=actor, at=at)
        return GatewayNotice.Outcome.UNDUE
    enter(
        Why.PAID,
        payment.amount_dong,
        debit=into,
        credit=A.FEES,
        unit_id=payment.unit_id,
        at=at,
        account=account,
        payment=payment,
        statement_line=line,
    )
    _paid(payment, how=How(said.how), transaction_id=said.transaction_id, paid_at=said.at, actor=actor, at=at)
    return GatewayNotice.Outcome.PAID


def _undue(
    payment: FeePayment,
    said: Notice | Standing,
    *,
    account: FeeAccount,
    into: A,
    line: StatementLine | None,
    actor: Actor,
    at: datetime,
) -> None:
    """Money that pays nothing: in the books of whoever has it, and proposed to be returned."""
    enter(
        Why.UNDUE,
        said.amount_dong,
        debit=into,
        credit=A.UNDUE,
        unit_id=account.unit_id,
        at=at,
        account=account,
        payment=payment,
        statement_line=line,
    )
    refund = Refund.objects.create(
        reference=new_reference(),
        payment=payment,
        amount_dong=said.amount_dong,
        transaction_id=said.transaction_id,
        reason="Tiền về không ứng với khoản phải thu",
        unit_id=account.unit_id,
        account=account,
        how=Refund.How.TRANSFER if line else Refund.How.GATEWAY,
        proposed_at=at,
        proposed_by_name=actor.name,
    )
    record(
        events.UNDUE,
        payment,
        actor=actor,
        at=at,
        unit_id=account.unit_id,
        amount_dong=said.amount_dong,
        transaction=said.transaction_id,
        refund=refund.reference,
    )


def _paid(
    payment: FeePayment, *, how: How, transaction_id: str, paid_at: datetime, actor: Actor, at: datetime
) -> dict[int, int]:
    """The payment holds; each line gets its receipt, whose number is drawn here. Whose debt it is hears of it."""
    payment.state, payment.how, payment.transaction_id = State.PAID, how, transaction_id
    payment.paid_at, payment.known_at = paid_at, at
    payment.save()
    year = timezone.localdate(at).year
    debtor = debts.of(payment.subject)
    receipts = {}
    for line in payment.lines.order_by("pk"):
        if not debtor.gives_receipts:
            receipts[line.owed_id] = 0
            continue
        number, _given_at = draw(SERIES, unit_id=payment.unit_id, bucket=str(year), at=at)
        PaymentReceipt.objects.create(
            line=line,
            unit_id=payment.unit_id,
            year=year,
            number=number,
            secret=secrets.token_urlsafe(16),
            issued_at=at,
            issued_by_name=actor.name,
        )
        receipts[line.owed_id] = number
    record(
        events.PAID,
        payment,
        actor=actor,
        at=at,
        unit_id=payment.unit_id,
        how=how,
        amount_dong=payment.amount_dong,
        transaction=transaction_id,
        receipts=list(receipts.values()),
    )
    debtor.paid(payment.subject_id, receipts, how=how, actor=actor, at=at)
    return receipts


def new_payment(
    debt: Debt,
    lines: Sequence[Owed],
    *,
    made_at: datetime,
    account: FeeAccount | None = None,
    expires_at: datetime | None = None,
    shift: CashShift | None = None,
    taken_by_name: str = "",
) -> FeePayment:
    reference = new_reference()
    payment = FeePayment.objects.create(
        reference=reference,
        secret=secrets.token_urlsafe(16),
        subject=debt.subject,
        subject_id=debt.subject_id,
        subject_code=debt.code,
        unit_id=debt.unit_id,
        at_unit_id=debt.at_unit_id,
        account=account,
        payer_name=debt.payer_name,
        amount_dong=sum(line.amount_dong for line in lines),
        purpose=purpose_of(reference, debt.code),
        how=How.CASH if shift else "",
        made_at=made_at,
        expires_at=expires_at,
        shift=shift,
        taken_by_name=taken_by_name,
    )
    PaymentLine.objects.bulk_create(
        PaymentLine(
            payment=payment,
            subject=debt.subject,
            owed_id=line.id,
            code=line.code,
            name=line.name,
            kind=line.kind,
            amount_dong=line.amount_dong,
        )
        for line in lines
    )
    return payment


def _end(payment: FeePayment, state: FeePayment.State, kind: EventKind, *, actor: Actor, at: datetime) -> None:
    payment.state = state
    payment.save(update_fields=["state"])
    payment.lines.update(live=False)
    record(kind, payment, actor=actor, at=at, unit_id=payment.unit_id, reference=payment.reference)


def waiting_for(subject: str, owed_ids: Collection[int]) -> list[FeePayment]:
    """Payments that wait for one of these obligations, locked."""
    ids = PaymentLine.objects.filter(subject=subject, owed_id__in=owed_ids, live=True, payment__state=State.WAITING)
    return list(FeePayment.objects.select_for_update().filter(pk__in=ids.values("payment")).order_by("pk"))


def _fits(payment: FeePayment, debt: Debt) -> bool:
    """Is what it pays owed now, line by line?"""
    owed = {line.id: line.amount_dong for line in debt.lines}
    return all(owed.get(line.owed_id) == line.amount_dong for line in payment.lines.all())


def _same(payment: FeePayment, debt: Debt, account: FeeAccount) -> bool:
    """Does it pay just what would be asked for now, into that account, for that unit?"""
    whole = payment.amount_dong == sum(line.amount_dong for line in debt.lines)
    return whole and _fits(payment, debt) and (payment.account_id, payment.unit_id) == (account.pk, debt.unit_id)


def _until(payment: FeePayment) -> datetime:
    assert payment.expires_at is not None  # only cash has none, and it never waits
    return payment.expires_at


def payment_named(reference: str, purpose: str) -> FeePayment | None:
    found = reference_in(reference) or reference_in(purpose)
    return FeePayment.objects.filter(reference=found).first() if found else None
