"""Lists that come in as files, whole or not at all: things of a class, and pending dossiers of the old units' software."""

from __future__ import annotations

from datetime import datetime, time

from thongsuot.dossiers import actions as dossiers
from thongsuot.dossiers.old_software import COLUMNS, OldDossier, read_row
from thongsuot.files.actions import store
from thongsuot.files.rules import TABLE_RULE
from thongsuot.files.storage import Readable
from thongsuot.files.table_rows import judged, rows_in, told_by_row
from thongsuot.files.tables import TableRow
from thongsuot.handover.actions.common import must_speak, still_open
from thongsuot.handover.actions.listing import import_items
from thongsuot.handover.models import Item
from thongsuot.handover.queries.transfers import ended_by
from thongsuot.handover.rules import DUTY
from thongsuot.handover.rules.classes import Listed, classes, read_line
from thongsuot.handover.sheets import columns_of
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.units import queries as units

MOST_ROWS = 10_000


@command
def import_list(
    changeover_id: int, content: bytes | Readable, *, name: str, unit_id: int, klass: str, actor: Actor, at: datetime
) -> list[Item]:
    """All rows of a file onto the list of a class.

    Raises as `import_items`, RowsRefused, NotATable and what `files.actions.store` refuses.
    """
    must_speak(actor, still_open(changeover_id), unit_id)
    kind = must_exist(classes().get(klass))
    columns = columns_of(kind)
    stored = store(content, name=name, actor=actor, at=at, purpose="handover.list", rule=TABLE_RULE)
    rows = rows_in(stored, columns, most_rows=MOST_ROWS)

    def listed(row: TableRow) -> Listed:
        line, wrong = read_line(kind, row.cells)
        if line is None:
            raise BadInput(wrong)
        return line

    lines, sha256 = judged(rows, columns, listed), stored.blob.sha256
    with told_by_row(rows, columns):
        return import_items(changeover_id, unit_id=unit_id, klass=klass, lines=lines, sha256=sha256, actor=actor, at=at)


@command
def import_old_dossiers(
    changeover_id: int, content: bytes | Readable, *, name: str, actor: Actor, at: datetime
) -> dossiers.TakenIn:
    """All rows of a list out of the old software; they wait for the next preview, then move like all others.

    Raises NotFound, NotYourDuty, ChangeoverClosed, RowsRefused, NotATable and what `files.actions.store` refuses.
    """
    one = still_open(changeover_id)
    actor.must(DUTY, unit_id=one.city_id)
    stored = store(content, name=name, actor=actor, at=at, purpose="handover.old_dossiers", rule=TABLE_RULE)
    rows = rows_in(stored, COLUMNS, most_rows=MOST_ROWS)

    def old(row: TableRow) -> OldDossier:
        said, wrong = read_row(row.cells)
        if said is None:
            raise BadInput(wrong)
        return said

    lines, ended = judged(rows, COLUMNS, old), units.unit_rows(ended_by(one.decision), as_of=one.effective_on)
    with told_by_row(rows, COLUMNS):
        return dossiers.take_in(
            lines,
            city_id=one.city_id,
            unit_ids={row.code: row.id for row in ended.values()},
            catalogue_on=datetime.combine(one.effective_on, time(8), VIET_NAM),
            actor=actor,
            at=at,
        )
