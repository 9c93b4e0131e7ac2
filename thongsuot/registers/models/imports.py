"""Old registers on their way in: the file, each of its rows, and what people decided about the unclear ones."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from thongsuot.registers.models.entries import Entry, Kind


class RegisterImport(models.Model):
    """One file of an old register. Each row is an ImportRow: in = stored + to correct + rejected, held by a constraint."""

    class Status(models.TextChoices):
        READING = "reading", _("Đang đọc")
        PREVIEWED = "previewed", _("Chờ xem lại")
        STORING = "storing", _("Đang nhập")
        DONE = "done", _("Đã nhập")
        REFUSED = "refused", _("Không đọc được")
        DISCARDED = "discarded", _("Đã bỏ")

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    default_place = models.CharField(max_length=300, blank=True, help_text="for rows that name no place of registration")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=Status, default=Status.READING)
    refusal = models.CharField(max_length=500, blank=True)
    rows_in = models.IntegerField(default=0)
    good = models.IntegerField(default=0)
    stored = models.IntegerField(default=0)
    to_correct = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)
    sent_at = models.DateTimeField()
    sent_by_name = models.CharField(max_length=200)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="import_adds_up",
                condition=Q(status__in=["reading", "refused", "discarded"])
                | Q(rows_in=F("good") + F("stored") + F("to_correct") + F("rejected")),
            ),
            models.CheckConstraint(name="import_done_has_no_good", condition=~Q(status="done") | Q(good=0)),
            # The same file twice changes nothing: the second finds the first.
            models.UniqueConstraint(
                name="import_file_once",
                fields=["unit", "kind", "sha256"],
                condition=Q(status__in=["reading", "previewed", "storing", "done"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} {self.status}"


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
