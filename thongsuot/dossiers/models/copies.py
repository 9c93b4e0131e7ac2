"""Electronic copies certified from an original that was shown at the desk, and which units offer them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.periods import Dated


class CertifiedCopy(models.Model):
    """A line of the certification register: one original, one copy. Vietnamese: bản sao điện tử có chứng thực từ bản chính."""

    class State(models.TextChoices):
        COMPARED = "compared", _("Đã đối chiếu, chờ người ký duyệt")
        APPROVED = "approved", _("Đã duyệt, chờ đóng dấu số")
        NUMBERED = "numbered", _("Đã vào sổ, chờ đóng dấu số")
        CERTIFIED = "certified", _("Đã chứng thực")
        DROPPED = "dropped", _("Đã bỏ")

    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.PROTECT, related_name="copies")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    title = models.CharField(_("tên bản chính"), max_length=300)
    original_number = models.CharField(max_length=60, blank=True)
    original_issued_by = models.CharField(max_length=300, blank=True)
    pages = models.SmallIntegerField(help_text="of the original: what the fee is counted by")
    scan = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    compared_at = models.DateTimeField()
    compared_by_name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.COMPARED)
    number = models.CharField(_("số chứng thực"), max_length=20, blank=True)
    numbered_on = models.DateField(null=True)
    certified_at = models.DateTimeField(null=True)
    certifier_name = models.CharField(max_length=200, blank=True)
    certifier_post = models.CharField(max_length=200, blank=True)
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    proof_code = models.CharField(max_length=40, blank=True)
    stored_code = models.CharField(max_length=20, blank=True)
    dropped_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="copy_number_once_certified",
                condition=Q(state="certified", certified_at__isnull=False, file__isnull=False) & ~Q(number="")
                | Q(state="numbered") & ~Q(number="")
                | Q(state__in=["compared", "approved"], number="")
                | Q(state="dropped"),
            ),
            models.CheckConstraint(name="copy_has_pages", condition=Q(pages__gt=0)),
        ]
        indexes = [models.Index(name="copy_of_unit", fields=["unit", "certified_at"], condition=Q(state="certified"))]

    def __str__(self) -> str:
        return self.number or f"copy in {self.dossier_id}"


class CopyOffer(Dated):
    """A unit offers electronic certified copies from a day on. Vietnamese: cung cấp dịch vụ chứng thực bản sao điện tử."""

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    decided_by_name = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(name="copy_offer_one_open", fields=["unit"], condition=Q(valid_to__isnull=True))]

    def __str__(self) -> str:
        return f"{self.unit_id} from {self.valid_from}"
