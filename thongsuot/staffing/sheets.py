"""Lists as spreadsheets: their templates, and a reader of small tables that names every row it cannot use."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Any
from xml.etree.ElementTree import ParseError

import openpyxl
import xlsxwriter
from defusedxml.common import DefusedXmlException
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.text import number, one_line, search_key

MOST_ROWS = 20_000
MOST_COLUMNS = 30
LONGEST_CELL = 300
CSV_TYPE = "text/csv"
_TRIPS = (DefusedXmlException, ParseError, zipfile.BadZipFile, KeyError, ValueError, TypeError, IndexError, OSError)


@dataclass(frozen=True, kw_only=True)
class Column:
    """`how`: one line of explanation for the second sheet of the template."""

    key: str
    heading: str
    example: str
    how: Promise
    required: bool = False


# Headings are Vietnamese whatever language the reader has: files travel between offices.
PLAN: tuple[Column, ...] = (
    Column(
        key="unit",
        heading="Mã đơn vị",
        example="00070",
        required=True,
        how=gettext_lazy("Mã 5 chữ số của xã, phường, đặc khu."),
    ),
    Column(key="unit_name", heading="Tên đơn vị", example="Phường Ví Dụ", how=gettext_lazy("Để dễ đọc, không dùng khi nhập.")),
    Column(
        key="position", heading="Mã vị trí", example="VT17", required=True, how=gettext_lazy("Theo danh mục vị trí việc làm.")
    ),
    Column(
        key="position_name",
        heading="Tên vị trí",
        example="Tư pháp, hộ tịch",
        how=gettext_lazy("Để dễ đọc, không dùng khi nhập."),
    ),
    Column(key="persons", heading="Số người", example="2", required=True, how=gettext_lazy("Số nguyên; 0 là không bố trí.")),
)
MEMBERS: tuple[Column, ...] = (
    Column(key="full_name", heading="Họ tên", example="Nguyễn Thị Ví Dụ", required=True, how=gettext_lazy("Như trên giấy tờ.")),
    Column(
        key="email",
        heading="Thư điện tử",
        example="vidu@vidu.vn",
        how=gettext_lazy("Để mở tài khoản khi nhận việc. Ai đã có tài khoản thì ghi đúng thư của tài khoản ấy."),
    ),
    Column(
        key="unit",
        heading="Mã đơn vị",
        example="00070",
        required=True,
        how=gettext_lazy("Nơi đang hoặc từng công tác, theo mã vào ngày của danh sách."),
    ),
    Column(key="old_title", heading="Chức danh cũ", example="Công chức địa chính", how=gettext_lazy("Không bắt buộc.")),
    Column(
        key="state",
        heading="Tình trạng",
        example="Dôi dư, chưa bố trí",
        how=gettext_lazy("Để trống là dôi dư, chưa bố trí. Người đã bố trí thì ghi cả mã vị trí."),
    ),
    Column(key="position", heading="Mã vị trí", example="", how=gettext_lazy("Vị trí đang giữ, theo danh mục.")),
    Column(
        key="qualification",
        heading="Trình độ",
        example="Đại học",
        how=gettext_lazy("Trung cấp, cao đẳng, đại học hoặc sau đại học; để trống là đại học."),
    ),
    Column(
        key="fields", heading="Lĩnh vực", example="luật; hành chính", how=gettext_lazy("Các lĩnh vực, ngăn bằng dấu chấm phẩy.")
    ),
    Column(key="years", heading="Số năm trong lĩnh vực", example="8", how=gettext_lazy("Số nguyên.")),
    Column(key="wish", heading="Nguyện vọng về đơn vị", example="", how=gettext_lazy("Mã đơn vị mới, nếu có.")),
)
KINDS = {"phuong-an": PLAN, "can-bo": MEMBERS}


class NotATable(TellPerson):
    """The file as a whole cannot be read; nothing of it was kept."""

    code = "staffing.not_a_table"
    status = 422
    says = gettext_lazy("Chưa đọc được tệp, chưa nhập gì. %(reason)s")

    def __init__(self, reason: str) -> None:
        self.reason = reason


@dataclass(frozen=True)
class SheetRow:
    """A row below the headings: texts by column. `fault`: why one of its cells cannot be used."""

    line: int
    cells: dict[str, str] = field(default_factory=dict)
    fault: str = ""


def template(columns: Sequence[Column]) -> bytes:
    """The headings with one made-up example, and a sheet that explains them."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    plain = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})  # as text: 00070 keeps its zeros
    with translation.override("vi"):
        sheet = book.add_worksheet("Danh sách")
        about = book.add_worksheet("Cách ghi")
        about.set_column(0, 0, 28)
        about.set_column(1, 1, 80)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, max(12, len(column.heading) + 6), plain)
            sheet.write_string(0, place, column.heading, head)
            sheet.write_string(1, place, column.example, plain)
            about.write_string(place, 0, column.heading + (" *" if column.required else ""), head)
            about.write_string(place, 1, str(column.how), plain)
        sheet.freeze_panes(1, 0)
    book.close()
    return target.getvalue()


def rows_of(file: IO[bytes], columns: Sequence[Column], *, content_type: str) -> list[SheetRow]:
    """All rows that say anything. Raises NotATable."""
    lines = _csv(file) if content_type == CSV_TYPE else _xlsx(file)
    heads = _heads(next(lines, []), columns)
    rows: list[SheetRow] = []
    for line, cells in enumerate(lines, start=2):
        row = _row(line, heads, cells)
        if row.cells or row.fault:
            rows.append(row)
        if len(rows) > MOST_ROWS:
            raise NotATable(_("Bảng có hơn %(most)s dòng. Hãy chia nhỏ.") % {"most": number(MOST_ROWS)})
    if not rows:
        raise NotATable(_("Bảng không có dòng nào dưới dòng tiêu đề."))
    return rows


def whole_number(text: str, *, most: int) -> int | None:
    """None when it is none, or more than can be."""
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        return None
    return int(text) if int(text) <= most else None


def _heads(cells: Sequence[Any], columns: Sequence[Column]) -> dict[int, str]:
    known = {search_key(column.heading): column.key for column in columns}
    heads: dict[int, str] = {}
    for place, cell in enumerate(cells):
        key = known.get(search_key(str(cell or "").rstrip(" *")))
        if key is not None and key not in heads.values():
            heads[place] = key
        elif cell is not None and one_line(str(cell)):
            raise NotATable(
                _("Dòng đầu có cột lạ hoặc lặp lại: %(name)s. Hãy dùng tệp mẫu.") % {"name": one_line(str(cell))[:40]}
            )
    missing = [column.heading for column in columns if column.required and column.key not in heads.values()]
    if missing:
        raise NotATable(_("Dòng đầu thiếu cột: %(columns)s. Hãy dùng tệp mẫu.") % {"columns": ", ".join(missing)})
    return heads


def _row(line: int, heads: dict[int, str], cells: Iterable[Any]) -> SheetRow:
    texts: dict[str, str] = {}
    for place, value in enumerate(cells):
        text = (
            ""
            if value is None
            else one_line(str(int(value)) if isinstance(value, float) and value.is_integer() else str(value))
        )
        if not text:
            continue
        if place not in heads:
            return SheetRow(line, texts, _("Có ô nằm ngoài các cột có tiêu đề."))
        if text[0] in "=@":
            return SheetRow(line, texts, _("Có ô là công thức. Hãy ghi giá trị."))
        if len(text) > LONGEST_CELL:
            return SheetRow(line, texts, _("Có ô dài quá %(most)s chữ.") % {"most": LONGEST_CELL})
        texts[heads[place]] = text
    return SheetRow(line, texts)


def _xlsx(file: IO[bytes]) -> Iterator[Sequence[Any]]:
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except _TRIPS as error:
        raise NotATable(_("Tệp không phải bảng tính .xlsx đọc được.")) from error
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for count, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)):
            if count > MOST_ROWS * 2:  # blank rows without end
                raise NotATable(_("Bảng có hơn %(most)s dòng. Hãy chia nhỏ.") % {"most": number(MOST_ROWS)})
            yield cells
    except _TRIPS as error:
        raise NotATable(_("Bảng tính bị hỏng giữa chừng.")) from error
    finally:
        book.close()


def _csv(file: IO[bytes]) -> Iterator[Sequence[Any]]:
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotATable(_("Tệp CSV không phải mã UTF-8. Hãy lưu lại với mã UTF-8, hoặc lưu thành .xlsx.")) from error
    first = text.split("\n", 1)[0]
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=first.count))
    except csv.Error as error:
        raise NotATable(_("Tệp CSV có dòng không đọc được. Hãy lưu lại thành .xlsx rồi gửi.")) from error
