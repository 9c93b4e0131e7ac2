"""Arranging: categories, questions, who answers, limits and numbers from a day on, accounts from a list, drills."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from thongsuot.feedback import actions
from thongsuot.feedback.actions import errors
from thongsuot.feedback.facts import CategoryFacts, LimitFacts, QuestionFacts
from thongsuot.feedback.models import Category, CategoryQuestion, Competence, FeedbackTicket, Setting, TimeLimit
from thongsuot.feedback.queries import arranging
from thongsuot.feedback.queries.readiness import last_drill, readiness
from thongsuot.feedback.queries.settings import limit, setting, shipped
from thongsuot.feedback.rules.numbers import KEYS
from thongsuot.feedback.sheets import ACCOUNTS, COMPETENCES
from thongsuot.feedback.tests.make import DAY, HOUR, MONDAY
from thongsuot.files.table_rows import RowsRefused
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.models import Event
from thongsuot.kernel.remember import forget_all
from thongsuot.people.models import Appointment, Person

TODAY = date(2025, 10, 6)
TOMORROW = TODAY + timedelta(days=1)
BRIDGE: dict[str, Any] = {
    "name": "Cầu hỏng",
    "group": "Đường, vỉa hè",
    "stream": "scene",
    "keywords": ["Cầu", "lan can", "cầu"],
}


def a_list(columns, *rows: str) -> bytes:
    return "\n".join([",".join(str(one.heading) for one in columns), *rows, ""]).encode()


def bad_input(refusal) -> set[str]:
    return set(refusal.value.problems)


def pothole() -> Category:
    return Category.objects.get(code="o-ga")


# -- categories ------------------------------------------------------------------------------------------------------------


def test_a_new_category_is_reported_from_its_day_on_and_the_ward_answers(desk):
    manager = desk.actor("quan")
    made = actions.add_category(desk.whole, "cau-hong", CategoryFacts(**BRIDGE), valid_from=TOMORROW, actor=manager, at=MONDAY)

    assert made.keywords == ["cau", "lan can"]
    with pytest.raises(errors.UnknownCategory):
        desk.report(category="cau-hong")
    assert desk.report(MONDAY + DAY, category="cau-hong").unit_id == desk.river


@pytest.mark.parametrize(
    ("code", "said", "day", "wrong"),
    [
        ("o-ga", {}, TODAY, {"code"}),
        ("Ổ gà", {}, TODAY, {"code"}),
        ("-a", {}, TODAY, {"code"}),
        ("a" * 41, {}, TODAY, {"code"}),
        ("cau", {"name": " ", "group": "x" * 81, "description": "x" * 501}, TODAY, {"name", "group", "description"}),
        ("cau", {"stream": "none", "urgency": "none"}, TODAY, {"stream", "urgency"}),
        ("cau", {"same_metres": -1, "same_days": 366, "place": 10**9}, TODAY, {"same_metres", "same_days", "place"}),
        ("cau", {"keywords": ["x" * 41]}, TODAY, {"keywords"}),
        ("cau", {}, TODAY - timedelta(days=1), {"valid_from"}),
        ("cau", {}, date(2199, 12, 31), {"valid_from"}),
    ],
)
def test_what_cannot_be_a_category_is_refused_and_nothing_is_stored(desk, code, said, day, wrong):
    before = Category.objects.count(), Event.objects.count()
    with pytest.raises(BadInput) as refusal:
        actions.add_category(
            desk.whole, code, CategoryFacts(**(BRIDGE | said)), valid_from=day, actor=desk.actor("quan"), at=MONDAY
        )

    assert bad_input(refusal) == wrong
    assert (Category.objects.count(), Event.objects.count()) == before


def test_a_category_changes_at_once_but_not_its_stream_once_it_was_reported(desk):
    found, manager = pothole(), desk.actor("quan")
    told = {name: getattr(found, name) for name in CategoryFacts.__dataclass_fields__}
    with pytest.raises(errors.NothingChanged):
        actions.change_category(found.pk, CategoryFacts(**told), actor=manager, at=MONDAY)

    ticket = desk.report()
    actions.change_category(found.pk, CategoryFacts(**(told | {"urgency": "urgent"})), actor=manager, at=MONDAY)
    ticket.refresh_from_db()
    assert (ticket.urgency, desk.report(MONDAY + HOUR).urgency) == ("normal", "urgent")
    with pytest.raises(errors.StreamIsUsed):
        actions.change_category(found.pk, CategoryFacts(**(told | {"stream": "waste"})), actor=manager, at=MONDAY)
    with pytest.raises(NotFound):
        actions.change_category(10**9, CategoryFacts(**told), actor=manager, at=MONDAY)


def test_a_category_that_ends_tomorrow_takes_reports_today_and_may_go_on(desk):
    found, manager = pothole(), desk.actor("quan")
    for day in (TODAY, TODAY - timedelta(days=1), date(2199, 1, 1)):
        with pytest.raises(BadInput):
            actions.end_category(found.pk, day, actor=manager, at=MONDAY)
    actions.end_category(found.pk, TOMORROW, actor=manager, at=MONDAY)

    assert desk.report().state == "routed"
    with pytest.raises(errors.UnknownCategory):
        desk.report(MONDAY + DAY)
    actions.end_category(found.pk, None, actor=manager, at=MONDAY + DAY)
    assert desk.report(MONDAY + DAY).state == "routed"


def test_nobody_else_arranges(desk):
    acts = (
        lambda by: actions.add_category(desk.whole, "cau", CategoryFacts(**BRIDGE), valid_from=TODAY, actor=by, at=MONDAY),
        lambda by: actions.end_category(pothole().pk, TOMORROW, actor=by, at=MONDAY),
        lambda by: actions.set_setting(desk.whole, "ask_days", 6, basis="QĐ", valid_from=TODAY, actor=by, at=MONDAY),
        lambda by: actions.set_competence(pothole().pk, basis="QĐ", valid_from=TODAY, actor=by, at=MONDAY),
        lambda by: actions.send_accounts(b"", name="a.csv", city_id=desk.whole, actor=by, at=MONDAY),
        lambda by: actions.send_drill(desk.whole, actor=by, at=MONDAY),
        lambda by: actions.close_drill(desk.whole, actor=by, at=MONDAY),
    )
    for name in ("ngan", "truong", "hanh"):
        for act in acts:
            with pytest.raises(NotYourDuty):
                act(desk.actor(name))


# -- questions -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", CategoryQuestion.Kind.values)
def test_each_datatype_of_the_standard_can_be_asked(desk, kind):
    pairs = [("mot", "Một"), ("hai", "Hai")] if kind.endswith("list") else []
    actions.add_question(
        pothole().pk, "moi", kind, QuestionFacts(asks="Hỏi?", required=True, answers=pairs), actor=desk.actor("quan"), at=MONDAY
    )

    with pytest.raises(BadInput):
        desk.report()
    good = {"number": "3", "datetime": "2025-10-06T08:00", "singlevaluelist": "hai", "multivaluelist": ["mot", "hai"]}
    assert desk.report(answers={"moi": good.get(kind, "chữ")}).answers["moi"] == good.get(kind, "chữ")


@pytest.mark.parametrize(
    ("code", "kind", "said", "wrong"),
    [
        ("rong", "string", {}, {"code"}),
        ("moi", "none", {}, {"kind"}),
        ("moi", "string", {"asks": "", "hint": "x" * 201}, {"asks", "hint"}),
        ("moi", "string", {"answers": [("a", "A"), ("b", "B")]}, {"answers"}),
        ("moi", "singlevaluelist", {"answers": [("a", "A")]}, {"answers"}),
        ("moi", "singlevaluelist", {"answers": [("a", "A"), ("a", "B")]}, {"answers"}),
        ("moi", "multivaluelist", {"answers": [("a", "A"), ("B b", "B")]}, {"answers"}),
        ("moi", "multivaluelist", {"answers": [("a", ""), ("b", "B")]}, {"answers"}),
    ],
)
def test_what_cannot_be_asked_is_refused(desk, code, kind, said, wrong):
    before = CategoryQuestion.objects.count()
    with pytest.raises(BadInput) as refusal:
        facts = QuestionFacts(**({"asks": "Hỏi?"} | said))
        actions.add_question(pothole().pk, code, kind, facts, actor=desk.actor("quan"), at=MONDAY)

    assert bad_input(refusal) == wrong
    assert CategoryQuestion.objects.count() == before


def test_what_was_offered_to_choose_is_renamed_and_added_to_never_taken_away(desk):
    asked, manager = CategoryQuestion.objects.get(category=pothole(), code="rong"), desk.actor("quan")
    with pytest.raises(BadInput):
        facts = QuestionFacts(asks="Rộng?", answers=[("nho", "Nhỏ"), ("lon", "Lớn")])
        actions.change_question(asked.pk, facts, actor=manager, at=MONDAY)
    pairs = [("nho", "Bé"), ("vua", "Vừa"), ("lon", "Lớn"), ("rat-lon", "Rất lớn")]
    actions.change_question(asked.pk, QuestionFacts(asks="Rộng?", answers=pairs), actor=manager, at=MONDAY)
    assert desk.report(answers={"rong": "rat-lon"}).answers == {"rong": "rat-lon"}

    actions.end_question(asked.pk, TOMORROW, actor=manager, at=MONDAY)
    assert desk.report(answers={"rong": "vua"}).answers == {"rong": "vua"}
    assert desk.report(MONDAY + DAY, answers={"rong": "vua"}).answers == {}


# -- who answers -----------------------------------------------------------------------------------------------------------


def test_a_competence_for_tomorrow_leaves_todays_reports_where_they_go(desk):
    manager = desk.actor("quan")
    given = {"category_id": pothole().pk, "basis": "QĐ 12", "actor": manager, "at": MONDAY}
    actions.set_competence(handler_id=desk.hill, valid_from=TOMORROW, **given)
    first = desk.report()
    assert first.unit_id == desk.river
    assert desk.report(MONDAY + DAY).unit_id == desk.hill
    first.refresh_from_db()
    assert first.unit_id == desk.river

    actions.set_competence(place_unit_id=desk.river, valid_from=TODAY, **given)
    forget_all()
    assert desk.report(MONDAY + DAY + HOUR).unit_id == desk.river
    own = Competence.objects.get(place_unit=desk.river)
    actions.end_competence(own.pk, TOMORROW, actor=manager, at=MONDAY)
    forget_all()
    assert desk.report(MONDAY + DAY + 2 * HOUR).unit_id == desk.hill
    assert Competence.objects.get(pk=own.pk).valid_to == TOMORROW


def test_what_is_announced_and_taken_out_again_leaves_what_held_before(desk):
    given: dict[str, Any] = {"actor": desk.actor("quan"), "at": MONDAY}
    later = TODAY + timedelta(days=5)
    for place in (desk.river, None):
        said = {"place_unit_id": place, "basis": "QĐ 12", **given}
        first = actions.set_competence(pothole().pk, handler_id=desk.hill, valid_from=TODAY, **said)
        coming = actions.set_competence(pothole().pk, handler_id=desk.whole, valid_from=later, **said)
        first.refresh_from_db()
        assert first.valid_to == later
        actions.end_competence(coming.pk, TODAY, **given)
        first.refresh_from_db()
        assert first.valid_to is None
        assert not Competence.objects.filter(pk=coming.pk).exists()
    forget_all()
    assert desk.report(MONDAY + 6 * DAY).unit_id == desk.hill


def test_what_cannot_be_competent_is_refused(desk):
    given = {"actor": desk.actor("quan"), "at": MONDAY}
    for said, wrong in (
        ({"basis": "", "valid_from": TODAY}, "basis"),
        ({"basis": "QĐ", "valid_from": date(1999, 1, 1)}, "valid_from"),
        ({"basis": "QĐ", "valid_from": date(2199, 1, 1)}, "valid_from"),
        ({"basis": "QĐ", "valid_from": TODAY, "place_unit_id": desk.whole}, "place"),
        ({"basis": "QĐ", "valid_from": TODAY, "handler_id": 10**9}, "handler"),
    ):
        with pytest.raises(BadInput) as refusal:
            actions.set_competence(pothole().pk, **said, **given)
        assert bad_input(refusal) == {wrong}
    general = Competence.objects.get(category=pothole())
    with pytest.raises(NotFound):
        actions.end_competence(general.pk, TOMORROW, **given)
    assert Competence.objects.filter(category=pothole()).count() == 1


def test_a_table_of_competences_comes_in_whole_as_it_left_and_twice_changes_nothing(desk):
    given: dict[str, Any] = {"city_id": desk.whole, "valid_from": TOMORROW, "actor": desk.actor("quan"), "at": MONDAY}
    content = a_list(COMPETENCES, "o-ga,,98002,QĐ 12,,", "o-ga,98001,,QĐ 12,08/10/2025,", "rac-thai,,98,QĐ 13,,Thành phố")
    sent = actions.send_competences(content, name="a.csv", **given)
    assert not Competence.objects.filter(basis__startswith="QĐ").exists()

    assert actions.import_competences(sent.pk, **given).figures == {"rows": 3, "changed": 3, "same": 0, "categories": 2}
    assert actions.import_competences(sent.pk, **given).figures["changed"] == 0
    assert desk.report(MONDAY).unit_id == desk.river
    assert desk.report(MONDAY + DAY).unit_id == desk.hill
    assert desk.report(MONDAY + 2 * DAY).unit_id == desk.river
    cells = list(arranging.competence_cells(desk.whole, on=TOMORROW))
    assert ["o-ga", "", "98002", "QĐ 12", ""] in [row[:5] for row in cells]
    assert ["o-ga", "98001", "", "QĐ 12", "08/10/2025"] in [row[:5] for row in cells]
    with pytest.raises(NotFound):
        actions.import_competences(10**9, **given)


def test_a_table_of_every_ward_and_category_comes_in_with_few_questions(desk, django_assert_max_num_queries):
    codes = Category.objects.values_list("code", flat=True)
    rows = [f"{code},{ward},98002,QĐ 12,," for code in codes for ward in ("98001", "98002")]
    given: dict[str, Any] = {"city_id": desk.whole, "valid_from": TOMORROW, "actor": desk.actor("quan"), "at": MONDAY}
    sent = actions.send_competences(a_list(COMPETENCES, *rows), name="a.csv", **given)
    with django_assert_max_num_queries(25):
        assert actions.import_competences(sent.pk, **given).figures["changed"] == 52
    later = a_list(COMPETENCES, "o-ga,98001,,QĐ 13,10/10/2025,", "o-ga,98001,98,QĐ 14,09/10/2025,")
    actions.import_competences(actions.send_competences(later, name="b.csv", **given).pk, **given)
    held = Competence.objects.filter(category=pothole(), place_unit=desk.river).order_by("valid_from")
    assert [(str(row.valid_from)[-2:], row.valid_to and str(row.valid_to)[-2:], row.handler_id) for row in held] == [
        ("07", "09", desk.hill),
        ("09", "10", desk.whole),
        ("10", None, None),
    ]


def test_one_bad_row_holds_all_of_a_table_up_and_every_one_is_told(desk):
    content = a_list(
        COMPETENCES,
        "o-ga,,98002,QĐ 12,,",
        "khong-co,99999,99998,,31/02/2026,",
        "o-ga,,98001,QĐ 12,,",
        "rac-thai,,,QĐ,01/01/2199,",
    )
    with pytest.raises(RowsRefused) as refusal:
        actions.send_competences(
            content, name="a.csv", city_id=desk.whole, valid_from=TODAY, actor=desk.actor("quan"), at=MONDAY
        )

    assert [(row.place, len(row.problems)) for row in refusal.value.rows] == [(3, 5), (4, 1), (5, 1)]
    assert not Competence.objects.filter(basis="QĐ 12").exists()


# -- limits and numbers ----------------------------------------------------------------------------------------------------


def test_a_limit_for_tomorrow_does_not_touch_todays_tickets(desk):
    facts = LimitFacts(stream="scene", step="answer", urgency="normal", value=2, measure="working_days", basis="QĐ 5")
    before = limit("answer", city_id=desk.whole, stream="scene", urgency="normal", on=TODAY)
    promised = desk.report().due_at
    row = actions.set_limit(desk.whole, facts, valid_from=TOMORROW, actor=desk.actor("quan"), at=MONDAY)
    forget_all()

    assert limit("answer", city_id=desk.whole, stream="scene", urgency="normal", on=TODAY) == before
    again = desk.report(MONDAY + HOUR)
    assert again.due_at is not None
    assert promised is not None
    assert again.due_at - promised <= DAY
    actions.classify(again.pk, urgency="normal", actor=desk.actor("ngan"), at=MONDAY + DAY)
    again.refresh_from_db()
    assert again.due_at > MONDAY + 5 * DAY  # judged by the limit of the day on which it was reported
    assert timezone.localdate(desk.report(MONDAY + DAY).due_at) == TODAY + timedelta(days=3)
    assert [one.value for one in arranging.limit_history(desk.whole, stream="scene", step="answer", urgency="normal")] == [
        2,
        10,
    ]
    assert TimeLimit.objects.get(pk=row.pk).valid_to is None


@pytest.mark.parametrize(
    ("said", "day", "wrong"),
    [
        ({"stream": "x", "step": "x", "urgency": "x", "measure": "x"}, TOMORROW, {"stream", "step", "urgency", "measure"}),
        ({"value": 0}, TOMORROW, {"value"}),
        ({"value": 366}, TOMORROW, {"value"}),
        ({"basis": ""}, TOMORROW, {"basis"}),
        ({}, TODAY, {"valid_from"}),
        ({}, date(2199, 1, 1), {"valid_from"}),
    ],
)
def test_what_cannot_be_a_limit_is_refused(desk, said, day, wrong):
    facts: dict[str, Any] = {"stream": "scene", "step": "answer", "value": 1, "measure": "working_days", "basis": "QĐ"}
    before = TimeLimit.objects.count()
    with pytest.raises(BadInput) as refusal:
        actions.set_limit(desk.whole, LimitFacts(**(facts | said)), valid_from=day, actor=desk.actor("quan"), at=MONDAY)

    assert bad_input(refusal) == wrong
    assert TimeLimit.objects.count() == before


def test_the_table_says_which_limits_are_the_systems_own(desk):
    table = dict(arranging.limit_table(desk.whole, on=TODAY))
    scene = {(row.step, row.urgency): row for row in next(iter(table.values()))}

    assert scene["answer", "normal"].is_default
    assert not scene["publish", ""].is_default
    assert scene["classify", ""].limit.to_check
    assert len(table) == 5


def test_only_steps_whose_clock_runs_have_a_limit(desk):
    """By when to refuse and to ask first the index says, with numbers of its own; what was stored of them limits nothing."""
    said = {"value": 2, "measure": "working_days", "basis": "Quyết định cũ", "valid_from": TODAY}
    TimeLimit.objects.create(city_id=desk.whole, stream="regulation", step="refuse", **said)
    table = arranging.limit_table(desk.whole, on=TODAY)
    assert {row.step for _stream, rows in table for row in rows} == set(TimeLimit.Step.values)
    assert {"index_refuse", "index_ask"} <= {row.key for row in arranging.numbers(desk.whole, on=TODAY)}
    facts = LimitFacts(stream="regulation", urgency="", step="refuse", value=2, measure="working_days", basis="Quyết định mới")
    with pytest.raises(BadInput):
        actions.set_limit(desk.whole, facts, valid_from=TOMORROW, actor=desk.actor("quan"), at=MONDAY)


def test_a_calculator_counts_by_the_citys_calendar(desk):
    friday = MONDAY + 4 * DAY + 7 * HOUR  # 16:00: an hour is left
    found = arranging.reckoned(desk.whole, stream="scene", step="answer", urgency="urgent", sent_at=friday, on=friday.date())

    assert found is not None
    assert timezone.localtime(found.due_at) > MONDAY + 7 * DAY
    assert [rung for rung, _at in found.rungs] == [50, 80, 100]
    assert arranging.reckoned(desk.whole, stream="warning", step="guide", urgency="normal", sent_at=friday, on=TODAY) is None


def test_every_number_that_ships_can_be_set_and_no_other(desk):
    assert list(KEYS) == [row["key"] for row in shipped("settings")]
    assert all(KEYS[row["key"]].least <= int(row["value"]) <= KEYS[row["key"]].most for row in shipped("settings"))
    manager = desk.actor("quan")
    with pytest.raises(NotFound):
        actions.set_setting(desk.whole, "none", 1, basis="QĐ", valid_from=TODAY, actor=manager, at=MONDAY)
    for value, basis, day, wrong in (
        (99, "QĐ", TODAY, "value"),
        (1, "", TODAY, "basis"),
        (1, "QĐ", TODAY - timedelta(days=1), "valid_from"),
    ):
        with pytest.raises(BadInput) as refusal:
            actions.set_setting(desk.whole, "photos_most", value, basis=basis, valid_from=day, actor=manager, at=MONDAY)
        assert bad_input(refusal) == {wrong}
    assert Setting.objects.filter(key="photos_most").count() == 1


def test_a_number_for_tomorrow_holds_from_tomorrow(desk):
    actions.set_setting(desk.whole, "photos_most", 2, basis="QĐ", valid_from=TOMORROW, actor=desk.actor("quan"), at=MONDAY)
    forget_all()

    assert [setting("photos_most", city_id=desk.whole, on=day) for day in (TODAY, TOMORROW)] == [5, 2]
    row = next(row for row in arranging.numbers(desk.whole, on=TODAY) if row.key == "photos_most")
    assert row.is_default
    assert row.next is not None
    assert row.next.value == 2


# -- accounts --------------------------------------------------------------------------------------------------------------


def test_accounts_of_every_unit_come_from_one_list_and_twice_changes_nothing(desk):
    manager = desk.actor("quan")
    Appointment.objects.filter(body__unit=desk.hill).delete()
    lacking = {row.unit.code for row in readiness(desk.whole, on=TODAY) if not row.ready}
    assert lacking == {"98002"}
    content = a_list(
        ACCOUNTS,
        "98002,Lò Thị Mẫu,mau@vidu.vn,0912000999,Chuyên viên,,",
        "98002,Vàng A Thử,thu@vidu.vn,,Phó Chủ tịch,,duyệt",
        "98001,Nguyễn Văn Toàn,toan@vidu.vn,,Chuyên viên,,",
    )
    sent = actions.send_accounts(content, name="a.csv", city_id=desk.whole, actor=manager, at=MONDAY)
    assert not Person.objects.filter(email="mau@vidu.vn").exists()

    done = actions.open_accounts(sent.pk, city_id=desk.whole, actor=manager, at=MONDAY)
    assert done.figures == {"rows": 3, "new": 2, "more": 0, "same": 1, "units": 2}
    assert all(row.ready for row in readiness(desk.whole, on=TODAY))
    again = actions.open_accounts(sent.pk, city_id=desk.whole, actor=manager, at=MONDAY)
    assert again.figures["same"] == 3
    assert "mau@vidu.vn" not in str(list(Event.objects.values_list("facts", flat=True)))


def test_one_bad_row_opens_no_account(desk):
    content = a_list(
        ACCOUNTS,
        "98002,Lò Thị Mẫu,mau@vidu.vn,,Chuyên viên,,",
        "99999,,khong-phai-thu,123,Chuyên viên,,",
        "98001,Người Khác,toan@vidu.vn,,Chuyên viên,,",
        "98001,Lò Thị Hai,mau@vidu.vn,,Không Có,,",
        "98001,Lò Thị Ba,ba@vidu.vn,,Chuyên viên,Phòng lạ,",
        "98001,Lò Thị Bốn,bon@vidu.vn,,Văn thư,,",
        "98001,Lò Thị Năm,nam@vidu.vn,,Chuyên viên,,ký tên",
    )
    with pytest.raises(RowsRefused) as refusal:
        actions.send_accounts(content, name="a.csv", city_id=desk.whole, actor=desk.actor("quan"), at=MONDAY)

    assert [row.place for row in refusal.value.rows] == [3, 4, 5, 6, 7, 8]
    assert not Person.objects.filter(email="mau@vidu.vn").exists()


# -- drills ----------------------------------------------------------------------------------------------------------------


def test_a_drill_reaches_every_unit_outside_the_series_and_is_never_published(desk):
    manager = desk.actor("quan")
    real = desk.report()
    sent = actions.send_drill(desk.whole, actor=manager, at=MONDAY)
    with pytest.raises(errors.DrillRuns):
        actions.send_drill(desk.whole, actor=manager, at=MONDAY)
    following = desk.report(MONDAY + HOUR)

    assert {ticket.unit_id for ticket in sent} == {desk.river, desk.hill}
    assert [ticket.number for ticket in sent] == ["THU98-25-000001", "THU98-25-000002"]
    assert int(following.number[-6:]) == int(real.number[-6:]) + 1
    mine = FeedbackTicket.objects.get(drill=True, unit=desk.river)
    assert mine.next_rung_at is None
    actions.accept(mine.pk, actor=desk.actor("toan"), at=MONDAY)
    mine.refresh_from_db()
    desk.answered(MONDAY, mine)
    with pytest.raises(errors.IsDrill):
        actions.publish(mine.pk, question="Thử", answer="Đã nhận", actor=desk.actor("ngan"), at=MONDAY)

    drill = last_drill(desk.whole, on=TODAY)
    assert drill is not None
    assert drill.figures == {"units": 2, "accepted": 1, "written": 1, "approved": 1}
    assert actions.close_drill(desk.whole, actor=manager, at=MONDAY + HOUR) == 1
    assert not FeedbackTicket.objects.filter(drill=True, ended_at=None).exists()
    with pytest.raises(errors.NoDrill):
        actions.close_drill(desk.whole, actor=manager, at=MONDAY + HOUR)
    actions.send_drill(desk.whole, actor=manager, at=MONDAY + DAY)
    assert set(actions.to_climb(at=MONDAY + 60 * DAY)) == {real.pk, following.pk}
