"""Old registers on their way in: the file, each of its rows, and what people decided about the unclear ones."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from thongsuot.files.table_imports import TableImport
from thongsuot.registers.models.entries import Entry, Kind


class RegisterImport(TableImport):
    """One file of an old register. Each row is an ImportRow: in = stored + to correct + rejected, held by a constraint."""

    UNCLEAR = "doubtful"

    kind = models.CharField(max_length=8, choices=Kind)
    default_place = models.CharField(max_length=300, blank=True, help_text="for rows that name no place of registration")

    class Meta:
        constraints = TableImport.rules("import", once=["unit", "kind"])


class ImportRow(models.Model):
    """One row of an imported file and what became of it.

    cells    the row's texts by column; emptied once its entry is stored
    reasons  codes of `rules.REASONS`
    """

    class State(models.TextChoices):
        GOOD = "good", _("Tốt")
        DOUBTFUL = "doubtful", _("Cần xem lại")
        REJECTED = "rejected", pgettext_lazy("row of a file", "Loại")
        STORED = "stored", _("Đã vào sổ")

    source = models.ForeignKey(RegisterImport, on_delete=models.CASCADE, related_name="rows", db_index=False)
    place = models.IntegerField(help_text="row in the file, the heading being 1")
    state = models.CharField(max_length=8, choices=State)
    reasons = ArrayField(models.CharField(max_length=30), default=list)
    cells = models.JSONField(default=dict)
    number_key = models.CharField(max_length=32, blank=True)
    person_key = models.CharField(max_length=32, blank=True)
    fingerprint = models.CharField(max_length=32, blank=True)
    entry = models.OneToOneField(Entry, null=True, on_delete=models.PROTECT, related_name="import_row")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="import_row_once", fields=["source", "place"]),
            models.CheckConstraint(
                name="import_row_stored_has_entry",
                condition=Q(state="stored", entry__isnull=False) | (~Q(state="stored") & Q(entry__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(name="import_row_state", fields=["source", "state", "place"]),
            models.Index(name="import_row_fingerprint", fields=["fingerprint"], condition=Q(state="doubtful")),
            models.Index(name="import_row_number", fields=["source", "number_key"], condition=~Q(number_key="")),
            models.Index(name="import_row_person", fields=["source", "person_key"], condition=~Q(person_key="")),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} row {self.place}"


class Proposal(models.Model):
    """What one officer proposes for an unclear row; another decides. Both stay."""

    class Way(models.TextChoices):
        STORE = "store", _("Đưa vào sổ")
        REJECT = "reject", _("Loại khỏi việc nhập")

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("Đồng ý")
        RETURNED = "returned", _("Trả lại")

    row = models.ForeignKey(ImportRow, on_delete=models.PROTECT, related_name="proposals")
    way = models.CharField(max_length=6, choices=Way)
    cells = models.JSONField(default=dict)
    place_unit = models.ForeignKey("units.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    settled = ArrayField(models.CharField(max_length=30), default=list, help_text="doubts the officer looked at and lets stand")
    why = models.CharField(max_length=500)
    proposed_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    proposed_by_name = models.CharField(max_length=200)
    proposed_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    decided_by_name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="proposal_one_open", fields=["row"], condition=Q(outcome="")),
            models.CheckConstraint(
                name="proposal_decided",
                condition=Q(outcome="", decided_at=None) | (~Q(outcome="") & Q(decided_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.row_id} {self.way} {self.outcome}"
