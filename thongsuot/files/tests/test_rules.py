"""Names: safe on every computer whatever was sent; limits by date."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.files import rules
from thongsuot.files.rules import FileType, clean_name

TRICKS = '/\\.:*?"<>|\u202e\u200b\0\n Ưẫ'
HOSTILE = st.text(st.one_of(st.characters(), st.sampled_from(TRICKS), st.characters(categories=["Cs", "Cf"])))


@given(HOSTILE | st.builds("{}.{}".format, HOSTILE, st.sampled_from(["pdf", "PDF", "exe", "tar.gz", "a" * 300])))
def test_any_name_becomes_a_safe_one(sent):
    name = clean_name(sent)

    assert name
    assert clean_name(name) == name
    assert len(name) <= rules.MAX_NAME
    assert len(name.encode()) <= rules.MAX_NAME_BYTES  # so it holds no half character either
    assert unicodedata.is_normalized("NFC", name)
    assert not set('/\\<>:"|?*') & set(name)
    assert all(unicodedata.category(ch)[0] != "C" for ch in name)
    assert name[0] not in " ."
    assert name[-1] not in " ."
    assert name.split(".")[0].rstrip().lower() not in {"con", "prn", "aux", "nul", "com1", "lpt9"}


@given(st.text(min_size=1, max_size=400), st.sampled_from(["pdf", "docx", "jpeg"]))
def test_a_name_that_must_be_cut_keeps_its_ending(stem, ending):
    assert rules.ending_of(clean_name(f"x{stem}.{ending}".replace("/", "").replace("\\", ""))) == ending


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Giấy khai sinh.pdf", "Giấy khai sinh.pdf"),
        (unicodedata.normalize("NFD", "Giấy khai sinh.pdf"), "Giấy khai sinh.pdf"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\Minh\Đơn.docx", "Đơn.docx"),
        ("..", "tep"),
        ("", "tep"),
        ("\u202efdp.exe", "fdp.exe"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie- x.pdf"),
        ("con.pdf", "_con.pdf"),
        ("NUL", "_NUL"),
        ("đơn   xin  .pdf", "đơn xin.pdf"),
        ("Quyết định 12.2026", "Quyết định 12.2026"),
        ("tên\x00ẩn.pdf", "tênẩn.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_people_and_attackers_send(sent, kept):
    assert clean_name(sent) == kept


def test_a_name_without_ending_gets_the_true_one():
    assert rules.with_ending("IMG 2041", FileType.JPEG) == "IMG 2041.jpg"
    assert rules.with_ending("Quyết định 12.2026", FileType.PDF) == "Quyết định 12.2026.pdf"
    assert rules.with_ending("ảnh.jpeg", FileType.JPEG) == "ảnh.jpeg"


def test_every_type_has_an_ending_and_no_ending_means_two_types():
    endings = [ending for found in rules.ENDINGS.values() for ending in found]

    assert set(rules.ENDINGS) == set(FileType)
    assert len(endings) == len(set(endings))


@given(st.dates())
def test_one_rule_holds_on_every_day_there_can_be(day):
    day = max(day, date(1970, 1, 1))

    assert sum(rule.valid_from <= day and (rule.valid_to is None or day < rule.valid_to) for rule in rules.UPLOAD_RULES) == 1
    assert rules.upload_rule(day).max_bytes == 20 * 2**20
