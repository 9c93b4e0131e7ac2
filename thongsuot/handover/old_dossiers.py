"""A list out of the old software, read row by row and taken in whole or not at all: for the page and the command line."""

from __future__ import annotations

from datetime import datetime, time
from typing import IO

from thongsuot.dossiers import actions as dossiers
from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.old_software import COLUMNS, OldDossier, read_row
from thongsuot.files import tables
from thongsuot.handover.actions import ChangeoverClosed, lines_problems
from thongsuot.handover.models import Changeover
from thongsuot.handover.queries.transfers import ended_by
from thongsuot.handover.sheets import BadRow
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.units import queries as units

MOST_ROWS = 10_000
_HEADINGS = {column.key: str(column.heading) for column in COLUMNS}


def take_in(
    one: Changeover, file: IO[bytes], *, content_type: str, actor: Actor, at: datetime
) -> tuple[dossiers.TakenIn | None, list[BadRow]]:
    """(what was taken in, []) or (None, the rows that hold all up).

    Raises files.tables.NotATable, NotYourDuty, ChangeoverClosed.
    """
    if one.state == Changeover.State.CLOSED:
        raise ChangeoverClosed
    rows: list[OldDossier] = []
    places: list[int] = []
    bad: list[BadRow] = []
    for read in tables.rows_of(file, COLUMNS, content_type=content_type, most_rows=MOST_ROWS):
        if read.rejected:
            bad.append(BadRow(place=read.place, problems={"": str(tables.REJECTED[read.rejected])}))
            continue
        row, wrong = read_row(read.cells)
        if row is None:
            bad.append(BadRow(place=read.place, problems=wrong))
        else:
            rows.append(row)
            places.append(read.place)
    if bad:
        return None, bad
    old = units.unit_rows(ended_by(one.decision), as_of=one.effective_on)
    try:
        taken = dossiers.take_in(
            rows,
            city_id=one.city_id,
            unit_ids={row.code: row.id for row in old.values()},
            catalogue_on=datetime.combine(one.effective_on, time(8), VIET_NAM),
            actor=actor,
            at=at,
        )
    except BadInput as refusal:
        return None, [
            BadRow(place=places[line], problems={_HEADINGS.get(key, key): words for key, words in wrong.items()})
            for line, wrong in sorted(lines_problems(refusal).items())
        ]
    return taken, []


def held(one: Changeover) -> int:
    """Open dossiers that ended units still hold: they wait for the next preview."""
    return Dossier.objects.filter(resolving_unit__in=ended_by(one.decision), ended_at=None).count()
