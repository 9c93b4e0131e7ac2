"""The e-process as a graph: what passes the check runs through, for every dossier and within the limit."""

from __future__ import annotations

import re
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thongsuot.kernel.deadlines import Limit, LimitUnit
from thongsuot.kernel.text import nfc
from thongsuot.procedures import rules, words
from thongsuot.procedures.catalogue_files import entries
from thongsuot.procedures.content import Condition, Step, Way
from thongsuot.procedures.differences import step_changes
from thongsuot.procedures.drawing import Edge, Node, drawn
from thongsuot.procedures.picture import picture
from thongsuot.procedures.rules import Answers, check_steps, edits
from thongsuot.procedures.tests.processes import (
    ASSIGN,
    FIELDS,
    HAND_BACK,
    ISSUE,
    PROCESS,
    RECEIVE,
    REVIEW,
    SCHEMA,
    SIGN,
    THREE_DAYS,
    answers,
    branching,
    drawn_steps,
    limit_of,
    shipped,
    step,
    way,
)

LANE_NAME = re.compile(r'<text class="flow__head"><tspan[^>]*>([^<]*)')


def test_a_process_that_branches_passes_and_each_dossier_goes_its_way():
    steps = branching()

    assert check_steps(steps, THREE_DAYS, FIELDS) == []
    assert rules.path_from(steps, None, Answers(form={"form": "paper"})) == [0, 1, 2, 3, 4]
    assert rules.path_from(steps, None, Answers(form={"form": "electronic"})) == [0, 1, 2, 4]
    assert rules.path_from(steps, None, Answers()) == [0, 1, 2, 3, 4]
    assert rules.counted_minutes(steps) == 24 * 60
    assert rules.shortest_minutes(steps) == 16 * 60
    assert [len(path) for path in rules.paths(steps)] == [4, 5]


def test_without_branches_the_next_step_is_the_next_in_order():
    steps = rules.default_steps(THREE_DAYS)

    assert rules.path_from(steps, None, Answers()) == list(range(7))
    assert rules.next_step(steps, 6, Answers()) is None
    assert rules.next_step(steps, None, Answers()) == 0
    assert not rules.branches(steps)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ky": {"ways": (way("tra", "form.form", "electronic"),)}}, "đúng một hướng"),
        ({"ky": {"ways": (way("tra"), way("in"))}}, "đúng một hướng"),
        ({"ky": {"ways": (way("nhan", "form.form", "electronic"), way("in"))}}, "phía sau"),
        ({"ky": {"ways": (way("ky", "form.form", "electronic"), way("in"))}}, "phía sau"),
        ({"ky": {"ways": (way("mat", "form.form", "electronic"), way("in"))}}, "không còn"),
        ({"ky": {"ways": (way("tra"),)}}, "Không hồ sơ nào đi tới"),
        ({"ky": {"ways": (way("tra", "form.khac", "electronic"), way("in"))}}, "không có"),
        ({"ky": {"ways": (way("tra", "form.form", "vàng"), way("in"))}}, "không có"),
        ({"ky": {"ways": (way("tra", "channel", "2"), way("in"))}}, "không có"),
        ({"ky": {"ways": (way("tra", "channel", True), way("in"))}}, "không có"),
        ({"ky": {"ways": (way("tra", "form.urgent", 1), way("in"))}}, "không có"),
        ({"ky": {"ways": (way("tra", "form.copies", -1, "at_least"), way("in"))}}, "không có"),
        ({"ky": {"ways": (way("tra", "channel", 2), way("in", "channel", 2), way("in"))}}, "cùng một điều kiện"),
        ({"nhan": {"ways": (way("in", "channel", 2), way("lam"))}}, "chưa được ký"),
        ({"nhan": {"ways": (way("ky", "channel", 2), way("lam"))}}, "chưa có dự thảo"),
        ({"in": {"duty": PROCESS}}, "Thứ tự các bước"),
        ({"lam": {"agency": "taxx"}}, "cơ quan phối hợp “taxx” không có trong danh mục"),
        ({"in": {"minutes": 540}}, "đường dài nhất là 25 giờ"),
        ({"tra": {"duty": ISSUE, "counted": True, "minutes": 60}}, "kết thúc ở một bước trả kết quả"),
        ({"in": {"duty": HAND_BACK, "counted": False}}, "kết thúc ở một bước trả kết quả"),
    ],
)
def test_what_cannot_run_is_named(changes, said):
    problems = check_steps(branching(**changes), THREE_DAYS, FIELDS)

    assert any(said in problem for problem in problems), problems


OWN, PARTNER = {"key": "xet", "duty": PROCESS}, {"key": "thue", "duty": PROCESS, "agency": "tax"}


@pytest.mark.parametrize(
    ("between", "said"),
    [
        ([PARTNER], "không còn bước xử lý nào"),
        ([OWN, PARTNER], "không còn bước xử lý nào"),
        ([PARTNER, OWN, {**PARTNER, "key": "dat"}, {"key": "soat", "duty": REVIEW}], "không còn bước xử lý nào"),
        ([OWN, {**PARTNER, "ways": (way("lai", "channel", 2), way("ky"))}, {**OWN, "key": "lai"}], "không còn bước xử lý nào"),
        ([{"key": "soat", "duty": REVIEW}], "chưa có dự thảo"),
        ([PARTNER, OWN], ""),
        ([OWN, PARTNER, {**OWN, "key": "lai"}, {"key": "soat", "duty": REVIEW}], ""),
        ([{**OWN, "ways": (way("thue", "channel", 2), way("ky"))}, PARTNER, {**OWN, "key": "lai"}], ""),
    ],
)
def test_the_unit_works_after_its_last_partner_or_there_is_nothing_to_sign(between, said):
    """As the desk does: the draft is asked of the unit's last work, and of no work while a partner is still ahead."""
    steps = [step("nhan", RECEIVE), *(step(**one) for one in between), step("ky", SIGN), step("tra", HAND_BACK)]

    problems = check_steps(steps, limit_of(steps), FIELDS)

    assert len(problems) == bool(said), problems
    assert all(said in one for one in problems)


def test_every_shipped_process_passes_the_check():
    for entry in entries():
        for _day, draft in entry.versions:
            assert rules.check_draft(draft) == {}, entry.code


def test_a_problem_says_which_step_it_is_about():
    found = rules.step_problems(branching(ky={"ways": (way("mat", "channel", 2), way("in"))}), THREE_DAYS, FIELDS)

    assert [(one.step, one.part, one.way) for one in found] == [(2, "ways", 0)]


def test_more_steps_than_a_page_can_hold_are_refused_at_once():
    many = [step(f"k{n}", PROCESS) for n in range(rules.MOST_STEPS + 1)]

    assert check_steps(many, THREE_DAYS) == ["Quy trình có nhiều nhất 20 bước."]


@settings(max_examples=150)
@given(drawn_steps(), st.lists(answers, min_size=1, max_size=4))
def test_what_passes_the_check_leads_every_dossier_to_the_hand_back_in_time(steps, several):
    limit = limit_of(steps)
    if check_steps(steps, limit, FIELDS):
        return
    allowed = rules.limit_in_minutes(limit)

    assert rules.reachable(steps) == set(range(len(steps)))
    for state in range(len(steps)):
        for one in several:
            path = [state, *rules.path_from(steps, state, one)]
            assert steps[path[-1]].duty == HAND_BACK
            assert path == sorted(set(path))
    longest = 0
    for path in rules.paths(steps):
        duties = [steps[place].duty for place in path]
        assert duties[0] == RECEIVE
        assert duties[-1] == HAND_BACK
        assert SIGN in duties
        minutes = sum(steps[place].minutes for place in path)
        assert minutes <= allowed
        longest = max(longest, minutes)
    assert longest == allowed


@settings(max_examples=60)
@given(drawn_steps())
def test_some_drawings_pass_and_the_check_only_ever_speaks(steps):
    assert all(isinstance(one, str) for one in check_steps(steps, limit_of(steps), FIELDS))
    assert all(isinstance(one, str) for one in check_steps(steps[1:], THREE_DAYS, {}))


# -- conditions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "form", "expected"),
    [
        (Condition(field="form.form", value="paper"), {"form": "paper"}, True),
        (Condition(field="form.form", value="paper"), {}, False),
        (Condition(field="form.form", op="is_not", value="paper"), {}, True),
        (Condition(field="form.urgent", value=True), {"urgent": True}, True),
        (Condition(field="form.urgent", value=False), {}, True),
        (Condition(field="form.urgent", value=True), {"urgent": 1}, True),
        (Condition(field="form.copies", op="at_least", value=2), {"copies": 2}, True),
        (Condition(field="form.copies", op="at_least", value=2), {"copies": "9"}, False),
        (Condition(field="form.copies", op="at_most", value=2), {}, False),
        (Condition(field="form.copies", value=1), {"copies": True}, False),
        (Condition(field="form.place", op="answered"), {"place": "Hà Nội"}, True),
        (Condition(field="form.place", op="answered"), {"place": ""}, False),
        (Condition(field="form.place", op="not_answered"), {}, True),
        (Condition(field="channel", value=2), {}, True),
        (Condition(field="owner_kind", op="is_not", value=1), {}, False),
        (Condition(field="quantity.pages", op="at_least", value=10), {}, True),
        (Condition(field="__class__", value="x"), {}, False),
    ],
)
def test_a_condition_holds_or_not(condition, form, expected):
    assert rules.holds(condition, Answers(channel=2, form=form, quantities={"pages": 12})) is expected


def test_conditions_are_sentences():
    def said(*facts):
        return words.condition_words(Condition(field=facts[0], op=facts[1], value=facts[2]), FIELDS)

    assert said("channel", "is", 2) == "Khi “Cách nộp” là “trực tuyến”"
    assert said("form.form", "is_not", "paper") == "Khi “Nhận kết quả” không phải “Bản giấy”"
    assert said("form.urgent", "is", False) == "Khi không đánh dấu “Cần gấp”"
    assert said("form.copies", "at_least", 3) == "Khi “Số bản” từ 3 trở lên"
    assert said("form.place", "answered", "") == "Khi có ghi “Nơi đã đăng ký”"
    assert "không còn" in said("form.gone", "is", "x")
    assert words.ways_words(branching(), 2, FIELDS) == [
        "Khi “Nhận kết quả” là “Bản điện tử”: sang “Bước tra”.",
        "Các trường hợp còn lại: sang “Bước in”.",
    ]


# -- drawing -----------------------------------------------------------------------------------------------------------


def crosses(line, box) -> bool:
    """Does a straight piece of a line run through the inside of a box?"""
    (x1, y1), (x2, y2) = line
    left, right, top, bottom = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
    return left < box.x + box.width and right > box.x and top < box.y + box.height and bottom > box.y


@settings(max_examples=80)
@given(st.data(), st.booleans())
def test_no_line_ever_crosses_a_box(data, down):
    lanes = data.draw(st.integers(1, 4))
    nodes = [
        Node(id=f"n{place}", lane=data.draw(st.integers(0, lanes - 1)), length=40, breadth=100)
        for place in range(data.draw(st.integers(2, 9)))
    ]
    edges = []
    for place in range(len(nodes) - 1):
        for to in data.draw(st.sets(st.integers(place + 1, len(nodes) - 1), min_size=1, max_size=3)):
            edges.append(
                Edge(id=f"{place}-{to}", source=f"n{place}", target=f"n{to}", room=data.draw(st.sampled_from([0, 28])))
            )

    plan = drawn(nodes, edges, lanes=lanes, breadth=100, head=30, down=down)

    assert set(plan.lines) == {edge.id for edge in edges}
    for name, points in plan.lines.items():
        assert all(0 <= x <= plan.width and 0 <= y <= plan.height for x, y in points)
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(points)), "only straight pieces"
        for piece in pairwise(points):
            for box in plan.boxes.values():
                assert not crosses(piece, box), (name, piece, box)
    for node in nodes:
        box, lane = plan.boxes[node.id], plan.lanes[node.lane]
        assert lane.x <= box.x
        assert box.x + box.width <= lane.x + lane.width
        assert lane.y <= box.y
        assert box.y + box.height <= lane.y + lane.height


def test_the_picture_shows_who_does_what_and_where_a_dossier_stands():
    drawing = picture(branching(), FIELDS, {0: "done", 1: "now", 3: "skipped"})

    assert drawing.svg.count("<rect") == 3 + 5  # lanes and steps
    assert "style=" not in drawing.svg
    assert 'role="img"' in drawing.svg
    assert "Đang ở bước này" in drawing.svg
    assert "Không qua bước này" in drawing.svg
    assert "Bản điện tử" in drawing.svg
    assert [line.time for line in drawing.lines] == ["4 giờ", "8 giờ", "4 giờ", "8 giờ", "không tính thời gian"]
    assert drawing.lines[2].ways[0].startswith("Khi “Nhận kết quả”")


LAND = "1.013978"  # the first certificate of a piece of land: the land registry and the tax office have a leg each


def test_the_picture_of_the_land_process_has_a_lane_for_each_partner():
    drawing = picture(shipped(LAND), {})

    assert LANE_NAME.findall(drawing.svg) == [
        "Trung tâm Phục vụ hành",
        "Phòng Kinh tế",
        "Văn phòng đăng ký đất",
        "Cơ quan thuế",
        "Lãnh đạo Ủy ban nhân dân",
        "Văn phòng HĐND và UBND",
    ]
    assert [line.place for line in drawing.lines][3:5] == ["Văn phòng đăng ký đất đai", "Cơ quan thuế"]
    assert [line.also for line in drawing.lines if line.also] == [["ra thông báo nộp tiền"]]
    assert "ra thông báo nộp tiền" in drawing.svg


@pytest.mark.parametrize(
    ("change", "gone", "new"),
    [
        ({"agency": "land_registration"}, "Cơ quan thuế", "Văn phòng đăng ký đất đai"),
        ({"asks_payment": False}, "ra thông báo nộp tiền", ""),
        ({"silence_basis": "Điều 5 Nghị định 1"}, "", "im lặng là đồng ý theo Điều 5 Nghị định 1"),
    ],
)
def test_another_partner_payment_notice_or_silence_is_a_difference(change, gone, new):
    steps = shipped(LAND)
    changed = [msgspec.structs.replace(one, **change) if one.key == "tax" else one for one in steps]

    [told], reordered = step_changes(steps, changed, {})

    assert not reordered
    assert gone in told.before[0]
    assert not gone or gone not in told.after[0]
    assert new in told.after[0]


def test_a_picture_of_anything_is_drawn_and_harmless():
    nasty = [step("a", RECEIVE, ways=(Way(to="a"), Way(to="gone"))), Step(key="b", name="<script>", duty="x", minutes=5)]

    assert picture([], FIELDS).lines == []
    assert "<script>" not in picture(nasty, {}).svg
    assert "&lt;script&gt;" in picture(nasty, {}).svg


# -- edits -------------------------------------------------------------------------------------------------------------


def test_steps_are_added_moved_and_taken_out_with_the_ways_to_them():
    steps, key = edits.added(branching(), 0, name="Bước mới")
    assert [one.key for one in steps] == ["nhan", key, "lam", "ky", "in", "tra"]
    assert steps[1].body_kind == "service_centre"

    moved = edits.moved(steps, 1, +1)
    assert [one.key for one in moved] == ["nhan", "lam", key, "ky", "in", "tra"]
    assert edits.moved(moved, 0, -1) == moved

    gone = edits.removed(branching(), 3)
    assert [one.key for one in gone] == ["nhan", "lam", "ky", "tra"]
    assert {one.to for one in gone[2].ways} == {"tra"}

    forked = edits.with_way(branching(), 1)
    assert [(one.to, one.when is None) for one in forked[1].ways] == [("in", False), ("ky", True)]
    assert edits.without_way(forked, 1, 0)[1].ways == (Way(to="ky"),)
    assert edits.without_way(forked, 1, 5) == forked
    assert rules.tidy(edits.without_way(forked, 1, 0)) == tuple(branching())


def test_fields_of_a_version_can_be_asked_for():
    assert set(FIELDS) == {"channel", "owner_kind", "form.form", "form.urgent", "form.copies", "form.place"}
    assert FIELDS["form.form"].choices == (("paper", "Bản giấy"), ("electronic", "Bản điện tử"))
    assert rules.condition_fields(SCHEMA) == FIELDS
    assert nfc(FIELDS["form.place"].title) == "Nơi đã đăng ký"


def test_a_step_stored_before_there_were_branches_reads_as_ever():
    stored = {"key": "a", "name": "A", "duty": ASSIGN, "minutes": 60}
    assert msgspec.convert(stored, Step).ways == ()
    assert msgspec.to_builtins(msgspec.convert(stored, Step)) == stored
    assert Limit(1, LimitUnit.SAME_DAY)
