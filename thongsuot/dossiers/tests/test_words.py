"""How deadlines, history and filled-in forms are told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from thongsuot.dossiers import events, rules, words
from thongsuot.dossiers.models.dossier import Status
from thongsuot.kernel.history import HistoryRow
from thongsuot.kernel.working_time import VIET_NAM

AT = datetime(2025, 10, 13, 17, tzinfo=VIET_NAM)
OK, NEAR, LATE, HOLD, DONE = rules.Pace


def due(pace, *, left=2, over=0, in_hours=False):
    return rules.Due(pace=pace, blocks=5, used=3, over=over, left=left, in_hours=in_hours, at=AT)


@pytest.mark.parametrize(
    ("one", "status", "to_officer", "to_owner"),
    [
        (due(OK), Status.PROCESSING, "Còn 2 ngày", "Đúng tiến độ, còn 2 ngày làm việc"),
        (due(NEAR, left=0), Status.PROCESSING, "Đến hạn hôm nay", "Đúng tiến độ, hẹn trả hôm nay"),
        (due(NEAR, left=3, in_hours=True), Status.RECEIVED, "Còn 3 giờ", "Đúng tiến độ, còn 3 giờ làm việc"),
        (due(LATE, over=1), Status.PROCESSING, "Quá hạn 1 ngày", "Đã quá hẹn 1 ngày làm việc"),
        (due(LATE, over=9, in_hours=True), Status.PROCESSING, "Quá hạn 9 giờ", "Đã quá hẹn 9 giờ làm việc"),
        (due(LATE, over=24, in_hours=True), Status.PROCESSING, "Quá hạn 3 ngày", "Đã quá hẹn 3 ngày làm việc"),
        (due(HOLD), Status.SUPPLEMENT_REQUESTED, "Đang dừng, còn 2 ngày", "Đang chờ bạn bổ sung, đồng hồ dừng"),
        (due(HOLD), Status.PAYMENT_REQUESTED, "Đang dừng, còn 2 ngày", "Đang chờ bạn nộp tiền theo thông báo, đồng hồ dừng"),
        (due(OK, left=8, in_hours=True), Status.REGISTERED, "Còn 8 giờ", "Nơi nhận trả lời trong 8 giờ làm việc"),
        (due(LATE, over=2, in_hours=True), Status.REGISTERED, "Quá hạn 2 giờ", "Nơi nhận chậm trả lời 2 giờ làm việc"),
        (due(DONE), Status.RESOLVED, "Xong đúng hạn", "Xong đúng hạn"),
        (due(LATE, over=2), Status.RETURNED, "Xong, trễ 2 ngày", "Xong, trễ 2 ngày"),
        (due(DONE), Status.WITHDRAWN, "Đã dừng", "Đã dừng"),
    ],
)
def test_a_deadline_is_told_to_officer_and_owner(one, status, to_officer, to_owner):
    assert words.due_words(one, status=status).text == to_officer
    assert words.due_words(one, status=status, to_owner=True).text == to_owner


def test_every_status_has_news_for_the_owner_and_lateness_is_owned_up_to():
    kinds = {status: words.owner_news(status)[0] for status in Status}
    assert {status for status, kind in kinds.items() if kind == "warn"} == rules.PAUSED
    for status in Status:
        late = words.owner_news(status, late=True)
        assert ("xin lỗi" in late[1]) == (status in (Status.REGISTERED, Status.RECEIVED, Status.PROCESSING))


def row(kind, actor="Nguyễn Thị Lan", post="Công chức tiếp nhận", **facts):
    return HistoryRow(
        number=1, name=kind.name, label=str(kind.label), at=AT, actor_name=actor, actor_post=post, unit_id=None, facts=facts
    )


def test_history_tells_what_a_line_needs_to_say():
    later = (AT + timedelta(days=2)).isoformat()
    asked = words.history_words(row(events.SUPPLEMENT_REQUESTED, slip=7, items=["Ảnh", "Đơn"], answer_until=later))
    assert (asked.state, asked.lines) == (
        "hold",
        [
            "13/10/2025 17:00. Nguyễn Thị Lan, Công chức tiếp nhận",
            "– Ảnh",
            "– Đơn",
            "Phiếu số 7. Chờ bổ sung đến 15/10/2025 17:00.",
        ],
    )
    moved = words.history_words(row(events.SUPPLEMENTED, due_before=AT.isoformat(), due_after=later))
    assert moved.lines[1:] == ["Hẹn trả từ 13/10/2025 17:00 thành 15/10/2025 17:00."]
    kept = words.history_words(row(events.SUPPLEMENTED, due_before=later, due_after=later))
    assert kept.lines[1:] == ["Hẹn trả giữ 15/10/2025 17:00."]
    step = words.history_words(row(events.FORWARDED, step_name="Thẩm định", note="xem kỹ"))
    assert (step.title, step.lines[1:]) == ("Đã chuyển sang bước “Thẩm định”", ["xem kỹ"])


def test_the_owner_reads_posts_not_names_and_no_remarks():
    step = words.history_words(row(events.FORWARDED, step_name="Thẩm định", note="xem kỹ"), to_owner=True)
    assert step.lines == ["13/10/2025 17:00. Công chức tiếp nhận"]
    own = words.history_words(row(events.SUBMITTED, actor="Người dân", post=""), to_owner=True)
    assert own.lines == ["13/10/2025 17:00. Người dân"]


@pytest.mark.parametrize("kind", [kind for name, kind in vars(events).items() if name.isupper()])
@pytest.mark.parametrize("to_owner", [True, False])
def test_every_event_can_be_told_even_without_its_facts(kind, to_owner):
    told = words.history_words(row(kind), to_owner=to_owner)
    assert told.title
    assert all(told.lines)


def test_a_rating_never_tells_its_level_in_the_history():
    told = words.history_words(row(events.RATED, actor="Người dân", post="", level=1))
    assert told.lines == ["13/10/2025 17:00. Người dân"]


SCHEMA = {
    "properties": {
        "name": {"type": "string", "title": "Họ tên"},
        "born": {"type": "string", "format": "date", "title": "Ngày sinh"},
        "sex": {"type": "string", "title": "Giới tính", "enum": ["f"], "x-labels": {"f": "Nữ"}},
        "poor": {"type": "boolean", "title": "Hộ nghèo"},
        "count": {"type": "integer", "title": "Số bản"},
        "rows": {"type": "array", "title": "Giấy tờ", "items": {"properties": {"kind": {"type": "string", "title": "Loại"}}}},
    }
}


def test_a_filled_in_form_reads_as_titles_and_answers():
    data = {
        "name": "Minh",
        "born": "2025-01-05",
        "sex": "f",
        "poor": True,
        "count": 1200,
        "rows": [{"kind": "Bằng"}, {"kind": "Đơn"}],
    }
    assert words.form_words(SCHEMA, data) == [
        ("Họ tên", "Minh"),
        ("Ngày sinh", "05/01/2025"),
        ("Giới tính", "Nữ"),
        ("Hộ nghèo", "Có"),
        ("Số bản", "1.200"),
        ("Giấy tờ, dòng 1", "Loại: Bằng"),
        ("Giấy tờ, dòng 2", "Loại: Đơn"),
    ]
    assert words.form_words(SCHEMA, {"name": "", "poor": False, "rows": [], "count": 0}) == [("Số bản", "0")]
    assert words.form_words(SCHEMA, {"born": "31/2/2025", "count": "hai", "sex": "x"}) == [
        ("Ngày sinh", "31/2/2025"),
        ("Giới tính", "x"),
        ("Số bản", "hai"),
    ]


@pytest.mark.parametrize(("size", "said"), [(0, "1 KB"), (812 * 1024, "812 KB"), (int(2.44 * 2**20), "2,4 MB")])
def test_sizes(size, said):
    assert words.size_words(size) == said
