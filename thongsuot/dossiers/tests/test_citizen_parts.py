"""Parts of a draft that are more than fields: the place, and the papers."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from thongsuot.dossiers.models import Draft, DraftFile
from thongsuot.dossiers.tests.citizen import CODE, a_file, make_filing_town, page, start, states, words
from thongsuot.dossiers.tests.make import MONDAY
from thongsuot.procedures.tests.make import make_procedure


@pytest.fixture(autouse=True)
def city(settings, monkeypatch):
    settings.CITY_CODE = "98"
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)


@pytest.fixture(scope="module")
def begins_with():
    return make_filing_town


@pytest.fixture
def browser() -> Client:
    return Client()


# -- where -------------------------------------------------------------------------------------------------------------


def test_an_old_address_that_was_split_is_asked_and_never_guessed(town, browser):
    response = browser.get(reverse("dossiers:apply", args=[CODE]), {"noi": "phường Chợ"})
    text = words(response)
    assert "hợp với 2 nơi" in text
    assert "Một phần Phường Chợ" in text
    radios = re.findall(r'<input type="radio" name="unit" value="(\d+)"([^>]*)>', response.content.decode())
    assert {value for value, _rest in radios} == {"98001", "98002"}
    assert not any("checked" in rest for _value, rest in radios)
    refused = browser.post(reverse("dossiers:apply", args=[CODE]) + "?noi=phường Chợ", {})
    assert refused.status_code == 422
    assert "Chưa chọn nơi nộp" in words(refused)
    assert not Draft.objects.exists()


def test_an_address_with_one_answer_is_shown_chosen(town, browser):
    response = browser.get(reverse("dossiers:apply", args=[CODE]), {"noi": "phuong ben, quan giua"})
    radios = re.findall(r'<input type="radio" name="unit" value="(\d+)"([^>]*)>', response.content.decode())
    assert [value for value, rest in radios if "checked" in rest] == ["98001"]


@pytest.mark.parametrize("unit", ["", "98", "98101", "khong-co", "98001 OR 1=1"])
def test_a_place_that_does_not_take_the_procedure_is_refused(town, browser, unit):
    response = browser.post(reverse("dossiers:apply", args=[CODE]), {"unit": unit})
    assert response.status_code == 422
    assert not Draft.objects.exists()


def test_the_place_can_be_changed_and_is_remembered(town, browser):
    code = start(browser)
    assert browser.post(page("draft_place", code), {"unit": "98002"}).status_code == 302
    assert Draft.objects.get().unit_id == town.hill
    again = browser.get(reverse("dossiers:apply", args=[CODE])).content.decode()
    assert re.search(r'<option value="98001" selected', again)


def test_what_is_not_offered_online_says_where_to_go(town, browser):
    make_procedure("9.000002", city_id=town.city.city.pk, channels=frozenset({1}))
    response = browser.get(reverse("dossiers:apply", args=["9.000002"]))
    assert "chưa nộp trực tuyến được" in words(response)
    assert browser.post(reverse("dossiers:apply", args=["9.000002"]), {"unit": "98001"}).status_code == 422
    assert browser.get(reverse("dossiers:apply", args=["9.999999"])).status_code == 404
    assert not Draft.objects.exists()


# -- papers ------------------------------------------------------------------------------------------------------------


def test_a_file_that_cannot_be_taken_is_said_beside_its_paper_and_costs_no_other(town, browser):
    code = start(browser)
    response = browser.post(
        page("draft_papers", code),
        {"files-giay-chung-nhan": [a_file("một.pdf"), a_file("virus.exe", b"MZ" + b"\0" * 200), a_file("trống.pdf", b"")]},
    )
    assert response.status_code == 422
    text = words(response)
    assert "Tệp “virus.exe”: Chỉ nhận PDF" in text
    assert "Tệp “trống.pdf”" in text
    assert [kept.file.name for kept in DraftFile.objects.all()] == ["một.pdf"]
    assert "một.pdf" in words(browser.get(page("draft_papers", code)))
    assert states(browser, code)[3] == "Xong"


def test_a_missing_paper_is_asked_for_and_may_be_looked_up_instead(town, browser):
    code = start(browser)
    response = browser.post(page("draft_papers", code), {})
    assert response.status_code == 422
    assert "Chưa có “Giấy chứng nhận”" in words(response)
    assert states(browser, code)[3] == "Cần sửa"
    assert browser.post(page("draft_papers", code), {"look_up-giay-chung-nhan": "on"}).status_code == 302
    assert states(browser, code)[3] == "Xong"
    assert "Nhờ tra trong dữ liệu" in words(browser.get(page("draft_check", code)))
    # What nobody must bring cannot be looked up either; unknown boxes change nothing.
    browser.post(page("draft_papers", code), {"look_up-van-ban-khac": "on", "look_up-giay-chung-nhan": "on"})
    assert Draft.objects.get().data["giay-to"] == {"look_up": ["giay-chung-nhan"]}


def test_files_are_removed_again_and_only_the_drafts_own(town, browser):
    code, other = start(browser), start(browser)
    for draft in (code, other):
        browser.post(page("draft_papers", draft), {"files-giay-chung-nhan": [a_file("a.pdf"), a_file("b.pdf")], "tai": "1"})
    mine, its = (list(DraftFile.objects.filter(draft__code=draft).order_by("id")) for draft in (code, other))
    browser.post(page("draft_papers", code), {"bo": str(mine[0].pk)})
    browser.post(page("draft_papers", code), {"bo": str(its[0].pk)})
    browser.post(page("draft_papers", code), {"bo": "9" * 40})
    assert [kept.file.name for kept in DraftFile.objects.order_by("id")] == ["b.pdf", "a.pdf", "b.pdf"]
