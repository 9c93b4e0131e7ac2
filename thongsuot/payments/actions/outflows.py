"""Money that left an account and is no refund: a person says what it was, and the books have it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.payments import events
from thongsuot.payments.actions import errors
from thongsuot.payments.actions.books import A, Why, enter
from thongsuot.payments.actions.cash import KEEP
from thongsuot.payments.keeping import must_answer
from thongsuot.payments.models import LedgerEntry, Refund, StatementLine

OUTFLOWS = (A.CHARGES, A.TREASURY, A.OTHER)


@command
def name_outflow(line_id: int, *, what: str, note: str = "", actor: Actor, at: datetime) -> LedgerEntry:
    """What a movement out of the account was: the bank's charge, paid on to the treasury, or something else that the note says.

    Said again it is set right by another entry, from what it was called to what it is.
    Raises NotFound, NotYourDuty, BadInput, MoneyCounted, RefundWaits.
    """
    line = must_exist(StatementLine.objects.select_related("account").filter(pk=line_id).first())
    must_answer(actor, KEEP, line.account.unit_id, at=at)
    problems, note = {}, one_line(note)[:300]
    if what not in OUTFLOWS:
        problems["what"] = _("Hãy chọn tiền này ra khỏi tài khoản vì sao.")
    elif what == A.OTHER and not note:
        problems["note"] = _("Hãy ghi tiền này chi cho việc gì.")
    if problems:
        raise BadInput(problems)
    line = StatementLine.objects.select_related("account").select_for_update(of=("self",)).get(pk=line_id)
    last = line.entries.order_by("pk").last()
    if line.amount_dong >= 0 or line.pays_back_id is not None or (last is not None and what == last.debit):
        raise errors.MoneyCounted
    by_hand = ~Q(how=Refund.How.GATEWAY) | ~Q(trouble="")
    waits = Refund.objects.filter(by_hand, account=line.account, amount_dong=-line.amount_dong, state=Refund.State.APPROVED)
    if refund := waits.exclude(how=Refund.How.CASH).first():
        raise errors.RefundWaits(refund.reference)
    entry = enter(
        Why.LEFT,
        -line.amount_dong,
        debit=A(what),
        credit=A(last.debit) if last is not None else A.BANK,
        unit_id=last.unit_id if last is not None else line.account.unit_id,
        at=at,
        account=line.account,
        statement_line=line,
    )
    assert entry is not None  # a movement is never of nothing
    record(
        events.OUTFLOW_NAMED,
        line,
        actor=actor,
        at=at,
        unit_id=line.account.unit_id,
        what=what,
        amount_dong=-line.amount_dong,
        reason=note,
    )
    return entry
