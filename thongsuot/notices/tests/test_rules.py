"""Letters, addresses, waits: without a database."""

from datetime import UTC, datetime, time, timedelta
from itertools import permutations

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.kernel.text import search_key
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.notices import kinds, letters, links, rules
from thongsuot.notices.rules import Quiet, mobile, planned, segments, standing, unmarked
from thongsuot.notices.tests.make import COMMON, context_for
from thongsuot.notices.unfit import unfit

WRITTEN = {key: letters.written(key, name="Nguyễn Đức Minh", context=context_for(key)) for key in kinds.LETTERS}


@pytest.mark.parametrize("key", kinds.LETTERS)
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


# --- Quiet hours ---

INSTANTS = st.datetimes(min_value=datetime(2025, 1, 1), max_value=datetime(2027, 12, 31), timezones=st.just(UTC))
CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


@given(INSTANTS, CLOCKS, CLOCKS)
def test_what_is_held_goes_at_the_first_moment_after_the_quiet_hours(at, starts, ends):
    quiet = Quiet(starts=starts, ends=ends)
    until = quiet.holds("sms", at)

    clock = at.astimezone(VIET_NAM).time()
    within = starts <= clock < ends if starts < ends else starts != ends and (clock >= starts or clock < ends)
    assert (until is not None) == within
    assert quiet.holds("smtp", at) is None
    if until is not None:
        assert timedelta() < until - at <= timedelta(days=1)
        assert until.astimezone(VIET_NAM).time() == ends
        assert quiet.holds("sms", until) is None
        # Nothing between is outside the quiet hours: it waits no longer than it must.
        assert quiet.holds("sms", until - timedelta(microseconds=1)) == until
        assert quiet.holds("sms", at + (until - at) / 2) == until


@pytest.mark.parametrize(
    ("clock", "until"),
    [
        ((17, 20, 59), None),
        ((17, 21, 0), (18, 7)),
        ((17, 23, 59), (18, 7)),
        ((18, 0, 0), (18, 7)),
        ((18, 6, 59), (18, 7)),
        ((18, 7, 0), None),
    ],
)
def test_a_night_goes_over_midnight_by_the_clock_of_viet_nam(clock, until):
    at = datetime(2025, 11, *clock, tzinfo=VIET_NAM).astimezone(UTC)

    held = Quiet(starts=time(21), ends=time(7)).holds("zalo", at)

    assert held == (datetime(2025, 11, *until, tzinfo=VIET_NAM) if until else None)


# --- Ways ---


@pytest.mark.parametrize("route", rules.ROUTES)
@given(open_ways=st.sets(st.sampled_from(sorted(rules.WAYS))))
def test_every_open_way_has_one_place_in_every_route(route, open_ways):
    chains = planned(route, open_ways=open_ways)

    assert sorted(way for chain in chains for way in chain) == sorted(open_ways)
    assert all(chains)


@given(
    st.dictionaries(st.sampled_from(sorted(rules.WAYS)), st.sampled_from(["queued", "held", "reserve", "sent", "delivered"]))
)
def test_a_notice_stands_as_the_best_of_its_ways(states):
    found = standing(states)

    order = ["delivered", "sent", "queued", "held"]
    assert found == next((state for state in order if state in states.values()), "kept")
    assert standing({"sms": "refused"}) == "failed"


@pytest.mark.parametrize(
    ("phone", "kept"),
    [
        ("0912 000 048", "0912000048"),
        ("+84912000048", "0912000048"),
        ("024 3825 0000", None),
        ("0912", None),
        ("0112000048", None),
    ],
)
def test_short_messages_reach_mobile_numbers_alone(phone, kept):
    assert mobile(phone) == kept


# --- How long an SMS is ---


@pytest.mark.parametrize(
    ("text", "marked", "letters_of", "count"),
    [
        ("", False, 0, 1),
        ("a" * 160, False, 160, 1),
        ("a" * 161, False, 161, 2),
        ("a" * 306, False, 306, 2),
        ("a" * 307, False, 307, 3),
        ("€" * 80, False, 160, 1),
        ("a" * 152 + "€" + "a" * 152, False, 306, 3),  # the euro sign is not cut in two
        ("Đ" * 70, True, 70, 1),
        ("Đ" * 71, True, 71, 2),
        ("ế" * 134, True, 134, 2),
        ("😀" * 35, True, 70, 1),
    ],
)
def test_an_sms_is_counted_as_the_networks_count(text, marked, letters_of, count):
    found = segments(text)

    assert (found.marked, found.letters, found.count) == (marked, letters_of, count)


@given(st.text(max_size=400))
def test_text_without_marks_has_no_marks_and_the_same_words(text):
    plain = unmarked(text)

    assert search_key(plain) == search_key(text)
    assert unmarked("Đã nhận hồ sơ Ường") == "Da nhan ho so Uong"


@pytest.mark.parametrize("key", kinds.LETTERS)
def test_the_shipped_words_can_be_used_and_their_sms_is_cheap(key):
    words = letters.shipped(key)

    assert unfit(key, words) == {}
    found = segments(letters.example(key, words).sms)
    assert not found.marked
    assert found.count <= 2
    assert "{" not in WRITTEN[key].body + WRITTEN[key].subject + WRITTEN[key].sms


def test_a_name_with_marks_does_not_double_the_price_of_a_text_without():
    letter = letters.written("moved", name="Minh", context=context_for("moved"))

    assert "nay do Phuong Song giai quyet" in letter.sms
    assert not segments(letter.sms).marked
    assert "nay do Phường Sông giải quyết" in letter.body


# --- Words that people write ---

GOOD = letters.Words(subject="Hồ sơ {mã hồ sơ}", body="Hẹn trả {hẹn trả}.", sms="Ho so {mã hồ sơ}: {đường dẫn}")


def words_with(**changes):
    return letters.Words(**{**vars(GOOD), **changes})


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"body": "Hẹn {hen tra}, {tuổi}."}, "body", "Không có chỗ điền {tuổi}"),
        ({"body": "Xong."}, "body", "Thiếu chỗ điền bắt buộc: {hẹn trả}"),
        ({"subject": ""}, "subject", "Chưa có tiêu đề"),
        ({"subject": "Nơi trả {nơi trả} của {mã hồ sơ}"}, "subject", "có thể trống"),
        ({"sms": "Ho so {mã hồ sơ}"}, "sms", "{đường dẫn}"),
        ({"sms": "{mã hồ sơ} {đường dẫn} {nơi trả}"}, "sms", "có thể trống"),
        ({"sms": "{mã hồ sơ} {đường dẫn} " + "rất dài " * 30}, "sms", "SMS dài"),
        ({"sms": "{mã hồ sơ} {đường dẫn} }"}, "sms", "đứng một mình"),
        ({"body": "{hẹn trả} {{ 7 * 7 }}"}, "body", "đứng một mình"),
        ({"zalo_values": {"ma": "{mã hồ sơ}"}}, "zalo_template", "chưa có mã mẫu"),
        ({"zalo_template": "301"}, "zalo_values", "cần tham số"),
        ({"zalo_template": "301", "zalo_values": {"x": "{nơi trả}"}}, "zalo_values", "có thể trống"),
        ({"body": "{hẹn trả}" + "a" * 4000}, "body", "4.000"),
    ],
)
def test_words_that_cannot_be_used_say_why(changes, field, said):
    problems = unfit("received", words_with(**changes))

    assert said in problems[field]
    assert unfit("received", GOOD) == {}


@pytest.mark.parametrize(
    ("key", "place"),
    [("received", "người nhận"), ("help_code", "người giúp"), ("help_code", "mã đồng ý"), ("certificate_ending", "người giữ")],
)
def test_no_subject_says_a_name_or_a_code(key, place):
    words = letters.shipped(key)
    named = letters.Words(**{**vars(words), "subject": f"Tin của {{{place}}}"})

    assert f"không ghi {{{place}}}" in unfit(key, named)["subject"]
    # One that was approved before this was asked goes out under our subject.
    letter = letters.written(key, name="Nguyễn Đức Minh", context=context_for(key), words=named)
    assert letter == letters.written(key, name="Nguyễn Đức Minh", context=context_for(key))


def test_the_line_by_which_an_optional_sms_is_declined_is_counted(settings):
    settings.PUBLIC_URL = "https://mot-cua.thanh-pho.example.vn"
    sms = "{mã hồ sơ} {đường dẫn} "
    filled = letters.example("rate_invited", words_with(body="{mã hồ sơ}", sms=sms)).sms
    fitting = "a" * (459 - len(filled) - len(" Thoi nhan: ") - len(links.longest()) - 1)

    def problems(more):
        return unfit("rate_invited", words_with(body="{mã hồ sơ}", sms=sms + fitting + more))

    assert problems("") == {}
    assert "SMS dài 4 tin" in problems("a")["sms"]


LONG = "Ủy ban nhân dân phường Sông Cái Mới Mở Rộng " * 8


@pytest.mark.parametrize("key", kinds.LETTERS)
def test_facts_longer_than_any_example_make_no_fourth_sms(key):
    texts = [
        word for word, value in context_for(key).items() if isinstance(value, str) and word not in ("code", "link", "digits")
    ]
    context = context_for(key, **dict.fromkeys(texts, LONG))
    letter = letters.written(key, name=LONG, context=context)

    assert segments(letters.sms_in_all(key, letter.sms)).count <= rules.MOST_SEGMENTS
    assert str(context["link"]) in letter.sms
    assert str(context["digits" if key == "help_code" else "code"]) in letter.sms


def test_what_is_cut_is_the_longest_fact_and_else_our_own_words_go():
    words = words_with(sms="{mã hồ sơ} {thủ tục}: {đường dẫn}")
    cut = letters.written("received", name="Minh", context=context_for("received", procedure=LONG * 2), words=words).sms
    assert cut.startswith("H98.1-251117-0011 Uy ban nhan dan phuong Song Cai Moi Mo Rong Uy ban nhan d...: https")

    far = "https://" + "duong-dan-dai." * 20 + "vn/"
    words = words_with(sms="Đã nhận " * 20 + "{mã hồ sơ}: {đường dẫn}")
    ours = letters.written("received", name="Minh", context=context_for("received", link=far), words=words).sms
    assert ours.startswith("Da nhan ho so H98.1-251117-0011")
    assert ours.endswith(far)


def test_places_are_found_without_marks_and_nothing_in_words_is_run():
    context = context_for("received", code="{thủ tục} {{ 7 * 7 }} {% x %}")
    words = words_with(body="Hẹn {HEN TRA}. {mã hồ sơ}\nNơi trả: {nơi trả}", subject="{mã hồ sơ}")
    letter = letters.written("received", name="Minh", context={**context, "return_place": ""}, words=words)

    assert "Hẹn 18/11/2025 09:00. {thủ tục} {{ 7 * 7 }} {% x %}" in letter.body
    assert "Nơi trả" not in letter.body
    assert letter.subject == "{thủ tục} {{ 7 * 7 }} {% x %}"


def test_a_version_with_a_place_that_is_gone_falls_back_to_the_shipped_words():
    letter = letters.written("received", name="Minh", context=context_for("received"), words=words_with(body="{đã mất}"))

    assert letter == letters.written("received", name="Minh", context=context_for("received"))


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=200))
def test_no_words_that_pass_the_check_fail_to_be_written(subject, body, sms):
    words = letters.Words(subject=subject, body=body, sms=sms)
    if not unfit("received", words):
        letters.written("received", name="Minh", context=context_for("received"), words=words)


def test_routes_name_every_way_once():
    assert all(
        tuple(way for chain in chains for way in chain) in set(permutations(rules.WAYS)) for chains in rules.ROUTES.values()
    )
    assert rules.ROUTES.keys() == rules.ROUTE_LABELS.keys()
