"""What a dossier consists of, and where each paper came from."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Component(models.Model):
    """One paper of a dossier. The order at the desk: look the datum up, reuse, only then scan (TT 01/2023/TT-VPCP)."""

    class How(models.TextChoices):
        DATA = "data", _("Tra từ dữ liệu")
        REUSED = "reused", _("Dùng lại bản đã có")
        UPLOADED = "uploaded", _("Tải lên")
        SCANNED = "scanned", _("Quét")
        SHOWN = "shown", _("Chỉ xuất trình")
        WAIVED = "waived", _("Miễn, có lý do")

    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.PROTECT, related_name="components")
    paper_code = models.CharField(max_length=40)
    name = models.CharField(max_length=500)
    how = models.CharField(max_length=10, choices=How)
    reason = models.CharField(max_length=300, blank=True)
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    originals = models.SmallIntegerField(default=0)
    copies = models.SmallIntegerField(default=0)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="component_waived_with_reason", condition=~Q(how="waived") | ~Q(reason="")),
            models.CheckConstraint(name="component_file_when_uploaded", condition=~Q(how="uploaded") | Q(file__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.paper_code} {self.how}"
