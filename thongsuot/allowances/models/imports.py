"""Old lists on their way in: the file and what became of each of its rows."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from thongsuot.files.table_imports import TableImport


class AllowanceImport(TableImport):
    """One file of an old list. Each row is an AllowanceRow: in = good + stored + to correct + rejected.

    month  the month the list was paid for: codes of units are those of that month
    """

    UNCLEAR = "to_correct"

    month = models.DateField()

    class Meta:
        constraints = TableImport.rules("allowance_import", once=["unit"])


class AllowanceRow(models.Model):
    """One row of an imported list and what became of it.

    cells    the row's texts by column; emptied once it is stored
    values   what they mean, ready for the roll; only of a good row
    reasons  codes of `rules.roll.REASONS`, some with what they are about: "other_unit:12"
    """

    class State(models.TextChoices):
        GOOD = "good", _("Tốt")
        TO_CORRECT = "to_correct", _("Cần sửa")
        REJECTED = "rejected", _("Bị loại")
        STORED = "stored", _("Đã vào danh sách")

    source = models.ForeignKey(AllowanceImport, on_delete=models.CASCADE, related_name="rows", db_index=False)
    place = models.IntegerField(help_text="row in the file, the heading being 1")
    state = models.CharField(max_length=10, choices=State)
    reasons = ArrayField(models.CharField(max_length=40), default=list)
    cells = models.JSONField(default=dict)
    values = models.JSONField(default=dict)
    person_key = models.CharField(max_length=32, blank=True, help_text="person and group, hashed")
    fingerprint = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="allowance_row_once", fields=["source", "place"])]
        indexes = [models.Index(name="allowance_row_state", fields=["source", "state", "place"])]

    def __str__(self) -> str:
        return f"{self.source_id} row {self.place}"
