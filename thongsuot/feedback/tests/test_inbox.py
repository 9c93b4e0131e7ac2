"""The lists of the desks: whose, in what order, narrowed how, at what cost; and the spreadsheet that leaves."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from thongsuot.feedback import actions
from thongsuot.feedback.facts import PlaceFacts
from thongsuot.feedback.models import FeedbackTicket
from thongsuot.feedback.queries import inbox as lists
from thongsuot.feedback.queries.inbox import Deadline, Filters, Queue
from thongsuot.feedback.tests.make import DAY, HOUR, MINUTE, MONDAY, SENDER, a_photo
from thongsuot.feedback.words import Channel
from thongsuot.people.tests.make import browser_of, make_officer

IN_HILL = PlaceFacts(address="chợ phường Đồi")


@pytest.fixture(autouse=True)
def city(settings):
    settings.CITY_CODE = "98"


def of(desk, who, queue, *, at=MONDAY, deadline=Deadline.ANY, **filters):
    found = lists.inbox(lists.desk_of(desk.actor(who, at), now=at), queue=queue, deadline=deadline, filters=Filters(**filters))
    return [row.id for row in found.rows]


def counts(desk, who, at=MONDAY):
    return lists.inbox(lists.desk_of(desk.actor(who, at), now=at), queue=Queue.FIND, filters=Filters()).counts


def test_each_ticket_stands_on_the_lists_of_those_who_must_act(desk):
    toan, ngan = desk.actor("toan"), desk.actor("ngan")
    new = desk.report(category="", channel=Channel.COUNTER, by=ngan).pk
    doubtful = desk.report(channel=Channel.COUNTER, by=ngan, words="Tôi tố cáo cán bộ nhận tiền, mong xem xét").pk
    back = desk.report(channel=Channel.COUNTER, by=ngan).pk
    actions.give_back(back, "not_ours", words="Không thuộc phường", actor=toan, at=MONDAY)
    asked = desk.report(category="", channel=Channel.COUNTER, by=ngan).pk
    actions.ask(asked, "Ở đâu?", actor=ngan, at=MONDAY)
    routed = desk.report(channel=Channel.COUNTER, by=ngan).pk
    working = desk.accepted(channel=Channel.COUNTER, by=ngan).pk
    waiting = desk.accepted(channel=Channel.COUNTER, by=ngan)
    actions.ask(waiting.pk, "Ở đâu?", actor=toan, at=MONDAY)
    longer = desk.accepted(channel=Channel.COUNTER, by=ngan)
    actions.ask_extension(longer.pk, longer.due_at + DAY, reason="Chờ vật liệu", actor=toan, at=MONDAY)
    to_approve = desk.accepted(channel=Channel.COUNTER, by=ngan)
    desk.answer(to_approve)
    answered = desk.answered(channel=Channel.COUNTER, by=ngan).pk

    assert set(of(desk, "ngan", Queue.TAKE)) == {new, back}
    assert of(desk, "ngan", Queue.SUSPECTED) == [doubtful]
    assert of(desk, "ngan", Queue.RETURNED) == [back]
    assert of(desk, "ngan", Queue.ASKED) == [asked]
    assert of(desk, "ngan", Queue.PUBLISH) == [answered]
    assert of(desk, "toan", Queue.ACCEPT) == [routed]
    assert set(of(desk, "toan", Queue.WORK)) == {working, longer.pk}
    assert of(desk, "toan", Queue.WAITING) == [waiting.pk]
    assert set(of(desk, "toan", Queue.MINE)) == {working, waiting.pk, longer.pk, to_approve.pk}
    assert of(desk, "toan", Queue.APPROVE) == []
    assert of(desk, "hanh", Queue.APPROVE) == [to_approve.pk]
    assert of(desk, "hanh", Queue.EXTEND) == [longer.pk]
    assert counts(desk, "hanh")[Queue.EXTEND] == 1
    assert Queue.TAKE not in counts(desk, "toan")
    assert sum(counts(desk, "do").values()) == 0
    assert of(desk, "do", Queue.FIND) == []
    assert of(desk, "do", Queue.UNIT) == []


def test_a_list_that_is_not_ones_own_is_ones_first_one(desk):
    desk.report(category="")
    found = lists.inbox(lists.desk_of(desk.actor("toan"), now=MONDAY), queue=Queue.TAKE, filters=Filters())
    assert (found.queue, found.rows) == (Queue.WORK, [])


def test_an_answer_opened_again_waits_for_the_city(desk):
    ticket = desk.accepted()
    desk.answer(ticket)
    FeedbackTicket.objects.filter(pk=ticket.pk).update(higher_review=True)
    assert of(desk, "hanh", Queue.APPROVE) == []
    assert of(desk, "truong", Queue.APPROVE) == [ticket.pk]


def test_the_nearest_deadline_stands_first_and_tabs_part_by_it(desk):
    later = desk.accepted(MONDAY)
    urgent = desk.accepted(MONDAY, urgent=True)
    at = MONDAY + MINUTE
    assert of(desk, "toan", Queue.WORK, at=at) == [urgent.pk, later.pk]
    assert of(desk, "toan", Queue.WORK, at=at, deadline=Deadline.TODAY) == [urgent.pk]
    assert of(desk, "toan", Queue.WORK, at=at, deadline=Deadline.LATE) == []
    evening = MONDAY + 10 * HOUR
    assert of(desk, "toan", Queue.WORK, at=evening, deadline=Deadline.LATE) == [urgent.pk]
    again = desk.accepted(MONDAY)
    FeedbackTicket.objects.filter(pk=again.pk).update(breaches=2)
    assert of(desk, "ngan", Queue.AGAIN) == [again.pk]


def test_filters_narrow_together(desk):
    one = desk.report(words="Ổ gà rất sâu trước cổng trường tiểu học")
    two = desk.report(
        MONDAY + DAY, words="Đèn đường tắt cả tuần nay", category="den-duong", channel=Channel.HOTLINE, by=desk.actor("ngan")
    )
    desk.report(words="Rác đổ trộm ven hồ từ hôm qua", category="rac-thai", place=IN_HILL)
    category = two.category_id
    assert set(of(desk, "ngan", Queue.CITY, category=category)) == {two.pk}
    assert of(desk, "ngan", Queue.CITY, channel="hotline") == [two.pk]
    assert len(of(desk, "ngan", Queue.CITY, ward=desk.river)) == 2
    assert of(desk, "ngan", Queue.CITY, words="o ga truong") == [one.pk]
    assert of(desk, "ngan", Queue.CITY, words="Ổ GÀ cổng") == [one.pk]
    assert of(desk, "ngan", Queue.CITY, words=two.number.lower()) == [two.pk]
    assert of(desk, "ngan", Queue.CITY, first=(MONDAY + DAY).date()) == [two.pk]
    assert of(desk, "ngan", Queue.CITY, words="o ga", channel="hotline") == []
    assert of(desk, "ngan", Queue.CITY, urgency="normal", stream="scene", last=MONDAY.date(), words="ga") == [one.pk]


def test_what_was_closed_is_found_by_its_words(desk):
    ticket = desk.published()
    assert of(desk, "ngan", Queue.CITY) == []
    assert of(desk, "ngan", Queue.FIND, words="ổ gà") == [ticket.pk]
    assert of(desk, "toan", Queue.FIND) == [ticket.pk]


def test_the_page_says_what_a_row_is_and_asks_two_queries_of_its_own(desk):
    for number in range(3):
        desk.report(words=f"Ổ gà số {number} trước cổng trường học", photos=[a_photo()])
    browser = browser_of(desk.people["toan"])
    browser.get(reverse("feedback:inbox"), {"hang": "cho-nhan"})
    with CaptureQueriesContext(connection) as asked:
        page = browser.get(reverse("feedback:inbox"), {"hang": "cho-nhan"})
    own = [one["sql"] for one in asked if "feedback_" in one["sql"]]
    assert len(own) == 2, own
    assert page.text.count("Ổ gà số") == 3
    assert "12 ngõ 4 phố Bến" in page.text
    assert "Cần nhận: 3 phản ánh" in page.text
    assert SENDER.name not in page.text
    whole = browser.get(reverse("feedback:inbox"), {"q": FeedbackTicket.objects.latest("pk").number})
    assert whole.status_code == 302


NONSENSE = [
    {"hang": "x", "han": "y", "trang": "z"},
    {"linh_vuc": "9" * 30, "tu": "31/2", "q": "'\"%s (&|!"},
    {"phuong": "9" * 18},
]


@pytest.mark.parametrize("said", NONSENSE)
def test_nonsense_in_the_address_is_no_fault(desk, said):
    assert browser_of(desk.people["ngan"]).get(reverse("feedback:inbox"), said).status_code in {200, 400}


def test_the_spreadsheet_is_for_who_sees_figures_and_names_nobody(desk):
    ticket = desk.report(urgent=True)
    assert browser_of(desk.people["toan"]).get(reverse("feedback:inbox_excel")).status_code == 403
    file = browser_of(desk.people["truong"]).get(reverse("feedback:inbox_excel"), {"hang": "ca-thanh-pho"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(file.streaming_content))).active
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row]
    assert ticket.number in cells
    assert "Phường Sông" in cells
    assert not any(said in cell for cell in cells for said in (SENDER.name, SENDER.phone, SENDER.email, "ngõ 4"))


def numbers_in(file):
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(file.streaming_content))).active
    return {row[0] for row in sheet.iter_rows(min_row=2, values_only=True)}


def test_who_sees_figures_alone_looks_for_no_words_and_lists_no_denunciation(desk):
    doubtful = desk.report(words="Tôi tố cáo cán bộ nhận tiền, gọi 0912345678")
    excel, inbox = reverse("feedback:inbox_excel"), reverse("feedback:inbox")
    counts = browser_of(make_officer(desk.city.city, duties=["see figures"], at=MONDAY))
    ward = browser_of(make_officer(desk.city.river, duties=["see figures", "handle feedback"], at=MONDAY))

    assert doubtful.number not in numbers_in(counts.get(excel, {"hang": "nghi-khieu-to"}))
    assert counts.get(excel, {"hang": "tim", "q": "0912345678"}).status_code == 403
    assert numbers_in(counts.get(excel, {"hang": "tim", "q": doubtful.number})) == {doubtful.number}
    mine = desk.accepted()
    assert numbers_in(ward.get(excel, {"hang": "tim", "q": "ổ gà"})) == {mine.number}
    leads = browser_of(desk.people["truong"])
    for asked in ({"hang": "nghi-khieu-to"}, {"hang": "tim", "q": "0912345678"}):
        assert numbers_in(leads.get(excel, asked)) == {doubtful.number}
        assert "Tải bảng tính" in leads.get(inbox, asked).content.decode()
    both = browser_of(
        make_officer(desk.city.city, kind="people_committee", duties=["see figures", "approve feedback"], at=MONDAY)
    )
    asked = {"hang": "tim", "q": "ổ gà"}
    assert "Tải bảng tính" not in both.get(inbox, asked).content.decode()
    assert "Tải bảng tính" in both.get(inbox, {"hang": "tim"}).content.decode()


def test_a_spreadsheet_that_is_cut_says_so_in_its_last_line(desk, monkeypatch):
    first, second = desk.report(), desk.report(words="Đèn đường tắt cả tuần nay", category="den-duong")
    browser = browser_of(desk.people["truong"])
    for most, told in ((2, 0), (1, 1)):
        monkeypatch.setattr(lists, "MOST_EXPORTED", most)
        file = browser.get(reverse("feedback:inbox_excel"), {"hang": "ca-thanh-pho"})
        rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(file.streaming_content))).active.iter_rows(values_only=True))
        assert [row[0] for row in rows[1 : most + 1]] == [first.number, second.number][:most]
        assert [row[0].startswith(f"Chưa hết: bảng này chỉ có {most} dòng") for row in rows[most + 1 :]] == [True] * told


# -- with a million tickets ------------------------------------------------------------------------------------------------


def test_lists_use_the_indexes_of_open_tickets(desk):
    """As planned when tables are large: no list reads all tickets."""
    parameters = lists.desk_of(desk.actor("truong"), now=MONDAY)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for queue in (*lists.OF_CITY, *lists.OF_UNIT):
            statement = lists._rows_sql(parameters, queue, Deadline.ANY, "TRUE")
            cursor.execute("EXPLAIN " + statement, parameters.parameters | {"limit": 50, "offset": 0})
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Seq Scan on feedback_feedbackticket" not in plan, (queue, plan)


@pytest.mark.parametrize("which", lists.Late)
def test_lists_of_what_is_late_use_the_indexes_too(desk, which):
    with CaptureQueriesContext(connection) as asked, connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        lists.late(desk.whole, actor=desk.actor("truong"), now=MONDAY, which=which, limit=50, offset=0)
        plans = []
        for one in [one["sql"] for one in asked if "feedback_" in one["sql"]]:
            cursor.execute("EXPLAIN " + one)
            plans += [row[0] for row in cursor.fetchall()]
    assert not [
        line for line in plans if "Seq Scan on feedback_feedbackticket" in line or "Seq Scan on feedback_routing" in line
    ]
    assert any("feedback_left_late" in line for line in plans)


def test_a_drill_is_on_the_desk_of_its_unit_and_found_by_its_number_alone(desk):
    real = desk.report(words="Ổ gà trên đường, phường chưa vá")
    sent = actions.send_drill(desk.whole, actor=desk.actor("quan"), at=MONDAY)
    mine = next(one for one in sent if one.unit_id == desk.river)

    assert mine.pk in of(desk, "toan", Queue.ACCEPT)
    assert of(desk, "ngan", Queue.FIND, words="đường") == [real.pk]
    assert of(desk, "ngan", Queue.FIND) == [real.pk]
    assert of(desk, "ngan", Queue.FIND, words=mine.number.lower()) == [mine.pk]
    found = browser_of(desk.people["toan"]).get(reverse("feedback:inbox"), {"q": mine.number})
    assert found["Location"] == reverse("feedback:ticket", args=[mine.pk])


def test_who_answers_for_an_ended_unit_finds_what_it_had(desk, monkeypatch):
    ticket = desk.answered()
    assert of(desk, "do", Queue.FIND) == []
    monkeypatch.setattr("thongsuot.units.queries.kept_by", lambda ids, on: frozenset({desk.river} if desk.hill in ids else ()))

    assert of(desk, "do", Queue.FIND, words="ổ gà") == [ticket.pk]
    picked = lists.picked([ticket.pk], desk=lists.desk_of(desk.actor("do"), now=MONDAY))
    assert [row.id for row in picked] == [ticket.pk]
    assert of(desk, "do", Queue.UNIT) == []


def test_a_list_says_in_what_order_it_stands(desk):
    desk.accepted()
    browser = browser_of(desk.people["ngan"])
    assert "gửi gần đây nhất ở trên" in browser.get(reverse("feedback:inbox"), {"hang": "tim"}).text
    assert "gần hạn nhất ở trên" in browser.get(reverse("feedback:inbox"), {"hang": "ca-thanh-pho"}).text
