"""Which numbers of the law nobody has read in its text: said plainly, and confirmed by who administers the city."""

from __future__ import annotations

import csv

import pytest
from django.urls import reverse

from thongsuot.citizen_reception import actions
from thongsuot.citizen_reception.actions.scheduling import _SETTINGS
from thongsuot.citizen_reception.models import ReceptionSetting
from thongsuot.citizen_reception.numbers import KEYS
from thongsuot.citizen_reception.tests.make import HOUSE, MONDAY
from thongsuot.kernel.errors import BadInput
from thongsuot.people.tests.make import browser_of, make_administrator, with_second_factor
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db
# Whose text was seen: refusals, and online receptions from 01/07/2026 on.
READ = {"refusal_notice_days", "online_notice_days", "online_test_days", "online_connect_minutes", "online_recording_needed"}
MARK = "[cần đối chiếu"


def url(name, *args):
    return reverse(f"citizen_reception:{name}", args=args)


def test_what_ships_as_read_is_what_was_and_all_else_says_that_it_waits():
    with _SETTINGS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["key"] for row in rows} == set(KEYS)
    assert {row["key"] for row in rows if row["checked"] == "1"} == READ
    for row in rows:
        assert (MARK in row["basis"]) is (row["checked"] == "0"), row["key"]
        assert len(row["basis"]) <= 300


def test_the_page_names_each_that_nobody_checked_and_one_is_confirmed_on_its_own_page(office, clock):
    browser = browser_of(with_second_factor(make_administrator(office.city.city)))
    waiting = len(KEYS) - len(READ)
    shown = said(browser.get(url("numbers")))
    assert f"{waiting} con số chưa ai đối chiếu với văn bản" in shown
    assert "Cách xác nhận một số" in shown
    assert shown.count("chưa ai đối chiếu") == waiting + 1
    here = url("number", "complaint_settle_days")
    page = said(browser.get(here))
    assert "Chưa ai đối chiếu số đang dùng với văn bản" in page
    assert "Luật Khiếu nại 02/2011/QH13" in page

    facts = {"value": "30", "checked": "on", "valid_from": f"{MONDAY:%d/%m/%Y}"}
    refused = browser.post(here, facts | {"basis": "Luật 02/2011/QH13 [Cần đối chiếu]"})
    assert (refused.status_code, "bỏ lời “cần đối chiếu”" in said(refused)) == (422, True)
    with pytest.raises(BadInput):
        actions.set_number(
            "complaint_settle_days", 30, basis=f"Luật {MARK}]", valid_from=MONDAY.date(), checked=True, actor=HOUSE, at=MONDAY
        )
    browser.post(here, facts | {"basis": "Luật 02/2011/QH13, điều đã đọc ở bản đang có hiệu lực"})

    page = said(browser.get(here))
    assert "Số đang dùng đã được đối chiếu" in page
    assert "Lê Quản Trị" in page
    assert f"{waiting - 1} con số chưa ai đối chiếu với văn bản" in said(browser.get(url("numbers")))


def test_where_all_were_read_the_page_says_that(office, clock):
    ReceptionSetting.objects.update(checked=True)
    browser = browser_of(with_second_factor(make_administrator(office.city.city)))
    shown = said(browser.get(url("numbers")))
    assert "Mọi con số đang dùng đã được đối chiếu" in shown
    assert "chưa ai đối chiếu" not in shown
