"""Money that names no payment: whose debt it pays, or that it goes back to its sender."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.payments import debts, events
from thongsuot.payments.actions import errors
from thongsuot.payments.actions.books import A, Why, announced_nameless, enter
from thongsuot.payments.actions.cash import KEEP
from thongsuot.payments.actions.paying import new_payment, payment_named, take_transfer, waiting_for
from thongsuot.payments.actions.refunding import proposed
from thongsuot.payments.keeping import must_answer
from thongsuot.payments.models import FeePayment, Refund, StatementLine
from thongsuot.payments.rules.references import new_reference


@command
def assign_line(line_id: int, *, subject: str, subject_id: int, reason: str, actor: Actor, at: datetime) -> FeePayment:
    """A movement that names no payment pays this debt: all of it, no more and no less.

    The movement bears the reference of the payment from then on, so that every later comparison finds the two together.
    Raises NotFound, NotYourDuty, BadInput, MoneyCounted, MoneyGoesBack, MoneyOfAnotherUnit, NothingOwed, MoneyDiffers,
    PaymentWaiting.
    """
    line = must_exist(StatementLine.objects.select_related("account").filter(pk=line_id).first())
    must_answer(actor, KEEP, line.account.unit_id, at=at)
    reason = one_line(reason)[:300]
    if not reason:
        raise BadInput({"reason": _("Hãy ghi vì sao tiền này trả cho hồ sơ ấy.")})
    debt = debts.of(subject).locked(subject_id)
    line = _nameless(line_id)
    if debt.unit_id != line.account.unit_id:
        raise errors.MoneyOfAnotherUnit
    if not debt.lines:
        raise errors.NothingOwed
    owed = sum(one.amount_dong for one in debt.lines)
    if owed != line.amount_dong:
        raise errors.MoneyDiffers(line.amount_dong, owed)
    if waiting := waiting_for(subject, [one.id for one in debt.lines]):
        raise errors.PaymentWaiting(waiting[0].reference, waiting[0].expires_at)
    payment = new_payment(debt, debt.lines, account=line.account, made_at=at)
    line.reference = payment.reference
    line.save(update_fields=["reference"])
    take_transfer(line_id, actor=actor, at=at)
    told = announced_nameless(line)
    if told is not None:
        # The gateway told of the same money: it stood as announced and undue, and is neither any more.
        enter(
            Why.ASSIGNED,
            line.amount_dong,
            debit=A.UNDUE,
            credit=A.CLEARING,
            unit_id=told.unit_id,
            at=at,
            account=line.account,
            statement_line=line,
        )
    record(
        events.LINE_ASSIGNED,
        line,
        actor=actor,
        at=at,
        unit_id=line.account.unit_id,
        reference=payment.reference,
        amount_dong=line.amount_dong,
        of=f"{subject} {subject_id}",
        reason=reason,
    )
    payment.refresh_from_db()
    return payment


@command
def propose_return(line_id: int, *, reason: str, actor: Actor, at: datetime) -> Refund:
    """A movement that names no payment goes back to its sender by a transfer, when another person agrees.

    Raises NotFound, NotYourDuty, BadInput, MoneyCounted, MoneyGoesBack.
    """
    line = must_exist(StatementLine.objects.select_related("account").filter(pk=line_id).first())
    must_answer(actor, KEEP, line.account.unit_id, at=at)
    reason = one_line(reason)[:300]
    if not reason:
        raise BadInput({"reason": _("Hãy ghi vì sao trả lại và trả cho ai, người duyệt sẽ đọc câu này.")})
    line = _nameless(line_id)
    refund = Refund.objects.create(
        reference=new_reference(),
        statement_line=line,
        unit_id=line.account.unit_id,
        account=line.account,
        transaction_id=line.bank_reference,
        amount_dong=line.amount_dong,
        reason=reason,
        how=Refund.How.TRANSFER,
        proposed_at=at,
        proposed_by_id=actor.person_id,
        proposed_by_name=actor.name,
    )
    proposed(refund, actor=actor, at=at)
    return refund


def _nameless(line_id: int) -> StatementLine:
    """The movement, locked. Raises MoneyCounted, MoneyGoesBack."""
    line = StatementLine.objects.select_related("account").select_for_update(of=("self",)).get(pk=line_id)
    if line.amount_dong <= 0 or line.entries.exists() or payment_named(line.reference, ""):
        raise errors.MoneyCounted
    back = line.refunds.exclude(state=Refund.State.REFUSED).first()
    if back is not None:
        raise errors.MoneyGoesBack(back.reference)
    return line
