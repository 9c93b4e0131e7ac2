"""The parts in a real browser: nothing for axe to find, nothing that needs a sideways scroll, keys and menus that work."""

from __future__ import annotations

import pytest

from thongsuot.web.tests.chromium import PHONE, SCREEN, chromium, faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = [
    "/",
    "/thanh-phan/",
    "/thanh-phan/?khung=can-bo",
    "/du-lieu-ca-nhan/",
    "/kha-nang-tiep-can/",
    "/ma-nguon/",
    "/khong-co/",
    *(f"/thanh-phan/loi/{which}/" for which in ("500", "503", "bao-tri", "tu-choi", "hoi-lai", "hoi-lai-can-bo")),
]


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def open_page(browser, live_server):
    contexts = []

    def open_(path, *, width=1280, **options):
        contexts.append(browser.new_context(viewport={"width": width, "height": 800}, **options))
        page = contexts[-1].new_page()
        page.trouble = []
        page.on("console", lambda said: page.trouble.append(said.text) if "Content Security Policy" in said.text else None)
        page.on("pageerror", lambda error: page.trouble.append(str(error)))
        page.goto(live_server.url + path)
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_on_a_phone_by_day_and_a_screen_by_night(open_page, path):
    page = open_page(path)
    for found in (faults(page, widths=[PHONE]), faults(page, widths=[SCREEN], dark=True)):
        assert not [(one["width"], one["id"], [node["target"] for node in one["nodes"]]) for one in found]
    assert page.trouble == []


def test_what_is_wrong_with_one_row_of_a_long_list_is_found(browser):
    rows = [f"<tr><td>Hồ sơ {number}</td><td><button>Mở</button></td></tr>" for number in range(60)]
    rows[40] = '<tr class="pale" style="color: #ddd; background: #fff"><td>Hồ sơ 40</td><td><button>Mở</button></td></tr>'
    rows[50] = "<tr><td>Hồ sơ 50</td><td><button></button></td></tr>"
    page = browser.new_page()
    head = '<html lang="vi"><title>Danh sách</title><main><h1>Danh sách</h1>'
    page.set_content(f"{head}<table><tbody>{''.join(rows)}</tbody></table></main></html>")

    assert {one["id"]: len(one["nodes"]) for one in faults(page, widths=[SCREEN])} == {"button-name": 1, "color-contrast": 1}
    assert [one["id"] for one in faults(page, widths=[SCREEN], only_contrast=True)] == ["color-contrast"]
    page.close()


def test_what_is_wrong_at_one_width_alone_is_found_there(browser):
    page = browser.new_page()
    head = '<html lang="vi"><title>Hẹp</title><style>@media (min-width: 600px) { .phone { display: none } }</style><main>'
    page.set_content(f'{head}<h1>Hẹp</h1><button class="phone"></button><p>Rộng</p></main></html>')

    assert [(one["id"], one["width"]) for one in faults(page)] == [("button-name", PHONE)]
    page.close()


def test_what_is_judged_is_the_page_as_it_stands_with_its_own_styles(open_page):
    page = open_page("/thanh-phan/")
    page.evaluate("document.querySelector('h1').style.color = '#000'")
    page.locator("input[type=text]").first.fill("Nguyễn Văn An")

    assert [one["id"] for one in faults(page, widths=[SCREEN])] == []
    assert [one["id"] for one in faults(page, widths=[SCREEN], dark=True)] == ["color-contrast"], (
        "black on the ground of the night"
    )

    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<p style=\"width: 700px\">Rộng</p>')")
    assert [one["id"] for one in faults(page, widths=[PHONE])] == ["scrolls-sideways"]
    assert [one["id"] for one in faults(page, widths=[SCREEN])] == []
    assert page.locator("input[type=text]").first.input_value() == "Nguyễn Văn An"


def test_after_a_refused_form_the_summary_has_the_focus_and_its_links_lead_to_the_fields(open_page):
    page = open_page("/thanh-phan/")
    assert page.evaluate("document.activeElement.matches('.errors')")
    for link in page.locator(".errors a").all():
        link.click()
        target = link.get_attribute("href").removeprefix("#")
        assert page.evaluate("document.activeElement.id") == target


def test_a_list_is_worked_by_keys_alone(open_page):
    page = open_page("/thanh-phan/?khung=can-bo")
    page.evaluate("document.activeElement.blur()")
    picked = page.locator("[data-picked]")
    assert picked.text_content() == "Đã chọn 1 hồ sơ"
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert picked.text_content() == "Đã chọn 2 hồ sơ"
    page.locator("[data-pick-all] input").check()
    assert picked.text_content() == "Đã chọn 4 hồ sơ"
    page.keyboard.press("/")
    page.keyboard.type("jx")
    assert page.evaluate("document.activeElement.value") == "jx"
    assert picked.text_content() == "Đã chọn 4 hồ sơ"


def test_letters_do_nothing_once_they_are_switched_off(open_page):
    page = open_page("/thanh-phan/?khung=can-bo")
    page.locator("summary.who").click()
    page.locator("button[name=keys][value=off]").click()
    page.wait_for_selector("html[data-keys=off]")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("[data-picked]").text_content() == "Đã chọn 1 hồ sơ"


def test_a_menu_opens_by_keyboard_and_escape_gives_the_focus_back(open_page):
    page = open_page("/thanh-phan/?khung=can-bo", width=360)
    summary = page.locator("summary.who")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("details.menu[open]").count() == 1
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert page.locator("details.menu[open]").count() == 0
    assert page.evaluate("document.activeElement.matches('summary.who')")


def test_the_bars_of_an_officer_take_one_row_each_on_a_phone(open_page):
    page = open_page("/thanh-phan/?khung=can-bo", width=360)
    assert page.locator("header").bounding_box()["height"] <= 60
    assert page.locator(".rail").bounding_box()["height"] <= 60


def test_without_script_menus_open_and_what_needs_script_is_not_shown(open_page):
    page = open_page("/thanh-phan/?khung=can-bo", width=360, java_script_enabled=False)
    page.locator("summary.who").click()
    assert page.get_by_role("button", name="Đăng xuất").is_visible()
    assert not page.locator("[data-pick-all]").is_visible()


def test_a_theme_chosen_by_hand_wins_over_the_system(open_page):
    page = open_page("/", color_scheme="dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Sáng").click()
    page.wait_for_selector("html[data-theme=light]")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark


def test_at_four_times_the_size_nothing_scrolls_sideways(open_page):
    page = open_page("/thanh-phan/", width=320)  # 1280 px at 400 %
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
