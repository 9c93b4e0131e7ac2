"""The spreadsheet in which a catalogue can be kept: its columns, a template, and a reader that trusts nothing in it.

A workbook is a zip of XML that a stranger may have made: its members are counted and measured before they are unpacked, XML
entities are refused (openpyxl uses defusedxml when it is there), formulas are never computed, and rows and columns are capped.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

import openpyxl
import xlsxwriter
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from thongsuot.kernel.deadlines import LimitUnit
from thongsuot.kernel.text import day, nfc, number, search_key

MOST_ROWS = 5_000
MOST_COLUMNS = 40
LONGEST_CELL = 20_000
MOST_MEMBERS = 200
MOST_UNPACKED = 60 * 2**20
MOST_RATIO = 150  # real sheets pack 5 to 20 times; a bomb a thousand times

LIMIT_UNITS = {
    "trong ngày": LimitUnit.SAME_DAY,
    "giờ làm việc": LimitUnit.WORKING_HOURS,
    "ngày làm việc": LimitUnit.WORKING_DAYS,
    "ngày": LimitUnit.CALENDAR_DAYS,
    "tháng": LimitUnit.MONTHS,
}
CHANNELS = {"tại quầy": 1, "trực tiếp": 1, "trực tuyến": 2, "bưu chính": 3}

# key, heading, an example, how it is filled in
COLUMNS: tuple[tuple[str, str, str, str], ...] = (
    ("code", "Mã thủ tục", "2.000815", "Mã quốc gia: một chữ số, dấu chấm, sáu chữ số."),
    ("name", "Tên thủ tục", "Chứng thực bản sao từ bản chính", "Không ghi chữ “Thủ tục” ở đầu."),
    ("field", "Lĩnh vực", "Chứng thực", "Đúng tên lĩnh vực đang dùng, để không sinh lĩnh vực mới."),
    ("limit_value", "Thời hạn", "1", "Số nguyên. Để trống khi đơn vị là “trong ngày”."),
    ("limit_unit", "Đơn vị thời hạn", "trong ngày", "Một trong: trong ngày; giờ làm việc; ngày làm việc; ngày; tháng."),
    ("extension_days", "Được kéo dài (ngày làm việc)", "2", "Số ngày làm việc được kéo dài một lần; để trống là 0."),
    (
        "subjects",
        "Đối tượng thực hiện",
        "Công dân Việt Nam; Tổ chức nước ngoài",
        "Như Cổng Dịch vụ công quốc gia ghi, cách nhau bằng dấu chấm phẩy; để trống khi chưa biết.",
    ),
    ("channels", "Cách nộp", "tại quầy; trực tuyến", "Một hoặc nhiều: tại quầy; trực tuyến; bưu chính."),
    ("fully_online", "Toàn trình", "không", "có hoặc không."),
    ("non_boundary", "Nộp ở mọi nơi trong thành phố", "có", "có hoặc không."),
    (
        "papers",
        "Giấy tờ",
        "(tờ khai) Phiếu yêu cầu\n(xuất trình) Bản chính giấy tờ\n(nếu có) Bản sao",
        "Mỗi dòng một giấy tờ. Trước tên, nếu cần: (xuất trình), (tờ khai), (nếu có), (1 bản sao). Sau dấu | là khi nào cần.",
    ),
    (
        "fee",
        "Phí, lệ phí (đồng)",
        "10.000",
        "Một mức cố định; 0 là miễn phí; để trống là chưa biết. Mức theo trang, theo bản khai ở trang quản trị.",
    ),
    ("fee_basis", "Căn cứ mức thu", "Thông tư 226/2016/TT-BTC", "Bắt buộc khi có mức thu."),
    ("results", "Kết quả", "Bản sao được chứng thực", "Mỗi dòng một kết quả; có mã thì ghi: mã | tên."),
    (
        "legal_basis",
        "Căn cứ pháp lý",
        "Nghị định 23/2015/NĐ-CP\nNghị định 280/2025/NĐ-CP",
        "Mỗi dòng một văn bản; có ngày hiệu lực thì ghi: văn bản | 01/07/2025.",
    ),
    ("decision_number", "Quyết định công bố số", "2345/QĐ-UBND", "Để trống khi không biết; có số thì phải có ngày ký."),
    ("decision_on", "Ngày ký quyết định công bố", "24/06/2025", "Ngày, tháng, năm."),
)
REQUIRED = ("code", "name", "field", "limit_unit", "channels", "legal_basis")


class NotASheet(Exception):
    """The workbook as a whole cannot be read; its text is the reason."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row below the headings: texts by column key. `problem` is set when a cell cannot be used at all."""

    place: int
    cells: dict[str, str] = field(default_factory=dict)
    problem: str = ""


def template() -> bytes:
    """An empty workbook with the headings, one example row, and a sheet that explains the columns."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet("Thủ tục")
    for place, (_key, heading, example, _how) in enumerate(COLUMNS):
        sheet.set_column(place, place, max(14, min(40, len(heading) + 6)))
        sheet.write_string(0, place, heading, head)
        sheet.write_string(1, place, example, wrap)
    sheet.freeze_panes(1, 1)
    about = book.add_worksheet("Cách ghi")
    about.set_column(0, 0, 32)
    about.set_column(1, 1, 90)
    for place, (key, heading, _example, how) in enumerate(COLUMNS):
        about.write_string(place, 0, heading + (" *" if key in REQUIRED else ""), head)
        about.write_string(place, 1, how, wrap)
    book.close()
    return target.getvalue()


def read(path: Path) -> Iterator[Row]:
    """The rows of the first sheet. Raises NotASheet."""
    _measure(path)
    with path.open("rb") as file:  # a file, not a path: openpyxl would judge a path by its ending
        yield from _read(file)


def _read(file: BinaryIO) -> Iterator[Row]:
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except (
        InvalidFileException,
        DefusedXmlException,
        ParseError,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        OSError,
        AttributeError,
        IndexError,
        EOFError,
    ) as error:
        raise NotASheet(_("Tệp không phải bảng tính .xlsx đọc được.")) from error
    try:
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(min_row=1, max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS)
        headings = _headings(next(rows, ()))
        for place, cells in enumerate(rows, start=2):
            if place > MOST_ROWS + 1:
                raise NotASheet(_("Bảng có hơn %(most)s dòng. Hãy chia nhỏ.") % {"most": number(MOST_ROWS)})
            row = _row(place, headings, cells)
            if row.problem or any(row.cells.values()):
                yield row
    except (
        DefusedXmlException,
        ParseError,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        AttributeError,
        EOFError,
        OSError,
    ) as error:
        raise NotASheet(_("Bảng tính bị hỏng giữa chừng.")) from error
    finally:
        book.close()


def _measure(path: Path) -> None:
    """Look at the zip's own list before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as packed:
            members = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise NotASheet(_("Tệp không phải bảng tính .xlsx đọc được.")) from error
    names = {member.filename for member in members}
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise NotASheet(_("Tệp không phải bảng tính .xlsx đọc được."))
    if any(name.endswith("vbaProject.bin") or name.startswith("xl/externalLinks/") for name in names):
        raise NotASheet(_("Bảng tính có macro hoặc liên kết ra ngoài. Hãy lưu lại thành tệp .xlsx thường."))
    if len(members) > MOST_MEMBERS or any(member.flag_bits & 1 for member in members):
        raise NotASheet(_("Bảng tính có cấu trúc lạ hoặc đặt mật khẩu. Hãy lưu lại thành tệp .xlsx thường."))
    unpacked, packed_size = sum(member.file_size for member in members), sum(member.compress_size for member in members)
    if unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * max(packed_size, 10_000):
        raise NotASheet(_("Bảng tính bung ra quá lớn. Hãy chia nhỏ rồi nhập từng phần."))


def _headings(cells: Sequence[Any]) -> dict[int, str]:
    known = {search_key(heading): key for key, heading, *_ in COLUMNS}
    found = {
        place: known[search_key(str(cell.value))]
        for place, cell in enumerate(cells)
        if cell.value is not None and search_key(str(cell.value)) in known
    }
    missing = [heading for key, heading, *_ in COLUMNS if key in REQUIRED and key not in found.values()]
    if missing:
        raise NotASheet(_("Dòng đầu thiếu cột: %(columns)s. Hãy dùng tệp mẫu.") % {"columns": ", ".join(missing)})
    return found


def _row(place: int, headings: dict[int, str], cells: Sequence[Any]) -> Row:
    texts: dict[str, str] = {}
    for column, cell in enumerate(cells):
        key = headings.get(column)
        if key is None or cell.value is None:
            continue
        if cell.data_type == "f":
            return Row(place=place, cells=texts, problem=_("Có ô là công thức. Hãy dán lại thành giá trị."))
        text = _text(cell.value)
        if text is None or len(text) > LONGEST_CELL:
            return Row(place=place, cells=texts, problem=_("Có ô không phải chữ hoặc số, hoặc quá dài."))
        texts[key] = text
    return Row(place=place, cells=texts)


def _text(value: object) -> str | None:
    if isinstance(value, str):
        return nfc(value)
    if isinstance(value, date):  # a cell that Excel took for a day
        return day(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
