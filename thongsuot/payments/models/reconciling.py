"""What the gateway and the bank say of a day, and where it differs from ours."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ReconciledDay(models.Model):
    """A day whose lists were put against each other; its row lock keeps two comparisons apart."""

    day = models.DateField(unique=True)
    fetched_at = models.DateTimeField(
        null=True, help_text="when the gateway's list came last; before the day was over it is a part of it"
    )
    compared_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.day)


class GatewayRecord(models.Model):
    """One transaction as the gateway's own list of a day has it."""

    day = models.DateField()
    number = models.SmallIntegerField(default=1, help_text="1, or which of several rows of the same transaction it is")
    reference = models.CharField(max_length=60, blank=True)
    transaction_id = models.CharField(max_length=64)
    merchant = models.CharField(max_length=40)
    amount_dong = models.BigIntegerField(help_text="below zero: it went back")
    at = models.DateTimeField()
    fetched_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="gateway_record_once", fields=["day", "transaction_id", "number"])]

    def __str__(self) -> str:
        return f"{self.transaction_id} {self.amount_dong}"


class BankStatement(models.Model):
    """A statement of one account as a file of the bank: CSV or MT940. Vietnamese: sổ phụ, sao kê."""

    account = models.ForeignKey("payments.FeeAccount", on_delete=models.PROTECT, related_name="statements")
    name = models.CharField(max_length=200, help_text="of the file")
    sha256 = models.CharField(max_length=64)
    content = models.TextField(
        blank=True,
        default="",
        db_default="",
        help_text="not kept: the lines are, and sha256 tells the file; earlier releases wrote it",
    )
    first_day = models.DateField()
    last_day = models.DateField()
    opening_dong = models.BigIntegerField(null=True)
    closing_dong = models.BigIntegerField(null=True)
    brought_at = models.DateTimeField()
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="bank_statement_once", fields=["account", "sha256"])]

    def __str__(self) -> str:
        return f"{self.account_id} {self.first_day}"


class StatementLine(models.Model):
    """One movement on an account. `bank_reference` is the bank's; the same movement in two files is one line."""

    account = models.ForeignKey("payments.FeeAccount", on_delete=models.PROTECT, related_name="lines")
    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="lines")
    booked_on = models.DateField()
    amount_dong = models.BigIntegerField(help_text="below zero: it left the account")
    bank_reference = models.CharField(max_length=64)
    number = models.SmallIntegerField(default=1, help_text="1, or which of several movements of one reference it is")
    purpose = models.CharField(max_length=500)
    reference = models.CharField(max_length=9, blank=True, help_text="ours, found in the purpose")
    pays_back = models.OneToOneField(
        "payments.Refund",
        null=True,
        on_delete=models.PROTECT,
        related_name="movement",
        help_text="the refund by which this money left the account",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="statement_line_once", fields=["account", "booked_on", "bank_reference", "number"]),
            models.CheckConstraint(name="statement_line_amount", condition=~Q(amount_dong=0)),
        ]
        indexes = [models.Index(name="statement_line_reference", fields=["reference"], condition=~Q(reference=""))]

    def __str__(self) -> str:
        return f"{self.booked_on} {self.amount_dong}"

    @property
    def known_as(self) -> str:
        """What tells it from every other movement of its day, in any account."""
        return f"{self.account_id}-{self.bank_reference}-{self.number}"


class Difference(models.Model):
    """Where the three lists of a day do not say the same, and what became of it. Vietnamese: chênh lệch đối soát."""

    class Kind(models.TextChoices):
        NOT_OURS = "not_ours", _("Cổng hoặc ngân hàng có, ta không có")
        NOT_GATEWAYS = "not_gateways", _("Ta có, cổng không có")
        NOT_BANKS = "not_banks", _("Ta có, tài khoản chưa nhận")
        DOUBLE = "double", _("Trả hai lần")
        AMOUNT = "amount", _("Lệch số tiền")
        UNIT = "unit", _("Vào tài khoản khác")
        OUT = "out", _("Tiền ra chưa rõ vì sao")
        TRANSIT = "transit", _("Tiền mặt đã nộp, chưa về tài khoản")

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    kind = models.CharField(max_length=12, choices=Kind)
    key = models.CharField(max_length=120, help_text="what it is about: the same difference found again is the same row")
    ours_dong = models.BigIntegerField(null=True)
    gateway_dong = models.BigIntegerField(null=True)
    bank_dong = models.BigIntegerField(null=True)
    payment = models.ForeignKey("payments.FeePayment", null=True, on_delete=models.PROTECT, related_name="differences")
    statement_line = models.ForeignKey(
        StatementLine, null=True, on_delete=models.PROTECT, related_name="+", help_text="the movement it is about, if one is"
    )
    found_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, help_text="a later comparison did not find it any more")
    explained_at = models.DateTimeField(null=True)
    explained_by_name = models.CharField(max_length=200, blank=True)
    explanation = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="difference_once", fields=["day", "kind", "key"]),
            models.CheckConstraint(name="difference_explained", condition=Q(explained_at=None) | ~Q(explanation="")),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.key}"

    @property
    def about(self) -> str:
        """What people know it by: our reference, else what the bank or the gateway calls it."""
        if self.payment is not None:
            return self.payment.reference
        if self.statement_line is not None:
            return self.statement_line.bank_reference
        return "" if self.kind == self.Kind.TRANSIT else self.key.split(":")[1]
