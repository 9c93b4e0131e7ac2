"""One's own papers on the pages: list, log, file, and nobody else's."""

from __future__ import annotations

import html
import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from thongsuot.people.actions import log_look_up
from thongsuot.people.models import Person
from thongsuot.people.tests.make import logged_in, make_citizen, make_officer
from thongsuot.personal_store import actions, queries
from thongsuot.personal_store.models import StoredPaper
from thongsuot.personal_store.tests.make import HOUSE, MINH, MONDAY, acting, make_paper
from thongsuot.personal_store.tests.test_actions import reuse
from thongsuot.units.tests.make import make_city


def words(response: HttpResponse) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


@pytest.fixture
def owner(db) -> Person:
    person = make_citizen("Hoàng Văn Minh")
    Person.objects.filter(pk=person.pk).update(id_number=MINH)
    return Person.objects.get(pk=person.pk)


@pytest.fixture
def browser(owner) -> Client:
    return logged_in(owner)


def page(name: str, *args: object) -> str:
    return reverse(f"personal_store:{name}", args=args)


def test_an_empty_store_says_how_papers_come_into_it(browser):
    assert "Chưa có giấy tờ nào" in words(browser.get(page("papers")))


def test_the_list_shows_each_paper_and_costs_the_same_however_many(browser, django_assert_max_num_queries):
    for number in range(12):
        make_paper(number=str(number))

    browser.get(page("papers"))
    with django_assert_max_num_queries(9):
        said = words(browser.get(page("papers")))

    assert "12 giấy tờ" in said
    assert "Giấy khai sinh" in said


def test_search_finds_by_name_without_marks(browser):
    make_paper()
    make_paper(title="Giấy phép xây dựng")

    said = words(browser.get(page("papers"), {"q": "xay dung"}))

    assert "Giấy phép xây dựng" in said
    assert "Giấy khai sinh" not in said
    assert "Không có giấy tờ nào khớp" in words(browser.get(page("papers"), {"q": "hộ chiếu"}))


def test_a_paper_tells_who_used_it_who_saw_it_and_downloads(browser):
    paper = make_paper()
    reuse(paper)
    lan = acting(make_officer(make_city().river, title="Công chức tiếp nhận"))
    log_look_up(paper, fields=["files"], reason="H98-2 cần đối chiếu", actor=lan, at=MONDAY)

    said = words(browser.get(page("paper", paper.pk)))

    assert "Cấp giấy" in said
    assert "H98-1; Nói tại quầy" in said
    assert "H98-2 cần đối chiếu" in said
    assert lan.name in said
    assert browser.get(page("file", paper.pk)).headers["Content-Disposition"].startswith("attachment")


def test_a_replaced_paper_leads_to_the_one_that_holds(browser):
    paper, after = make_paper(), make_paper(number="13")
    actions.change_worth(paper.pk, state="replaced", reason="Sai ngày sinh", replaced_by=after.pk, actor=HOUSE, at=MONDAY)

    response = browser.get(page("paper", paper.pk))

    assert "Đã được thay thế" in words(response)
    assert page("paper", after.pk) in response.content.decode()


def test_the_owner_keeps_a_paper_back_and_offers_it_again(browser):
    paper = make_paper()

    browser.post(page("offer", paper.pk), {"cho": "0"})
    assert not StoredPaper.objects.get(pk=paper.pk).is_offered
    browser.post(page("offer", paper.pk), {"cho": "1"})
    assert StoredPaper.objects.get(pk=paper.pk).is_offered


def test_consent_is_taken_back_after_a_question(browser):
    paper = make_paper()
    used = reuse(paper)
    address = page("withdraw", paper.pk, used.consent_id)

    assert "H98-1" in words(browser.get(address))
    assert queries.uses_of(paper)[0].withdrawn_at is None
    browser.post(address)

    assert queries.uses_of(paper)[0].withdrawn_at is not None
    assert browser.post(address).status_code == 409


def test_somebody_elses_paper_is_nowhere(browser):
    other = make_paper(owner_id_number="001400000001")
    used = reuse(other)

    for address in (page("paper", other.pk), page("file", other.pk), page("withdraw", other.pk, used.consent_id)):
        assert browser.get(address).status_code == 404
    assert browser.post(page("offer", other.pk), {"cho": "0"}).status_code == 404
    assert "Giấy khai sinh" not in words(browser.get(page("papers")))
    assert StoredPaper.objects.get(pk=other.pk).is_offered
