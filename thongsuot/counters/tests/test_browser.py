"""In a real browser: the board follows the counter, and a point that is moved; every page is sound at both widths."""

from __future__ import annotations

import io
import os
import signal
import wave
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from thongsuot.counters import actions
from thongsuot.counters.models import Ticket
from thongsuot.counters.tests.make import make_office
from thongsuot.kernel import clock
from thongsuot.people.tests.windows import look, opened, window
from thongsuot.units import queries as units
from thongsuot.web.tests.chromium import chromium
from thongsuot.web.tests.pulse_lines import pulse_process, pulse_server

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEN_SECONDS = 10_000


def url(name, *args):
    return reverse(f"counters:{name}", args=args)


@pytest.fixture
def office(settings):
    settings.CITY_CODE = "98"
    cache.clear()
    yield make_office()
    units.clear_caches()


def test_a_morning_at_the_point_and_who_calls_on_when_it_goes_to_the_city(office, live_server):
    point, now = office.point.pk, clock.now()
    hong = office.actor("hong", now)
    queue = actions.open_queue(point, letter="A", name="Chứng thực", fields=[], actor=hong, at=now)
    counter = actions.open_counter(point, number=1, name="", queues=[queue.pk], actor=hong, at=now)
    with chromium() as browser:
        board, of_board = opened(window(browser, live_server.url), url("board", point))
        expect(board.get_by_text("Chưa gọi số nào")).to_be_visible()
        lan = window(browser, live_server.url, office.people["lan"])
        hall, of_hall = opened(lan, url("hall", point))
        look(hall, of_hall)
        hall.get_by_label("Ưu tiên").select_option("old")
        hall.get_by_role("button", name="A - Chứng thực").click()
        expect(hall.get_by_role("heading", name="Số A 001")).to_be_visible()
        look(hall, of_hall)
        hall.get_by_role("link", name="Lấy số tiếp").click()
        hall.get_by_role("button", name="A - Chứng thực").click()

        desk, of_desk = opened(lan, url("desk", counter.pk))
        desk.get_by_role("button", name="Ngồi vào quầy").click()
        expect(desk.get_by_text("Quầy đang rảnh")).to_be_visible()
        # By keys alone, all day.
        desk.keyboard.press("F9")
        expect(desk.locator("#so-nay")).to_have_text("A 001")
        expect(board.get_by_text("Quầy 1").first).to_be_visible(timeout=TEN_SECONDS)
        expect(board.locator(".call__no")).to_have_text("A 001", timeout=TEN_SECONDS)
        look(board, of_board)
        desk.keyboard.press("F9")
        expect(desk.get_by_text("Đang phục vụ")).to_be_visible()
        look(desk, of_desk)
        desk.keyboard.press("F8")
        expect(desk.get_by_text("Quầy đang rảnh")).to_be_visible()
        # A number that somebody takes now is there without loading the page again.
        actions.take_ticket(queue.pk, actor=office.actor("hoa", clock.now()), at=clock.now())
        expect(desk.get_by_role("link", name="A 003")).to_be_visible(timeout=TEN_SECONDS)
        desk.get_by_role("button", name="Rời quầy").click()

        arranging = window(browser, live_server.url, office.people["hong"])
        for address in (
            url("points"),
            url("set_up", point),
            url("open_queue", point),
            url("figures", point),
        ):
            look(*opened(arranging, address))

        # From today on the city's centre runs it: the same counter, the same queue, the same board.
        office.give_point_to_city(clock.today(), at=clock.now())
        refused = desk.goto(url("desk", counter.pk))
        assert refused is not None
        assert refused.status == 403
        assert "thành phố Ví Dụ quản lý" in desk.inner_text("main")
        bao = window(browser, live_server.url, office.people["bao"])
        theirs, of_theirs = opened(bao, url("desk", counter.pk))
        theirs.get_by_role("button", name="Ngồi vào quầy").click()
        expect(theirs.get_by_text("Quầy đang rảnh")).to_be_visible()
        theirs.keyboard.press("F9")
        expect(theirs.locator("#so-nay")).to_have_text("A 002")
        expect(board.locator(".call__no")).to_have_text("A 002", timeout=TEN_SECONDS)
        assert of_board + of_theirs == []
    assert list(Ticket.objects.order_by("number").values_list("number", "state")) == [
        (1, "done"),
        (2, "called"),
        (3, "waiting"),
    ]


def test_a_board_is_told_at_once_and_catches_up_after_its_line_was_cut(office, live_server, settings):
    point, now = office.point.pk, clock.now()
    hong, lan = office.actor("hong", now), office.actor("lan", now)
    queue = actions.open_queue(point, letter="A", name="Chứng thực", fields=[], actor=hong, at=now)
    counter = actions.open_counter(point, number=1, name="", queues=[queue.pk], actor=hong, at=now)
    actions.sit_down(counter.pk, actor=lan, at=now)
    for _each in range(4):
        actions.take_ticket(queue.pk, actor=lan, at=now)

    def call():
        if Ticket.objects.filter(counter=counter, state="called").exists():
            actions.begin(counter.pk, actor=lan, at=clock.now())
        return actions.call_next(counter.pk, actor=lan, at=clock.now())

    with chromium() as browser:
        hall = window(browser, live_server.url)
        with pulse_server() as port:
            settings.PULSES = f":{port}"
            board, of_board = opened(hall, url("board", point))
            with board.expect_request("**/moi/*"):  # its line stands, and it asked what it missed before
                pass
            with board.expect_request("**/moi/*", timeout=1_000):
                call()
            expect(board.locator(".call__no")).to_have_text("A 001")
            assert of_board == []

            hall.set_offline(True)
            call()
            call()
            expect(board.get_by_text("Bảng đang mất kết nối")).to_be_visible(timeout=TEN_SECONDS)
            hall.set_offline(False)
            expect(board.locator(".call__no")).to_have_text("A 003", timeout=3 * TEN_SECONDS)
            expect(board.get_by_text("Bảng đang mất kết nối")).to_be_hidden()
        # Nobody tells it any more: it asks by itself.
        call()
        expect(board.locator(".call__no")).to_have_text("A 004", timeout=TEN_SECONDS)


def test_a_board_without_a_line_for_a_whole_minute_catches_up_and_says_only_who_is_still_called(office, live_server, settings):
    """The line says nothing more, and nobody cut it; nor does the web server answer. The page's own clock is driven."""
    point, now = office.point.pk, clock.now()
    hong = office.actor("hong", now)
    queue = actions.open_queue(point, letter="A", name="Chứng thực", fields=[], actor=hong, at=now)
    counters = []
    for number, who in enumerate(("lan", "hoa"), start=1):
        counter = actions.open_counter(point, number=number, name="", queues=[queue.pk], actor=hong, at=now)
        actions.sit_down(counter.pk, actor=office.actor(who, now), at=now)
        counters.append((counter.pk, office.actor(who, now)))
    for _each in range(4):
        actions.take_ticket(queue.pk, actor=hong, at=now)

    def call(place, seconds_ago=0):
        counter_id, officer = counters[place]
        return actions.call_next(counter_id, actor=officer, at=clock.now() - timedelta(seconds=seconds_ago))

    with pulse_process() as (port, process), chromium() as browser:
        settings.PULSES = f":{port}"
        hall = window(browser, live_server.url)
        hall.add_init_script("delete window.Worker")  # its clock would go on by itself: the page takes the one that is driven
        asked, lines, said = [], [], []
        hall.on("request", lambda one: asked.append(one.url) if "/moi/" in one.url else None)
        hall.on("request", lambda one: lines.append(one.url) if "/truc-tiep/" in one.url else None)
        hall.on("request", lambda one: said.append(one.url) if one.url.endswith(".wav") else None)
        board = hall.new_page()
        board.clock.install()
        board.goto(url("board", point))
        with board.expect_request("**/moi/*"):  # its line stands, and it asked what it missed before
            pass
        first = call(0)
        expect(board.locator(".call__no")).to_have_text("A 001")
        if board.get_by_role("button", name="Bật tiếng gọi số").is_visible():
            board.get_by_role("button", name="Bật tiếng gọi số").click()

        def goes_by(seconds):
            for _three in range(seconds // 3):
                board.clock.run_for(3_000)
                expect(board.locator("[data-beat].htmx-request")).to_have_count(0)

        os.killpg(process.pid, signal.SIGSTOP)
        try:
            hall.route("**/moi/*", lambda route: route.abort())
            asked.clear()
            missed = call(1, seconds_ago=70)
            counter_id, officer = counters[0]
            actions.begin(counter_id, actor=officer, at=clock.now())
            latest = call(0)
            goes_by(15)
            assert asked == [], "its line seems to stand: nothing told it to ask"
            expect(board.get_by_text("Bảng đang mất kết nối")).to_be_hidden()
            goes_by(9)  # a sign of life did not come
            expect(board.get_by_text("Bảng đang mất kết nối")).to_be_visible()
            goes_by(3)
            assert len(asked) >= 2, "in vain: it asks again soon"
            assert len(lines) == 1
            goes_by(33)
            assert len(lines) == 2, "three signs of life did not come: another line"
            assert len(asked) >= 5, "without a line it asks every three seconds"
            expect(board.locator(".call__no")).to_have_text(first.code)
            hall.unroute("**/moi/*")
        finally:
            os.killpg(process.pid, signal.SIGCONT)
        with board.expect_request("**/tieng/*.wav"):
            goes_by(3)
        expect(board.locator(".call__no")).to_have_text(latest.code)
        expect(board.get_by_text("Bảng đang mất kết nối")).to_be_hidden()
        expect(board.locator(".desks")).to_contain_text(missed.code)
        # The one of more than a minute ago is shown, not said.
        expect(board.locator("[data-call]")).to_have_count(1)
        spoken = [f"{live_server.url}{url('spoken', point, one.pk)}" for one in (first, latest)]
        assert list(dict.fromkeys(said)) == spoken  # a sound may be fetched in pieces
        # And its new line stands: the next call needs no clock.
        with board.expect_request("**/moi/*"):
            goes_by(3)
        asked.clear()
        actions.begin(counters[1][0], actor=counters[1][1], at=clock.now())
        expect(board.locator(".is-call")).to_have_count(1)
        assert asked != []


def test_taken_at_the_kiosk_called_heard_served_and_rated(office, live_server, settings):
    """Three windows: the kiosk, the officer, the board; and the telephone of whoever waits."""
    point, now = office.point.pk, clock.now()
    hong = office.actor("hong", now)
    named = {"name": "Chứng thực", "name_en": "Certified copies"}
    queue = actions.open_queue(point, letter="A", **named, fields=[], actor=hong, at=now)
    counter = actions.open_counter(point, number=3, name="", queues=[queue.pk], actor=hong, at=now)
    with pulse_server() as port, chromium() as browser:
        settings.PULSES = f":{port}"
        arranging, of_arranging = opened(window(browser, live_server.url, office.people["hong"]), url("devices", point))
        arranging.get_by_label("Tên máy").fill("Máy cửa chính")
        arranging.get_by_role("button", name="Khai máy, lấy mã ghép").click()
        code = arranging.locator("#ma-ghep + p").inner_text()
        look(arranging, of_arranging)

        hall = window(browser, live_server.url)
        hall.add_init_script("window.print = () => { window.printed = (window.printed || 0) + 1; }")
        kiosk, of_kiosk = opened(hall, url("join"))
        look(kiosk, of_kiosk)
        kiosk.get_by_label("Mã ghép").fill(code)
        kiosk.keyboard.press("Enter")
        expect(kiosk.get_by_role("heading", name="Mời ông bà, anh chị chọn việc")).to_be_visible()
        look(kiosk, of_kiosk)
        kiosk.get_by_role("link", name="Lấy số ưu tiên").click()
        expect(kiosk.get_by_role("link", name="Người có công")).to_be_visible()
        look(kiosk, of_kiosk)
        kiosk.get_by_role("link", name="Quay lại").click()
        kiosk.get_by_role("button", name="English").click()
        kiosk.get_by_role("button", name="Certified copies").click()
        expect(kiosk.get_by_role("heading", name="A 001")).to_be_visible()
        kiosk.wait_for_function("window.printed === 1")
        look(kiosk, of_kiosk)
        secret = Ticket.objects.get().secret

        pocket = window(browser, live_server.url, viewport={"width": 360, "height": 740})
        phone, of_phone = opened(pocket, url("follow", secret))
        expect(phone.get_by_text("Trước bạn còn")).to_be_visible()
        look(phone, of_phone)
        arranging.get_by_label("Loại máy").select_option("rating")
        arranging.get_by_label("Tên máy").fill("Máy quầy 3")
        arranging.locator("select[name=counter]").select_option(str(counter.pk))
        arranging.get_by_role("button", name="Khai máy, lấy mã ghép").click()
        rating, of_rating = opened(window(browser, live_server.url), url("join"))
        rating.get_by_label("Mã ghép").fill(arranging.locator("#ma-ghep + p").inner_text())
        rating.keyboard.press("Enter")
        expect(rating.get_by_text("Xin chào ông bà, anh chị")).to_be_visible()
        look(rating, of_rating)
        board, of_board = opened(window(browser, live_server.url), url("board", point))
        with board.expect_request("**/moi/*"):  # its line stands
            pass
        desk, of_desk = opened(window(browser, live_server.url, office.people["lan"]), url("desk", counter.pk))
        desk.get_by_role("button", name="Ngồi vào quầy").click()
        expect(desk.get_by_text("Quầy đang rảnh")).to_be_visible()
        with board.expect_response("**/tieng/*.wav") as heard:
            desk.keyboard.press("F9")
        expect(board.locator(".call__no")).to_have_text("A 001")
        expect(board.locator("[data-call]")).to_have_text("Mời số A, một, đến quầy số ba.")
        with wave.open(io.BytesIO(heard.value.body())) as said:
            assert said.getnframes() / said.getframerate() > 1
        look(board, of_board)
        expect(phone.get_by_text("Quầy 3")).to_be_visible(timeout=TEN_SECONDS)
        desk.keyboard.press("F9")
        expect(desk.get_by_text("Đang phục vụ")).to_be_visible()
        desk.keyboard.press("F8")
        expect(desk.get_by_text("Quầy đang rảnh")).to_be_visible()
        expect(rating.get_by_role("button", name="Rất hài lòng")).to_be_visible()
        look(rating, of_rating)
        expect(phone.get_by_role("button", name="Rất hài lòng")).to_be_visible(timeout=TEN_SECONDS)
        look(phone, of_phone)
        rating.get_by_role("button", name="Rất hài lòng").click()
        rating.get_by_label("Thái độ phục vụ").check()
        look(rating, of_rating)
        rating.get_by_role("button", name="Gửi").click()
        expect(rating.get_by_text("Xin chào ông bà, anh chị")).to_be_visible()
        expect(phone.get_by_text("Đã xong")).to_be_visible(timeout=TEN_SECONDS)
        assert of_desk + of_phone + of_board == []
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.rating.level, ticket.rating.reasons) == ("done", 5, ["attitude"])
