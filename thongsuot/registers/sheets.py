"""Old registers as tables: the template of a kind, and its rows, unless the whole file is typed with an old font."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO

from django.utils.translation import gettext as _

from thongsuot.files import tables
from thongsuot.files.tables import NotATable, TableRow
from thongsuot.registers.models import Kind
from thongsuot.registers.rules.columns import COLUMNS
from thongsuot.registers.rules.fonts import looks_like_old_font

MOST_ROWS = 200_000
_LOOKED_AT = 200  # rows, to tell whether a whole file is typed with an old font


def template(kind: Kind) -> bytes:
    """The headings, one made-up example, and a sheet that explains the columns."""
    return tables.template(kind.label, COLUMNS[kind])


def rows_of(file: IO[bytes], kind: Kind, *, content_type: str) -> Iterator[TableRow]:
    """The rows below the headings, empty ones left out. Raises NotATable, maybe only midway."""
    rows = tables.rows_of(file, COLUMNS[kind], content_type=content_type, most_rows=MOST_ROWS)
    first = list(islice(rows, _LOOKED_AT))
    _must_be_unicode(first)
    yield from first
    yield from rows


def _must_be_unicode(rows: Sequence[TableRow]) -> None:
    old = sum(any(looks_like_old_font(text) for text in row.cells.values()) for row in rows)
    if old * 2 > len(rows):
        raise NotATable(
            _("Chữ trong bảng gõ bằng phông cũ (TCVN3 hoặc VNI). Hãy mở bằng bộ gõ, chuyển mã sang Unicode, lưu lại rồi gửi.")
        )
