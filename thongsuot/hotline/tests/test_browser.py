"""In a real browser: the stand-in rings, the desk shows the call, its history opens for a reason, a ticket is made; by keys."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from thongsuot.feedback.models import FeedbackTicket
from thongsuot.hotline.models import Call
from thongsuot.hotline.stand_in import NearExchange, StandIn
from thongsuot.hotline.tests.make import MINUTE, ended, make_office, ringing, talking, told, url
from thongsuot.kernel import clock
from thongsuot.people.tests.windows import look, opened, window
from thongsuot.units import queries as units
from thongsuot.web.tests.chromium import chromium
from thongsuot.web.tests.pulse_lines import pulse_server

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NUMBER = "0912000111"


@pytest.fixture
def office(played, monkeypatch):
    near = NearExchange(StandIn())
    for place in ("exchange.chosen", "stand_in.in_this_process", "views.stand_in.in_this_process"):
        monkeypatch.setattr(f"thongsuot.hotline.{place}", lambda: near)
    cache.clear()
    yield make_office()
    units.clear_caches()


def test_a_call_from_the_ring_to_the_ticket(office, live_server, settings):
    with chromium() as browser, pulse_server() as port:
        settings.PULSES = f":{port}"
        lan = window(browser, live_server.url, office.people["lan"])
        desk, of_desk = opened(lan, url("desk"))
        desk.get_by_label("Máy lẻ").fill("101")
        desk.keyboard.press("F8")
        expect(desk.get_by_text("Bạn đã vào bàn trực, máy lẻ 101.")).to_be_visible()
        look(desk, of_desk)

        hoa = window(browser, live_server.url, office.people["hoa"])
        ringing, of_ringing = opened(hoa, url("stand_in"))
        look(ringing, of_ringing)
        ringing.get_by_label("Số người gọi").fill("0912 000 111")
        with desk.expect_request("**/tong-dai/moi/*", timeout=5_000):
            ringing.get_by_role("button", name="Gọi", exact=True).click()
        # Within a second of the ring, without loading the page again.
        expect(desk.get_by_text("Số đuôi 111")).to_be_visible(timeout=1_000)
        look(desk, of_desk)

        desk.keyboard.press("F9")
        expect(desk.locator("#so-goi")).to_have_text(NUMBER)
        look(desk, of_desk)
        desk.keyboard.press("F5")
        desk.keyboard.type("Ổ gà sâu trước cổng chợ, xe máy hay ngã")
        desk.keyboard.press("F2")
        desk.get_by_label("Lĩnh vực").select_option(label="Ổ gà, mặt đường hỏng")
        desk.keyboard.press("F4")
        expect(desk.get_by_text("Đã phân loại đúng hạn.")).to_be_visible()
        expect(desk.get_by_label("Chỗ hỏng rộng cỡ nào?")).to_be_focused()
        look(desk, of_desk)
        desk.keyboard.press("F3")
        desk.get_by_label("Lý do xem").fill("Hỏi về lần gọi trước")
        look(desk, of_desk)
        desk.keyboard.press("F9")
        expect(desk.get_by_text("Lần mở này đã được ghi lại")).to_be_visible()
        look(desk, of_desk)
        desk.keyboard.press("F9")
        desk.wait_for_url("**/cuoc-goi/*/")
        expect(desk.get_by_label("Nội dung phản ánh")).to_have_value("Ổ gà sâu trước cổng chợ, xe máy hay ngã")
        desk.get_by_label("Nơi xảy ra").fill("Cổng chợ Sông")
        desk.get_by_label("Xã, phường").select_option(label="Phường Sông")
        desk.get_by_label("Họ và tên người gọi").fill("Trần Văn Minh")
        expect(desk.get_by_label("Số điện thoại liên hệ")).to_have_value(NUMBER)
        desk.keyboard.press("F9")
        expect(desk.get_by_text("Đã lập phiếu")).to_be_visible()
        assert desk.evaluate("sessionStorage.getItem('hotline')") is None
        look(desk, of_desk)

        ringing.goto(live_server.url + url("stand_in"))
        ringing.get_by_role("button", name="Gác máy").click()
        expect(ringing.get_by_text("Đã gác máy")).to_be_visible()
        look(ringing, of_ringing)
        call_id = Call.objects.get().pk
        for address in (url("calls"), url("call_backs"), url("own"), url("call", call_id), url("correct", call_id)):
            look(*opened(lan, address))
        look(*opened(window(browser, live_server.url, office.people["hanh"]), url("stuck")))
        an = window(browser, live_server.url, office.people["an"])
        for address in (url("admin"), url("recordings"), url("scripts"), url("general_script"), url("figures")):
            look(*opened(an, address))
    ticket = FeedbackTicket.objects.get()
    call = Call.objects.get()
    assert (call.ticket_id, call.state, call.category.code) == (ticket.pk, "done", "o-ga")
    assert (ticket.channel, ticket.place_unit_id) == ("hotline", office.city.river.pk)
    assert call.came_at <= clock.now()


def test_a_receiver_that_is_lifted_opens_the_page_to_work_on(office, live_server, settings):
    office.sits(at=clock.now())
    with chromium() as browser, pulse_server() as port:
        settings.PULSES = f":{port}"
        lan = window(browser, live_server.url, office.people["lan"])
        ringing, _of_ringing = opened(lan, url("stand_in"))
        ringing.get_by_label("Số người gọi").fill(NUMBER)
        ringing.get_by_label("Tổng đài giả lập sẽ").select_option("unlifted")
        ringing.get_by_role("button", name="Gọi", exact=True).click()
        desk, of_desk = opened(lan, url("desk"))
        desk.keyboard.press("F9")
        expect(desk.get_by_text("Hãy nhấc máy")).to_be_visible()
        look(desk, of_desk)

        ringing.reload()
        ringing.get_by_role("button", name="Nhấc máy").click()

        expect(desk.locator("#so-goi")).to_have_text(NUMBER)
        expect(desk.get_by_label("Nội dung phản ánh")).to_be_visible()


def test_usable_on_a_telephone_without_scripts(office, live_server):
    office.sits(at=clock.now())
    with chromium() as browser:
        options = {"java_script_enabled": False, "viewport": {"width": 360, "height": 800}}
        lan = window(browser, live_server.url, office.people["lan"], **options)
        page = lan.new_page()
        page.goto(live_server.url + url("stand_in"))
        page.get_by_label("Số người gọi").fill(NUMBER)
        page.get_by_role("button", name="Gọi", exact=True).click()
        page.goto(live_server.url + url("desk"))
        page.get_by_role("button", name="Nhận cuộc gọi").click()
        expect(page.locator("#so-goi")).to_have_text(NUMBER)
        page.get_by_role("button", name="Đã trả lời").click()
        expect(page.get_by_role("heading", name="Tổng đài", exact=True)).to_be_visible()
    assert Call.objects.get().outcome == "answered"


def test_called_back_and_reporting_and_what_nobody_claimed(office, live_server):
    now = clock.now()
    office.sits(at=now)
    dropped = ended(ringing(now - 9 * MINUTE), now - 8 * MINUTE)
    unclaimed = ended(talking(office, now - 7 * MINUTE, extension="999", caller="0912000222"), now - 6 * MINUTE)
    for place in (1, 2):
        told("recorded", unclaimed.exchange_id, now - MINUTE, recording=f"r/{place}.wav")
    with chromium() as browser:
        lan = window(browser, live_server.url, office.people["lan"])
        desk, of_desk = opened(lan, url("desk"))
        expect(desk.get_by_role("region", name="Đã nhấc máy, chưa rõ ai nghe")).to_be_visible()
        look(desk, of_desk)
        page, of_page = opened(lan, url("call_back", dropped.call_back.pk))
        look(page, of_page)
        page.keyboard.press("F9")
        page.locator("summary", has_text="Đã gặp, lập phiếu").click()
        page.get_by_label("Lĩnh vực").select_option(label="Ổ gà, mặt đường hỏng")
        page.keyboard.press("F4")
        expect(page.get_by_label("Chỗ hỏng rộng cỡ nào?")).to_be_focused()
        look(page, of_page)
        page.get_by_label("Nội dung phản ánh").fill("Ổ gà sâu trước cổng chợ, xe máy hay ngã")
        page.get_by_label("Họ và tên người gọi").fill("Trần Văn Minh")
        page.get_by_role("button", name="Đã gặp, lập phiếu").click()
        ticket = FeedbackTicket.objects.get()
        expect(page.get_by_text(f"Đã lập phiếu {ticket.number}.")).to_be_visible()
        look(page, of_page)
        hanh = window(browser, live_server.url, office.people["hanh"])
        look(*opened(hanh, url("recording", unclaimed.pk)))
        look(*opened(hanh, url("call_back", dropped.call_back.pk)))
        found, of_found = opened(hanh, url("calls"))
        found.get_by_label("Số phiếu").fill(ticket.number)
        found.get_by_role("button", name="Tìm").click()
        expect(found.get_by_role("link", name=f"Cuộc gọi {dropped.pk}")).to_be_visible()
        look(found, of_found)
    assert [one.ticket for one in dropped.further_tickets.all()] == [ticket]
