"""What is stored: bytes once by their fingerprint, and each time somebody handed them in."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Blob(models.Model):
    """Bytes on disk, named by their SHA-256. A row exists only after its bytes are safe on disk (`storage.py`)."""

    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    content_type = models.CharField(max_length=100, help_text="what the content is, not what the sender said")
    stored_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="blob_once", fields=["sha256"]),
            models.CheckConstraint(name="blob_fingerprint", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="blob_not_empty", condition=Q(size__gt=0)),
        ]

    def __str__(self) -> str:
        return self.sha256


class StoredFile(models.Model):
    """One hand-in of a file. Equal bytes handed in twice are two of these and one blob. Vietnamese: tệp."""

    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(_("tên tệp"), max_length=120)
    uploaded_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    purpose = models.CharField(max_length=40, blank=True, help_text="a short word of the caller: paper, result, draft")

    def __str__(self) -> str:
        return self.name
