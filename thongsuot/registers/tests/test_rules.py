"""Days, numbers, names, fonts and spelled days of old registers: without a database."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.registers.models import Kind, Role
from thongsuot.registers.rules import days, drafts, entering
from thongsuot.registers.rules.fonts import looks_like_old_font
from thongsuot.registers.tests.make import a_row

TODAY = date(2025, 10, 6)


@pytest.mark.parametrize(
    ("text", "value", "doubt"),
    [
        ("12/3/1958", "1958-03-12", ""),
        ("ngày 12 tháng 3 năm 1958", "1958-03-12", ""),
        ("1958-03-12", "1958-03-12", ""),
        ("12031958", "1958-03-12", ""),
        ("3/1958", "1958-03", ""),
        ("không rõ ngày, tháng 3/1958", "1958-03", ""),
        ("00/00/1958", "1958", ""),
        ("1958", "1958", ""),
        ("không rõ", "", ""),
        ("--", "", ""),
        ("", "", ""),
        ("31/02/1958", "", "date"),
        ("12/3/58", "", "date"),
        ("13/1958/4", "", "date"),
        ("hôm qua", "", "date"),
        ("1758", "", "date"),
        ("21256", "1958-03-12", "serial_date"),
        ("<script>", "", "date"),
        ("１２/3/1958", "", "date"),
    ],
)
def test_a_day_is_read_as_far_as_it_is_known(text, value, doubt):
    assert days.read_day(text) == days.ReadDay(value, doubt)


@given(st.text(max_size=40))
def test_whatever_is_typed_as_a_day_is_a_partial_day_or_a_doubt(text):
    read = days.read_day(text)

    assert read.value == "" or days.earliest(read.value) <= days.latest(read.value)
    if read.value and not read.doubt:
        assert days.read_day(days.as_typed(read.value)) == read


def test_only_what_is_sure_is_said_to_come_before():
    assert days.surely_before("1958", "1959-01-01")
    assert not days.surely_before("1958", "1958-12-31")
    assert not days.surely_before("", "1958")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("15", (15, "", 0)),
        ("0015", (15, "", 0)),
        ("Số 15/2004", (15, "", 2004)),
        ("15b", (15, "b", 0)),
        ("15 bis", (15, "bis", 0)),
        ("15/2004-KS", (15, "", 2004)),
        ("0", (0, "", 0)),
        ("15/1500", (15, "", 0)),
        ("mười lăm", (0, "", 0)),
        ("1234567", (0, "", 0)),
        ("-3", (0, "", 0)),
    ],
)
def test_numbers_in_books_as_people_write_them(text, read):
    assert drafts.read_number(text) == read


@pytest.mark.parametrize("text", ["NguyÔn V¨n §øc", "TrÇn ThÞ H»ng", "Nguyeãn Vaên Ñöùc", "Traàn Thò Haèng", "Ph¹m Quèc Dòng"])
def test_text_of_old_fonts_is_known(text):
    assert looks_like_old_font(text)


@pytest.mark.parametrize(
    "text",
    [
        "Nguyễn Văn Đức",
        "Hoà",
        "LÊ TUÂN",
        "Lê Tuân",
        "HOÀNG ĐÌNH GIÓT",
        "Tô Hoài",
        "Quê quán",
        "THÁI HOÀ ÂU",
        "Noël Müller",
        "José Muñoz",
        "François",
        "Trần Thị Huê",
        "Ê Ban",
        "Lý Quý",
        "12/3/1958",
    ],
)
def test_text_of_today_is_not_taken_for_it(text):
    assert not looks_like_old_font(text)


@pytest.mark.parametrize("kind", Kind)
def test_a_row_that_says_all_is_read_without_a_doubt(kind):
    read = drafts.read_cells(kind, a_row(kind), today=TODAY)

    assert (read.rejected, read.doubts) == ((), ())


@pytest.mark.parametrize(
    ("kind", "changes", "doubt"),
    [
        (Kind.BIRTH, {"registered_on": "01/05/2004"}, "date_order"),
        (Kind.BIRTH, {"mother_born": "2010"}, "date_order"),
        (Kind.BIRTH, {"registered_on": "07/10/2025"}, "future"),
        (Kind.BIRTH, {"registered_on": "", "book": "01"}, "year"),
        (Kind.BIRTH, {"registered_on": "", "book": "", "number": "15/1500"}, "year"),
        (Kind.BIRTH, {"child_id": "1234"}, "id_number"),
        (Kind.DEATH, {"registered_on": "02/01/1999"}, "date_order"),
        (Kind.DEATH, {"dead_born": "1860"}, "date_order"),
    ],
)
def test_what_cannot_be_is_a_doubt(kind, changes, doubt):
    assert drafts.read_cells(kind, a_row(kind, **changes), today=TODAY).doubts == (doubt,)


def test_the_same_child_is_known_with_and_without_marks_but_not_by_its_year_alone():
    one = drafts.read_cells(Kind.BIRTH, a_row(), today=TODAY).draft
    other = drafts.read_cells(Kind.BIRTH, a_row(child_name="LO THI MAU", number="99"), today=TODAY).draft
    vague = drafts.read_cells(Kind.BIRTH, a_row(child_born="2004"), today=TODAY).draft

    assert drafts.person_key(one) == drafts.person_key(other) != ""
    assert drafts.person_key(vague) == ""


def test_lateness_and_age_are_warned_of_from_dated_figures():
    late = drafts.read_cells(Kind.BIRTH, a_row(child_born="01/08/2025", registered_on="06/10/2025"), today=TODAY).draft
    young = drafts.read_cells(
        Kind.MARRIAGE, a_row(Kind.MARRIAGE, wife_born="07/10/2007", husband_born="06/10/2005"), today=TODAY
    )

    assert "quá 60 ngày" in entering.warnings(late, today=TODAY)[0]
    assert [words.split(" chưa")[0] for words in entering.warnings(young.draft, today=TODAY)] == ["Bên nữ"]
    assert young.draft.person(Role.WIFE) is not None
