"""The figures pages: whose they are, what they say, what they refuse."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from thongsuot.feedback import actions, counting, figures_sources
from thongsuot.feedback.models import FeedbackNoted
from thongsuot.feedback.tests.make import ANYONE, HOUR, MONDAY, SENDER, WORKER
from thongsuot.feedback.words import Channel
from thongsuot.kernel.remember import forget_all
from thongsuot.people.tests.make import browser_of, logged_in, make_officer
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db
HERE = "/dieu-hanh/phan-anh/"
OCTOBER = "?tu=01/10/2025&den=31/10/2025"


@pytest.fixture
def leader(desk):
    """Sees the figures of the whole city."""
    return logged_in(make_officer(desk.city.city, duties=["see figures"], email="lanhdao@vidu.vn", at=MONDAY))


@pytest.fixture
def ward(desk):
    return logged_in(make_officer(desk.city.river, duties=["see figures"], email="phuong@vidu.vn", at=MONDAY))


@pytest.fixture
def some(desk):
    answered, waiting = desk.answered(), desk.accepted()
    refused = desk.report(category="", stream="scene")
    actions.refuse(refused.pk, "insulting", words="Lời lẽ.", actor=desk.actor("ngan"), at=MONDAY + HOUR)
    counting.fold()
    return answered, waiting, refused


def test_a_leader_of_the_city_sees_every_unit_and_every_reason(leader, some):
    words = said(leader.get(HERE + OCTOBER))

    assert "Đã nhận 3" in words
    assert "đúng hạn 100,0 %" in words
    assert "Phường Sông" in words
    assert "Lời lẽ xúc phạm 1" in words
    assert "chưa đủ lượt" in words


def test_a_ward_sees_itself_alone_and_another_unit_is_not_there(desk, ward, some):
    words = said(ward.get(HERE + OCTOBER))
    assert "Đã nhận 2" in words
    assert "Lời lẽ xúc phạm" not in words
    for page in ("", "bao-cao/", "ban-do/", "danh-sach/nhan/"):
        assert ward.get(f"{HERE}{page}{OCTOBER}&don_vi={desk.hill}").status_code == 404, page
        assert ward.get(f"{HERE}{page}{OCTOBER}&don_vi=x").status_code == 404, page
    assert ward.get(f"{HERE}14-ngay/").status_code == 403
    assert f"{HERE}14-ngay/" not in ward.get(HERE + OCTOBER).text


def test_fourteen_days_are_offered_to_who_sees_the_city(leader):
    assert f"{HERE}14-ngay/" in leader.get(HERE + OCTOBER).text


def test_a_number_leads_to_its_ticket_only_for_who_may_open_it(desk, some):
    here, gone = desk.accepted(channel=Channel.COUNTER), desk.report(channel=Channel.COUNTER)
    actions.give_back(gone.pk, "not_ours", words="Không thuộc phường", actor=desk.actor("toan"), at=MONDAY)
    counting.fold()
    duties = ["see figures", "handle feedback"]
    works = logged_in(make_officer(desk.city.river, duties=duties, email="lam@vidu.vn", at=MONDAY))
    back, waits = (works.get(f"{HERE}danh-sach/{what}/{OCTOBER}").text for what in ("tra-lai", "dang-cho"))
    assert (gone.number in back, reverse("feedback:ticket", args=[gone.pk]) in back) == (True, False)
    assert works.get(reverse("feedback:ticket", args=[gone.pk])).status_code == 404
    assert reverse("feedback:ticket", args=[here.pk]) in waits


def test_ratings_are_shown_from_five_on(desk, leader):
    for number in range(5):
        ticket = desk.answered(sender=replace(SENDER, phone=f"091200090{number}", email=""))
        actions.rate(ticket.pk, 5 if number else 1, secret=ticket.secret, actor=ANYONE, at=MONDAY + HOUR)
        counting.fold()
        words = said(leader.get(HERE + OCTOBER))
        assert ("4,2 (80,0 %)" in words) == (number == 4)


@pytest.mark.parametrize(
    "query", ["?tu=01/01/0001&den=31/10/2025", "?tu=01/10/2025&den=31/12/9999", "?tu=x&den=y", "?tu=01/10/2025"]
)
@pytest.mark.parametrize("page", ["", "danh-sach/nhan/", "bao-cao/", "ban-do/"])
def test_days_that_are_none_are_said_and_the_page_stays(leader, page, query):
    assert leader.get(f"{HERE}{page}{query}").status_code == 422


def test_what_there_is_not_is_not_found(leader):
    for address in ("danh-sach/khong-co/", "danh-sach/khong-co/excel/", "?luong=khong-co", "bao-cao/?luong=x"):
        assert leader.get(f"{HERE}{address}").status_code == 404
    for bad in ("", "bbox=1,2,3&zoom=3", "bbox=3,2,1,4&zoom=3", "bbox=1,2,3,4&zoom=x"):
        assert leader.get(f"{HERE}ban-do/o/?{bad}").status_code == 422
    assert leader.get(f"{HERE}14-ngay/?tu=01/01/1900").status_code == 422


def test_a_figure_opens_its_tickets_by_number_and_never_says_who(leader, some):
    answered, waiting, refused = some
    words = said(leader.get(f"{HERE}danh-sach/dang-cho/{OCTOBER}"))

    assert waiting.number in words
    assert answered.number not in words
    assert "Lời lẽ xúc phạm." in said(leader.get(f"{HERE}danh-sach/tu-choi/{OCTOBER}"))
    assert not any(private in words for private in (SENDER.name, SENDER.phone, SENDER.email))
    book = load_workbook(BytesIO(b"".join(leader.get(f"{HERE}danh-sach/nhan/excel/{OCTOBER}"))))
    cells = [cell for row in book.active.values for cell in row]
    assert {answered.number, waiting.number, refused.number} <= set(cells)
    assert SENDER.name not in cells


def test_the_month_on_paper_says_the_same_as_the_page(leader, some):
    words = said(leader.get(f"{HERE}bao-cao/{OCTOBER}"))
    assert "Tháng 10 năm 2025" in words
    book = load_workbook(BytesIO(b"".join(leader.get(f"{HERE}bao-cao/excel/{OCTOBER}"))))
    assert list(book.worksheets[0].values)[-1][:5] == ("Cộng", 0, 3, 0, 1)
    pdf = PdfReader(BytesIO(b"".join(leader.get(f"{HERE}bao-cao/pdf/{OCTOBER}"))))
    text = " ".join(page.extract_text() for page in pdf.pages)
    assert "Tháng 10 năm 2025" in text
    assert "Lời lẽ xúc phạm" in text
    assert leader.get(f"{HERE}bao-cao/pdf/?tu=x&den=y").status_code == 302


def test_the_map_answers_in_squares(leader, some):
    answer = leader.get(f"{HERE}ban-do/o/{OCTOBER}&bbox=104.9,20.9,105.2,21.2&zoom=12").json()
    assert sum(int(cell["properties"]["title"].split()[0]) for cell in answer["features"]) == 3
    assert "Phường Sông" in said(leader.get(f"{HERE}ban-do/{OCTOBER}"))


def test_fourteen_days_of_tickets_accounts_and_what_others_bring(leader, some, monkeypatch):
    monkeypatch.setitem(figures_sources._sources, "calls", None)
    figures_sources.source("calls", "Cuộc gọi", lambda city_id, first, last: [(first, 1800)])
    words = said(leader.get(f"{HERE}14-ngay/?tu=01/10/2025"))

    assert "Phản ánh 3" in words
    assert "Tài khoản người dân mới 0" in words
    assert "Cuộc gọi 1.800" in words
    assert "14/10/2025" in words


def test_an_officer_sees_their_own_and_nobody_elses(desk, some):
    mine = said(logged_in(desk.people["toan"]).get(f"/can-bo/phan-anh/cua-toi/so-lieu/{OCTOBER}"))
    theirs = said(logged_in(desk.people["do"]).get(f"/can-bo/phan-anh/cua-toi/so-lieu/{OCTOBER}"))

    assert "Đã nhận 2" in mine
    assert some[1].number in mine
    assert "Đã nhận 0" in theirs


def test_what_an_officer_did_stays_theirs_when_another_unit_has_it(desk, some):
    _answered, waiting, _refused = some
    at = MONDAY + HOUR
    actions.give_back(waiting.pk, "not_ours", words="Của phường Đồi.", actor=desk.actor("toan"), at=at)
    actions.route(waiting.pk, desk.hill, actor=desk.actor("ngan"), at=at)
    actions.accept(waiting.pk, actor=desk.actor("do"), at=at)
    counting.fold()
    mine = said(logged_in(desk.people["toan"]).get(f"/can-bo/phan-anh/cua-toi/so-lieu/{OCTOBER}"))
    theirs = said(logged_in(desk.people["do"]).get(f"/can-bo/phan-anh/cua-toi/so-lieu/{OCTOBER}"))

    assert "Đã nhận 2" in mine
    assert waiting.number not in mine
    assert "Đã nhận 0" in theirs
    assert waiting.number in theirs


def test_the_month_on_paper_says_how_content_people_were_and_who_was_reminded(desk, leader, some):
    for number in range(5):
        ticket = desk.answered(sender=replace(SENDER, phone=f"091200090{number}", email=""))
        actions.rate(ticket.pk, 5 if number else 1, secret=ticket.secret, actor=ANYONE, at=MONDAY + HOUR)
    at = some[1].next_rung_at
    actions.climb(some[1].pk, actor=WORKER, at=at)
    counting.fold()

    words = said(leader.get(f"{HERE}bao-cao/{OCTOBER}"))
    assert "4,2 (80,0 %)" in words
    assert "Phường Sông 1 0 0 0" in words
    assert "Trong kỳ không có lần nhắc nào" in said(leader.get(f"{HERE}bao-cao/{OCTOBER}&don_vi={desk.hill}"))
    assert "Trong kỳ không có lần nhắc nào" in said(leader.get(f"{HERE}bao-cao/?tu=01/09/2025&den=30/09/2025"))
    book = load_workbook(BytesIO(b"".join(leader.get(f"{HERE}bao-cao/excel/{OCTOBER}"))))
    assert list(book.worksheets[0].values)[-1][-2:] == (5, "4,2 (80,0 %)")
    assert ("Phường Sông", 1, 0, 0, 0) in list(book["Nhắc việc theo thời hạn"].values)
    text = " ".join(
        page.extract_text() for page in PdfReader(BytesIO(b"".join(leader.get(f"{HERE}bao-cao/pdf/{OCTOBER}")))).pages
    )
    assert "Nhắc việc theo thời hạn" in text


def test_a_history_that_cannot_be_counted_is_named_to_whoever_arranges_feedback(desk, leader, some):
    FeedbackNoted.objects.create(ticket_id=some[0].pk, broken_at=MONDAY)
    duties = ["see figures", "manage feedback"]
    arranger = browser_of(make_officer(desk.city.city, duties=duties, email="sapxep@vidu.vn", at=MONDAY))
    assert some[0].number in said(arranger.get(HERE + OCTOBER))
    assert some[0].number not in said(leader.get(HERE + OCTOBER))


def test_the_map_hides_squares_with_few_tickets(desk, leader, some):
    actions.set_setting(desk.whole, "heat_least", 4, basis="QĐ", valid_from=MONDAY.date(), actor=desk.actor("quan"), at=MONDAY)
    forget_all()
    assert leader.get(f"{HERE}ban-do/o/{OCTOBER}&bbox=104.9,20.9,105.2,21.2&zoom=12").json()["features"] == []
    assert "ô có dưới 4 phản ánh không hiện" in said(leader.get(f"{HERE}ban-do/{OCTOBER}"))


def test_the_page_asks_the_database_as_often_whatever_is_there(desk, leader, some, django_assert_max_num_queries):
    leader.get(HERE + OCTOBER)
    for _more in range(3):
        desk.report(channel=Channel.PAPER)
    counting.fold()
    with django_assert_max_num_queries(24):
        leader.get(HERE + OCTOBER)


def test_accounts_are_those_of_people_without_a_post(desk):
    source = {one.name: one for one in figures_sources.sources()}["accounts"]
    days = source.per_day(desk.whole, date(2025, 10, 1), date(2025, 10, 14))
    assert (len(days), sum(count for _day, count in days)) == (14, 0)
