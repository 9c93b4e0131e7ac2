"""How states of payments, refunds and accounts are shown: the kind of their tag."""

from thongsuot.payments.models import CashShift, FeeAccount, FeePayment, Refund

STATE_TAGS = {
    FeePayment.State.WAITING: "wait",
    FeePayment.State.PAID: "done",
    FeePayment.State.FAILED: "bad",
    FeePayment.State.EXPIRED: "end",
    FeePayment.State.CANCELLED: "end",
    FeePayment.State.RETURNED: "end",
}
REFUND_TAGS = {
    Refund.State.PROPOSED: "wait",
    Refund.State.REFUSED: "end",
    Refund.State.APPROVED: "go",
    Refund.State.SENT: "go",
    Refund.State.DONE: "done",
}
ACCOUNT_TAGS = {
    FeeAccount.State.DECLARED: "wait",
    FeeAccount.State.ON_PLATFORM: "go",
    FeeAccount.State.CONFIGURED: "done",
    FeeAccount.State.CLOSED: "end",
}
SHIFT_TAGS = {CashShift.State.OPEN: "go", CashShift.State.CLOSED: "wait", CashShift.State.BANKED: "done"}
