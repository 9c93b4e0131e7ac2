"""In a real browser: an answer from draft to approval, found on a phone, told at a counter; pages sound at both widths."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from thongsuot.kernel import clock
from thongsuot.knowledge.models import AnswerUse
from thongsuot.people.tests.make import make_officer, with_second_factor
from thongsuot.people.tests.windows import look, opened, window
from thongsuot.units import queries as units
from thongsuot.units.tests.make import make_city
from thongsuot.web.tests.chromium import chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def made(settings):
    settings.CITY_CODE = "98"
    cache.clear()
    units.clear_caches()
    yield make_city()
    units.clear_caches()


def test_an_answer_from_draft_to_the_phone_of_whoever_asks(made, live_server):
    now = clock.now()
    keeper = with_second_factor(make_officer(made.city, title="Tổng đài viên 1022", at=now))
    approver = with_second_factor(make_officer(made.city, title="Trưởng tổng đài 1022", at=now))
    clerk = make_officer(made.river, at=now)
    with chromium() as browser:
        page, complaints = opened(window(browser, live_server.url, keeper), "/can-bo/hoi-dap/kho/")
        look(page, complaints)
        page.get_by_role("link", name="Thêm câu hỏi").click()
        page.get_by_label("Câu hỏi").fill("Đăng ký khai sinh ở đâu?")
        page.get_by_label("Trả lời").fill("Ở phường.\n\n- Giấy chứng sinh\n- Căn cước\n\nXem [thủ tục](/thu-tuc/).")
        page.get_by_label("Câu nói qua điện thoại").fill("Anh chị đến phường, mang giấy chứng sinh.")
        page.get_by_label("Căn cứ").fill("Luật Hộ tịch")
        page.get_by_label("Chủ đề").fill("Hộ tịch")
        page.get_by_role("button", name="Đọc thử").click()
        expect(page.get_by_role("heading", name="Đọc thử: Đăng ký khai sinh ở đâu?")).to_be_visible()
        look(page, complaints)
        page.get_by_role("button", name="Lưu bản đang soạn").click()
        look(page, complaints)
        page.get_by_role("button", name="Gửi duyệt").click()
        expect(page.get_by_role("button", name="Duyệt", exact=True)).to_have_count(0)

        hanh, of_hanh = opened(window(browser, live_server.url, approver), "/can-bo/hoi-dap/kho/?trang_thai=cho")
        look(hanh, of_hanh)
        hanh.get_by_role("link", name="Chờ duyệt").last.click()
        look(hanh, of_hanh)
        hanh.get_by_role("button", name="Duyệt", exact=True).click()
        expect(hanh.get_by_text("Đã duyệt. Từ ngày đó trả lời theo bản này.")).to_be_visible()
        look(hanh, of_hanh)

        phone = window(browser, live_server.url, viewport={"width": 360, "height": 740})
        minh, of_minh = opened(phone, "/hoi-dap/")
        look(minh, of_minh)
        minh.set_viewport_size({"width": 360, "height": 740})
        minh.get_by_label("Câu hỏi hoặc vài chữ của câu hỏi").fill("khai sinh")
        minh.get_by_role("button", name="Tìm").click()
        minh.get_by_role("link", name="Đăng ký khai sinh ở đâu?").click()
        look(minh, of_minh)
        minh.get_by_role("button", name="Có ích", exact=True).click()
        expect(minh.get_by_text("Cảm ơn bạn đã cho ý kiến.")).to_be_visible()

        lan, of_lan = opened(window(browser, live_server.url, clerk), "/can-bo/hoi-dap/?q=khai+sinh")
        lan.get_by_text("Trả lời đầy đủ").click()
        look(lan, of_lan)
        lan.get_by_role("button", name="Đã trả lời theo câu này").click()
        expect(lan.get_by_text("Đã ghi: trả lời người dân theo câu này.")).to_be_visible()
        assert set(AnswerUse.objects.values_list("kind", "count")) == {("useful", 1), ("counter", 1)}

        stock, answered = "/can-bo/hoi-dap/kho/", AnswerUse.objects.latest("pk").version.article_id
        for context, address in ((hanh.context, "so-lieu/"), (page.context, "nhap/"), (hanh.context, f"{answered}/")):
            look(*opened(context, f"{stock}{address}"))
