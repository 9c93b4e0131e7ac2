"""Files that are wrong, broken or meant to harm: a sentence, nothing stored; whatever comes, every row is counted once."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from thongsuot.files import tables
from thongsuot.files.tests import make as files
from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.text import nfc
from thongsuot.registers import actions, sheets
from thongsuot.registers.models import Entry, ImportRow, Kind, RegisterImport
from thongsuot.registers.rules.columns import COLUMNS
from thongsuot.registers.tests.make import HOUSE, NEXT, a_row, as_csv, as_xlsx, keeper, sent


def refused(town, content: bytes, name: str = "so.xlsx") -> str:
    """The sentence, whether it comes when the file is sent or when it is read."""
    try:
        one = sent(town, content, name=name)
    except TellPerson as refusal:
        assert not RegisterImport.objects.exists()
        return refusal.message()
    assert one.status == RegisterImport.Status.REFUSED, one.status
    assert not ImportRow.objects.exists()
    assert not Entry.objects.exists()
    return one.refusal


def hidden_column(book, sheet):
    sheet.column_dimensions["C"].hidden = True


def hidden_row(book, sheet):
    sheet.row_dimensions[2].hidden = True


def hidden_sheet(book, sheet):
    book.create_sheet("khác").sheet_state = "hidden"


def wrong_heading(book, sheet):
    sheet["A1"] = "Số TT"


def strange_heading(book, sheet):
    sheet.cell(1, sheet.max_column + 1, "Ghi chú riêng")


def heading_twice(book, sheet):
    sheet.cell(1, sheet.max_column + 1, "Họ tên mẹ")


def empty(book, sheet):
    sheet.delete_rows(2, 10)


def further_sheet(book, sheet):
    book.create_sheet("Năm 2005").append(["Số", "Họ tên"])


def test_a_sheet_that_would_be_lost_is_named_and_empty_ones_and_the_explanation_may_stay(town):
    def harmless(book, sheet):
        book.create_sheet("Sheet2")
        book.create_sheet("Cách ghi").append(["Số", "..."])

    refused = sent(town, as_xlsx([a_row()], change=further_sheet), name="so.xlsx")
    taken = sent(town, as_xlsx([a_row()], change=harmless), name="so.xlsx")

    assert refused.status == "refused"
    assert "Năm 2005" in refused.refusal
    assert (taken.status, taken.good) == ("previewed", 1)


def test_a_row_far_below_blank_ones_is_read(town, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)

    def far_below(book, sheet):
        row = a_row(number="16", child_name="Lò Hai")
        for place, column in enumerate(COLUMNS[Kind.BIRTH], start=1):
            sheet.cell(row=9, column=place, value=row.get(column.key))

    assert sent(town, as_xlsx([a_row()], change=far_below), name="so.xlsx").rows_in == 2


@pytest.mark.parametrize(
    ("shown", "read"),
    [
        ("mmm-yy", "1958-03"),
        ("yyyy", "1958"),
        ("dd/mm/yyyy", "1958-03-01"),
        ('[$-42A]mmmm "d" yyyy', "1958-03"),
        ("d-mmm", None),
    ],
)
def test_a_spreadsheet_fills_up_no_day(town, shown, read):
    def typed(book, sheet):
        keys = [column.key for column in COLUMNS[Kind.BIRTH]]
        cell = sheet.cell(row=2, column=keys.index("mother_born") + 1)
        cell.value, cell.number_format = datetime(1958, 3, 1), shown

    one = sent(town, as_xlsx([a_row()], change=typed), name="so.xlsx")

    assert list(one.rows.values_list("state", flat=True)) == ["good" if read else "doubtful"]
    if read:
        actions.start_import(one.pk, actor=keeper(town), at=NEXT)
        actions.store_all(one.pk, actor=HOUSE, at=NEXT)
        assert Entry.objects.get().people.get(role="mother").born == read


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (hidden_column, "cột ẩn"),
        (hidden_row, "dòng ẩn"),
        (hidden_sheet, "trang ẩn"),
        (wrong_heading, "thiếu cột: Số"),
        (strange_heading, "Ghi chú riêng"),
        (heading_twice, "Họ tên mẹ"),
        (empty, "không có dòng nào"),
    ],
)
def test_a_workbook_whose_content_cannot_be_trusted_is_refused(town, change, words):
    assert words in refused(town, as_xlsx([a_row()], change=change))


def with_member(content: bytes, name: str, data: bytes) -> bytes:
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, data)
    return target.getvalue()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda good: with_member(good, "xl/vbaProject.bin", b"macro"), "macro"),
        (lambda good: with_member(good, "xl/media/bomb.bin", b"\0" * 20_000_000), "nở ra quá lớn"),
        (lambda good: good[: len(good) // 2], ""),
        (lambda good: files.pdf(), "Chỉ nhận"),
        (lambda good: b"", ""),
        (lambda good: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 500, "kiểu cũ"),
    ],
)
def test_a_file_that_may_harm_or_is_no_table_is_refused(town, spoil, words):
    assert words in refused(town, spoil(as_xlsx([a_row()])))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("Số,Ngày đăng ký\n1,2\n".encode(), "thiếu cột"),
        (as_csv([a_row()]).decode("utf-8-sig").encode("utf-16"), ""),
        (as_csv([a_row()]).decode("utf-8-sig").encode("cp1258", "replace"), "UTF-8"),
        (b"<html>\n<table>\n", "Chỉ nhận"),
        (b'"' + b"x" * 200_000, ""),
    ],
)
def test_a_text_that_is_no_table_of_ours_is_refused(town, content, words):
    assert words in refused(town, content, "so.csv")


def test_a_file_typed_with_an_old_font_is_refused_with_advice(town):
    rows = [a_row(number=str(n), child_name="NguyÔn V¨n §øc", mother_name="TrÇn ThÞ H»ng") for n in range(1, 9)]

    assert "Unicode" in refused(town, as_csv(rows), "so.csv")


def test_a_workbook_with_more_text_than_memory_should_hold_is_refused(town, monkeypatch):
    monkeypatch.setattr(tables, "MOST_SHARED_BYTES", 200)

    assert "chia nhỏ" in refused(town, sheets.template(Kind.BIRTH))


def test_one_row_of_an_old_font_among_good_ones_is_rejected_alone(town):
    rows = [a_row(number=str(n), child_name=f"Lò Thị Số {n}") for n in range(1, 4)]

    one = sent(town, as_csv([*rows, a_row(number="9", child_name="NguyÔn V¨n §øc")]))

    assert (one.good, one.rejected) == (3, 1)
    assert one.rows.get(state="rejected").reasons == ["old_font"]


@pytest.mark.parametrize("formula", ["=1+1", '=HYPERLINK("http://a.vn")', "@SUM(A1)", "+1+1"])
def test_a_formula_is_rejected_with_its_row_and_never_computed(town, formula):
    assert sent(town, as_csv([a_row(signer=formula)])).rows.get().reasons == ["formula"]
    if formula.startswith("="):
        one = sent(town, as_xlsx([a_row(signer=formula)]), name="so.xlsx")
        assert one.rows.get().reasons == ["formula"]


def test_a_cell_beyond_the_headings_rejects_its_row(town):
    content = as_csv([a_row()]).decode("utf-8-sig").rstrip() + ",lệch cột\n"

    assert sent(town, content.encode()).rows.get().reasons == ["stray"]


def test_days_of_a_spreadsheet_are_taken_and_bare_serial_numbers_are_not(town):
    one = sent(
        town,
        as_xlsx(
            [
                a_row(child_born=datetime(2004, 5, 2), number=15.0),
                a_row(number=16, child_name="Lò Hai", child_born=38109),
                a_row(number=True, child_name="Lò Ba"),
            ]
        ),
        name="so.xlsx",
    )

    assert [(row.state, row.reasons) for row in one.rows.order_by("place")] == [
        ("good", []),
        ("doubtful", ["serial_date"]),
        ("rejected", ["not_text"]),
    ]


def test_a_table_of_too_many_rows_is_refused_while_it_is_read_and_never_held_whole(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 300)
    held: list[int] = []

    class Endless(io.RawIOBase):
        """A file without an end: whoever wanted it whole would never come back."""

        line = b"1,01/2004,12/05/2004,x," + "Lò Thị Mẫu".encode() + b"\n"
        head = ",".join(str(column.heading) for column in COLUMNS[Kind.BIRTH]).encode() + b"\n"
        at = 0

        def readable(self):
            return True

        def seekable(self):
            return True

        def tell(self):
            return self.at

        def seek(self, place, whence=0):
            self.at = place
            return place

        def readinto(self, buffer):
            whole = self.head + self.line * (len(buffer) // len(self.line) + 2)
            start = self.at if self.at < len(self.head) else len(self.head) + (self.at - len(self.head)) % len(self.line)
            part = whole[start : start + len(buffer)]
            buffer[: len(part)] = part
            self.at += len(part)
            held.append(self.at)
            return len(part)

    with pytest.raises(tables.NotATable) as refusal:
        for _row in sheets.rows_of(io.BufferedReader(Endless()), Kind.BIRTH, content_type="text/csv"):
            pass

    assert "hơn 300 dòng" in refusal.value.message()
    assert max(held) < 200_000


cells = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["", "15", "12/05/2004", "31/02/2004", "không rõ", "=A1", "Phường Bến, quận Giữa, thành phố Ví Dụ", "nam"]),
)
drawn = st.lists(st.fixed_dictionaries({column.key: cells for column in COLUMNS[Kind.BIRTH][:8]}), min_size=1, max_size=12)


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(rows=drawn, good=st.integers(0, 3))
def test_whatever_a_file_holds_in_is_stored_and_to_correct_and_rejected(town, rows, good):
    rows = [*rows, *(a_row(number=str(900 + n), child_name=f"Lò Thị Số {n}") for n in range(good))]
    before = Entry.objects.count()
    try:
        one = sent(town, as_csv(rows))
    except TellPerson:
        return  # the same file was drawn twice
    if one.status == RegisterImport.Status.PREVIEWED:
        assert Entry.objects.count() == before
        actions.start_import(one.pk, actor=keeper(town), at=NEXT)
        one = actions.store_all(one.pk, actor=HOUSE, at=NEXT)
        filled = [row for row in rows if any(nfc(text) for text in row.values())]
        assert one.rows_in == len(filled) == one.stored + one.to_correct + one.rejected
        assert Entry.objects.count() - before == one.stored == one.rows.filter(entry__isnull=False).count()
