"""Payments and what belongs to each: lines, receipts, refunds, notices of the gateway; and the drawer they go into for cash."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class CashShift(models.Model):
    """What one person takes in cash at one unit on one day, counted at its end. Vietnamese: ca thu tiền."""

    class State(models.TextChoices):
        OPEN = "open", _("Đang thu")
        CLOSED = "closed", _("Đã kết ca, chưa nộp")
        BANKED = "banked", _("Đã nộp ngân hàng")

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", help_text="whose desk it is")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=200)
    day = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    expected_dong = models.BigIntegerField(null=True, help_text="what the books say was in the drawer when it was counted")
    counted_dong = models.BigIntegerField(null=True)
    counts = models.JSONField(default=dict, help_text="{face value in đồng: how many notes}")
    reason = models.CharField(max_length=300, blank=True, help_text="why the two differ")
    slip_number = models.CharField(
        max_length=60, blank=True, help_text="of the bank's paying-in slip; all of them where several"
    )
    slips = models.JSONField(null=True, help_text="{unit whose money it is: number of its slip}; none: slip_number is of all")
    banked_at = models.DateTimeField(null=True)
    banked_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="cash_shift_one_open", fields=["unit", "person", "day"], condition=Q(state="open")),
            models.CheckConstraint(
                name="cash_shift_counted",
                condition=Q(state="open", counted_dong=None) | Q(expected_dong__isnull=False, counted_dong__gte=0),
            ),
            models.CheckConstraint(
                name="cash_shift_explained",
                condition=Q(counted_dong=None) | Q(counted_dong=models.F("expected_dong")) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.day} {self.person_name}"

    @property
    def standing(self) -> str:
        """How it stands, in words: one that was empty when it was counted has nothing to bring to the bank."""
        empty = self.state == self.State.BANKED and self.banked_at is None
        return gettext("Đã kết ca, không có tiền để nộp") if empty else self.get_state_display()

    def slip_of(self, unit_id: int) -> str:
        return str((self.slips or {}).get(str(unit_id), self.slip_number))


class FeePayment(models.Model):
    """One paying of what one thing owes: the lines it pays, and how it went. Vietnamese: khoản thanh toán.

    It is asked for once under its reference, however often the gateway is asked. Money that comes for it late counts, if what
    it pays is still owed; else it is to be returned.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Đang chờ trả")
        PAID = "paid", _("Đã trả")
        FAILED = "failed", _("Không thành")
        EXPIRED = "expired", _("Quá giờ")
        CANCELLED = "cancelled", _("Đã hủy")
        RETURNED = "returned", _("Đã hoàn")

    class How(models.TextChoices):
        CASH = "cash", _("Tiền mặt tại quầy")
        GATEWAY = "gateway", _("Cổng thanh toán")
        TRANSFER = "transfer", _("Chuyển khoản VietQR")

    reference = models.CharField(max_length=9, unique=True, help_text="ours: what gateways and banks call it")
    secret = models.CharField(max_length=22, unique=True, help_text="opens its page")
    subject = models.CharField(max_length=60, help_text="what owes: dossiers.dossier")
    subject_id = models.BigIntegerField()
    subject_code = models.CharField(max_length=60, help_text="what people know it by")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", help_text="whose money it is")
    at_unit = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, related_name="+", help_text="where it was paid or is owed"
    )
    account = models.ForeignKey("payments.FeeAccount", null=True, on_delete=models.PROTECT, related_name="payments")
    payer_name = models.CharField(max_length=200, help_text="on the receipt")
    amount_dong = models.BigIntegerField()
    purpose = models.CharField(max_length=25, help_text="what a transfer says: letters without marks, digits, spaces")
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    how = models.CharField(max_length=8, choices=How, blank=True)
    transaction_id = models.CharField(max_length=64, blank=True, help_text="the gateway's or the bank's")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True, help_text="when the gateway was first told of it: from then on money may come")
    paid_at = models.DateTimeField(null=True, help_text="when the payer paid, as the gateway says; of a transfer its day")
    known_at = models.DateTimeField(null=True, help_text="when we knew")
    shift = models.ForeignKey(CashShift, null=True, on_delete=models.PROTECT, related_name="payments")
    taken_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="fee_payment_transaction_once", fields=["how", "transaction_id"], condition=~Q(transaction_id="")
            ),
            models.CheckConstraint(name="fee_payment_amount", condition=Q(amount_dong__gt=0)),
            models.CheckConstraint(
                name="fee_payment_paid", condition=Q(state__in=["paid", "returned"], paid_at__isnull=False) | Q(paid_at=None)
            ),
            models.CheckConstraint(name="fee_payment_cash", condition=~Q(how="cash") | Q(shift__isnull=False)),
            models.CheckConstraint(name="fee_payment_account", condition=Q(how="cash") | Q(account__isnull=False)),
        ]
        indexes = [
            models.Index(name="fee_payment_of_subject", fields=["subject", "subject_id"]),
            models.Index(name="fee_payment_waiting", fields=["expires_at"], condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return self.reference


class PaymentLine(models.Model):
    """What of the subject is paid: an obligation by its id, with the words and the amount it had."""

    payment = models.ForeignKey(FeePayment, on_delete=models.PROTECT, related_name="lines")
    subject = models.CharField(max_length=60)
    owed_id = models.BigIntegerField(help_text="id of the obligation within the kind of subject")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=4, help_text="fee (phí) or levy (lệ phí)")
    amount_dong = models.BigIntegerField()
    live = models.BooleanField(default=True, help_text="waits or has paid: an obligation has one such line at most")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="payment_line_never_twice", fields=["subject", "owed_id"], condition=Q(live=True)),
            models.CheckConstraint(name="payment_line_amount", condition=Q(amount_dong__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.amount_dong}"


class PaymentReceipt(models.Model):
    """The electronic receipt of one line: a number of its unit and year, gap-free, never used again. Vietnamese: biên lai."""

    line = models.OneToOneField(PaymentLine, on_delete=models.PROTECT, related_name="receipt")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", help_text="in whose series it stands")
    year = models.SmallIntegerField()
    number = models.IntegerField()
    secret = models.CharField(max_length=22, unique=True, help_text="in its QR code: opens the page that proves it")
    issued_at = models.DateTimeField()
    issued_by_name = models.CharField(max_length=200)
    void_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="payment_receipt_number", fields=["unit", "year", "number"])]

    def __str__(self) -> str:
        return f"{self.year} {self.number}"


class Refund(models.Model):
    """Money that goes back: proposed by one person, approved by another, paid by the gateway, a transfer or in cash."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Chờ duyệt")
        REFUSED = "refused", _("Không duyệt")
        APPROVED = "approved", _("Đã duyệt, chờ trả")
        SENT = "sent", _("Cổng đang trả")
        DONE = "done", _("Đã trả lại")

    class How(models.TextChoices):
        GATEWAY = "gateway", _("Trả lại qua cổng thanh toán")
        TRANSFER = "transfer", _("Chuyển khoản từ tài khoản thu phí")
        CASH = "cash", _("Tiền mặt tại quầy")

    reference = models.CharField(max_length=9, unique=True)
    payment = models.ForeignKey(
        FeePayment, null=True, on_delete=models.PROTECT, related_name="refunds", help_text="none: money that names no payment"
    )
    line = models.ForeignKey(
        PaymentLine, null=True, on_delete=models.PROTECT, related_name="refunds", help_text="none: undue money"
    )
    statement_line = models.ForeignKey(
        "payments.StatementLine",
        null=True,
        on_delete=models.PROTECT,
        related_name="refunds",
        help_text="the movement that names no payment, and goes back to its sender",
    )
    unit = models.ForeignKey(
        "units.Unit", null=True, on_delete=models.PROTECT, related_name="+", help_text="in whose books it stands, who decides"
    )
    account = models.ForeignKey(
        "payments.FeeAccount", null=True, on_delete=models.PROTECT, related_name="refunds", help_text="where the money is"
    )
    amount_dong = models.BigIntegerField()
    transaction_id = models.CharField(max_length=64, blank=True, help_text="of the undue money that came")
    reason = models.CharField(max_length=300)
    how = models.CharField(max_length=8, choices=How)
    state = models.CharField(max_length=8, choices=State, default=State.PROPOSED)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_by_name = models.CharField(max_length=200)
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=200, blank=True)
    decision_reason = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True)
    proof = models.CharField(
        max_length=64, blank=True, help_text="the gateway's transaction, the bank's order, the payee's slip"
    )
    trouble = models.CharField(max_length=300, blank=True, help_text="why the gateway has not paid it back yet")
    shift = models.ForeignKey(CashShift, null=True, on_delete=models.PROTECT, related_name="refunds")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="refund_once_a_line", fields=["line"], condition=~Q(state="refused") & Q(line__isnull=False)
            ),
            models.UniqueConstraint(
                name="refund_once_a_transaction",
                fields=["payment", "transaction_id"],
                condition=~Q(state="refused") & Q(line__isnull=True),
            ),
            models.UniqueConstraint(
                name="refund_once_a_movement",
                fields=["statement_line"],
                condition=~Q(state="refused") & Q(statement_line__isnull=False),
            ),
            models.CheckConstraint(
                name="refund_of_something",
                condition=Q(payment__isnull=False, statement_line=None)
                | Q(payment=None, line=None, statement_line__isnull=False),
            ),
            models.CheckConstraint(name="refund_amount", condition=Q(amount_dong__gt=0)),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def held_by(self) -> int:
        """The unit, also of a row that a program of before wrote while it was replaced."""
        if self.unit_id is not None:
            return self.unit_id
        if self.payment is not None:
            return self.payment.unit_id
        assert self.statement_line is not None  # refund_of_something
        return self.statement_line.account.unit_id

    @property
    def desk(self) -> int:
        """Where cash is given back."""
        return self.payment.at_unit_id if self.payment is not None else self.held_by


class GatewayNotice(models.Model):
    """What the gateway told us about a transaction, once for each; the proof of what was believed, with what came of it."""

    class Outcome(models.TextChoices):
        PAID = "paid", _("Ghi nhận đã trả")
        KNOWN = "known", _("Đã biết, không đổi gì")
        FAILED = "failed", _("Ghi nhận không thành")
        UNDUE = "undue", _("Tiền không ứng với khoản phải thu, chờ hoàn")
        UNKNOWN = "unknown", _("Không thuộc khoản nào, chờ đối soát")

    nonce = models.CharField(max_length=64, unique=True)
    reference = models.CharField(max_length=60, blank=True)
    transaction_id = models.CharField(max_length=64)
    amount_dong = models.BigIntegerField()
    merchant = models.CharField(max_length=40)
    state = models.CharField(
        max_length=8, blank=True, db_default="", help_text="paid or failed, as it said; none: told before this was written down"
    )
    sent_at = models.DateTimeField()
    came_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome)
    payment = models.ForeignKey(FeePayment, null=True, on_delete=models.PROTECT, related_name="notices")

    class Meta:
        indexes = [models.Index(name="gateway_notice_transaction", fields=["transaction_id"])]

    def __str__(self) -> str:
        return f"{self.transaction_id}: {self.outcome}"
