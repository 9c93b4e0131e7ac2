"""Accounts fees go to, payments and their receipts, cash shifts, refunds, the ledger, and what banks and gateways say."""

from thongsuot.payments.models.accounts import FeeAccount
from thongsuot.payments.models.ledger import LedgerEntry
from thongsuot.payments.models.paying import CashShift, FeePayment, GatewayNotice, PaymentLine, PaymentReceipt, Refund
from thongsuot.payments.models.reconciling import BankStatement, Difference, GatewayRecord, ReconciledDay, StatementLine

__all__ = [
    "BankStatement",
    "CashShift",
    "Difference",
    "FeeAccount",
    "FeePayment",
    "GatewayNotice",
    "GatewayRecord",
    "LedgerEntry",
    "PaymentLine",
    "PaymentReceipt",
    "ReconciledDay",
    "Refund",
    "StatementLine",
]
