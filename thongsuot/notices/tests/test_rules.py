"""Letters, addresses, waits: without a database."""

from datetime import timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.notices import letters, rules
from thongsuot.notices.tests.make import COMMON, context_for

WRITTEN = {key: letters.written(key, name="Nguyễn Đức Minh", context=context_for(key)) for key in letters.LETTERS}


@pytest.mark.parametrize("key", letters.LETTERS)
def test_a_letter_says_who_what_where_to_look_and_whom_to_ask(key):
    letter = WRITTEN[key]

    assert COMMON["code"] in letter.subject
    for words in ["Chào Nguyễn Đức Minh,", COMMON["procedure"], COMMON["agency"], COMMON["contact"], COMMON["link"]]:
        assert words in letter.body
    assert "\n\n\n" not in letter.body
    assert "None" not in letter.body
    assert len(letter.subject) <= 100


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("submission_received", ["17/11/2025 09:00", "trả lời trước 17/11/2025 17:00"]),
        ("received", ["được nhận lúc 17/11/2025 09:00", "Hẹn trả kết quả: 18/11/2025 09:00.", "quầy số 2, 126 phố Bến"]),
        ("supplement_requested", ["1. Giấy chứng sinh: ảnh bị lóa.", "2. Tờ khai: thiếu họ tên mẹ.", "trước 17/12/2025 09:00"]),
        ("payment_requested", ["24.000 đồng", "Nộp tại quầy số 2."]),
        ("due_moved", ["Hẹn cũ: 17/11/2025 09:00", "Hẹn mới: 19/11/2025 09:00"]),
        (
            "moved",
            ["Phường Bến kết thúc hoạt động", "nay do Phường Sông giải quyết tiếp", "Hẹn trả không đổi: 18/11/2025"],
        ),
        ("extended", ["Hẹn cũ: 17/11/2025 09:00", "Hẹn mới: 19/11/2025 09:00", "bản chính nhiều trang."]),
        ("refused", ["1. Đã đăng ký tại phường Đồi.", "2. Người nộp không được ủy quyền.", "Nên làm tiếp: Xin trích lục."]),
        ("apology", ["xin lỗi", "trả lúc 20/11/2025 09:00 tại quầy số 2", "chờ xác minh nơi ở."]),
        ("result_ready", ["Bản giấy nhận tại: quầy số 2."]),
        ("returned", ["đã được trả lúc 17/11/2025 09:00"]),
        ("stopped", ["Lý do: quá thời gian chờ bổ sung.", "Giấy tờ đã nộp: nhận lại tại quầy số 2."]),
        ("withdrawn", ["theo yêu cầu của bạn", "nhận lại tại quầy số 2."]),
        ("deadline_near", ["bước Thẩm định", "trước 18/11/2025 09:00", "Mở hồ sơ:"]),
        ("partner_reminder", ["Phường Sông nhắc", "đang chờ Thuế cơ sở", "Hạn là 18/11/2025 09:00"]),
    ],
)
def test_a_letter_carries_its_facts(key, words):
    for part in words:
        assert part in WRITTEN[key].body


@pytest.mark.parametrize(
    ("key", "changes", "unsaid"),
    [
        ("received", {"return_place": "", "contact": ""}, ["Nơi trả", "hãy gọi"]),
        ("supplement_requested", {"until": None}, ["Hãy bổ sung trước"]),
        ("refused", {"guidance": ""}, ["Nên làm tiếp"]),
        ("result_ready", {"return_place": ""}, ["Bản giấy"]),
        ("stopped", {"papers_back": ""}, ["Giấy tờ đã nộp"]),
        ("apology", {"return_place": ""}, [" tại "]),
    ],
)
def test_what_is_not_known_is_not_mentioned(key, changes, unsaid):
    body = letters.written(key, name="Minh", context=context_for(key, **changes)).body

    assert not [words for words in unsaid if words in body]
    assert "\n\n\n" not in body


def test_a_letter_told_too_little_or_too_much_is_a_bug():
    with pytest.raises(TypeError, match="due_at"):
        letters.written("received", name="Minh", context={k: v for k, v in context_for("received").items() if k != "due_at"})
    with pytest.raises(TypeError, match="more"):
        letters.written("received", name="Minh", context=context_for("received", more=1))


def test_letters_are_vietnamese_whatever_the_page_of_the_officer_speaks():
    with translation.override("en"):
        assert (
            letters.written("payment_requested", name="Nguyễn Đức Minh", context=context_for("payment_requested"))
            == WRITTEN["payment_requested"]
        )


def test_names_are_text_and_break_no_line():
    letter = letters.written(
        "received",
        name="Minh <b>&",
        context=context_for("received", code="H98\r\nBcc: a@b.vn", procedure="{{ 7 * 7 }}\n\nKhác"),
    )

    assert letter.subject.startswith("Đã nhận hồ sơ H98 Bcc: a@b.vn, hẹn trả")
    assert "Chào Minh <b>&," in letter.body
    assert "{{ 7 * 7 }} Khác" in letter.body


@given(st.text(max_size=300))
def test_a_subject_is_always_one_line(text):
    letter = letters.written("received", name=text, context=context_for("received", code=text, procedure=text, agency=text))

    assert len(letter.subject.splitlines()) == 1
    assert len(letter.subject) <= letters.SUBJECT_LENGTH


@given(st.emails())
def test_a_masked_address_keeps_its_secret(email):
    masked = rules.masked_email(email)

    assert email not in masked
    assert masked.endswith("@" + email.partition("@")[2])


def test_it_is_tried_for_two_days_and_then_given_up():
    waits = [rules.wait_after(attempts) for attempts in range(1, 20)]

    known = [wait for wait in waits if wait]
    assert known == sorted(known)
    assert timedelta(days=1) < sum(known, timedelta()) < timedelta(days=3)
    assert waits[len(known) :] == [None] * (19 - len(known))
