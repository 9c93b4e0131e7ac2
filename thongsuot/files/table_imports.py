"""A list that comes in as a file: read row by row, looked at, brought in or discarded. What every such import shares.

A capability has a model of its own (`TableImport` below it) and one of its rows, and commands that lock, say who may and judge
rows; these functions are the rest of them, to be called inside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import IO, Any, ClassVar, TypeVar

from django.db import models, transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from thongsuot.files import queries as files
from thongsuot.files.models import StoredFile
from thongsuot.files.tables import TableRow
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import record
from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.events import EventKind

BATCH = 1_000


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

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
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


class SameFileAgain(TellPerson):
    """The very same bytes came before: nothing changes."""

    code = "files.same_file_again"
    says = _("Tệp này đã gửi trước đó, nên không nhập lần nữa. Đây là kết quả của lần đó.")

    def __init__(self, import_id: int) -> None:
        self.import_id = import_id

    def details(self) -> dict[str, object]:
        return {"import": self.import_id}


class ImportNotWaiting(TellPerson):
    code = "files.import_not_waiting"
    says = _("Tệp này không ở bước đó nữa: có người vừa xử lý. Tải lại trang để xem tình trạng.")


Import = TypeVar("Import", bound=TableImport)


def begin(
    model: type[Import], stored: StoredFile, *, once: dict[str, Any], actor: Actor, at: datetime, **said: object
) -> Import:
    """The import of a file that was just stored. `once`: the same file of these was sent already. Raises SameFileAgain."""
    whose = model._default_manager.filter(**once, sha256=stored.blob.sha256)
    if before := whose.exclude(status__in=TableImport.ENDED).first():
        raise SameFileAgain(before.pk)
    return model._default_manager.create(
        **once,
        **said,
        file=stored,
        file_name=stored.name,
        sha256=stored.blob.sha256,
        sent_at=at,
        sent_by_name=actor.name,
    )


def read_rows(
    sent: TableImport, read: Callable[[IO[bytes]], Iterator[TableRow]], judge: Callable[[list[TableRow]], list[Any]]
) -> bool:
    """Read the file from its start; `judge` makes rows of its rows. Runs in the worker, maybe twice.

    Every batch is written for itself: a page can say how far it is, and memory stays flat. Two at once do no harm: whoever
    finds other rows than it wrote leaves the rest to the other; then False. Raises NotATable, FileDamaged.
    """
    read_anew(sent)
    with files.open_checked(sent.file_id) as file:
        rows = read(file)
        while batch := list(islice(rows, BATCH)):
            if not write_rows(sent, judge(batch)):
                return False
    return True


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


def go_on(sent: Import, status: TableImport.Status, kind: EventKind, *, actor: Actor, at: datetime) -> Import:
    """It stands at another step, with all its rows counted anew. Its last step ends it."""
    sent.status = status
    if status == TableImport.Status.DONE:
        sent.done_at = at
    count_rows(sent)
    record(kind, sent, actor=actor, at=at, unit_id=sent.unit_id, **sent.figures)
    return sent


def start(sent: Import, kind: EventKind, *, actor: Actor, at: datetime) -> Import:
    """A person has seen what was read and wants it in. Raises ImportNotWaiting."""
    must_be(sent, TableImport.Status.PREVIEWED)
    return go_on(sent, TableImport.Status.STORING, kind, actor=actor, at=at)


def refuse(sent: Import, kind: EventKind, *, why: str, actor: Actor, at: datetime) -> Import:
    """The file as a whole cannot be read: its rows are forgotten, the reason stays. Raises ImportNotWaiting."""
    must_be(sent, TableImport.Status.READING)
    sent.rows.all().delete()
    sent.status, sent.refusal, sent.rows_in, sent.done_at = TableImport.Status.REFUSED, why[:500], 0, at
    sent.save()
    record(kind, sent, actor=actor, at=at, unit_id=sent.unit_id, refused=True)
    return sent


def discard(sent: Import, kind: EventKind, *, actor: Actor, at: datetime) -> Import:
    """Not wanted, or its reading never ends: its rows are forgotten; that it was sent is not. Raises ImportNotWaiting."""
    must_be(sent, TableImport.Status.PREVIEWED, TableImport.Status.READING)
    sent.rows.all().delete()
    sent.status, sent.done_at = TableImport.Status.DISCARDED, at
    sent.save(update_fields=["status", "done_at"])
    record(kind, sent, actor=actor, at=at, unit_id=sent.unit_id)
    return sent


def must_be(sent: TableImport, *statuses: TableImport.Status) -> None:
    """Raises ImportNotWaiting."""
    if sent.status not in statuses:
        raise ImportNotWaiting
