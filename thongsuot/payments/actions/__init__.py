"""Commands of payments."""

from thongsuot.payments.actions.accounts import change_account, close_account, declare_account
from thongsuot.payments.actions.assigning import assign_line, propose_return
from thongsuot.payments.actions.cash import bank_shift, close_shift
from thongsuot.payments.actions.outflows import name_outflow
from thongsuot.payments.actions.paying import (
    begin_payment,
    begin_test_payment,
    cancel_payment,
    note_asked,
    note_standing,
    take_cash,
    take_notice,
)
from thongsuot.payments.actions.reconciling import (
    book_line,
    bring_statement,
    explain_difference,
    keep_gateway_day,
    note_differences,
)
from thongsuot.payments.actions.refunding import (
    approve_refund,
    note_refund_standing,
    pay_refund_by_hand,
    propose_again,
    propose_refund,
    refuse_refund,
)

__all__ = [
    "approve_refund",
    "assign_line",
    "bank_shift",
    "begin_payment",
    "begin_test_payment",
    "book_line",
    "bring_statement",
    "cancel_payment",
    "change_account",
    "close_account",
    "close_shift",
    "declare_account",
    "explain_difference",
    "keep_gateway_day",
    "name_outflow",
    "note_asked",
    "note_differences",
    "note_refund_standing",
    "note_standing",
    "pay_refund_by_hand",
    "propose_again",
    "propose_refund",
    "propose_return",
    "refuse_refund",
    "take_cash",
    "take_notice",
]
