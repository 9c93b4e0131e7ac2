from __future__ import annotations

import pytest

from thongsuot.kernel.spelling import MOST, day_spelled, dong_spelled, spelled


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (5, "năm"),
        (10, "mười"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (104, "một trăm linh bốn"),
        (105, "một trăm linh năm"),
        (111, "một trăm mười một"),
        (1005, "một nghìn không trăm linh năm"),
        (1958, "một nghìn chín trăm năm mươi tám"),
        (2000, "hai nghìn"),
        (2004, "hai nghìn không trăm linh bốn"),
        (20_000, "hai mươi nghìn"),
        (10_005, "mười nghìn không trăm linh năm"),
        (1_000_015, "một triệu không trăm mười lăm"),
        (1_050_000, "một triệu không trăm năm mươi nghìn"),
        (2_005_001_000, "hai tỷ không trăm linh năm triệu không trăm linh một nghìn"),
    ],
)
def test_numbers_are_spelled(number, words):
    assert spelled(number) == words


def test_days_are_spelled_as_far_as_they_are_known():
    assert day_spelled("2004-05-02") == "Ngày mùng hai, tháng năm, năm hai nghìn không trăm linh bốn"
    assert day_spelled("1958-04") == "Tháng tư, năm một nghìn chín trăm năm mươi tám"
    assert day_spelled("") == ""


def test_amounts_are_spelled_for_receipts():
    assert dong_spelled(0) == "Không đồng"
    assert dong_spelled(8_000) == "Tám nghìn đồng"


@pytest.mark.parametrize("number", [-1, MOST + 1])
def test_what_has_no_words_is_refused(number):
    with pytest.raises(ValueError, match="spelled"):
        spelled(number)
