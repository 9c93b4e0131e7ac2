"""Tables as spreadsheets or CSV: a writer, and a reader that trusts nothing and keeps one row in memory at a time.

The file was inspected when it was stored (`inspection/`: macros, bombs, things from elsewhere). Here: what a person who
looks at the sheet could not see (hidden columns and rows, formulas), and whether its columns are the caller's.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import IO, Any
from xml.etree.ElementTree import ParseError

import openpyxl
import xlsxwriter
from defusedxml.common import DefusedXmlException
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.files.rules import FileType
from thongsuot.files.zips import BROKEN_ZIP
from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.text import nfc, number, one_line, search_key

MOST_ROWS = 50_000  # unless the caller expects more
ABOUT = "Cách ghi"  # the template's sheet that explains the columns
MOST_COLUMNS = 60
LAST_ROW = 2**20  # of any spreadsheet: numbers beyond are made to keep a reader busy
LONGEST_CELL = 2_000
_CHUNK = 2**20
_TAIL = 2_000
# openpyxl holds the shared texts of a workbook in memory; rows are read one by one.
MOST_SHARED_BYTES = 64 * 2**20
_HIDDEN = re.compile(rb"<(?:\w+:)?(col|row)\b[^>]*\shidden=[\"'](?:1|true)[\"']")
_TRIPS = (*BROKEN_ZIP, DefusedXmlException, ParseError, TypeError, AttributeError)
# Why a row is rejected whatever the table is about.
REJECTED: dict[str, Promise] = {
    "formula": gettext_lazy("Có ô là công thức. Hãy dán lại thành giá trị."),
    "not_text": gettext_lazy("Có ô không phải chữ, số hoặc ngày."),
    "stray": gettext_lazy("Có ô nằm ngoài các cột của mẫu: có thể bị lệch cột."),
    "too_long": gettext_lazy("Có ô dài quá mức. Hãy viết ngắn lại hoặc tách cột cho đúng."),
}


class NotATable(TellPerson):
    """The file as a whole cannot be read; nothing of it was stored."""

    code = "files.not_a_table"
    status = 422
    says = gettext_lazy("Chưa đọc được tệp, chưa nhập gì. %(reason)s")

    def __init__(self, reason: str) -> None:
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Column:
    """`heading` and `example` are written into the template; `how`: how it is filled in."""

    key: str
    heading: Promise | str
    example: str
    how: Promise | str = ""
    required: bool = False


@dataclass(frozen=True)
class TableRow:
    """One row below the headings: texts by column. `rejected`: a code of `REJECTED` when a cell cannot be used."""

    place: int
    cells: dict[str, str] = field(default_factory=dict)
    rejected: str = ""


# What a report of rows that did not come in says of each, behind the template's columns.
_REPORTED = (gettext_lazy("Dòng trong tệp"), gettext_lazy("Lý do"))


def report_heads(columns: Sequence[Column]) -> list[str]:
    """Headings of a report of rows to correct: its reader takes it back as it is, but for what was corrected."""
    with translation.override("vi"):
        return [*(str(column.heading) for column in columns), *(str(heading) for heading in _REPORTED)]


def template(title: Promise | str, columns: Sequence[Column], rows: Iterable[Sequence[str]] | None = None) -> bytes:
    """A workbook with the headings, the rows and a sheet that explains the columns. Always Vietnamese, as the reader expects.

    rows    texts in the order of the columns; without any given, one row of the made-up examples
    """
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    # As text: a spreadsheet must not turn 3/1958 into a day of this year.
    plain = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    with translation.override("vi"):
        sheet = book.add_worksheet(str(title)[:31])
        for place, column in enumerate(columns):
            heading = str(column.heading)
            sheet.set_column(place, place, max(12, min(32, len(heading) + 4)), plain)
            sheet.write_string(0, place, heading, head)
        examples = [column.example for column in columns]
        for line, texts in enumerate([examples] if rows is None else rows, start=1):
            for place, (_column, text) in enumerate(zip(columns, texts, strict=True)):
                sheet.write_string(line, place, text, plain)
        sheet.freeze_panes(1, 1)
        about = book.add_worksheet(ABOUT)
        about.set_column(0, 0, 32)
        about.set_column(1, 1, 90)
        for place, column in enumerate(columns):
            about.write_string(place, 0, str(column.heading) + (" *" if column.required else ""), head)
            about.write_string(place, 1, str(column.how), plain)
    book.close()
    return target.getvalue()


def rows_of(
    file: IO[bytes],
    columns: Sequence[Column],
    *,
    content_type: str,
    most_rows: int = MOST_ROWS,
    longest_cell: int = LONGEST_CELL,
) -> Iterator[TableRow]:
    """The rows below the headings, empty ones left out. Raises NotATable, maybe only midway."""
    rows = (_csv if content_type == FileType.CSV else _xlsx)(file, columns, longest_cell)
    count = 0
    for count, row in enumerate(rows, start=1):
        if count > most_rows:
            raise NotATable(_("Bảng có hơn %(most)s dòng. Hãy chia nhỏ.") % {"most": number(most_rows)})
        yield row
    if not count:
        raise NotATable(_("Bảng không có dòng nào dưới dòng tiêu đề."))


# -- workbooks ---------------------------------------------------------------------------------------------------------


def _xlsx(file: IO[bytes], columns: Sequence[Column], longest: int) -> Iterator[TableRow]:
    try:
        _must_show_all(file)
        file.seek(0)
        book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except _TRIPS as error:
        raise NotATable(_("Tệp không phải bảng tính .xlsx đọc được.")) from error
    try:
        if any(sheet.sheet_state != "visible" for sheet in book.worksheets):
            raise NotATable(_("Bảng tính có trang ẩn. Hãy bỏ ẩn hoặc xóa trang đó rồi gửi lại."))
        sheet, *others = book.worksheets
        _must_be_the_only_one(others)
        sheet.reset_dimensions()
        rows = sheet.iter_rows(min_row=1, max_col=MOST_COLUMNS)
        placed = _placed([cell.value for cell in next(rows, ())], columns)
        for place, cells in enumerate(rows, start=2):
            if place > LAST_ROW:
                raise NotATable(_("Bảng tính bị hỏng giữa chừng."))
            row = _xlsx_row(place, placed, cells, longest)
            if row.rejected or row.cells:
                yield row
    except _TRIPS as error:
        raise NotATable(_("Bảng tính bị hỏng giữa chừng.")) from error
    finally:
        book.close()


def _must_be_the_only_one(others: Sequence[Any]) -> None:
    """Rows on further sheets would be lost unseen. The template's own explanation and empty sheets may stay."""
    full = []
    for sheet in others:
        sheet.reset_dimensions()
        if one_line(sheet.title) != ABOUT and any(
            cell.value is not None for row in sheet.iter_rows(max_row=LAST_ROW) for cell in row
        ):
            full.append(sheet.title[:40])
    if full:
        raise NotATable(
            _("Bảng tính còn trang khác có nội dung: %(sheets)s. Hãy gửi mỗi trang thành một tệp, hoặc xóa trang thừa.")
            % {"sheets": ", ".join(full[:5])}
        )


def _must_show_all(file: IO[bytes]) -> None:
    """Nothing of the workbook may be hidden from whoever looks at it before it is sent."""
    file.seek(0)
    with zipfile.ZipFile(file) as package:
        shared = sum(one.file_size for one in package.infolist() if one.filename.lower().endswith("sharedstrings.xml"))
        if shared > MOST_SHARED_BYTES:
            raise NotATable(_("Bảng tính có quá nhiều chữ để đọc một lần. Hãy chia nhỏ, hoặc lưu thành CSV mã UTF-8."))
        for name in package.namelist():
            if not (name.startswith("xl/worksheets/") and name.endswith(".xml")):
                continue
            with package.open(name) as stream:
                tail = b""
                while chunk := stream.read(_CHUNK):
                    found = _HIDDEN.search(tail + chunk)
                    if found and found[1] == b"col":
                        raise NotATable(_("Bảng tính có cột ẩn. Hãy bỏ ẩn để thấy hết nội dung, rồi gửi lại."))
                    if found:
                        raise NotATable(_("Bảng tính có dòng ẩn, có thể do đang lọc. Hãy bỏ ẩn, bỏ lọc rồi gửi lại."))
                    tail = chunk[-_TAIL:]


def _xlsx_row(place: int, placed: dict[int, Column | None], cells: Sequence[Any], longest: int) -> TableRow:
    texts: dict[str, str] = {}
    for position, cell in enumerate(cells):
        if cell.value is None:
            continue
        if cell.data_type == "f":
            return TableRow(place, texts, "formula")
        if position not in placed:
            return TableRow(place, texts, "stray")
        column = placed[position]
        if column is None:
            continue
        text = _text(cell.value, str(getattr(cell, "number_format", "")))
        if text is None:
            return TableRow(place, texts, "not_text")
        if len(text) > longest:
            return TableRow(place, texts, "too_long")
        if text:
            texts[column.key] = text
    return TableRow(place, texts)


_NOT_A_FORMAT = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


def _text(value: object, number_format: str) -> str | None:
    match value:
        case str():
            return nfc(value)
        case bool():
            return None
        case float() if value.is_integer():
            return str(int(value))
        case int() | float():
            return str(value)
        case datetime() | date():
            if value.year < 1800:
                return None
            # A typed 3/1958 is kept as the 1st of March shown as mmm-yy, a typed 3/5 as a day of this year: what was never
            # said is left out again, and a day without its year is a doubt.
            shown = _NOT_A_FORMAT.sub("", number_format).lower()
            parts = (("d", "%d"), ("m", "%m"), ("y", "%Y"))
            return value.strftime("/".join(part for letter, part in parts if letter in shown))
        case time():
            return f"{value:%H:%M}"
    return None


# -- comma-separated ---------------------------------------------------------------------------------------------------


def _csv(file: IO[bytes], columns: Sequence[Column], longest: int) -> Iterator[TableRow]:
    file.seek(0)
    wrapped = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        first = wrapped.readline(longest * 4)
        delimiter = max(";,\t", key=first.count)
        wrapped.seek(0)
        rows = csv.reader(wrapped, delimiter=delimiter)
        placed = _placed(next(rows, []), columns)
        for place, cells in enumerate(rows, start=2):
            row = _csv_row(place, placed, cells, longest)
            if row.rejected or row.cells:
                yield row
    except UnicodeDecodeError as error:
        raise NotATable(_("Tệp CSV không phải mã UTF-8. Hãy lưu lại với mã UTF-8, hoặc lưu thành .xlsx.")) from error
    except csv.Error as error:
        raise NotATable(_("Tệp CSV có dòng không đọc được. Hãy lưu lại thành .xlsx rồi gửi.")) from error
    finally:
        with suppress(ValueError):  # whoever stopped reading may have closed the file
            wrapped.detach()


def _csv_row(place: int, placed: dict[int, Column | None], cells: Sequence[str], longest: int) -> TableRow:
    texts: dict[str, str] = {}
    for position, cell in enumerate(cells):
        text = nfc(cell)
        if not text:
            continue
        if position not in placed:
            return TableRow(place, texts, "stray")  # more cells than headings: something slipped
        column = placed[position]
        if column is None:
            continue
        if text[0] in "=@" or (text[0] == "+" and len(text) > 1):
            return TableRow(place, texts, "formula")
        if len(text) > longest:
            return TableRow(place, texts, "too_long")
        texts[column.key] = text
    return TableRow(place, texts)


def _placed(headings: Sequence[Any], columns: Sequence[Column]) -> dict[int, Column | None]:
    """Which column is which; none for what a report of ours told and nobody reads back.

    A heading that is not of the template is refused: what stands below it would be lost unseen.
    """
    with translation.override("vi"):
        known = {search_key(str(column.heading)): column for column in columns}
        reported = {search_key(str(heading)) for heading in _REPORTED} - known.keys()
        found: dict[int, Column | None] = {}
        strange: list[str] = []
        for place, heading in enumerate(headings):
            text = one_line(str(heading)) if heading is not None else ""
            column = known.get(search_key(text))
            if column is not None and column not in found.values():
                found[place] = column
            elif search_key(text) in reported:
                found[place] = None
            elif text:
                strange.append(text[:40])
        missing = [str(column.heading) for column in columns if column.required and column not in found.values()]
    if missing:
        raise NotATable(_("Dòng đầu thiếu cột: %(columns)s. Hãy dùng tệp mẫu.") % {"columns": ", ".join(missing)})
    if strange:
        raise NotATable(
            _("Dòng đầu có cột lạ hoặc lặp lại: %(columns)s. Hãy xóa hoặc đặt tên theo tệp mẫu.")
            % {"columns": ", ".join(strange[:5])}
        )
    return found
