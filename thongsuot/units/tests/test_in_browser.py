"""The page that finds a unit, in a real browser."""

from __future__ import annotations

import pytest

from thongsuot.units.tests.make import make_city
from thongsuot.web.tests.chromium import chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_back_from_an_answer_is_the_whole_page_again(live_server, settings):
    settings.CITY_CODE = "98"
    make_city()
    with chromium() as browser:
        page = browser.new_page(base_url=live_server.url)
        page.goto("/xa-phuong/")
        for asked, said in (("phường Sông", "Phường Sông"), ("phường Đồi", "Phường Đồi")):
            page.locator("[name=q]").fill(asked)
            page.get_by_role("button", name="Tìm phường, xã").click()
            page.locator("#ket-qua").get_by_text(said).first.wait_for()
        page.go_back()
        page.locator("#ket-qua").get_by_text("Phường Sông").first.wait_for()
        assert page.locator("h1").count() == 1
        assert page.locator("header").count() > 0
        assert page.locator("[name=q]").input_value() == "phường Sông"
