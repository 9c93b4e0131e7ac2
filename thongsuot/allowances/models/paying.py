"""A month's paying: the frozen lines, the files that went to banks and the post, what they answered."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.allowances.models.roll import Beneficiary, BenefitGroup, Payer


class PayRun(models.Model):
    """One month of one city (kỳ chi trả)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Đang soạn")
        FROZEN = "frozen", _("Đã chốt danh sách")
        APPROVED = "approved", _("Đã duyệt")
        SENT = "sent", _("Đã gửi bên chi trả")
        SETTLING = "settling", _("Đang đối soát")
        CLOSED = "closed", _("Đã khóa sổ")

    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    lines = models.IntegerField(default=0)
    total_dong = models.BigIntegerField(default=0)
    frozen_at = models.DateTimeField(null=True)
    frozen_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    frozen_by_name = models.CharField(max_length=200, blank=True)
    placed_at = models.DateTimeField(null=True, help_text="when the answering unit of each line had been looked for")
    return_reason = models.CharField(max_length=300, blank=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    approved_by_name = models.CharField(max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by_name = models.CharField(max_length=200, blank=True)
    reopen_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="pay_run_once_a_month", fields=["city", "month"]),
            models.CheckConstraint(
                name="pay_run_frozen",
                condition=Q(state="draft", frozen_at=None) | (~Q(state="draft") & Q(frozen_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="pay_run_second_person",
                condition=Q(approved_by=None) | Q(frozen_by=None) | ~Q(approved_by=models.F("frozen_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%m/%Y}"


class Payment(models.Model):
    """One beneficiary's line of a month, frozen with unit and amount.

    unit            whose list it was on when it was frozen
    answering_unit  who answers for it in the month: the unit itself, or the successor that an ended unit's person came to;
                    empty while nobody has decided
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Chờ kết quả")
        PAID = "paid", _("Đã chi trả")
        FAILED = "failed", _("Chưa trả được")

    run = models.ForeignKey(PayRun, on_delete=models.PROTECT, related_name="payments", db_index=False)
    beneficiary = models.ForeignKey(Beneficiary, on_delete=models.PROTECT, related_name="payments")
    group = models.ForeignKey(BenefitGroup, on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()
    id_number = models.CharField(max_length=12)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    answering_unit = models.ForeignKey("units.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    coefficient = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    base_dong = models.IntegerField(null=True)
    amount_dong = models.IntegerField()
    payer = models.CharField(max_length=4, choices=Payer)
    payee = models.CharField(max_length=200, help_text="the person, or who is authorised to receive")
    bank = models.CharField(max_length=100, blank=True)
    account = models.CharField(max_length=30, blank=True)
    cash_point = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=200, blank=True, help_text="why it could not be paid, in the payer's words")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="payment_once", fields=["run", "beneficiary"]),
            models.UniqueConstraint(name="payment_once_a_month", fields=["month", "id_number", "group"]),
            models.CheckConstraint(name="payment_of_something", condition=Q(amount_dong__gt=0)),
        ]
        indexes = [
            models.Index(name="payment_of_unit", fields=["run", "answering_unit", "id"]),
            models.Index(name="payment_failed", fields=["run", "id"], condition=Q(state="failed")),
        ]

    def __str__(self) -> str:
        return f"{self.month:%m/%Y} {self.beneficiary_id}"


class PayBatch(models.Model):
    """One file for one payer. Numbers run through the month: first one file a payer, then those that pay again (đợt chi lại).

    A batch that was withdrawn before it was sent keeps its number; its attempts are failed ones.
    """

    run = models.ForeignKey(PayRun, on_delete=models.PROTECT, related_name="batches")
    number = models.IntegerField()
    payer = models.CharField(max_length=4, choices=Payer)
    is_retry = models.BooleanField(default=False)
    lines = models.IntegerField()
    total_dong = models.BigIntegerField()
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=200)
    sent_at = models.DateTimeField(null=True)
    sent_by_name = models.CharField(max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="pay_batch_number", fields=["run", "number"]),
            models.CheckConstraint(name="pay_batch_sent_or_withdrawn", condition=Q(sent_at=None) | Q(withdrawn_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}.{self.number}"


class PayAttempt(models.Model):
    """A line in a file: what the payer was asked to pay, and what came of it."""

    batch = models.ForeignKey(PayBatch, on_delete=models.PROTECT, related_name="attempts", db_index=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="attempts")
    state = models.CharField(max_length=7, choices=Payment.State, default=Payment.State.WAITING)
    reason = models.CharField(max_length=200, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="pay_attempt_once", fields=["batch", "payment"]),
            # Never twice: while one attempt waits or has paid there can be no other.
            models.UniqueConstraint(
                name="pay_attempt_never_twice", fields=["payment"], condition=Q(state__in=["waiting", "paid"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.payment_id} {self.state}"


class PayerReport(models.Model):
    """A payer's file of results. Each row is one of: applied, said before, contradicting, rejected."""

    class Status(models.TextChoices):
        READING = "reading", _("Đang đọc")
        DONE = "done", _("Đã đọc")
        REFUSED = "refused", _("Không đọc được")

    run = models.ForeignKey(PayRun, on_delete=models.PROTECT, related_name="reports")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=8, choices=Status, default=Status.READING)
    refusal = models.CharField(max_length=500, blank=True)
    rows_in = models.IntegerField(default=0)
    applied = models.IntegerField(default=0)
    known = models.IntegerField(default=0)
    contradicting = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)
    sent_at = models.DateTimeField()
    sent_by_name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="payer_report_adds_up",
                condition=Q(rows_in=models.F("applied") + models.F("known") + models.F("contradicting") + models.F("rejected")),
            ),
            # A file with rows that could not be used may come again: maybe its batch was noted as sent since.
            models.UniqueConstraint(
                name="payer_report_once", fields=["run", "sha256"], condition=Q(status__in=["reading", "done"], rejected=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} {self.status}"


class PayerReportRow(models.Model):
    """A row that was not simply applied: it contradicts what is known, and a person settles it; or it cannot be used."""

    class State(models.TextChoices):
        CONTRADICTING = "contradicts", _("Trái với kết quả đã có")
        REJECTED = "rejected", _("Không dùng được")
        ACCEPTED = "accepted", _("Đã nhận theo kết quả mới")
        DISMISSED = "dismissed", _("Giữ kết quả cũ")
        PAID_TWICE = "paid_twice", _("Đã trả hai lần, phải thu hồi")

    report = models.ForeignKey(PayerReport, on_delete=models.PROTECT, related_name="rows")
    place = models.IntegerField()
    reference = models.CharField(max_length=40)
    attempt = models.ForeignKey(PayAttempt, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=7, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=11, choices=State)
    why = ArrayField(models.CharField(max_length=20), default=list)
    settled_by_name = models.CharField(max_length=200, blank=True)
    settled_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(name="payer_report_row_open", fields=["attempt"], condition=Q(state="contradicts"))]

    def __str__(self) -> str:
        return f"{self.report_id} row {self.place}"
