"""Vietnamese text as it is kept, searched, ordered and hidden."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.kernel import text


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Phường  ĐA Kao, Q.1", "phuong da kao q 1"),
        ("Hoàn Kiếm", "hoan kiem"),
        ("HOAN KIEM", "hoan kiem"),
        ("Ô Diên", "o dien"),
        ("", ""),
        (unicodedata.normalize("NFD", "Đặng Thị Ngọc"), "dang thi ngoc"),
    ],
)
def test_search_knows_no_marks_no_case_and_no_commas(typed, key):
    assert text.search_key(typed) == key


def test_order_is_the_dictionarys():
    words = [
        "Ân",
        "Ăn",
        "An",
        "Ánh",
        "Anh",
        "Đào",
        "Dao",
        "Bình",
        "Em",
        "Êm",
        "Ơi",
        "Ông",
        "Oanh",
        "Ứng",
        "Ung",
        "Hà Nội",
        "Hạ Long",
        "Hà Giang",
    ]
    assert sorted(words, key=text.sort_key) == [
        "An",
        "Anh",
        "Ánh",
        "Ăn",
        "Ân",
        "Bình",
        "Dao",
        "Đào",
        "Em",
        "Êm",
        "Hà Giang",
        "Hạ Long",
        "Hà Nội",
        "Oanh",
        "Ông",
        "Ơi",
        "Ung",
        "Ứng",
    ]


def test_tones_decide_only_between_otherwise_equal_words():
    assert sorted(["mạ", "mã", "mả", "má", "mà", "ma"], key=text.sort_key) == ["ma", "mà", "mả", "mã", "má", "mạ"]


@given(st.text(max_size=60))
def test_keeping_twice_changes_nothing_more(typed):
    once = text.one_line(typed)
    assert text.one_line(once) == once
    assert "\x00" not in once
    assert "\n" not in once


@given(st.text(max_size=60))
def test_search_keys_are_plain(typed):
    assert set(text.search_key(typed)) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
    assert text.search_key(text.search_key(typed)) == text.search_key(typed)


@given(st.text(alphabet="aăâàảãáạbđdeêếề 12", max_size=20), st.text(alphabet="aăâàảãáạbđdeêếề 12", max_size=20))
def test_equal_order_means_equal_letters(first, second):
    if text.sort_key(first) == text.sort_key(second):
        assert text.search_key(first) == text.search_key(second)


@pytest.mark.parametrize(("amount", "words"), [(0, "0 đồng"), (8000, "8.000 đồng"), (1_200_000, "1.200.000 đồng")])
def test_money_is_whole_dong(amount, words):
    assert text.dong(amount) == words


def test_masks_leave_too_little_to_misuse():
    assert text.masked_id("001412345678") == "0014•••••678"
    assert text.masked_id("12") == "•••"
    assert text.masked_phone("0912 345 678") == "09•• ••• •78"
    assert text.masked_phone("113") == "•••"
    assert text.masked_name("Nguyễn Thu Trang") == "Nguyễn Thu Tr•••"
    assert text.masked_name("") == ""
