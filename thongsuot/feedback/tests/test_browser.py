"""In a real browser: a ticket goes all its way by keys, a part of its picture is hidden, every page is sound at both widths."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from thongsuot.feedback import actions
from thongsuot.feedback.facts import PlaceFacts
from thongsuot.feedback.models import FeedbackTicket, HeldMail
from thongsuot.feedback.tests.make import WORKER, a_photo, make_desk
from thongsuot.feedback.words import Channel
from thongsuot.kernel import clock
from thongsuot.people.tests.windows import look, opened, window
from thongsuot.units import queries as units
from thongsuot.web.tests.chromium import chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HERE = PlaceFacts(latitude=21.01, longitude=105.05, address="12 ngõ 4 phố Bến, phường Sông")


def url(name, *args):
    return reverse(f"feedback:{name}", args=args)


@pytest.fixture
def desk(settings):
    settings.CITY_CODE = "98"
    cache.clear()
    yield make_desk()
    units.clear_caches()


def test_from_the_operator_to_everybody_by_keys_alone(desk, live_server):
    now = clock.now()
    ticket = desk.report(now, category="", photos=[a_photo()], place=HERE, channel=Channel.COUNTER, by=desk.actor("ngan", now))
    desk.report(now, place=HERE, channel=Channel.COUNTER, by=desk.actor("ngan", now))
    for photo in ticket.photos.all():
        actions.draw(photo.pk, actor=WORKER, at=now)
    photo_id = ticket.photos.get().pk
    with chromium() as browser:
        operator = window(browser, live_server.url, desk.people["ngan"])
        page, said = opened(operator, url("inbox"))
        look(page, said)
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Chưa rõ lĩnh vực")).to_be_visible()
        look(page, said)
        page.keyboard.press("t")
        expect(page.get_by_text("Bạn đang xem phản ánh này.")).to_be_visible()
        page.keyboard.press("p")
        page.locator("#id_category").select_option("o-ga")
        look(page, said)
        page.keyboard.press("F9")
        expect(page.get_by_text("Đã phân loại.")).to_be_visible()
        page.keyboard.press("t")
        expect(page.get_by_text("Đề xuất: Phường Sông")).to_be_visible()
        look(page, said)
        page.keyboard.press("F9")
        expect(page.get_by_text("Đã chuyển phản ánh.")).to_be_visible()

        unit = window(browser, live_server.url, desk.people["toan"])
        page, said = opened(unit, url("inbox") + "?hang=cho-nhan")
        look(page, said)
        page.goto(url("ticket", ticket.pk))
        page.keyboard.press("t")
        expect(page.get_by_text("Đã nhận phản ánh.")).to_be_visible()
        page.keyboard.press("l")
        page.get_by_label("Trả lời người gửi").fill("Đã vá xong sáng nay.")
        look(page, said)
        page.keyboard.press("F9")
        expect(page.get_by_text("Đã trình trả lời để duyệt.")).to_be_visible()
        look(page, said)

        leader = window(browser, live_server.url, desk.people["hanh"])
        page, said = opened(leader, url("ticket", ticket.pk))
        page.keyboard.press("t")
        expect(page.get_by_role("heading", name="Trả lời đang chờ duyệt")).to_be_visible()
        page.keyboard.press("F9")
        expect(page.get_by_text("Đã duyệt, trả lời đã gửi.")).to_be_visible()

        page, said = opened(operator, url("cover", ticket.pk, photo_id))
        page.get_by_role("button", name="Thêm một vùng").press("Enter")
        for step in ("Sang phải", "Xuống dưới", "Rộng thêm"):
            page.get_by_role("button", name=step).press("Enter")
        look(page, said)
        page.keyboard.press("F9")
        expect(page.get_by_text("Đã lưu ảnh như sẽ công khai.")).to_be_visible()
        page.goto(url("ticket", ticket.pk))
        page.keyboard.press("t")
        expect(page.get_by_text("Đã che 1 vùng")).to_be_visible()
        look(page, said)
        page.keyboard.press("F9")
        expect(page.get_by_text("Đã công khai.")).to_be_visible()
        look(page, said)

        HeldMail.objects.create(box="x", uid=4711, why="fault", tries=5, fault="UnicodeError", since=now)
        for name in ("clusters", "record", "templates", "add_template", "staff_map", "held_mail"):
            page, said = opened(operator, url(name))
            look(page, said)
        for name, more in (("duplicates", [ticket.pk]), ("sender", [ticket.pk])):
            page, said = opened(unit, url(name, *more))
            look(page, said)
        page, said = opened(window(browser, live_server.url, desk.people["truong"]), url("late"))
        look(page, said)
    ticket = FeedbackTicket.objects.get(pk=ticket.pk)
    assert ticket.state == FeedbackTicket.State.PUBLISHED
    assert len(ticket.photos.get().blurs) == 1


def test_what_hides_its_place_is_published_with_a_reason_and_what_does_not_together_with_others(desk, live_server):
    now = clock.now()
    hidden = desk.answered(now, masked=True, place=HERE, words="Ổ gà sâu ở đoạn gần chợ đã một tuần")
    plain = desk.answered(now, place=HERE)
    with chromium() as browser:
        operator = window(browser, live_server.url, desk.people["ngan"])
        page, said = opened(operator, url("act", hidden.pk, "cong-khai"))
        look(page, said)
        page.get_by_label("Nội dung phản ánh, như mọi người đọc").fill("Ổ gà trên phố Bến, gọi 0987 654 321")
        page.keyboard.press("F9")
        expect(page.get_by_role("heading", name="Đề nghị che thêm")).to_be_visible()
        said.clear()  # a browser complains of every refusal
        look(page, said)
        page.get_by_label("Nội dung phản ánh, như mọi người đọc").fill("Ổ gà trên phố Bến")
        page.get_by_label("Vì sao vẫn nêu “phố Bến”").fill("Cả phố bị đào")
        page.keyboard.press("F9")
        expect(page.get_by_text("Đã công khai.")).to_be_visible()

        page, said = opened(operator, url("inbox") + "?hang=cho-cong-khai")
        page.keyboard.press("j")
        page.keyboard.press("x")
        page.get_by_role("button", name="Công khai").click()
        expect(page.get_by_role("heading", name=f"{plain.number} sẽ công khai")).to_be_visible()
        look(page, said)
        page.keyboard.press("F9")
        expect(page.get_by_text("Công khai: xong 1 phản ánh")).to_be_visible()
        page, said = opened(operator, url("one", plain.number))
        look(page, said)


def test_what_is_near_is_asked_for_without_telling_where_exactly(desk, live_server):
    at = {"latitude": 21.018512, "longitude": 105.824449}
    with chromium() as browser:
        phone = browser.new_context(base_url=live_server.url, geolocation=at, permissions=["geolocation"])
        page = phone.new_page()
        page.goto(url("public"))
        with page.expect_request(lambda request: request.method == "POST") as sent:
            page.get_by_role("button", name="Gần tôi, trong 1 km").click()
        expect(page.get_by_text("Đang xem nơi cách bạn không quá 1 km.")).to_be_visible()
        assert "lat=21.019&lon=105.824" in (sent.value.post_data or "")
        assert "21.0" not in page.url
