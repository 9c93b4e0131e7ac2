"""The page that finds a unit, in a real browser."""

from __future__ import annotations

import pytest

from thongsuot.units import queries
from thongsuot.units.boundaries import import_boundaries
from thongsuot.units.tests.make import make_city
from thongsuot.units.tests.test_outlines import AT, HILL, RIVER, collection
from thongsuot.web.tests.chromium import PHONE, chromium, faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_is_asked_is_in_no_address_and_back_is_where_one_came_from(live_server, settings):
    settings.CITY_CODE = "98"
    make_city()
    with chromium() as browser:
        page = browser.new_page(base_url=live_server.url)
        page.goto("/xa-phuong/danh-sach/")
        page.goto("/xa-phuong/")
        for asked, said in (("phường Sông", "Phường Sông"), ("phường Đồi", "Phường Đồi")):
            page.locator("[name=q]").fill(asked)
            page.get_by_role("button", name="Tìm phường, xã").click()
            page.locator("#ket-qua").get_by_text(said).first.wait_for()
            assert page.evaluate("location.pathname + location.search") == "/xa-phuong/"
        assert page.locator("h1").count() == 1
        assert page.locator("header").count() > 0
        page.go_back()
        page.wait_for_url("**/xa-phuong/danh-sach/")


def test_a_map_shows_the_outlines_of_the_communes_with_their_names(live_server, settings, tmp_path):
    settings.CITY_CODE = "98"
    make_city()
    import_boundaries(collection(tmp_path, RIVER, HILL), at=AT)
    queries.clear_caches()
    with chromium() as browser:
        page = browser.new_context(viewport={"width": PHONE, "height": 800}, base_url=live_server.url).new_page()
        trouble = []
        page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.goto("/thanh-phan/?ban-do=thanh-pho")
        root = page.locator("[data-map-pin]")
        root.locator(".ground__outline").first.wait_for(state="attached")
        assert root.locator(".ground__outline").count() == 2
        assert sorted(root.locator(".ground__name").all_text_contents()) == ["Phường Sông", "Phường Đồi"]
        from_afar = root.locator(".leaflet-control-scale-line").text_content()
        root.locator("[data-frame]").click()
        root.locator(".leaflet-control-scale-line").filter(has_not_text=from_afar).wait_for()  # the next tap is nearer
        root.locator("[data-say]", has_text="Phường").wait_for()
        assert not [(one["id"], [node["target"] for node in one["nodes"]]) for one in faults(page, widths=[PHONE])]
        assert trouble == []


def test_where_a_telephone_is_is_told_to_us_and_stands_in_no_address(live_server, settings, tmp_path):
    settings.CITY_CODE = "98"
    make_city()
    import_boundaries(collection(tmp_path, RIVER, HILL), at=AT)
    queries.clear_caches()
    asked: list[str] = []
    with chromium() as browser:
        here = {"latitude": 21.05123, "longitude": 105.15123}
        context = browser.new_context(
            viewport={"width": PHONE, "height": 800}, base_url=live_server.url, geolocation=here, permissions=["geolocation"]
        )
        page = context.new_page()
        page.on("request", lambda request: asked.extend([request.url, *request.headers.values()]))
        page.goto("/xa-phuong/")
        page.get_by_role("button", name="Dùng vị trí của tôi").click()
        page.get_by_text("Vị trí này thuộc").wait_for()
        assert page.evaluate("location.pathname + location.search") == "/xa-phuong/"
        page.get_by_role("link", name="Phường Đồi").click()
        page.wait_for_url("**/xa-phuong/98002/")
    assert not [one for one in asked if "05123" in one or "15123" in one]
