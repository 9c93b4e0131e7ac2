"""The spreadsheet in which a catalogue can be kept: its columns, and its rows once the file was looked at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from thongsuot.files import tables
from thongsuot.files.inspection import inspect
from thongsuot.files.rules import TABLE_RULE, FileType
from thongsuot.files.tables import Column, TableRow
from thongsuot.kernel.deadlines import LimitUnit

MOST_ROWS = 5_000
LONGEST_CELL = 20_000  # papers and legal texts, a line each

LIMIT_UNITS = {
    "trong ngày": LimitUnit.SAME_DAY,
    "giờ làm việc": LimitUnit.WORKING_HOURS,
    "ngày làm việc": LimitUnit.WORKING_DAYS,
    "ngày": LimitUnit.CALENDAR_DAYS,
    "tháng": LimitUnit.MONTHS,
}
CHANNELS = {"tại quầy": 1, "trực tiếp": 1, "trực tuyến": 2, "bưu chính": 3}

# key, heading, an example, how it is filled in
_COLUMNS = (
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
_REQUIRED = ("code", "name", "field", "limit_unit", "channels", "legal_basis")
COLUMNS = tuple(
    Column(key=key, heading=heading, example=example, how=how, required=key in _REQUIRED)
    for key, heading, example, how in _COLUMNS
)


def template() -> bytes:
    return tables.template("Thủ tục", COLUMNS)


def read(path: Path) -> Iterator[TableRow]:
    """Raises NotATable, and what `files.inspection` refuses: the file was not stored, so it is looked at here."""
    with path.open("rb") as file:
        inspect(file, TABLE_RULE)
        yield from tables.rows_of(file, COLUMNS, content_type=FileType.XLSX, most_rows=MOST_ROWS, longest_cell=LONGEST_CELL)
