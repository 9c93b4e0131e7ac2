"""Answers: drafted by one, approved by another, in force from a day, withdrawn with a reason; lists; what was told."""

import io
import threading
import time
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from thongsuot.files.table_rows import RowsRefused
from thongsuot.files.tables import NotATable, template
from thongsuot.kernel.actor import ANYONE, system
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.models import Event
from thongsuot.kernel.tests.at_once import at_once
from thongsuot.knowledge import actions, queries, tasks
from thongsuot.knowledge.models import AnswerUse, Article, ArticleVersion
from thongsuot.knowledge.sheets import COLUMNS
from thongsuot.knowledge.tests.make import ANSWER, QUESTION, SPOKEN, make_office
from thongsuot.notices.models import Notice
from thongsuot.people.drafted import NotInThisState, OtherWords, SamePerson
from thongsuot.people.models import Appointment
from thongsuot.people.tests.make import MONDAY, actor, browser_of, make_officer

TODAY, DAY = MONDAY.date(), timedelta(days=1)


def approve(office, version, **changes):
    said = {"digest": queries.digest_of(version), "valid_from": TODAY, "actor": office.approves, "at": MONDAY, **changes}
    return actions.approve_version(version.pk, **said)


def test_an_answer_holds_from_its_day_until_the_next_one_begins(office):
    first = office.answered()
    second = office.answered(article_id=first.article_id, answer="Nay nộp trực tuyến.", valid_from=TODAY + 5 * DAY)

    def told(day):
        row = queries.answer_for(first.article_id, day)
        return row and (row.version_id, row.answer)

    assert told(TODAY - DAY) is None
    assert told(TODAY + 4 * DAY) == (first.pk, ANSWER)
    assert told(TODAY + 5 * DAY) == (second.pk, "Nay nộp trực tuyến.")
    first.refresh_from_db()
    assert (first.valid_to, second.number) == (TODAY + 5 * DAY, 2)
    assert ("gone", "- Giấy chứng sinh") in queries.changes_between(first, second)
    assert ("new", "Nay nộp trực tuyến.") in queries.changes_between(first, second)


def test_whoever_had_a_hand_in_it_does_not_approve_it(office):
    made = office.submitted()
    Appointment.objects.filter(person=office.keeper).update(duties=["keep answers", "approve answers"])
    events = Event.objects.count()

    with pytest.raises(SamePerson):
        approve(office, made, actor=actor(office.keeper))

    assert Event.objects.count() == events


def test_only_what_was_read_is_approved_and_a_note_sends_it_back(office):
    made = office.submitted()
    with pytest.raises(OtherWords):
        approve(office, made, digest="khác")
    with pytest.raises(BadInput):
        actions.send_back_version(made.pk, note=" ", actor=office.approves, at=MONDAY)
    back = actions.send_back_version(made.pk, note="Thiếu căn cứ", actor=office.approves, at=MONDAY)
    assert (back.state, back.note) == ("draft", "Thiếu căn cứ")
    with pytest.raises(NotInThisState):
        approve(office, made)
    again = office.draft(article_id=made.article_id, answer="Ở phường.")
    assert (again.pk, again.number) == (made.pk, 1)


def test_each_step_asks_its_duty(office):
    clerk = actor(make_officer(office.city.river))
    made = office.draft()
    for act in (
        lambda: office.draft("Câu khác thế nào?", by=clerk),
        lambda: actions.submit_version(made.pk, actor=clerk, at=MONDAY),
        lambda: actions.drop_version(made.pk, actor=clerk, at=MONDAY),
        lambda: actions.looked_again(made.article_id, until=TODAY + DAY, actor=office.writes, at=MONDAY),
        lambda: actions.import_articles(office.city.city.pk, b"", name="a.csv", submit=False, actor=clerk, at=MONDAY),
        lambda: actions.note_told(made.pk, where="counter", actor=ANYONE, at=MONDAY),
    ):
        with pytest.raises(NotYourDuty):
            act()
    actions.submit_version(made.pk, actor=office.writes, at=MONDAY)
    with pytest.raises(NotYourDuty):
        approve(office, made, actor=office.writes)
    with pytest.raises(actions.VersionUnderWay):
        office.draft(article_id=made.article_id)


def test_bad_words_leave_nothing(office):
    for changes in (
        {"answer": "<b>đậm</b>"},
        {"answer": "[x](javascript:alert(1))"},
        {"spoken": "a" * 601},
        {"codes": ("9.999999",)},
        {"look_again_on": TODAY},
        {"unit_id": office.city.city.pk},
    ):
        with pytest.raises(BadInput):
            office.draft(**changes)
    assert not Article.objects.exists()


def test_the_same_question_is_kept_once_for_the_city_and_for_each_unit(office):
    made = office.answered()
    with pytest.raises(BadInput):
        office.draft("đăng ký KHAI SINH cho con ở đâu")
    office.draft(unit_id=office.city.river.pk)
    other = office.draft("Khai sinh cần giấy gì?")
    with pytest.raises(BadInput):
        office.draft(QUESTION, article_id=other.article_id)
    assert Article.objects.exclude(pk=made.article_id).count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_of_the_same_question_at_once_are_one():
    office = make_office()

    went = at_once(*[lambda: office.draft()] * 4)

    assert all(isinstance(one, BadInput) for one in went)
    assert Article.objects.count() == ArticleVersion.objects.count() == 1


def test_a_withdrawn_answer_is_given_no_more_and_says_why(office):
    made = office.answered()
    with pytest.raises(BadInput):
        actions.withdraw_version(made.pk, reason=" ", actor=office.approves, at=MONDAY)
    actions.withdraw_version(made.pk, reason="Luật đã đổi", actor=office.approves, at=MONDAY)

    assert queries.answer_for(made.article_id, TODAY) is None
    assert queries.withdrawn(made.article_id, on=TODAY).withdrawn_because == "Luật đã đổi"
    assert queries.search("khai sinh", on=TODAY) == []
    with pytest.raises(actions.NotInUse):
        actions.withdraw_version(made.pk, reason="Lại", actor=office.approves, at=MONDAY)
    with pytest.raises(actions.NotInUse):
        actions.note_told(made.pk, where="hotline", actor=office.writes, at=MONDAY)


def test_withdrawing_what_has_not_begun_lets_the_one_before_go_on(office):
    first = office.answered()
    coming = office.answered(article_id=first.article_id, answer="Khác.", valid_from=TODAY + 3 * DAY)

    actions.withdraw_version(coming.pk, reason="Hoãn", actor=office.approves, at=MONDAY)

    assert queries.answer_for(first.article_id, TODAY + 9 * DAY).version_id == first.pk


def test_one_answer_holds_after_another_was_withdrawn_before_it_began(office):
    first = office.answered()
    coming = office.answered(article_id=first.article_id, answer="Khác.", valid_from=TODAY + 3 * DAY)
    actions.withdraw_version(coming.pk, reason="Hoãn", actor=office.approves, at=MONDAY)

    third = office.answered(article_id=first.article_id, answer="Mới.", valid_from=TODAY + DAY)

    assert [one.pk for one in queries.answers(TODAY)] == [first.pk]
    for days in (1, 3, 9):
        assert [one.pk for one in queries.answers(TODAY + days * DAY)] == [third.pk]


def test_what_comes_back_is_the_one_that_was_to_begin_that_day_alone(office):
    first = office.answered()
    more = {"article_id": first.article_id, "valid_from": TODAY + 3 * DAY}
    second = office.answered(answer="Hai.", **more)
    third = office.answered(answer="Ba.", **more)

    actions.withdraw_version(third.pk, reason="Nhầm", actor=office.approves, at=MONDAY)

    assert [one.pk for one in queries.answers(TODAY + 2 * DAY)] == [first.pk]
    assert [one.pk for one in queries.answers(TODAY + 3 * DAY)] == [second.pk]


def test_the_database_holds_no_two_answers_of_one_day(office):
    made = office.answered()
    made.pk, made.number = None, 2

    with pytest.raises(IntegrityError), transaction.atomic():
        made.save(force_insert=True)
        connection.check_constraints()


@pytest.mark.django_db(transaction=True)
def test_where_two_answers_held_the_one_approved_last_holds_on():
    """What the migration does to rows of before."""
    office = make_office()
    first = office.answered()
    migration = import_module("thongsuot.knowledge.migrations.0002_one_answer_a_day")
    with connection.cursor() as cursor:
        cursor.execute(migration.DROP)
        second = office.answered(article_id=first.article_id, answer="Hai.", valid_from=TODAY + DAY)
        ArticleVersion.objects.filter(pk=first.pk).update(valid_to=None)
        assert queries.answers(TODAY + DAY).count() == 2
        cursor.execute(migration.ENDED)
        cursor.execute(migration.ONCE)

    assert [one.pk for one in queries.answers(TODAY)] == [first.pk]
    assert [one.pk for one in queries.answers(TODAY + DAY)] == [second.pk]


def test_the_day_an_answer_in_use_is_looked_at_again_is_for_who_approves(office):
    made = office.draft(look_again_on=TODAY + DAY)
    office.draft(article_id=made.article_id, look_again_on=TODAY + 2 * DAY)  # before it was approved: part of the proposal
    actions.submit_version(made.pk, actor=office.writes, at=MONDAY)
    approve(office, made)

    for other in (None, TODAY + 90 * DAY):
        with pytest.raises(NotYourDuty):
            office.draft(article_id=made.article_id, look_again_on=other)
    office.draft(article_id=made.article_id, look_again_on=TODAY + 2 * DAY, topics=("Khác",))
    Appointment.objects.filter(person=office.approver).update(duties=["keep answers", "approve answers"])
    office.draft(article_id=made.article_id, look_again_on=TODAY + 90 * DAY, by=actor(office.approver))

    assert Article.objects.get().look_again_on == TODAY + 90 * DAY
    assert ArticleVersion.objects.filter(state="draft").count() == 1


def test_nobody_writes_over_what_another_kept_meanwhile(office):
    made = office.draft()
    seen = queries.seen_of(made.article, made)
    office.draft(article_id=made.article_id, answer="Của người khác.")

    with pytest.raises(actions.ChangedMeanwhile):
        office.draft(article_id=made.article_id, answer="Của tôi.", seen=seen)

    assert ArticleVersion.objects.get().answer == "Của người khác."
    now = ArticleVersion.objects.get()
    office.draft(article_id=made.article_id, answer="Của cả hai.", seen=queries.seen_of(now.article, now))
    assert ArticleVersion.objects.get().answer == "Của cả hai."


def test_a_version_begun_before_another_was_let_out_does_not_put_the_old_words_back(office):
    first = office.answered()
    seen = queries.seen_of(first.article, None)
    made = office.submitted(article_id=first.article_id, answer="Nộp ở nhà văn hóa.")
    approve(office, made)

    with pytest.raises(actions.ChangedMeanwhile):
        office.draft(article_id=first.article_id, answer="Như cũ.", seen=seen)


def test_a_new_version_begins_with_what_was_let_out_not_with_what_was_given_up(office):
    first = office.answered()
    wrong = office.draft(article_id=first.article_id, answer="Sai.")
    actions.drop_version(wrong.pk, actor=office.writes, at=MONDAY)
    page = browser_of(office.keeper).get(reverse("knowledge:draft", args=[first.article_id]))
    assert (ANSWER[:20] in page.text, ">Sai.<" in page.text) == (True, False)


def test_when_the_day_has_come_a_new_version_is_written_and_its_approver_says_the_next(office):
    made, later = office.answered(look_again_on=TODAY + DAY), MONDAY + 2 * DAY
    new = office.draft(article_id=made.article_id, answer="Mới.", look_again_on=TODAY + DAY, at=later)
    actions.submit_version(new.pk, actor=office.writes, at=later)
    said = {"digest": queries.digest_of(new), "valid_from": later.date(), "actor": office.approves, "at": later}

    for until in (None, TODAY):
        with pytest.raises(BadInput) as refused:
            actions.approve_version(new.pk, until=until, **said)
        assert list(refused.value.problems) == ["until"]
    actions.approve_version(new.pk, until=TODAY + 90 * DAY, **said)
    assert queries.to_review(office.city.city.pk, on=later.date()) == []


def test_where_nobody_keeps_answers_nothing_is_noted_as_told(office):
    made = office.answered(look_again_on=TODAY + DAY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(actions, "staff_with_duty", lambda *_asked, **_more: [])
        patch.setattr(tasks.clock, "now", lambda: MONDAY + DAY)
        tasks.tell_keepers(0)
    assert Article.objects.get(pk=made.article_id).told_at is None
    assert not Event.objects.filter(name="knowledge.keepers_told").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["submit", "approve", "send back", "drop", "withdraw", "draft"])
def test_every_command_waits_for_the_question_before_it_takes_the_version(step):
    """Else two that each have one of both wait for each other for ever."""
    office = make_office()
    made = {"submit": office.draft, "drop": office.draft, "draft": office.draft, "withdraw": office.answered}.get(
        step, office.submitted
    )()
    act = {
        "submit": lambda: actions.submit_version(made.pk, actor=office.writes, at=MONDAY),
        "approve": lambda: approve(office, made),
        "send back": lambda: actions.send_back_version(made.pk, note="Thiếu", actor=office.approves, at=MONDAY),
        "drop": lambda: actions.drop_version(made.pk, actor=office.writes, at=MONDAY),
        "withdraw": lambda: actions.withdraw_version(made.pk, reason="Cũ", actor=office.approves, at=MONDAY),
        "draft": lambda: office.draft(article_id=made.article_id, answer="Khác."),
    }[step]
    faults = []
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=made.article_id)
        other = threading.Thread(target=lambda: faults.extend(at_once(act)))
        other.start()
        with connection.cursor() as cursor:
            ended = time.monotonic() + 30
            while time.monotonic() < ended:
                cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                if cursor.fetchone()[0]:
                    break
        ArticleVersion.objects.select_for_update(nowait=True).get(pk=made.pk)
    other.join(30)

    assert faults == []


@pytest.mark.django_db(transaction=True)
def test_two_lists_of_the_same_questions_in_another_order_do_not_hold_each_other_up():
    office = make_office()
    rows = [(f"Câu số {n} là gì?", "Một.", "Một.", "Luật") for n in range(30)]

    went = at_once(lambda: bring(office, sheet(*rows)), lambda: bring(office, sheet(*reversed(rows))))

    assert [type(fault) for fault in went] == [RowsRefused]
    assert Article.objects.count() == 30


def test_what_is_told_is_counted_by_where_and_names_nobody(office):
    made = office.answered()
    for where in ("hotline", "hotline", "counter"):
        actions.note_told(made.pk, where=where, actor=office.writes, at=MONDAY)
    actions.judge(made.pk, useful=False, at=MONDAY)
    with pytest.raises(NotFound):
        actions.note_told(made.pk, where="useful", actor=office.writes, at=MONDAY)

    (row,) = queries.use_rows(office.city.city.pk, since=TODAY, on=TODAY)

    assert (row.told, row.counts["hotline"], row.counts["counter"], row.useless) == (3, 2, 1, 1)
    assert AnswerUse.objects.count() == 3
    assert not Event.objects.filter(name__in=["knowledge.told", "knowledge.judged"]).exists()


def test_what_must_be_looked_at_again_is_listed_and_its_keepers_are_told_once(office, settings):
    from thongsuot.procedures.tests.make import make_procedure

    settings.PUBLIC_URL = "https://vidu.vn"
    make_procedure("9.000001")
    due = office.answered(look_again_on=TODAY + DAY)
    with_code = office.answered("Phí bao nhiêu tiền?", codes=("9.000001",))
    office.answered("Không hẹn xem lại?")
    tomorrow, city = TODAY + DAY, office.city.city.pk

    assert queries.to_review(city, on=TODAY) == []
    from thongsuot.procedures.models import ProcedureVersion

    ProcedureVersion.objects.update(valid_to=tomorrow)
    found = {row.article.pk: row.why for row in queries.to_review(city, on=tomorrow)}
    assert found == {due.article_id: ("day",), with_code.article_id: ("procedure",)}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tasks.clock, "now", lambda: MONDAY + DAY)
        tasks.tell_keepers(0)
        tasks.tell_keepers(0)
    (first, _second) = Notice.objects.filter(key="answers_to_review").order_by("to_name")
    assert {notice.to_person for notice in Notice.objects.all()} == {office.keeper, office.approver}
    assert (QUESTION in first.body, "Có 2 câu trả lời" in first.subject) == (True, True)

    actions.looked_again(due.article_id, until=TODAY + 90 * DAY, actor=office.approves, at=MONDAY + DAY)
    assert [row.article.pk for row in queries.to_review(city, on=tomorrow)] == [with_code.article_id]
    with pytest.raises(BadInput):
        actions.looked_again(due.article_id, until=TODAY, actor=office.approves, at=MONDAY + DAY)


# -- lists -------------------------------------------------------------------------------------------------------------


def sheet(*rows):
    """Texts in the order of the columns; what is missing is empty."""
    return template("Câu hỏi", COLUMNS, [[*row, *[""] * (len(COLUMNS) - len(row))] for row in rows])


def bring(office, content, *, submit=False, name="cau-hoi.xlsx"):
    return actions.import_articles(office.city.city.pk, content, name=name, submit=submit, actor=office.writes, at=MONDAY)


def test_a_list_comes_in_and_what_leaves_comes_in_again(office):
    made = bring(
        office,
        sheet(
            (
                "Làm căn cước ở đâu?",
                "Ở công an.\n\n- Ảnh\n- Vân tay",
                "Ở công an.",
                "Luật Căn cước",
                "Cư trú",
                "đổi thẻ\nmất thẻ",
            ),
            ("Phường Sông mở cửa lúc nào?", "Từ 7:30.", "Từ 7:30.", "Quy chế", "", "", "", "98001", "31/12/2026"),
        ),
        submit=True,
    )

    first, second = (version.article for version in made)
    assert [version.state for version in made] == ["submitted", "submitted"]
    assert made[0].answer == "Ở công an.\n\n- Ảnh\n- Vân tay"
    assert first.other_ways == ["đổi thẻ", "mất thẻ"]
    assert (second.unit, f"{second.look_again_on}") == (office.city.river, "2026-12-31")
    for version in made:
        approve(office, version)
    rows = list(queries.sheet(office.city.city.pk, on=TODAY))
    assert rows[1][7:] == ("98001", "31/12/2026")
    with pytest.raises(RowsRefused) as refused:  # all are known by now
        bring(office, template("Câu hỏi", COLUMNS, rows))
    assert "đã có trong kho" in str(refused.value.rows[0].problems)


def test_one_bad_row_holds_up_all_of_them_and_every_one_is_named(office):
    with pytest.raises(RowsRefused) as refused:
        bring(
            office,
            sheet(
                ("Câu tốt thế nào?", "Tốt.", "Tốt.", "Luật"),
                ("Câu xấu thế nào?", "<script>alert(1)</script>", "Tốt.", "Luật"),
                ("Câu lạ thế nào?", "Tốt.", "Tốt.", "Luật", "", "", "", "99999"),
                ("Câu ngày thế nào?", "Tốt.", "Tốt.", "Luật", "", "", "", "", "31/02/2026"),
                ("Câu dài thế nào?", "a" * 6_001, "Tốt.", "Luật"),
            ),
        )
    assert [row.place for row in refused.value.rows] == [3, 4, 5, 6]
    assert not Article.objects.exists()


def test_the_same_question_twice_in_a_list_is_told_by_its_row(office):
    with pytest.raises(RowsRefused) as refused:
        bring(office, sheet(("Câu nào đây?", "Một.", "Một.", "Luật"), ("CÂU NÀO ĐÂY", "Hai.", "Hai.", "Luật")))

    assert [row.place for row in refused.value.rows] == [3]


def test_a_hostile_workbook_brings_nothing(office):
    import openpyxl

    def book(change):
        made = openpyxl.load_workbook(io.BytesIO(sheet(("Câu nào đây?", "Một.", "Một.", "Luật"))))
        change(made, made.worksheets[0])
        out = io.BytesIO()
        made.save(out)
        return out.getvalue()

    def formula(_book, page):
        page["B2"] = "=HYPERLINK(1)"

    def hidden(_book, page):
        page.column_dimensions["B"].hidden = True

    def strange(_book, page):
        page["A1"] = "Câu hỏi lạ"

    for content, refusal in (
        (book(formula), RowsRefused),
        (book(hidden), NotATable),
        (book(strange), NotATable),
    ):
        with pytest.raises(refusal):
            bring(office, content)
    assert not Article.objects.exists()


def test_the_house_tells_too(office):
    made = office.answered()

    actions.note_told(made.pk, where="feedback", actor=system("worker"), at=MONDAY)

    assert AnswerUse.objects.get().kind == "feedback"
    assert queries.answer_for(made.article_id, TODAY).spoken == SPOKEN
