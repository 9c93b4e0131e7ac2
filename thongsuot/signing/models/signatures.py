"""What was signed, and what proves it to anyone who holds the paper."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.signing.models.certificates import Certificate


class Signature(models.Model):
    """One signature made here: `source` went in, `signed` came out. The line is never removed; the papers may be disposed of by
    whose they are (`actions.let_go_papers`), and nothing else of it ever changes.
    """

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="signatures")
    kind = models.CharField(max_length=10, choices=Certificate.Kind)
    source = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    signed = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    once = models.CharField(max_length=200, unique=True, help_text="the request it answers: the same one signs once")
    person = models.ForeignKey(
        "people.Person", null=True, on_delete=models.PROTECT, related_name="+", help_text="who gave the PIN"
    )
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    post = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300)
    level = models.CharField(max_length=5, help_text="B-B, B-T, B-LT")
    signed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="signature_signed", fields=["signed"])]

    def __str__(self) -> str:
        return f"{self.name} {self.signed_at:%Y-%m-%d}"


class Proof(models.Model):
    """A paper that anyone may ask about by the code printed on it. Holds nothing of a person. Vietnamese: mã xác thực."""

    class State(models.TextChoices):
        VALID = "valid", _("Còn giá trị")
        CORRECTED = "corrected", _("Còn giá trị, đã được đính chính")
        REPLACED = "replaced", _("Đã được thay thế")
        REVOKED = "revoked", _("Đã bị thu hồi, hủy bỏ")

    code = models.CharField(max_length=20, unique=True)
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30, help_text="result, receipt, copy, extract")
    title = models.CharField(max_length=300, help_text="what kind of paper; never whose")
    number = models.CharField(max_length=60, blank=True)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    issued_on = models.DateField()
    registered_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.VALID)
    state_since = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    replaced_by = models.CharField(max_length=20, blank=True, help_text="code of what replaced or corrected it")

    class Meta:
        constraints = [
            models.CheckConstraint(name="proof_ended_with_reason", condition=Q(state="valid") | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return self.code
