"""A list that comes in whole or not at all: one row that cannot be used holds all of it up, and every such row is told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

from django.utils.translation import gettext as _

from thongsuot.files.models import StoredFile
from thongsuot.files.queries import open_checked
from thongsuot.files.tables import LONGEST_CELL, REJECTED, Column, TableRow, rows_of
from thongsuot.kernel.errors import BadInput, TellPerson
from thongsuot.kernel.text import number, one_line

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class BadRow:
    """`place` as the file numbers its rows; `problems` {heading of the column, or nothing: sentence}."""

    place: int
    problems: dict[str, str]


class RowsRefused(TellPerson):
    """Nothing of the file came in."""

    code = "files.rows_refused"
    status = 422

    def __init__(self, rows: Sequence[BadRow]) -> None:
        self.rows = list(rows)

    def message(self) -> str:
        return _(
            "Tệp có %(count)s dòng chưa dùng được nên chưa nhập dòng nào. Hãy sửa các dòng được nêu rồi gửi lại cả tệp."
        ) % {"count": number(len(self.rows))}

    def details(self) -> dict[str, object]:
        return {"rows": [{"line": row.place, "problems": row.problems} for row in self.rows]}


def rows_in(
    stored: StoredFile,
    columns: Sequence[Column],
    *,
    most_rows: int,
    longest_cell: int = LONGEST_CELL,
    whole: Collection[str] = (),
) -> list[TableRow]:
    """All rows of a file that was stored, each cell on one line but those of the columns `whole`. Raises NotATable."""

    def tidy(key: str, text: str) -> str:
        return text if key in whole else one_line(text)

    kind = stored.blob.content_type
    with open_checked(stored.pk) as file:
        rows = rows_of(file, columns, content_type=kind, most_rows=most_rows, longest_cell=longest_cell)
        return [replace(row, cells={key: tidy(key, text) for key, text in row.cells.items()}) for row in rows]


def judged(rows: Sequence[TableRow], columns: Sequence[Column], judge: Callable[[TableRow], T]) -> list[T]:
    """What each row says. `judge` raises BadInput by keys of the columns. Raises RowsRefused."""
    good: list[T] = []
    bad: dict[int, dict[str, str]] = {}
    for row in rows:
        if row.rejected:
            bad[row.place] = {"": str(REJECTED[row.rejected])}
            continue
        try:
            good.append(judge(row))
        except BadInput as refusal:
            bad[row.place] = refusal.problems
    if bad:
        raise _refused(bad, columns)
    return good


@contextmanager
def told_by_row(rows: Sequence[TableRow], columns: Sequence[Column]) -> Iterator[None]:
    """What a command within refuses of the lines it was given: BadInput by "line.key", lines from 0. Raises RowsRefused."""
    try:
        yield
    except BadInput as refusal:
        bad: dict[int, dict[str, str]] = {}
        for name, sentence in refusal.problems.items():
            line, _dot, key = name.partition(".")
            bad.setdefault(rows[int(line)].place, {})[key] = sentence
        raise _refused(bad, columns) from None


def _refused(bad: dict[int, dict[str, str]], columns: Sequence[Column]) -> RowsRefused:
    headings = {column.key: str(column.heading) for column in columns}
    return RowsRefused(
        [
            BadRow(place=place, problems={headings.get(key, key): words for key, words in wrong.items()})
            for place, wrong in sorted(bad.items())
        ]
    )
