"""Money that goes back: one proposes, another approves, then it is paid; never twice for one line or one transaction."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.payments import debts, events
from thongsuot.payments.actions import errors
from thongsuot.payments.actions.books import A, Why, announced_nameless, balance, enter
from thongsuot.payments.actions.cash import KEEP
from thongsuot.payments.actions.paying import TAKE, open_shift
from thongsuot.payments.gateway import Standing
from thongsuot.payments.keeping import answers, must_answer
from thongsuot.payments.models import Difference, FeePayment, PaymentLine, PaymentReceipt, Refund, StatementLine
from thongsuot.payments.rules.references import new_reference

APPROVE = "approve refunds"
State, How = Refund.State, Refund.How


@command
def propose_refund(line_id: int, *, how: str, reason: str, actor: Actor, at: datetime) -> Refund:
    """Give back what one line paid. By the gateway only what it took.

    Raises NotFound, NotYourDuty, RefundNotPossible, BadInput.
    """
    line = must_exist(PaymentLine.objects.select_related("payment").filter(pk=line_id).first())
    payment = FeePayment.objects.select_for_update().get(pk=line.payment_id)
    if not answers(actor, KEEP, payment.unit_id, at=at):
        must_answer(actor, TAKE, payment.at_unit_id, at=at)
    reason = one_line(reason)[:300]
    ways = {How.CASH, How.TRANSFER} if payment.how == FeePayment.How.CASH else {How.GATEWAY, How.TRANSFER}
    problems = {}
    if how not in ways:
        problems["how"] = _("Hãy chọn cách trả lại có trong danh sách.")
    if not reason:
        problems["reason"] = _("Hãy ghi lý do hoàn, người duyệt sẽ đọc câu này.")
    if problems:
        raise BadInput(problems)
    line.refresh_from_db()
    taken = Refund.objects.filter(line=line).exclude(state=State.REFUSED).exists()
    if payment.state != FeePayment.State.PAID or not line.live or taken:
        raise errors.RefundNotPossible
    refund = Refund.objects.create(
        reference=new_reference(),
        payment=payment,
        line=line,
        unit_id=payment.unit_id,
        account=payment.account,
        amount_dong=line.amount_dong,
        reason=reason,
        how=how,
        proposed_at=at,
        proposed_by_id=actor.person_id,
        proposed_by_name=actor.name,
    )
    proposed(refund, actor=actor, at=at)
    return refund


@command
def propose_again(refund_id: int, *, reason: str, actor: Actor, at: datetime) -> Refund:
    """Undue money whose return was not agreed to is put before those who decide once more, under a new reference.

    Raises NotFound, NotYourDuty, RefundNotPossible, BadInput.
    """
    before = _locked(refund_id)
    must_answer(actor, KEEP, before.held_by, at=at)
    reason = one_line(reason)[:300]
    if not reason:
        raise BadInput({"reason": _("Hãy ghi lý do hoàn, người duyệt sẽ đọc câu này.")})
    if not again_possible(before):
        raise errors.RefundNotPossible
    refund = Refund.objects.create(
        reference=new_reference(),
        payment=before.payment,
        unit_id=before.held_by,
        account=before.account,
        amount_dong=before.amount_dong,
        transaction_id=before.transaction_id,
        reason=reason,
        how=before.how,
        proposed_at=at,
        proposed_by_id=actor.person_id,
        proposed_by_name=actor.name,
    )
    proposed(refund, actor=actor, at=at, after=before.reference)
    return refund


def proposed(refund: Refund, *, actor: Actor, at: datetime, **facts: object) -> None:
    record(
        events.REFUND_PROPOSED,
        refund,
        actor=actor,
        at=at,
        unit_id=refund.unit_id,
        reference=refund.reference,
        amount_dong=refund.amount_dong,
        how=refund.how,
        **facts,
    )


@command
def approve_refund(refund_id: int, *, actor: Actor, at: datetime) -> Refund:
    """Raises NotFound, NotYourDuty, OwnRefund, RefundNotThere."""
    refund = _to_decide(refund_id, actor=actor, at=at)
    refund.state, refund.decided_at, refund.decided_by_name = State.APPROVED, at, actor.name
    refund.save()
    if refund.statement_line is not None:
        _take_in(refund, refund.statement_line, at=at)
    enter(
        Why.REFUND_DUE,
        refund.amount_dong,
        debit=A.FEES if refund.line_id else A.UNDUE,
        credit=A.REFUNDS,
        unit_id=refund.held_by,
        at=at,
        account=refund.account,
        payment=refund.payment,
        refund=refund,
    )
    record(events.REFUND_APPROVED, refund, actor=actor, at=at, unit_id=refund.held_by, reference=refund.reference)
    return refund


@command
def refuse_refund(refund_id: int, *, reason: str, actor: Actor, at: datetime) -> Refund:
    """Undue money stays where it is until it is proposed again: `propose_again`, for what names no payment `propose_return`.

    Raises NotFound, NotYourDuty, RefundNotThere, BadInput.
    """
    refund = _to_decide(refund_id, actor=actor, at=at, own=True)
    reason = one_line(reason)[:300]
    if not reason:
        raise BadInput({"reason": _("Hãy ghi lý do không duyệt.")})
    refund.state, refund.decided_at, refund.decided_by_name = State.REFUSED, at, actor.name
    refund.decision_reason = reason
    refund.save()
    Difference.objects.filter(explanation__contains=refund.reference).update(explained_at=None)  # it explains nothing any more
    record(
        events.REFUND_REFUSED,
        refund,
        actor=actor,
        at=at,
        unit_id=refund.held_by,
        reference=refund.reference,
        reason=reason,
    )
    return refund


@command
def note_refund_standing(refund_id: int, standing: Standing | str, *, actor: Actor, at: datetime) -> Refund:
    """What the gateway said of a refund: paid, on its way, or why not: then it waits before people.

    Raises NotFound, RefundNotThere: it is not with the gateway, or nothing new was said.
    """
    refund = _locked(refund_id)
    if refund.how != How.GATEWAY or refund.state not in (State.APPROVED, State.SENT):
        raise errors.RefundNotThere
    if isinstance(standing, Standing) and standing.state == "paid":
        return _done(refund, A.CLEARING, proof=standing.transaction_id, actor=actor, at=at)
    was = (refund.state, refund.trouble)
    refund.trouble = standing[:300] if isinstance(standing, str) else _trouble(standing.state)
    refund.state = State.APPROVED if refund.trouble else State.SENT
    if was == (refund.state, refund.trouble):
        raise errors.RefundNotThere
    refund.save()
    record(
        events.REFUND_SENT,
        refund,
        actor=actor,
        at=at,
        unit_id=refund.held_by,
        reference=refund.reference,
        trouble=refund.trouble,
    )
    return refund


@command
def pay_refund_by_hand(refund_id: int, *, proof: str, actor: Actor, at: datetime) -> Refund:
    """Paid back in cash from one's own drawer, or by a transfer whose order number is the proof.

    Raises NotFound, NotYourDuty, RefundNotThere, DrawerTooEmpty, BadInput.
    """
    refund = _locked(refund_id)
    must_answer(actor, *paid_by(refund), at=at)
    if not by_hand(refund):
        raise errors.RefundNotThere
    proof = one_line(proof)[:64]
    if not proof:
        raise BadInput({"proof": _("Hãy ghi số chứng từ: ủy nhiệm chi, hoặc giấy người nhận đã ký.")})
    if refund.how != How.CASH:
        refund.how = How.TRANSFER  # what the gateway could not give back
        return _done(refund, A.BANK, proof=proof, actor=actor, at=at)
    shift = open_shift(refund.desk, actor=actor, at=at)
    left = balance(A.CASH, shift=shift, unit_id=refund.held_by)  # what is of another unit is not this one's to give
    if left < refund.amount_dong:
        raise errors.DrawerTooEmpty(left)
    refund.shift = shift
    return _done(refund, A.CASH, proof=proof, actor=actor, at=at)


def paid_by(refund: Refund) -> tuple[str, int]:
    """Whose work it is to pay it by hand: the duty, and the unit where."""
    return (TAKE, refund.desk) if refund.how == How.CASH else (KEEP, refund.held_by)


def by_hand(refund: Refund) -> bool:
    """Does it wait for people to pay it?"""
    return refund.state == State.APPROVED and (refund.how != How.GATEWAY or bool(refund.trouble))


def again_possible(refund: Refund) -> bool:
    """Undue money whose return was not agreed to, and that nothing came of since."""
    if refund.state != State.REFUSED or refund.payment_id is None or refund.line_id is not None:
        return False
    same = Refund.objects.filter(payment=refund.payment_id, line=None, transaction_id=refund.transaction_id)
    return not same.exclude(state=State.REFUSED).exists()


def _trouble(state: str) -> str:
    """Why the gateway does not pay it back, by what it calls the refund; "" while it is on its way."""
    return {
        "failed": _("cổng báo lệnh trả lại không thành."),
        "cancelled": _("cổng báo lệnh trả lại đã bị hủy."),
        "unknown": _("cổng báo không có lệnh trả lại này."),
    }.get(state, "")


def _done(refund: Refund, out_of: A, *, proof: str, actor: Actor, at: datetime) -> Refund:
    payment, line = refund.payment, refund.line
    refund.state, refund.done_at, refund.proof, refund.trouble = State.DONE, at, proof, ""
    refund.save()
    enter(
        Why.REFUNDED,
        refund.amount_dong,
        debit=A.REFUNDS,
        credit=out_of,
        unit_id=refund.held_by,
        at=at,
        account=refund.account,
        payment=payment,
        refund=refund,
        shift=refund.shift,
    )
    if payment is not None and line is not None:
        line.live = False
        line.save(update_fields=["live"])
        PaymentReceipt.objects.filter(line=line).update(void_at=at, void_reason=refund.reason)
        if not payment.lines.filter(live=True).exists():
            payment.state = FeePayment.State.RETURNED
            payment.save(update_fields=["state"])
    record(
        events.REFUND_DONE,
        refund,
        actor=actor,
        at=at,
        unit_id=refund.held_by,
        reference=refund.reference,
        amount_dong=refund.amount_dong,
    )
    if payment is not None and line is not None:
        debts.of(payment.subject).returned(payment.subject_id, line.owed_id, reason=refund.reason, actor=actor, at=at)
    return refund


def _locked(refund_id: int) -> Refund:
    """The refund under its payment's lock, and that under its debt's: the order in which money comes in. Raises NotFound."""
    refund = must_exist(Refund.objects.select_related("payment").filter(pk=refund_id).first())
    if refund.payment is not None:
        debts.of(refund.payment.subject).locked(refund.payment.subject_id)
        FeePayment.objects.select_for_update().get(pk=refund.payment.pk)
    if refund.statement_line_id is not None:
        StatementLine.objects.select_for_update().get(pk=refund.statement_line_id)
    whole = Refund.objects.select_related("payment", "account", "line", "statement_line__account")
    return whole.select_for_update(of=("self",)).get(pk=refund_id)


def _to_decide(refund_id: int, *, actor: Actor, at: datetime, own: bool = False) -> Refund:
    refund = _locked(refund_id)
    must_answer(actor, APPROVE, refund.held_by, at=at)
    if not own and actor.person_id is not None and refund.proposed_by_id == actor.person_id:
        raise errors.OwnRefund
    if refund.state != State.PROPOSED:
        raise errors.RefundNotThere
    return refund


def _take_in(refund: Refund, line: StatementLine, *, at: datetime) -> None:
    """A movement that names no payment stands in the books as undue, from the bank or from what the gateway told of it."""
    told = announced_nameless(line)
    if told is not None:  # the account may have moved to another unit since
        refund.unit_id = told.unit_id
        refund.save(update_fields=["unit"])
    enter(
        Why.SETTLED if told else Why.UNDUE,
        line.amount_dong,
        debit=A.BANK,
        credit=A.CLEARING if told else A.UNDUE,
        unit_id=refund.held_by,
        at=at,
        account=line.account,
        statement_line=line,
    )
