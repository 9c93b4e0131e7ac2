"""A passkey under the strict content policy, in a real browser; and that the pages of login are sound for everyone."""

import pytest
from django.core.cache import cache
from playwright.sync_api import Page

from thongsuot.people.tests.make import PASSWORD, make_citizen, make_officer
from thongsuot.units.tests.make import make_city
from thongsuot.web.tests.chromium import chromium, faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser, live_server):
    """A phone. Whatever its console complains of fails the test: a broken policy, a missing file."""
    cache.clear()
    context = browser.new_context(base_url=live_server.url, viewport={"width": 360, "height": 800})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == []


def password_login(page: Page, email: str) -> None:
    page.goto("/tai-khoan/dang-nhap/")
    page.get_by_label("Thư điện tử").fill(email)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Đăng nhập", exact=True).click()


def sound(page: Page) -> None:
    assert [(one["id"], one["nodes"][:1]) for one in faults(page)] == [], page.url


def test_a_signer_sets_up_a_passkey_and_logs_in_with_it_alone(page):
    city = make_city()
    make_officer(city.river, kind="people_committee", title="Chủ tịch", email="hanh@vidu.vn", password=PASSWORD)
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})

    password_login(page, "hanh@vidu.vn")
    page.goto("/quan-tri/khoa-api/")
    assert page.url.endswith("/tai-khoan/hai-lop/")  # no way on without a second factor
    sound(page)
    page.get_by_role("link", name="Gắn khóa truy cập").click()
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_label("Đăng nhập bằng khóa này").check()
    sound(page)
    page.get_by_role("button", name="Gắn khóa").click()
    page.wait_for_url("**/ma-du-phong/")
    sound(page)
    page.goto("/quan-tri/khoa-api/")
    assert page.get_by_role("heading", name="Khóa kết nối phần mềm").is_visible()

    page.goto("/tai-khoan/dang-xuat/")
    page.get_by_role("main").get_by_role("button", name="Đăng xuất").click()
    page.goto("/tai-khoan/dang-nhap/")
    sound(page)
    page.get_by_role("button", name="Dùng khóa truy cập").click()
    page.wait_for_url(lambda url: "/tai-khoan/" not in url)
    page.goto("/quan-tri/khoa-api/")
    assert page.get_by_role("heading", name="Khóa kết nối phần mềm").is_visible()


def test_a_refused_passkey_is_told_in_words(page):
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": {**KEY, "isUserVerified": False}})
    page.goto("/tai-khoan/dang-nhap/")
    page.get_by_role("button", name="Dùng khóa truy cập").click()
    page.get_by_text("Chưa dùng được khóa truy cập").wait_for()


def test_without_javascript_the_password_still_works_and_no_dead_button_is_shown(browser, live_server):
    cache.clear()
    make_citizen(email="minh@vidu.vn", password=PASSWORD)
    page = browser.new_context(base_url=live_server.url, java_script_enabled=False).new_page()
    page.goto("/tai-khoan/dang-nhap/")
    assert not page.get_by_role("button", name="Dùng khóa truy cập").is_visible()
    password_login(page, "minh@vidu.vn")
    page.goto("/tai-khoan/")
    assert page.get_by_role("heading", name="Tài khoản", exact=True).is_visible()
