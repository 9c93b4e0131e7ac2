"""Finding the answer somebody means, and what the house counts."""

from datetime import timedelta

from thongsuot.knowledge import actions, queries
from thongsuot.people.tests.make import MONDAY

TODAY = MONDAY.date()


def found(text, **more):
    return [row.question for row in queries.search(text, on=TODAY, **more)]


def test_one_or_two_words_without_marks_find_it_the_question_first(office):
    office.answered()
    office.answered("Đổi con dấu cần gì?", answer="Mang giấy khai báo mất dấu.", topics=("Con dấu",), other_ways=("khắc dấu",))
    office.answered("Phí chứng thực bao nhiêu?", answer="Xem bảng phí; đăng ký khai sinh không mất phí.", other_ways=())

    assert found("khai sinh") == ["Đăng ký khai sinh cho con ở đâu?", "Phí chứng thực bao nhiêu?"]
    assert found("KHAI   sinh")[0] == found("Khai Sinh")[0] == "Đăng ký khai sinh cho con ở đâu?"
    assert found("con dau")[0] == found("dấu")[0] == found("khac dau")[0] == "Đổi con dấu cần gì?"
    assert found("chứng th")[0] == "Phí chứng thực bao nhiêu?"
    assert len(found("ho tich")) == 2


def test_where_no_answer_has_all_words_those_with_some_are_shown(office):
    office.answered()

    assert found("làm khai sinh lúc nửa đêm") == ["Đăng ký khai sinh cho con ở đâu?"]
    assert found("hoàn toàn khác") == []
    assert found("?!") == found("") == found("'") == []


def test_search_keeps_to_the_city_and_the_unit_that_is_asked_for(office):
    river, hill = office.city.river.pk, office.city.hill.pk
    office.answered("Mở cửa lúc nào?")
    office.answered("Phường Sông mở cửa lúc nào?", unit_id=river)

    assert found("mo cua", unit_id=hill) == ["Mở cửa lúc nào?"]
    assert sorted(found("mo cua", unit_id=river)) == ["Mở cửa lúc nào?", "Phường Sông mở cửa lúc nào?"]
    assert len(found("mo cua")) == 2
    assert found("mo cua", limit=1) == ["Mở cửa lúc nào?"]


def test_drafts_and_coming_answers_are_not_found(office):
    office.submitted()
    office.answered("Bao giờ có bản mới?", valid_from=TODAY + timedelta(days=1))

    assert found("khai sinh") == found("ban moi") == []


def test_other_ways_of_asking_count_at_once(office):
    made = office.answered()
    assert found("chung sinh be") == ["Đăng ký khai sinh cho con ở đâu?"]  # by some words
    assert found("em be") == []

    office.draft(article_id=made.article_id, other_ways=("giấy cho em bé",))

    assert found("em be") == ["Đăng ký khai sinh cho con ở đâu?"]
    assert queries.answer_for(made.article_id, TODAY).version_id == made.pk


def test_a_search_costs_six_queries_at_most(office, django_assert_max_num_queries):
    office.answered()
    with django_assert_max_num_queries(6):
        queries.search("khai sinh xyz", on=TODAY)


def test_topics_and_what_is_used_most(office):
    first = office.answered()
    office.answered("Đổi con dấu cần gì?", topics=("Con dấu", "Hộ tịch"))
    assert queries.topics(TODAY) == [("Hộ tịch", 2), ("Con dấu", 1)]

    actions.note_told(first.pk, where="hotline", actor=office.writes, at=MONDAY)

    assert [row.article_id for row in queries.most_used(on=TODAY, limit=1)] == [first.article_id]


def test_the_stock_by_state(office):
    city = office.city.city.pk
    office.answered()
    office.submitted("Đang chờ duyệt à?")
    office.draft("Đang soạn dở à?")
    gone = office.answered("Đã thu hồi chưa?")
    actions.withdraw_version(gone.pk, reason="Sai", actor=office.approves, at=MONDAY)

    def stock(state, **more):
        return [one.question for one in queries.stock(city, on=TODAY, state=state, **more)]

    assert stock("dung") == ["Đăng ký khai sinh cho con ở đâu?"]
    assert (stock("cho"), stock("soan"), stock("het")) == (["Đang chờ duyệt à?"], ["Đang soạn dở à?"], ["Đã thu hồi chưa?"])
    assert len(stock("")) == 4
    assert stock("", text="cho duyet") == ["Đang chờ duyệt à?"]
    assert queries.count_by_state(city, on=TODAY, states=["dung", "xem-lai"]) == {"dung": 1, "xem-lai": 0}
