"""A list that comes in as a file: read row by row, looked at, brought in or discarded. What every such import shares.

A capability has a model of its own (`TableImport` below it) and one of its rows, and commands that say who may, judge rows and
record; these functions are the rest of them, to be called inside.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _


class TableImport(models.Model):
    """One file and what became of its rows: in = good + stored + to correct + rejected, held by a constraint.

    Its rows are named `rows` and have a `place` and a `state`: good, stored, rejected, or `UNCLEAR`.
    """

    class Status(models.TextChoices):
        READING = "reading", _("Đang đọc")
        PREVIEWED = "previewed", _("Chờ xem lại")
        STORING = "storing", _("Đang nhập")
        DONE = "done", _("Đã nhập")
        REFUSED = "refused", _("Không đọc được")
        DISCARDED = "discarded", _("Đã bỏ")

    ENDED: ClassVar = (Status.REFUSED, Status.DISCARDED)
    UNCLEAR: ClassVar[str]
    rows: Any

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
        abstract = True

    def __str__(self) -> str:
        return f"{self.file_name} {self.status}"

    @property
    def figures(self) -> dict[str, int]:
        """As events tell them."""
        return {
            "rows": self.rows_in,
            "good": self.good,
            "stored": self.stored,
            "to_correct": self.to_correct,
            "rejected": self.rejected,
        }

    @staticmethod
    def rules(prefix: str, *, once: list[str]) -> list[models.BaseConstraint]:
        """Constraints of its table. `once`: the same file of these changes nothing, the second finds the first."""
        return [
            models.CheckConstraint(
                name=f"{prefix}_adds_up",
                condition=Q(status__in=["reading", "refused", "discarded"])
                | Q(rows_in=F("good") + F("stored") + F("to_correct") + F("rejected")),
            ),
            models.CheckConstraint(name=f"{prefix}_done_has_no_good", condition=~Q(status="done") | Q(good=0)),
            models.UniqueConstraint(
                name=f"{prefix}_file_once",
                fields=[*once, "sha256"],
                condition=Q(status__in=["reading", "previewed", "storing", "done"]),
            ),
        ]


@transaction.atomic
def read_anew(sent: TableImport) -> None:
    """Forget the rows of an earlier run that did not come to its end."""
    type(sent)._default_manager.filter(pk=sent.pk).update(rows_in=0)  # first: it holds the row against who still writes
    sent.rows.all().delete()
    sent.rows_in = 0


@transaction.atomic
def write_rows(sent: TableImport, rows: list[Any]) -> bool:
    """False when the file is no longer being read, or another run has begun it anew or is ahead."""
    reading = type(sent)._default_manager.filter(pk=sent.pk, status=TableImport.Status.READING, rows_in=sent.rows_in)
    if not reading.update(rows_in=F("rows_in") + len(rows)):
        return False
    sent.rows_in += len(rows)
    sent.rows.bulk_create(rows)
    return True


def count_rows(sent: TableImport) -> None:
    """Counted from the rows, never added up on the way. Saves."""
    states = {"good": "good", "stored": "stored", "to_correct": sent.UNCLEAR, "rejected": "rejected"}
    found = sent.rows.aggregate(
        rows_in=Count("pk"), **{name: Count("pk", filter=Q(state=state)) for name, state in states.items()}
    )
    for name, count in found.items():
        setattr(sent, name, count)
    sent.save()


def refuse(sent: TableImport, *, why: str, at: datetime) -> None:
    """The file as a whole cannot be read: its rows are forgotten, the reason stays."""
    sent.rows.all().delete()
    sent.status, sent.refusal, sent.rows_in, sent.done_at = TableImport.Status.REFUSED, why[:500], 0, at
    sent.save()


def discard(sent: TableImport, *, at: datetime) -> None:
    """Not wanted: its rows are forgotten; that it was sent is not."""
    sent.rows.all().delete()
    sent.status, sent.done_at = TableImport.Status.DISCARDED, at
    sent.save(update_fields=["status", "done_at"])
