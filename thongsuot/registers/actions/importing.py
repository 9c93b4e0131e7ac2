"""An old register comes in: sent, read (nothing is in the registers yet), looked at, stored piece by piece, or discarded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.files import table_imports
from thongsuot.files.actions import store
from thongsuot.files.rules import TABLE_RULE
from thongsuot.files.storage import Readable
from thongsuot.files.table_imports import BATCH
from thongsuot.files.tables import TableRow
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, TellPerson, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.registers import events
from thongsuot.registers.actions.writing import entry_of, hold_keeper, note_written, old_book, people_of
from thongsuot.registers.models import Book, Entry, EntryPerson, ImportRow, Kind, RegisterImport
from thongsuot.registers.queries.checking import Checked, Checker
from thongsuot.registers.queries.places import placed
from thongsuot.registers.rules import DUTY
from thongsuot.registers.sheets import rows_of


@command
def send_file(
    content: bytes | Readable, *, name: str, unit_id: int, kind: Kind, default_place: str = "", actor: Actor, at: datetime
) -> RegisterImport:
    """Keep the file and have it read. Raises NotYourDuty, SameFileAgain, BadInput, and what `files.actions.store` refuses."""
    actor.must(DUTY, unit_id=unit_id)
    hold_keeper(unit_id)
    default_place = one_line(default_place)[:300]
    if default_place and placed(default_place, keeper_id=unit_id, today=_day(at)).doubt:
        raise BadInput({"default_place": _("Chưa nhận ra nơi này, hoặc nơi này không thuộc đơn vị. Hãy chọn trong danh sách.")})
    stored = store(content, name=name, actor=actor, at=at, purpose="registers.import", rule=TABLE_RULE)
    once = {"unit_id": unit_id, "kind": kind}
    sent = table_imports.begin(RegisterImport, stored, once=once, default_place=default_place, actor=actor, at=at)
    record(events.IMPORT_SENT, sent, actor=actor, at=at, unit_id=unit_id, register=kind, sha256=sent.sha256)
    return sent


def read_file(import_id: int, *, actor: Actor, at: datetime) -> RegisterImport:
    """Read all rows and judge each; nothing enters the registers. Runs in the worker, maybe twice: then from the start."""
    sent = must_exist(RegisterImport.objects.select_related("file__blob").filter(pk=import_id).first())
    if sent.status != RegisterImport.Status.READING:
        return sent
    kind, content_type = Kind(sent.kind), sent.file.blob.content_type
    checker = Checker(kind=kind, keeper_id=sent.unit_id, today=_day(at), default_place=sent.default_place)
    try:
        whole = table_imports.read_rows(
            sent,
            lambda file: rows_of(file, kind, content_type=content_type),
            lambda rows: [_row(sent, one) for one in checker.check(rows)],
        )
    except TellPerson as refusal:
        return refuse_file(import_id, why=refusal.message(), actor=actor, at=at)
    return finish_reading(import_id, actor=actor, at=at) if whole else RegisterImport.objects.get(pk=import_id)


def _row(sent: RegisterImport, one: Checked) -> ImportRow:
    return ImportRow(
        source=sent,
        place=one.place,
        state=one.state,
        reasons=list(one.reasons),
        cells=dict(one.cells),
        number_key=one.number_key,
        person_key=one.person_key,
        fingerprint=one.fingerprint,
    )


# Two rows that claim the same number, or are about the same person, are both unclear: which one is right nobody can see.
# A row that says letter by letter what an earlier one says is the same row twice.
_TWICE = """
WITH said AS (
  SELECT id, row_number() OVER (PARTITION BY fingerprint ORDER BY place) AS nth
    FROM registers_importrow WHERE source_id = %(source)s AND state <> 'rejected'
)
UPDATE registers_importrow row SET state = 'rejected', reasons = ARRAY['already']
  FROM said WHERE said.id = row.id AND said.nth > 1;
UPDATE registers_importrow row SET state = 'doubtful', reasons = array_append(row.reasons, 'number_twice')
 WHERE source_id = %(source)s AND state <> 'rejected' AND number_key IN (
   SELECT number_key FROM registers_importrow
    WHERE source_id = %(source)s AND state <> 'rejected' AND number_key <> '' GROUP BY number_key HAVING count(*) > 1);
UPDATE registers_importrow row SET state = 'doubtful', reasons = array_append(row.reasons, 'person_twice')
 WHERE source_id = %(source)s AND state <> 'rejected' AND person_key IN (
   SELECT person_key FROM registers_importrow
    WHERE source_id = %(source)s AND state <> 'rejected' AND person_key <> '' GROUP BY person_key HAVING count(*) > 1)
"""


@command
def finish_reading(import_id: int, *, actor: Actor, at: datetime) -> RegisterImport:
    """All rows are there: find what stands twice in the file, and count. The file now waits for a person."""
    sent = _locked(import_id, actor)
    table_imports.must_be(sent, RegisterImport.Status.READING)
    with connection.cursor() as cursor:
        cursor.execute(_TWICE, {"source": sent.pk})
    return table_imports.go_on(sent, RegisterImport.Status.PREVIEWED, events.IMPORT_READ, actor=actor, at=at)


@command
def refuse_file(import_id: int, *, why: str, actor: Actor, at: datetime) -> RegisterImport:
    """The file as a whole cannot be read: its rows are forgotten, the reason stays."""
    return table_imports.refuse(_locked(import_id, actor), events.IMPORT_READ, why=why, actor=actor, at=at)


@command
def start_import(import_id: int, *, actor: Actor, at: datetime) -> RegisterImport:
    """A person has seen what was read and wants it in the registers. Raises NotYourDuty, ImportNotWaiting."""
    return table_imports.start(_locked(import_id, actor), events.IMPORT_STARTED, actor=actor, at=at)


@command
def discard_import(import_id: int, *, actor: Actor, at: datetime) -> RegisterImport:
    """Not wanted, or its reading never ends. Raises NotYourDuty, ImportNotWaiting."""
    return table_imports.discard(_locked(import_id, actor), events.IMPORT_DISCARDED, actor=actor, at=at)


def store_all(
    import_id: int, *, actor: Actor, at: datetime, progress: Callable[[int, int], None] = lambda done, total: None
) -> RegisterImport:
    """Bring the good rows in, a thousand at a time, each thousand whole or not at all. May be killed and run again."""
    while True:
        sent = store_batch(import_id, actor=actor, at=at)
        progress(sent.stored, sent.rows_in)
        if sent.status != RegisterImport.Status.STORING:
            return sent


@command
def store_batch(import_id: int, *, actor: Actor, at: datetime) -> RegisterImport:
    """The next good rows become entries. What is unclear by now joins the correction list. The last one ends the import.

    Raises ImportNotWaiting.
    """
    sent = _locked(import_id, actor)
    table_imports.must_be(sent, RegisterImport.Status.STORING)
    hold_keeper(sent.unit_id)
    rows = list(ImportRow.objects.filter(source=sent, state=ImportRow.State.GOOD).order_by("place")[:BATCH])
    checker = Checker(kind=Kind(sent.kind), keeper_id=sent.unit_id, today=_day(at), default_place=sent.default_place)
    judged = checker.check(TableRow(row.place, dict(row.cells)) for row in rows)
    good = [(row, one) for row, one in zip(rows, judged, strict=True) if one.state == ImportRow.State.GOOD]
    for row, one in zip(rows, judged, strict=True):
        row.state, row.reasons = one.state, list(one.reasons)
    _store(good, keeper_id=sent.unit_id, by=sent.sent_by_name, at=at)
    ImportRow.objects.bulk_update(rows, ["state", "reasons", "cells", "entry"])
    if len(rows) < BATCH:
        return table_imports.go_on(sent, RegisterImport.Status.DONE, events.IMPORT_DONE, actor=actor, at=at)
    return table_imports.go_on(sent, RegisterImport.Status.STORING, events.IMPORT_STORED, actor=actor, at=at)


def _store(good: Sequence[tuple[ImportRow, Checked]], *, keeper_id: int, by: str, at: datetime) -> None:
    books: dict[tuple[int, str, str], Book] = {}
    entries: list[Entry] = []
    for _row, one in good:
        assert one.draft is not None and one.where is not None  # noqa: PT018 - a good row has both
        key = (one.draft.year, one.where.key, one.draft.book)
        if key not in books:
            books[key] = old_book(one.draft, one.where, keeper_id=keeper_id, at=at)
        note_written(books[key], one.draft.place)
        entries.append(entry_of(one.draft, books[key], at=at, by=by, checked=one))
    Entry.objects.bulk_create(entries)
    EntryPerson.objects.bulk_create(_people(good, entries), batch_size=2_000)
    for (row, _one), entry in zip(good, entries, strict=True):
        row.state, row.entry, row.cells = ImportRow.State.STORED, entry, {}


def _people(good: Sequence[tuple[ImportRow, Checked]], entries: Sequence[Entry]) -> Iterator[EntryPerson]:
    for (_row, one), entry in zip(good, entries, strict=True):
        assert one.draft is not None
        yield from people_of(one.draft, entry)


def _locked(import_id: int, actor: Actor) -> RegisterImport:
    sent = must_exist(RegisterImport.objects.select_for_update().filter(pk=import_id).first())
    actor.must(DUTY, unit_id=sent.unit_id)
    return sent


def recount(import_id: int) -> None:
    """After a correction. Inside a command."""
    table_imports.count_rows(RegisterImport.objects.select_for_update().get(pk=import_id))


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()
