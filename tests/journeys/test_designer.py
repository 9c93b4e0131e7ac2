"""An administrator draws an e-process by keys alone, sees it redrawn, is told what is wrong, and publishes it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.journeys.browsing import PHONE, SCREEN, Browsing, Visitor
from thongsuot.people.demo import PASSWORD
from thongsuot.procedures import bpmn, queries

pytestmark = pytest.mark.browser
ALLOWANCE = "1.001776"
PAGE = f"/quan-tri/thu-tuc/{ALLOWANCE}/quy-trinh/"


def at_work(browsing: Browsing, **options: object) -> Visitor:
    """The administrator of the city, logged in."""
    admin = browsing.visitor(**options)
    admin.visit("/tai-khoan/dang-nhap/")
    admin.fill(login="quantri@demo.thongsuot.vn", password=PASSWORD)
    admin.press("Đăng nhập")
    return admin


def tab_to(page, wanted: str, key: str = "Tab") -> None:
    """Tab, or Shift+Tab back, until the element has the focus, as someone without a mouse would."""
    for _ in range(60):
        if page.evaluate("one => document.activeElement.matches(one)", wanted):
            return
        page.keyboard.press(key)
    raise AssertionError(f"Tab does not lead to {wanted}")


def press(page, wanted: str, key: str = "Tab") -> None:
    """Press a button of the designer by key and wait for the part of the page that comes back."""
    tab_to(page, wanted, key)
    with page.expect_response(lambda answer: answer.url.endswith(PAGE) and answer.request.method == "POST"):
        page.keyboard.press("Enter")
    page.wait_for_selector("#thiet-ke")


def test_a_process_is_drawn_by_keys_and_published(browsing):
    admin = at_work(browsing)
    page = admin.visit(PAGE)
    admin.sees("Đang công bố", "Các bước: 80 giờ. Thời hạn: 80 giờ.", "Quy trình công bố được")

    # One more hour: the picture and the sum follow at once, nothing is stored.
    page.locator("#buoc-review [name$=-hours]").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("5")
    page.keyboard.press("Tab")
    page.get_by_text("Thừa 1 giờ.").wait_for()
    assert queries.process_draft(ALLOWANCE) is None

    # Kept by a key; the step moves up and the focus stays with its button.
    press(page, "#len-review", "Shift+Tab")
    assert page.evaluate("document.activeElement.id") == "len-review"
    assert 0 <= page.evaluate("document.activeElement.getBoundingClientRect().top") < 900  # and in sight
    assert [one.key for one in queries.process_draft(ALLOWANCE).steps][3:5] == ["review", "process_stop"]
    admin.sees("Còn", "chỗ cần xem trước khi công bố")
    press(page, "#xuong-review")
    admin.look("procedures-design_process-drafted")

    # A branch of its own, chosen from one list; then it is in the picture.
    press(page, "#nhanh-assign", "Shift+Tab")
    tab_to(page, "#buoc-assign [name$=n1-when]", "Shift+Tab")
    page.locator("#buoc-assign [name$=n1-when]").select_option(label="Khi “Cách nộp” là “trực tuyến”")
    page.locator("#buoc-assign [name$=n1-to]").select_option("process_stop")
    page.locator("#buoc-review [name$=-hours]").fill("4")
    page.keyboard.press("F9")
    page.get_by_text("Đã lưu lúc").wait_for()
    admin.look("procedures-design_process-branch")
    assert "Khi “Cách nộp” là" in page.locator("svg.flow").text_content()
    steps = queries.process_draft(ALLOWANCE).steps
    assert [one.to for one in steps[1].ways] == ["process_stop", "process_stop", "process"]

    assert bpmn.read(admin.fetch(PAGE + "so-do.bpmn")).steps == steps

    admin.follow("Xem trước và công bố")
    admin.sees("Hồ sơ nhận từ ngày áp dụng đi theo quy trình mới")
    tomorrow = timezone.localdate() + timedelta(days=1)
    admin.fill(valid_from=f"{tomorrow:%d/%m/%Y}")
    admin.press("Công bố quy trình")
    admin.sees("Đã công bố quy trình, áp dụng cho hồ sơ nhận từ")
    assert queries.version_in_force(ALLOWANCE, on=tomorrow).steps == steps
    assert queries.version_in_force(ALLOWANCE, on=timezone.localdate()).number == 1
    admin.close()


def test_a_step_is_given_to_a_partner_by_keys_and_seen_before_publishing(browsing):
    admin = at_work(browsing)
    page = admin.visit(PAGE)

    page.locator("#buoc-process [name$=-hours]").focus()
    tab_to(page, "#buoc-process [name$=-agency]")
    page.keyboard.press("ArrowDown")
    page.locator("svg.flow").get_by_text("Cơ quan thuế").wait_for()  # its lane, drawn while one types
    tab_to(page, "#buoc-process summary")
    page.keyboard.press("Enter")
    tab_to(page, "#buoc-process [name$=-asks_payment]")
    page.keyboard.press("Space")
    page.keyboard.press("F9")
    page.get_by_text("Đã lưu lúc").wait_for()
    admin.look("procedures-design_process-partner")
    kept = next(one for one in queries.process_draft(ALLOWANCE).steps if one.key == "process")
    assert (kept.agency, kept.asks_payment) == ("tax", True)

    admin.follow("Xem trước và công bố")
    assert "Cơ quan thuế" in page.locator("ins").first.text_content()
    assert "ra thông báo nộp tiền" in page.locator("ins").first.text_content()
    admin.close()


@pytest.mark.parametrize("width", [PHONE, SCREEN])
def test_without_scripts_the_same_page_works(browsing, width):
    admin = at_work(browsing, width=width, java_script_enabled=False)
    page = admin.visit("/quan-tri/thu-tuc/2.000635/quy-trinh/", name=f"design-without-scripts-{width}")
    page.locator("[name=b1-name]").fill("Tra Sổ hộ tịch")
    page.locator("[name=b1-agency]").select_option("justice")
    with page.expect_navigation():
        page.locator("#xuong-process").click()
    assert re.search(r"#xuong-process$", page.url)
    with page.expect_navigation():
        page.locator("#len-process").click()
    kept = queries.process_draft("2.000635").steps[1]
    assert (kept.name, kept.agency) == ("Tra Sổ hộ tịch", "justice")
    admin.visit("/quan-tri/thu-tuc/2.000635/quy-trinh/bo/")
    admin.press("Bỏ bản thảo")
    assert queries.process_draft("2.000635") is None
    admin.close()


def test_the_lists_and_the_file_page_are_sound(browsing):
    admin = at_work(browsing)
    admin.visit("/quan-tri/thu-tuc/quy-trinh/")
    admin.sees("559", "447", "trước đó 112", "541")
    admin.visit("/quan-tri/thu-tuc/quy-trinh/?tham_quyen=giao&quy_trinh=")
    admin.sees("512")
    admin.visit(f"/quan-tri/thu-tuc/noi-giai-quyet/?ma={ALLOWANCE}&ngay=01/07/2026")
    admin.sees("126 đơn vị giải quyết")
    admin.visit(PAGE + "nhap/")
    with admin.page.expect_navigation():
        file = {"name": "x.bpmn", "mimeType": "application/xml", "buffer": admin.fetch(PAGE + "so-do.bpmn")}
        admin.page.locator("[name=file]").set_input_files(file)
        admin.page.get_by_role("button", name="Đọc tệp và xem trước").click()
    admin.look("import-preview")
    admin.sees("Tệp có 8 bước: ai làm bước nào?")
    admin.close()
