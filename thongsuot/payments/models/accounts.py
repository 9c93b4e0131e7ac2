"""Where the fees of a unit go."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class FeeAccount(models.Model):
    """The receiving account of a unit, from its declaration to the test that proved it. Vietnamese: tài khoản thu phí, lệ phí.

    Nothing is paid online to a unit before its account is configured. A closed one stays: payments and statements point to it.
    """

    class State(models.TextChoices):
        DECLARED = "declared", _("Đã khai báo")
        ON_PLATFORM = "on_platform", _("Đã cấp mã trên cổng thanh toán")
        CONFIGURED = "configured", _("Đã cấu hình, giao dịch thử đạt")
        CLOSED = "closed", _("Đã đóng")

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    bank_bin = models.CharField(max_length=6, validators=[RegexValidator(r"^\d{6}\Z")])
    number = models.CharField(max_length=19, validators=[RegexValidator(r"^[0-9A-Z]{4,19}\Z")])
    holder = models.CharField(max_length=120, help_text="as the bank writes it: letters without marks")
    treasury_number = models.CharField(max_length=30, blank=True, help_text="of the State Treasury, where it goes on to")
    merchant = models.CharField(max_length=40, blank=True, help_text="what the payment platform calls it")
    state = models.CharField(max_length=12, choices=State, default=State.DECLARED)
    declared_at = models.DateTimeField()
    configured_at = models.DateTimeField(null=True, help_text="when its test transaction was paid")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="fee_account_one_open", fields=["unit"], condition=~Q(state="closed")),
            models.UniqueConstraint(name="fee_account_number", fields=["bank_bin", "number"], condition=~Q(state="closed")),
            models.UniqueConstraint(
                name="fee_account_merchant", fields=["merchant"], condition=~Q(state="closed") & ~Q(merchant="")
            ),
            models.CheckConstraint(
                name="fee_account_proved", condition=~Q(state="configured") | Q(configured_at__isnull=False)
            ),
            models.CheckConstraint(
                name="fee_account_on_platform", condition=Q(state="declared") | Q(state="closed") | ~Q(merchant="")
            ),
            models.CheckConstraint(
                name="fee_account_closed", condition=Q(state="closed", closed_at__isnull=False) | ~Q(state="closed")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank_bin} {self.number}"
