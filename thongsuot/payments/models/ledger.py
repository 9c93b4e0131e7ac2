"""The books: amounts that move from one account to another."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class LedgerEntry(models.Model):
    """So many đồng from `credit` to `debit` in the books of one unit: an entry that does not balance cannot be written.

    Rows are append-only (sql/functions/ledger.sql): what was wrong is set right by another entry. The balance of an account is
    what its entries debit less what they credit; over all accounts of anything the sum is zero.
    """

    class Account(models.TextChoices):
        CASH = "cash", _("Tiền mặt trong ca")
        TRANSIT = "transit", _("Tiền mặt đang nộp ngân hàng")
        CLEARING = "clearing", _("Cổng thanh toán đã báo, chưa về tài khoản")
        BANK = "bank", _("Tài khoản thu phí")
        FEES = "fees", _("Phí, lệ phí đã thu")
        UNDUE = "undue", _("Đã nhận nhưng không phải thu")
        REFUNDS = "refunds", _("Phải hoàn, chưa trả")
        DIFFERENCES = "differences", _("Chênh lệch kiểm quỹ")
        CHARGES = "charges", _("Phí ngân hàng")
        TREASURY = "treasury", _("Đã nộp kho bạc")
        OTHER = "other", _("Chi khác từ tài khoản")

    class Why(models.TextChoices):
        TAKEN = "taken", _("Thu tiền mặt")
        PAID = "paid", _("Cổng báo đã trả")
        UNDUE = "undue", _("Tiền về không ứng với khoản phải thu")
        SETTLED = "settled", _("Tiền về tài khoản")
        REFUND_DUE = "refund_due", _("Duyệt hoàn")
        REFUNDED = "refunded", _("Đã hoàn")
        COUNTED = "counted", _("Kiểm quỹ khi kết ca")
        ASSIGNED = "assigned", _("Tiền chưa rõ khoản đã được gán")
        BANKED = "banked", _("Nộp tiền mặt vào ngân hàng")
        LEFT = "left", _("Tiền ra khỏi tài khoản")

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    why = models.CharField(max_length=12, choices=Why)
    debit = models.CharField(max_length=12, choices=Account)
    credit = models.CharField(max_length=12, choices=Account)
    amount_dong = models.BigIntegerField()
    account = models.ForeignKey("payments.FeeAccount", null=True, on_delete=models.PROTECT, related_name="entries")
    payment = models.ForeignKey("payments.FeePayment", null=True, on_delete=models.PROTECT, related_name="entries")
    refund = models.ForeignKey("payments.Refund", null=True, on_delete=models.PROTECT, related_name="entries")
    shift = models.ForeignKey("payments.CashShift", null=True, on_delete=models.PROTECT, related_name="entries")
    statement_line = models.ForeignKey("payments.StatementLine", null=True, on_delete=models.PROTECT, related_name="entries")

    class Meta:
        constraints = [
            models.CheckConstraint(name="ledger_amount", condition=Q(amount_dong__gt=0)),
            models.CheckConstraint(name="ledger_two_accounts", condition=~Q(debit=F("credit"))),
        ]
        indexes = [models.Index(name="ledger_of_unit", fields=["unit", "at"])]

    def __str__(self) -> str:
        return f"{self.debit} < {self.credit}: {self.amount_dong}"
