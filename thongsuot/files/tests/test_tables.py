"""Tables, written and read back; what a reader could not see is refused. No database."""

import io
import zipfile

import openpyxl
import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from thongsuot.files import tables
from thongsuot.files.rules import FileType
from thongsuot.files.tables import Column, NotATable

COLUMNS = (
    Column(key="name", heading=_("Họ tên"), example="Hồ Thị Mẫu", required=True),
    Column(key="born", heading=_("Ngày sinh"), example="3/1958", how="ngày/tháng/năm"),
    Column(key="remarks", heading=_("Ghi chú"), example=""),
)


def read(content, content_type=FileType.XLSX, **more):
    rows = tables.rows_of(io.BytesIO(content), COLUMNS, content_type=content_type, **more)
    return [(row.place, row.rejected or row.cells) for row in rows]


def reason(content, content_type=FileType.XLSX, **more):
    with pytest.raises(NotATable) as refusal:
        read(content, content_type, **more)
    return refusal.value.message()


def changed(change):
    book = openpyxl.load_workbook(io.BytesIO(tables.template("Người", COLUMNS)))
    change(book, book.worksheets[0])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_what_is_written_is_read_back_whatever_the_language_and_a_text_never_becomes_a_formula_or_a_day():
    with translation.override("en"):
        example = tables.template("Người có tên dài hơn một trang bảng tính cho phép", COLUMNS)
        filled = tables.template("Người", COLUMNS, [("=1+1", "", "dòng một\ndòng hai"), ("", "", ""), ("Lò Ví", "1/2", "007")])

        assert read(example) == [(2, {"name": "Hồ Thị Mẫu", "born": "3/1958"})]
        assert read(filled) == [
            (2, {"name": "=1+1", "remarks": "dòng một\ndòng hai"}),
            (4, {"name": "Lò Ví", "born": "1/2", "remarks": "007"}),
        ]


def test_a_cell_that_cannot_be_used_rejects_its_row_alone():
    lines = ["Ngày sinh;HO TEN", "1958;Lò Ví", "=A1;Lò Hai", "1958;Lò Ba;lệch", f"1958;{'x' * 2001}", ";"]

    assert read("\n".join(lines).encode(), FileType.CSV) == [
        (2, {"born": "1958", "name": "Lò Ví"}),
        (3, "formula"),
        (4, "stray"),
        (5, "too_long"),
    ]
    assert read(changed(lambda book, sheet: sheet.append(["=1+1"])))[1:] == [(3, "formula")]
    assert read(changed(lambda book, sheet: sheet.append([True])))[1:] == [(3, "not_text")]
    assert {"formula", "stray", "too_long", "not_text"} == set(tables.REJECTED)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (tables.template("Người", COLUMNS, []), "không có dòng nào"),
        (tables.template("Người", COLUMNS, [("Lò Ví", "", "")] * 3), "hơn 2 dòng"),
        (tables.template("Người", COLUMNS[1:]), "thiếu cột: Họ tên"),
        (tables.template("Người", [*COLUMNS, Column(key="more", heading="Khác", example="")]), "Khác"),
        (tables.template("Người", COLUMNS)[:-400], "không phải bảng tính"),
        (changed(lambda book, sheet: setattr(sheet.column_dimensions["B"], "hidden", True)), "cột ẩn"),
        (changed(lambda book, sheet: setattr(sheet.row_dimensions[2], "hidden", True)), "dòng ẩn"),
        (changed(lambda book, sheet: setattr(book.create_sheet("khác"), "sheet_state", "hidden")), "trang ẩn"),
        (changed(lambda book, sheet: book.create_sheet("Năm 2005").append(["Lò Ví"])), "Năm 2005"),
    ],
    ids=["empty", "too many", "missing", "strange", "cut off", "hidden column", "hidden row", "hidden sheet", "further sheet"],
)
def test_a_table_that_is_not_ours_or_hides_something_is_refused_whole(content, words):
    assert words in reason(content, most_rows=2)


def test_a_report_of_rows_to_correct_is_taken_back_as_a_file_whatever_the_language():
    with translation.override("en"):
        heads = tables.report_heads(COLUMNS)
    assert heads == ["Họ tên", "Ngày sinh", "Ghi chú", "Dòng trong tệp", "Lý do"]
    content = ",".join(heads) + "\nHồ Thị Mẫu,3/1958,,7,Thiếu ngày sinh.\n"
    assert read(content.encode(), FileType.CSV) == [(2, {"name": "Hồ Thị Mẫu", "born": "3/1958"})]


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_a_workbook_damaged_within_is_refused_in_words(method):
    """Every fifth byte: what a broken stream raises is never told as a fault of ours."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(tables.template("Người", COLUMNS))) as book, zipfile.ZipFile(target, "w", method) as other:
        for name in book.namelist():
            other.writestr(name, book.read(name))
    content = target.getvalue()
    assert read(content)
    refused = 0
    for where in range(0, len(content), 5):
        changed = bytearray(content)
        changed[where] ^= 0x55
        try:
            read(bytes(changed))
        except NotATable:
            refused += 1
    assert refused > 10
