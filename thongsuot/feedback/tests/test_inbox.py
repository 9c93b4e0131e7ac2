"""The lists of the desks: whose, in what order, narrowed how, at what cost; and the spreadsheet that leaves."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from thongsuot.feedback import actions, counting
from thongsuot.feedback.facts import PlaceFacts
from thongsuot.feedback.models import Escalation, FeedbackTicket
from thongsuot.feedback.queries import figures, heat
from thongsuot.feedback.queries import inbox as lists
from thongsuot.feedback.queries.behind import behind
from thongsuot.feedback.queries.inbox import Deadline, Filters, Queue
from thongsuot.feedback.queries.late import Late
from thongsuot.feedback.queries.late import late as late_of
from thongsuot.feedback.sealed import seal
from thongsuot.feedback.tests.make import DAY, HOUR, MINUTE, MONDAY, SENDER, a_photo
from thongsuot.feedback.words import Channel
from thongsuot.kernel.clock import now
from thongsuot.kernel.periods import Period
from thongsuot.people.tests.make import browser_of, make_officer
from thongsuot.web.maps import View

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


def test_words_that_are_looked_for_stand_in_no_address_and_are_kept_from_page_to_page(desk):
    """An officer types a street, a name somebody called, the number of a house."""
    hole, lamp = desk.report(), desk.report(words="Đèn đường tắt cả tuần nay", category="den-duong", place=IN_HILL)
    browser = browser_of(desk.people["ngan"])
    said = {"hang": "ca-thanh-pho", "han": "", "q": "12 ngõ 4 phố Bến", "luong": "scene"}
    led = browser.post(reverse("feedback:inbox"), said)
    there = led.headers["Location"]
    assert (led.status_code, "luong=scene" in there) == (302, True)
    page = browser.get(there).text
    assert (hole.number in page, lamp.number in page) == (True, False)
    assert 'value="12 ngõ 4 phố Bến"' in page
    links = [*re.findall(r'(?:href|action)="([^"]*)"', page), there]
    assert not [one for one in links if re.search(r"ng%C3%B5|ngõ|B%E1%BA%BF|Bến|\b12\b", one)]
    tabs = [one for one in links if "han=qua-han&" in one or "han=qua-han&amp;" in one]
    assert tabs
    assert hole.number not in browser.get(f"{reverse('feedback:inbox')}{tabs[0].replace('&amp;', '&')}").text
    number = browser.post(reverse("feedback:inbox"), {"q": hole.number.lower()})
    assert browser.get(number.headers["Location"])["Location"] == reverse("feedback:ticket", args=[hole.pk])


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
    phone, words = (seal(text, what="words", at=now()) for text in ("0912345678", "ổ gà"))
    counts = browser_of(make_officer(desk.city.city, duties=["see figures"], at=MONDAY))
    ward = browser_of(make_officer(desk.city.river, duties=["see figures", "handle feedback"], at=MONDAY))

    assert doubtful.number not in numbers_in(counts.get(excel, {"hang": "nghi-khieu-to"}))
    assert counts.get(excel, {"hang": "tim", "q": phone}).status_code == 403
    assert numbers_in(counts.get(excel, {"hang": "tim", "q": doubtful.number})) == {doubtful.number}
    mine = desk.accepted()
    assert numbers_in(ward.get(excel, {"hang": "tim", "q": words})) == {mine.number}
    leads = browser_of(desk.people["truong"])
    for asked in ({"hang": "nghi-khieu-to"}, {"hang": "tim", "q": phone}):
        assert numbers_in(leads.get(excel, asked)) == {doubtful.number}
        assert "Tải bảng tính" in leads.get(inbox, asked).content.decode()
    both = browser_of(
        make_officer(desk.city.city, kind="people_committee", duties=["see figures", "approve feedback"], at=MONDAY)
    )
    asked = {"hang": "tim", "q": words}
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


@pytest.mark.parametrize("which", Late)
def test_lists_of_what_is_late_use_the_indexes_too(desk, which):
    """And all four are counted in one pass over what is open, not each by one of its own."""
    with CaptureQueriesContext(connection) as asked, connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        late_of(desk.whole, actor=desk.actor("truong"), now=MONDAY, which=which)
        own = [one["sql"] for one in asked if "feedback_" in one["sql"]]
        plans = []
        for one in own:
            cursor.execute("EXPLAIN " + one)
            plans.append([row[0] for row in cursor.fetchall()])
    assert len(own) <= 4
    assert not [
        line
        for plan in plans
        for line in plan
        if "Seq Scan on feedback_feedbackticket" in line or "Seq Scan on feedback_routing" in line
    ]
    assert sum("Scan on feedback_feedbackticket" in line or "feedbackticket t" in line for line in plans[0]) == 1, plans[0]
    assert any("feedback_left_late" in line for line in plans[0])


def test_beyond_the_end_of_a_list_of_what_is_late_is_its_last_page(desk):
    first, second = desk.report(), desk.report(words="Đèn đường tắt cả tuần nay", category="den-duong")
    now = MONDAY + 3 * DAY
    found = late_of(desk.whole, actor=desk.actor("truong"), now=now, which=Late.STEP, page=9, size=1)
    assert (found.page, [row.id for row in found.rows], found.counts[Late.STEP]) == (2, [second.pk], 2)
    shown = browser_of(desk.people["truong"]).get(reverse("feedback:late"), {"muc": "buoc", "trang": 9})
    assert shown.status_code == 200, first


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


def test_a_drill_stands_apart_wherever_tickets_are_listed_counted_or_shown(desk, clock, client):
    """It goes the whole way a real one goes, given a place meanwhile; nothing that counts or publishes knows it."""
    real = desk.published(channel=Channel.COUNTER)
    waits = desk.accepted(channel=Channel.COUNTER)
    late = desk.report(channel=Channel.COUNTER)
    actions.send_drill(desk.whole, actor=desk.actor("quan"), at=MONDAY)
    mine = FeedbackTicket.objects.get(drill=True, unit=desk.river)
    other = FeedbackTicket.objects.get(drill=True, unit=desk.hill)
    where = PlaceFacts(latitude=21.01, longitude=105.05, unit_id=desk.river)
    actions.classify(mine.pk, category="o-ga", actor=desk.actor("ngan"), at=MONDAY)
    actions.place(mine.pk, where, why="Thử", actor=desk.actor("ngan"), at=MONDAY)
    actions.give_back(other.pk, "not_ours", words="Không phải", actor=desk.actor("do"), at=MONDAY)

    # The desks: where somebody has to do something it is there, and is called what it is.
    page = browser_of(desk.people["toan"]).get(reverse("feedback:inbox"), {"hang": "cho-nhan"}).text
    assert (page.count("Phản ánh thử<"), "Trong mục này có 1 phản ánh thử" in page) == (1, True)
    assert "Cần nhận: 2 phản ánh" in page
    returned = browser_of(desk.people["ngan"]).get(reverse("feedback:inbox"), {"hang": "bi-tra-lai"}).text
    assert (other.number in returned, returned.count("Phản ánh thử<")) == (True, 1)
    assert set(of(desk, "ngan", Queue.CITY)) == {waits.pk, late.pk}
    assert counts(desk, "ngan")[Queue.CITY] == 2
    assert "Phản ánh thử<" in browser_of(desk.people["toan"]).get(reverse("feedback:ticket", args=[mine.pk])).text
    actions.accept(mine.pk, actor=desk.actor("toan"), at=MONDAY)
    actions.approve_answer(desk.answer(mine).pk, actor=desk.actor("hanh"), at=MONDAY)
    mine.refresh_from_db()
    drills = {mine.number, other.number}
    now = clock.now = MONDAY + 3 * DAY
    counting.fold()

    # Whoever counts.
    truong = desk.actor("truong", now)
    for which in Late:
        found = late_of(desk.whole, actor=truong, now=now, which=which)
        assert not drills & {row.number for row in found.rows}
        assert found.counts[which] == len(found.rows)
    scope = figures.Scope(city_id=desk.whole, unit_ids=frozenset({desk.whole, desk.river, desk.hill}), whole_city=True)
    period = Period(first=MONDAY.date(), last=MONDAY.date(), now=now)
    sums = figures.total(scope, period)
    assert (sums["received"], sums["answered"], sums["returned"], sums["refused"]) == (3, 1, 0, 0)
    assert {row.number for row in behind(scope, period, "nhan", limit=9)} == {real.number, waits.number, late.number}
    assert not Escalation.objects.filter(ticket__drill=True).exists()
    squares = heat.cells(scope, period, View(west=105.0, south=20.95, east=105.15, north=21.05, zoom=14), least=1)
    assert sum(one.count for one in squares) == sum(one.count for one in heat.by_place(scope, period)) == 3
    leads = browser_of(desk.people["truong"])
    for queue in ("tim", "ca-thanh-pho", "bi-tra-lai"):
        file = leads.get(reverse("feedback:inbox_excel"), {"hang": queue})
        sheet = openpyxl.load_workbook(io.BytesIO(b"".join(file.streaming_content))).active
        assert not drills & {row[0] for row in sheet.iter_rows(values_only=True)}, queue
    view = {"bbox": "105.00,20.95,105.15,21.05", "zoom": "14"}
    for name in ("staff_points", "staff_map_rows", "figures_cells"):
        shown = leads.get(reverse(f"feedback:{name}"), view).text
        assert not [one for one in drills if one in shown], name

    # And everybody.
    for address in ("/phan-anh/", "/phan-anh/ban-do/", "/phan-anh/tin.atom", "/phan-anh/?q=phan+anh+thu"):
        shown = client.get(address).text
        assert not [one for one in drills if one in shown], address
    assert client.get(reverse("feedback:points"), view).json()["features"] != []
    assert mine.number not in client.get(reverse("feedback:points"), view).text
    for number in drills:
        assert client.get(reverse("feedback:one", args=[number])).status_code == 404
        assert client.get(f"/open311/v2/requests/{number}.json").status_code == 404
    told = client.get("/open311/v2/requests.json", {"service_request_id": ",".join([*drills, real.number])}).json()
    assert [one["service_request_id"] for one in told] == [real.number]


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
