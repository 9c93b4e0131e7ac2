"""What the owner pays, gets and thinks of it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.counters import satisfaction


class FeeDue(models.Model):
    """A fee or levy by the rule of the reception date: an obligation. A payment of `payments` pays it, with a receipt."""

    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.PROTECT, related_name="fees")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=4, help_text="fee (phí) or levy (lệ phí)")
    amount_dong = models.BigIntegerField()
    how = models.CharField(max_length=300, help_text="the calculation in words")
    basis = models.CharField(max_length=200, blank=True)
    paid_at = models.DateTimeField(null=True)
    collected_by_name = models.CharField(max_length=200, blank=True)
    receipt_number = models.IntegerField(null=True)
    paid_how = models.CharField(max_length=8, blank=True, db_default="", help_text="cash, gateway or transfer")
    returned_at = models.DateTimeField(null=True, help_text="the money went back; nothing is owed any more")

    class Meta:
        constraints = [models.CheckConstraint(name="fee_not_negative", condition=Q(amount_dong__gte=0))]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.code} {self.amount_dong}"

    @property
    def is_open(self) -> bool:
        """Still to be paid, as far as the fee itself says."""
        return self.paid_at is None and self.returned_at is None and self.amount_dong > 0


class Result(models.Model):
    """What the agency decided, as a file with a number, a date and a signer. Vietnamese: kết quả giải quyết."""

    dossier = models.OneToOneField("dossiers.Dossier", on_delete=models.PROTECT, related_name="result")
    title = models.CharField(max_length=300)
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    drafted_by_name = models.CharField(max_length=200)
    signed_at = models.DateTimeField(null=True)
    signer_name = models.CharField(max_length=200, blank=True)
    signer_post = models.CharField(max_length=200, blank=True)
    number = models.CharField(_("số"), max_length=40, blank=True)
    issued_on = models.DateField(null=True)
    handed_to = models.CharField(max_length=200, blank=True)
    handed_at = models.DateTimeField(null=True)
    unit = models.ForeignKey(
        "units.Unit",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="in whose register its number stands, when its dossier went on to another unit since",
    )
    void_reason = models.CharField(
        max_length=500,
        blank=True,
        db_default="",
        help_text="what it was made from does not hold any more: it counts as revoked",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="result_number_once_signed", condition=Q(number="") | Q(signed_at__isnull=False)),
        ]
        indexes = [
            models.Index(name="result_in_register_of", fields=["unit", "issued_on"], condition=Q(unit__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.number or f"draft of {self.dossier_id}"


class Rating(models.Model):
    """How satisfied the owner is: five levels, once per transaction, never shown with identity to the rated officer."""

    dossier = models.OneToOneField("dossiers.Dossier", on_delete=models.PROTECT, related_name="rating")
    level = models.SmallIntegerField(choices=satisfaction.Level)
    reasons = ArrayField(models.CharField(max_length=40), default=list)
    comment = models.CharField(max_length=1000, blank=True)
    rated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.level}"
