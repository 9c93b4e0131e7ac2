"""What every thing that is counted in has: it was received, or it is disputed and somebody owes its settlement."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Receipt(models.Model):
    """Handed = received + disputed. A dispute always has a reason, a person and a day; settled it stays readable."""

    class Settlement(models.TextChoices):
        FOUND = "found", _("Đã tìm thấy, đã nhận")
        LOST = "lost", _("Xác nhận thiếu, có quyết định xử lý")
        MISTAKE = "mistake", _("Bảng kê ghi nhầm")

    received_at = models.DateTimeField(null=True)
    received_by_name = models.CharField(max_length=200, blank=True, default="", db_default="")
    disputed_at = models.DateTimeField(null=True)
    dispute_reason = models.CharField(_("lý do"), max_length=500, blank=True, default="", db_default="")
    dispute_owner = models.CharField(_("người phải làm rõ"), max_length=200, blank=True, default="", db_default="")
    dispute_until = models.DateField(_("hạn làm rõ"), null=True)
    settled_at = models.DateTimeField(null=True)
    settlement = models.CharField(max_length=7, choices=Settlement, blank=True, default="", db_default="")
    settlement_note = models.CharField(max_length=500, blank=True, default="", db_default="")

    class Meta:
        abstract = True

    @staticmethod
    def rules(prefix: str) -> list[models.CheckConstraint]:
        """Constraints of a table that has these columns."""
        return [
            models.CheckConstraint(
                name=f"{prefix}_dispute_is_owned",
                condition=Q(disputed_at=None) | ~Q(dispute_reason="") & ~Q(dispute_owner="") & Q(dispute_until__isnull=False),
            ),
            models.CheckConstraint(
                name=f"{prefix}_received_or_disputed",
                condition=Q(received_at=None) | Q(disputed_at=None) | Q(settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name=f"{prefix}_settled_how",
                condition=Q(settled_at=None, settlement="")
                | Q(settled_at__isnull=False, disputed_at__isnull=False) & ~Q(settlement=""),
            ),
        ]
