"""Pure rules: where a ticket goes and why, what is hidden, what is the same, what is no ticket."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.feedback.rules import masking, sameness
from thongsuot.feedback.rules.questions import Question, checked_answers
from thongsuot.feedback.rules.recognise import suspected
from thongsuot.feedback.rules.routing import UNDECIDED, CompetenceFacts, Placed, Way, placed, way
from thongsuot.feedback.words import PlaceBy
from thongsuot.kernel.errors import BadInput

RIVER, HILL, LIGHTS = 1, 2, 9
WARD = CompetenceFacts(place_unit_id=None, handler_id=None, basis="quy chế")
COMPANY = CompetenceFacts(place_unit_id=None, handler_id=LIGHTS, basis="quyết định")
ONLY_HILL = CompetenceFacts(place_unit_id=HILL, handler_id=LIGHTS, basis="thí điểm")


@pytest.mark.parametrize(
    ("said", "unit", "by", "doubt"),
    [
        ({"on_map": RIVER, "in_photo": HILL, "by_address": RIVER, "named": None}, RIVER, PlaceBy.MAP, False),
        ({"on_map": RIVER, "in_photo": None, "by_address": HILL, "named": None}, RIVER, PlaceBy.MAP, True),
        ({"on_map": None, "in_photo": HILL, "by_address": None, "named": None}, HILL, PlaceBy.PHOTO, False),
        ({"on_map": None, "in_photo": None, "by_address": RIVER, "named": HILL}, RIVER, PlaceBy.ADDRESS, True),
        ({"on_map": None, "in_photo": None, "by_address": None, "named": HILL}, HILL, PlaceBy.UNIT, False),
        ({"on_map": None, "in_photo": None, "by_address": None, "named": None}, None, None, False),
    ],
)
def test_a_point_is_surer_than_a_picture_and_both_are_surer_than_words(said, unit, by, doubt):
    assert placed(**said) == Placed(unit_id=unit, by=by, doubt=doubt)


@pytest.mark.parametrize(
    ("place", "competences", "more", "goes"),
    [
        (RIVER, [WARD], {}, Way(unit_id=RIVER, because="place", place_by="map", basis="quy chế")),
        (RIVER, [COMPANY], {}, Way(unit_id=LIGHTS, because="competence", place_by="map", basis="quyết định")),
        (HILL, [WARD, ONLY_HILL], {}, Way(unit_id=LIGHTS, because="competence", place_by="map", basis="thí điểm")),
        (RIVER, [WARD, ONLY_HILL], {}, Way(unit_id=RIVER, because="place", place_by="map", basis="quy chế")),
        (RIVER, [], {}, Way(unit_id=RIVER, because="place", place_by="map")),
        (RIVER, [WARD], {"of_dossier": HILL}, Way(unit_id=HILL, because="dossier")),
        (None, [WARD], {"named_agency": LIGHTS}, Way(unit_id=LIGHTS, because="named")),
        (None, [WARD], {}, UNDECIDED),
        (None, [], {}, UNDECIDED),
    ],
)
def test_competence_decides_and_says_why(place, competences, more, goes):
    known = Placed(unit_id=place, by=PlaceBy.MAP if place else None)
    assert way(known, competences, **more) == goes


@pytest.mark.parametrize(
    ("words", "hidden", "kept"),
    [
        ("Gọi tôi 0912 345 678 hoặc +84.912.345.678", ["345"], []),
        ("Căn cước 001200012345 bị mất", ["0012"], ["bị mất"]),
        ("Xe 29A-123.45 và 51F1 234.56 đỗ chắn lối", ["123.45", "234"], ["đỗ chắn lối"]),
        ("Thư a.b+c@vidu.com.vn, trang https://vidu.vn/x?y=1", ["@", "https"], []),
        ("Số 12 ngõ 4 phố Bến, nhà số 126/3B", ["12", "126"], ["phố Bến"]),
        ("126 phố Bến và 12/4B đường Sông", ["126", "12/4B"], ["phố Bến", "đường Sông"]),
        ("Trước nhà ông Trần Văn Bình và bà Lê Thị Sáu", ["Bình", "Sáu"], ["Trước nhà ông"]),
        ("Tôi tên là Nguyễn Thị Hoa ở tổ 5", ["Hoa"], ["tổ 5"]),
        ("Từ 06/10/2025 đã sửa hết 30.000.000 đồng, năm 2024 cũng vậy", [], ["06/10/2025", "30.000.000 đồng", "2024"]),
        ("Đường Trần Phú ngập 30 cm lúc 7h30", [], ["Đường Trần Phú ngập 30 cm lúc 7h30"]),
    ],
)
def test_what_is_proposed_for_everybody_hides_numbers_names_and_houses(words, hidden, kept):
    public = masking.public_words(words)
    assert not [text for text in hidden if text in public]
    assert not [text for text in kept if text not in public]


def test_the_senders_own_name_is_hidden_wherever_it_stands():
    assert "Mẫu" not in masking.public_words("Kính gửi, lò văn mẫu xin báo", names=("Lò Văn Mẫu",)).title()


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("số 12 ngõ 4 phố Bến, phường Sông, Hà Nội", "phố Bến, phường Sông, Hà Nội"),
        ("126 phố Bến, phường Sông", "phố Bến, phường Sông"),
        ("12/4B, Trần Phú, Phường 5", "Trần Phú, Phường 5"),
        ("Trước chợ Hôm", "Trước chợ Hôm"),
        ("", ""),
    ],
)
def test_a_public_address_is_a_street(address, public):
    assert masking.public_address(address) == public


@given(st.from_regex(r"0[0-9]{9}", fullmatch=True), st.text(max_size=40), st.text(max_size=40))
def test_no_telephone_survives(phone, before, after):
    public = masking.public_words(f"{before} gọi {phone} {after}")
    assert phone not in re.sub(r"\D", " ", public).split()


@given(st.text(max_size=300))
def test_hiding_never_fails_and_hides_the_same_again(text):
    once = masking.public_words(text)
    assert masking.public_words(once) == once


@pytest.mark.parametrize(
    ("text", "found"),
    [("Bạn 0912.000.999 báo", 1), ("Lò văn MẪU báo", 1), ("Không có gì", 0), ("mau@vidu.vn", 1)],
)
def test_what_is_private_is_found_however_written(text, found):
    assert len(masking.holds_private(text, ("Lò Văn Mẫu", "0912000999", "mau@vidu.vn"))) == found


def test_one_pothole_told_twice_has_common_words():
    one, other = "Ổ gà to trước cổng trường Bến", "Đề nghị vá ổ gà ở cổng trường"
    assert sameness.common_words(one, other) > 0.6
    assert sameness.common_words(one, "Đèn đường tắt cả tuần") == 0
    assert sameness.common_words("tôi đề nghị xử lý", one) == 0.5


def test_metres_and_the_box_that_holds_them():
    assert sameness.metres_between(21.0, 105.0, 21.001, 105.0) == pytest.approx(111.2, abs=0.5)
    box = sameness.box_around(21.0, 105.0, 60)
    assert box.south < 21.0 - 0.0005 < 21.0 + 0.0005 < box.north
    assert sameness.metres_between(21.0, 105.0, 21.0, box.east) == pytest.approx(60, abs=0.5)


@given(st.floats(8, 23.5), st.floats(102, 110), st.floats(-0.003, 0.003), st.floats(-0.003, 0.003), st.floats(1, 300))
def test_nothing_near_lies_outside_the_box(latitude, longitude, north, east, metres):
    box = sameness.box_around(latitude, longitude, metres * 1.001)
    if sameness.metres_between(latitude, longitude, latitude + north, longitude + east) <= metres:
        assert box.south <= latitude + north <= box.north
        assert box.west <= longitude + east <= box.east


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Tôi tố cáo ông chủ tịch nhận hối lộ", "denunciation"),
        ("Đơn khiếu nại lần hai về bồi thường đất", "complaint"),
        ("Tôi khiếu nại tiếng ồn", ""),
        ("Cán bộ tham nhũng vật tư", "denunciation"),
        ("Đèn đường tắt", ""),
    ],
)
def test_what_is_no_ticket_is_recognised(words, kind):
    assert suspected(words) == kind


QUESTIONS = [
    Question(code="rong", asks="Rộng?", kind="singlevaluelist", required=True, answers=(("nho", "Nhỏ"), ("lon", "Lớn"))),
    Question(code="loai", asks="Loại?", kind="multivaluelist", required=False, answers=(("a", "A"), ("b", "B"))),
    Question(code="so", asks="Mấy?", kind="number", required=False),
    Question(code="ngay", asks="Ngày?", kind="datetime", required=False),
    Question(code="dong", asks="Dòng?", kind="string", required=False),
]


def test_answers_are_kept_by_their_kinds_and_what_nobody_asked_is_left_out():
    given_answers = {"rong": "lon", "loai": ["a", "b"], "so": "2,5", "ngay": "2025-10-06T08:00", "dong": "x", "la": "?"}
    assert checked_answers(QUESTIONS, given_answers) == {
        "rong": "lon",
        "loai": ["a", "b"],
        "so": "2,5",
        "ngay": "2025-10-06T08:00",
        "dong": "x",
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rong", ""),
        ("rong", "to"),
        ("rong", ["nho", "lon"]),
        ("loai", ["a", "c"]),
        ("so", "nhiều"),
        ("so", "1e400"),
        ("ngay", "hôm qua"),
        ("dong", "x" * 301),
        ("dong", "a\nb"),
    ],
)
def test_a_wrong_answer_is_told_beside_its_question(field, value):
    with pytest.raises(BadInput) as refused:
        checked_answers(QUESTIONS, {"rong": "lon", field: value})
    assert set(refused.value.problems) == {field}
