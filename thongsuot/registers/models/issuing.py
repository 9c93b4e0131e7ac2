"""What is given out from the registers, and who searched in them and why."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.registers.models.entries import Entry


class IssuedPaper(models.Model):
    """A paper made from an entry as the result of a dossier. Vietnamese: trích lục, bản sao, giấy khai sinh.

    It counts as issued when the dossier's result was numbered; a draft that was replaced stays with `replaced`.
    """

    class Form(models.TextChoices):
        BIRTH_CERTIFICATE = "birth_certificate", _("Giấy khai sinh")
        MARRIAGE_CERTIFICATE = "marriage_certificate", _("Giấy chứng nhận kết hôn")
        DEATH_EXTRACT = "death_extract", _("Trích lục khai tử")
        COPY = "copy", _("Trích lục (bản sao)")

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="papers")
    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=20, choices=Form)
    copies = models.SmallIntegerField()
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    drafted_by_name = models.CharField(max_length=200)
    replaced = models.BooleanField(default=False)
    issued_on = models.DateField(null=True)
    number = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="issued_paper_copies", condition=Q(copies__gte=1, copies__lte=99)),
            models.UniqueConstraint(name="issued_paper_once", fields=["dossier"], condition=Q(replaced=False)),
        ]

    def __str__(self) -> str:
        return f"{self.form} of {self.entry_id}"


class RegisterSearch(models.Model):
    """A search with a reason: of a program, or for a dossier. Holds what was asked by, never the words."""

    class Purpose(models.TextChoices):
        SEARCH = "search", _("Tìm trong sổ")
        MARITAL = "marital", _("Tra tình trạng hôn nhân")

    purpose = models.CharField(max_length=8, choices=Purpose)
    dossier = models.ForeignKey("dossiers.Dossier", null=True, on_delete=models.PROTECT, related_name="+")
    asked_by = ArrayField(models.CharField(max_length=20), default=list)
    found = models.IntegerField()
    reason = models.CharField(max_length=300)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.purpose} {self.at:%Y-%m-%d %H:%M}"
