"""In a real browser on a phone: a question is added and seen as citizens see it, a drill goes out; every page is sound."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from thongsuot.feedback.models import FeedbackTicket
from thongsuot.feedback.tests.make import make_desk
from thongsuot.people.tests.windows import look, opened, window
from thongsuot.units import queries as units
from thongsuot.web.tests.chromium import chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 360, "height": 740}}


@pytest.fixture
def desk(settings):
    settings.CITY_CODE = "98"
    cache.clear()
    yield make_desk()
    units.clear_caches()


def test_a_manager_on_a_phone_asks_one_more_thing_and_tries_every_unit(desk, live_server):
    with chromium() as browser:
        manager = window(browser, live_server.url, desk.people["quan"], **PHONE)
        page, complaints = opened(manager, reverse("feedback:categories"))
        look(page, complaints)
        page.get_by_role("link", name="Ổ gà, mặt đường hỏng").click()
        look(page, complaints)
        page.get_by_role("link", name="Thêm câu hỏi").click()
        page.get_by_label("Mã câu hỏi").fill("nguy-hiem")
        page.get_by_label("Kiểu câu trả lời").select_option("singlevaluelist")
        page.get_by_label("Câu hỏi", exact=True).fill("Có nguy hiểm không?")
        page.get_by_label("Các mục để chọn").fill("Có\nKhông")
        page.get_by_role("button", name="Lưu").click()
        page.get_by_role("link", name="Xem như người dân thấy").click()
        expect(page.get_by_text("Có nguy hiểm không?")).to_be_visible()
        look(page, complaints)

        page.goto(live_server.url + reverse("feedback:drill"))
        page.get_by_role("button", name="Gửi phản ánh thử đến mọi đơn vị").click()
        look(page, complaints)
        page.get_by_role("button", name="Gửi phản ánh thử").click()
        expect(page.get_by_text("Phường Đồi").first).to_be_visible()
        look(page, complaints)
        assert FeedbackTicket.objects.filter(drill=True).count() == 2
