"""Maps in a real browser, on a phone: a point by tap, by keys, by where one is, or without leave for it; points asked anew."""

from __future__ import annotations

import base64
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from thongsuot.web.tests.chromium import PHONE, SCREEN, chromium, faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PIN, POINTS = "[data-map-pin]", "[data-map-points$='/diem/']"
TEN_METRES = 10 / 111_320
DOT = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def open_maps(browser, live_server):
    contexts = []

    def open_(**options):
        contexts.append(
            browser.new_context(viewport={"width": PHONE, "height": 800}, has_touch=True, locale="vi-VN", **options)
        )
        page = contexts[-1].new_page()
        page.trouble, page.elsewhere = [], []
        page.route("https://ban-do.example.vn/**", lambda route: route.fulfill(body=DOT, content_type="image/png"))
        page.on("console", lambda said: page.trouble.append(said.text) if "Content Security Policy" in said.text else None)
        page.on("pageerror", lambda error: page.trouble.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith(live_server.url) else page.elsewhere.append(asked))
        page.goto(live_server.url + "/thanh-phan/")
        return page

    yield open_
    for context in contexts:
        context.close()


def said(page, words, of=PIN):
    page.locator(f"{of} [data-say]").filter(has_text=words).wait_for()
    return page.locator(f"{of} [data-say]").text_content()


def place(page):
    return tuple(float(page.locator(f"#id_noi-{name}").input_value() or "nan") for name in ("latitude", "longitude"))


def tap(page, x, y):
    frame = page.locator(f"{PIN} [data-frame]")
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    page.touchscreen.tap(box["x"] + x, box["y"] + y)


def test_a_tap_chooses_the_point_and_says_in_words_where_it_is(open_maps):
    page = open_maps()
    assert page.locator(f"{PIN} [data-say]").text_content() == "Chưa chọn điểm nào trên bản đồ."
    tap(page, 100, 200)
    words = said(page, "Phường")

    latitude, longitude = place(page)
    assert words == f"Phường Láng, {latitude:.5f}, {longitude:.5f}"
    assert (21.0 < latitude < 21.04, 105.79 < longitude < 105.84) == (True, True)
    assert page.locator("#id_noi-ward").input_value() == "1", "the ward follows the pin"
    tap(page, 300, 200)
    said(page, "Phường Đống Đa")
    assert page.locator("#id_noi-ward").input_value() == "2"
    page.get_by_role("button", name="Bỏ ghim").click()
    said(page, "Chưa chọn điểm nào")
    assert page.locator("#id_noi-latitude").input_value() == ""
    assert page.trouble == []
    assert page.elsewhere == []


def test_keys_and_buttons_do_all_that_dragging_does(open_maps):
    page = open_maps()
    frame = page.locator(f"{PIN} [data-frame]")
    frame.focus()
    page.keyboard.press("Enter")
    said(page, "Phường")
    latitude, longitude = place(page)

    pin = page.get_by_role("button", name=re.compile("^Ghim"))
    pin.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowUp")
    assert place(page) == pytest.approx((latitude + 11 * TEN_METRES, longitude), abs=2e-6)
    page.get_by_role("button", name="Xuống nam 10 m").click()
    page.get_by_role("button", name="Sang đông 10 m").click()
    north, east = place(page)
    assert north == pytest.approx(latitude + 10 * TEN_METRES, abs=2e-6)
    assert east == pytest.approx(longitude + TEN_METRES / 0.9335, abs=2e-6), "as long on the ground to the east as to the north"
    said(page, f"{north:.5f}, {east:.5f}")
    page.get_by_role("button", name="Đặt ghim ở giữa bản đồ").click()
    assert place(page) != (north, east)
    for name in ("Phóng to", "Thu nhỏ"):
        assert (
            min(page.locator(PIN).get_by_role("button", name=name).bounding_box()[side] for side in ("width", "height")) >= 44
        )


def test_degrees_that_are_typed_move_the_pin(open_maps):
    page = open_maps()
    page.get_by_text("Ghi tọa độ").click()
    page.locator("#id_noi-latitude").fill("21,0185")
    page.locator("#id_noi-longitude").fill("105,8240")
    page.locator("#id_noi-longitude").blur()
    assert said(page, "Phường") == "Phường Đống Đa, 21.01850, 105.82400"
    assert page.locator("#id_noi-latitude").input_value() == "21,0185", "what was typed is left as it is"


def test_where_one_is_may_be_refused_and_the_page_says_what_else_to_do(open_maps):
    page = open_maps()
    page.get_by_role("button", name="Dùng vị trí của tôi").click()
    said(page, "Trình duyệt không cho biết vị trí của bạn. Hãy chạm vào bản đồ, hoặc ghi địa chỉ ở dưới.")
    assert page.locator("#id_noi-latitude").input_value() == ""


def test_where_one_is_becomes_the_pin_with_how_sure_that_is(open_maps):
    page = open_maps(geolocation={"latitude": 21.0185, "longitude": 105.824, "accuracy": 30}, permissions=["geolocation"])
    page.get_by_role("button", name="Dùng vị trí của tôi").click()
    assert said(page, "sai số") == "Phường Đống Đa, 21.01850, 105.82400, sai số khoảng 30 m"


def test_the_map_of_points_asks_for_what_it_shows_and_keeps_the_last_when_nobody_answers(open_maps):
    page = open_maps()
    assert said(page, "Đang hiện", POINTS) == "Đang hiện 6 điểm trên bản đồ."
    cluster = page.locator(POINTS).get_by_role("button", name="3 điểm ở gần nhau, bấm để phóng to").first
    with (
        page.expect_request(lambda request: "/diem/" in request.url) as points,
        page.expect_request(lambda request: "/danh-sach/" in request.url) as rows,
    ):
        cluster.focus()
        page.keyboard.press("Enter")
    (asked, beside) = (parse_qs(urlsplit(one.value.url).query) for one in (points, rows))
    west, south, east, north = map(float, asked["bbox"][0].split(","))
    assert (west < east, south < north, asked == beside) == (True, True, True)
    assert int(asked["zoom"][0]) >= 14
    single = page.locator(f"{POINTS} a.spot", has_text="Hố ga mất nắp, Mới nhận")
    single.wait_for()
    assert single.get_attribute("href") == "#diem"
    shown = page.locator(f"{POINTS} a.spot").count()
    assert page.locator("#diem li").count() == shown, "each point of the map stands in the list"
    assert page.evaluate("document.activeElement.matches('[data-frame]')"), "whoever pressed what went away is still on the map"

    page.route("**/ban-do/diem/**", lambda route: route.abort())
    page.locator(POINTS).get_by_role("button", name="Xem sang đông").click()
    said(page, "Chưa tải được phần mới", POINTS)
    assert page.locator(f"{POINTS} a.spot").count() == shown
    page.unroute("**/ban-do/diem/**")
    page.locator(POINTS).get_by_role("button", name="Xem sang tây").click()
    said(page, "Đang hiện", POINTS)
    assert page.trouble == []


def test_pictures_are_asked_of_the_tile_server_which_learns_of_the_site_alone(open_maps, settings, live_server):
    settings.MAP_TILES, settings.MAP_CREDIT = "https://ban-do.example.vn/{z}/{x}/{y}.png", "© Sở Xây dựng"
    page = open_maps()
    page.locator(f"{PIN} img.leaflet-tile-loaded").first.wait_for()
    assert page.locator(PIN).get_by_text("Ảnh bản đồ: © Sở Xây dựng").is_visible()
    assert page.trouble == []
    assert page.elsewhere
    assert {urlsplit(asked.url).netloc for asked in page.elsewhere} == {"ban-do.example.vn"}
    assert {asked.all_headers()["referer"] for asked in page.elsewhere} == {live_server.url + "/"}


def test_what_a_map_is_told_stays_text(open_maps, live_server):
    page = open_maps()
    said(page, "Đang hiện", POINTS)
    evil = "<img src=x onerror=\"document.title='hỏng'\">"
    about = {"title": evil, "state": evil, "kind": '"><b>', "url": ""}
    point = {"type": "Feature", "properties": about, "geometry": {"type": "Point", "coordinates": [105.82, 21.02]}}
    answer = json.dumps({"type": "FeatureCollection", "features": [point]})
    page.route("**/ban-do/diem/**", lambda route: route.fulfill(body=answer, content_type="application/geo+json"))
    page.locator(POINTS).get_by_role("button", name="Xem sang tây").click()
    page.locator(f"{POINTS} .spot", has_text=evil).wait_for()
    assert page.locator(f"{POINTS} .spot img").count() == 0


def test_axe_finds_nothing_with_a_pin_and_points_on_the_maps(open_maps):
    page = open_maps()
    tap(page, 100, 200)
    said(page, "Phường")
    said(page, "Đang hiện", POINTS)
    for found in (faults(page, widths=[PHONE]), faults(page, widths=[SCREEN], dark=True)):
        assert not [(one["width"], one["id"], [node["target"] for node in one["nodes"]]) for one in found]


def test_without_script_there_is_the_form_and_the_list(open_maps):
    page = open_maps(java_script_enabled=False)
    assert not page.locator("[data-frame]").first.is_visible()
    assert page.locator("#id_noi-address").is_visible()
    assert page.locator("#diem li").count() == 6
    assert page.locator("noscript p").first.is_visible()
