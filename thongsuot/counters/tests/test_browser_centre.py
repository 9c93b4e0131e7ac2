"""In a real browser: certification is split off through the pages; a telephone books and takes a number; all pages are sound.

Each page is loaded once or twice and no page asks what the one before knew: splitting takes six page loads, and some seconds
of a machine's typing; a person who reads needs a minute or two.
"""

from __future__ import annotations

import time as stopwatch
from datetime import time, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from thongsuot.counters import actions
from thongsuot.counters.models import Queue, Ticket
from thongsuot.counters.queries.notice_board import A_SCREEN
from thongsuot.counters.tests.make import HOUSE, make_office
from thongsuot.counters.views import notice_board
from thongsuot.kernel import clock
from thongsuot.kernel.working_time import Shift
from thongsuot.people.actions import change_duties
from thongsuot.people.models import Appointment
from thongsuot.people.tests.make import make_citizen
from thongsuot.people.tests.windows import look, opened, window
from thongsuot.procedures.tests.make import make_procedure
from thongsuot.units import queries as units
from thongsuot.web.tests.chromium import chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE_LOADS_AT_MOST = 6
ALL_DAY = ((Shift(time(0), time(12)), Shift(time(12), time(23, 59))),) * 7


def url(name, *args):
    return reverse(f"counters:{name}", args=args)


@pytest.fixture
def office(settings):
    """Open all day, two fields, one queue for both, one counter."""
    settings.CITY_CODE = "98"
    cache.clear()
    made = make_office()
    city, now = made.city.city.pk, clock.now()
    for number, field in ((1, "Chứng thực"), (2, "Hộ tịch")):
        make_procedure(f"9.00000{number}", name=f"Thủ tục {number}", field=field, city_id=city)
    hong, point, day = made.actor("hong", now), made.point.pk, timezone.localdate(now)
    actions.set_hours(point, week=ALL_DAY, valid_from=day, actor=hong, at=now)
    for ahead in range(3):  # also on holidays
        actions.put_exception(point, day=day + timedelta(days=ahead), spans=ALL_DAY[0], reason="Thử", actor=hong, at=now)
    queue = actions.open_queue(point, letter="A", name="Mọi việc", fields=[], actor=hong, at=now)
    actions.open_counter(point, number=1, name="", queues=[queue.pk], actor=hong, at=now)
    yield made
    units.clear_caches()


def test_the_screen_of_the_hall_turns_by_itself_and_goes_on_after_a_question_in_vain(office, live_server, monkeypatch):
    monkeypatch.setattr(notice_board, "SHOWN_FOR", 1)
    for number in range(3, A_SCREEN + 2):
        make_procedure(f"9.00000{number}", name=f"Thủ tục {number}", field="Hộ tịch", city_id=office.city.city.pk)
    units.clear_caches()
    with chromium() as browser:
        screen, _complaints = opened(window(browser, live_server.url), url("notice_screen", office.point.pk))
        expect(screen.get_by_text("Trang 1 trên 2")).to_be_visible()
        asked = []

        def restarting(route):
            asked.append(route.request.url)
            route.fulfill(status=502, body="<html><body>Bad Gateway</body></html>") if len(asked) < 3 else route.continue_()

        screen.route("**sau=**", restarting)
        expect(screen.get_by_text("Trang 2 trên 2")).to_be_visible(timeout=20_000)
        expect(screen.get_by_text("Trang 1 trên 2")).to_be_visible(timeout=20_000)
        assert len(asked) > 3
        assert screen.get_by_text("Bad Gateway").count() == 0


def test_certification_gets_its_own_queue_and_counter_in_six_page_loads_and_under_a_minute(office, live_server):
    point = office.point.pk
    with chromium() as browser:
        begun = stopwatch.monotonic()
        page, complaints = opened(window(browser, live_server.url, office.people["hong"]), url("set_up", point))
        loads = [page.url]
        page.on("load", lambda one: loads.append(one.url))
        page.get_by_role("link", name="Lập hàng chờ").click()
        page.get_by_label("Chữ của số").fill("B")
        page.get_by_label("Việc của hàng").fill("Chứng thực")
        page.get_by_label("Chứng thực", exact=True).check()
        page.keyboard.press("F8")
        expect(page.get_by_text("Đã lập hàng B")).to_be_visible()
        page.get_by_role("link", name="Lập quầy").click()
        page.get_by_label("B - Chứng thực").check()
        page.keyboard.press("F8")
        expect(page.get_by_text("Đã lập quầy 2")).to_be_visible()
        page.get_by_role("link", name="Xem thời gian chờ trước và sau khi tách").click()
        expect(page.get_by_text("Đã lập hàng chờ: B - Chứng thực")).to_be_visible()
        took = stopwatch.monotonic() - begun
        look(page, complaints)
    assert len(loads) <= PAGE_LOADS_AT_MOST, loads
    assert took < 60, took
    queue = Queue.objects.get(letter="B")
    assert (len(queue.fields), queue.counters.get().number) == (1, 2)


def test_a_telephone_takes_a_number_and_an_hour_and_officers_see_the_day(office, live_server):
    point, now = office.point.pk, clock.now()
    queue = Queue.objects.get()
    for weekday in range(7):
        actions.set_booking_plan(queue.pk, weekday=weekday, minutes=30, seats=2, actor=office.actor("hong", now), at=now)
    person = make_citizen(at=now)
    with chromium() as browser:
        pocket = window(browser, live_server.url, person, viewport={"width": 360, "height": 740})
        phone, complaints = opened(pocket, url("mine"))
        look(phone, complaints)
        phone.get_by_label("Phường, xã, hoặc địa chỉ cũ").fill("phường Sông")
        phone.get_by_role("button", name="Tìm điểm phục vụ").click()
        phone.get_by_role("link", name="Lấy số cho hôm nay").click()
        look(phone, complaints)
        phone.get_by_role("button", name="Mọi việc").click()
        expect(phone.get_by_role("heading", name="Số của bạn: A 001")).to_be_visible()
        phone.goto(url("book", point))
        phone.get_by_role("link", name="Mọi việc").click()
        look(phone, complaints)
        phone.get_by_role("link", name=f"{timezone.localdate(now) + timedelta(days=1):%d/%m/%Y}").click()
        look(phone, complaints)
        phone.get_by_role("button", name="08:30").click()
        expect(phone.get_by_text("Đã hẹn giờ.")).to_be_visible()
        look(phone, complaints)
        phone.get_by_role("link", name="Dời sang giờ khác").click()
        look(phone, complaints)
        phone.goto(url("mine"))
        look(phone, complaints)

        lan = window(browser, live_server.url, office.people["lan"])
        tomorrow = (timezone.localdate(now) + timedelta(days=1)).isoformat()
        look(*opened(lan, f"{url('bookings', point)}?ngay={tomorrow}"))
        kiosk, of_kiosk = opened(window(browser, live_server.url), url("join"))
        hong = office.actor("hong", now)
        kiosk.get_by_label("Mã ghép").fill(
            actions.set_up_device(point, kind="kiosk", name="Máy", actor=hong, at=clock.now()).code
        )
        kiosk.keyboard.press("Enter")
        kiosk.get_by_role("link", name="Tôi đã hẹn giờ").click()
        expect(kiosk.get_by_label("Mã hẹn")).to_be_visible()
        look(kiosk, of_kiosk)
    assert Ticket.objects.get().code == "A 001"


def test_every_page_of_the_centre_is_sound_at_both_widths(office, live_server):
    """With something on each: also the boards of the city and the figures of a point."""
    point, now = office.point.pk, clock.now()
    hong, lan, day = office.actor("hong", now), office.actor("lan", now), timezone.localdate(now)
    counter = Queue.objects.get().counters.get()
    section = actions.open_section(point, name="Bộ phận Hộ tịch", fields=[], posts=2, actor=hong, at=now)
    item = actions.add_equipment(point, kind="printer", code="MI-01", name="Máy in", actor=hong, at=now)
    actions.set_premises(point, area_m2=112, actor=hong, at=now)
    trained = {"trained_on": day, "evidence": "Lớp tháng 9"}
    actions.record_training(point, office.people["lan"].pk, fields=[], **trained, actor=hong, at=now)
    tomorrow = day + timedelta(days=1)
    actions.set_shift(point, day=tomorrow, starts=time(0), seats={counter.pk: office.people["lan"].pk}, actor=hong, at=now)
    actions.sit_down(counter.pk, actor=lan, at=now)
    for _twice in range(2):
        actions.take_ticket(Queue.objects.get().pk, actor=lan, at=now)
    actions.call_next(counter.pk, actor=lan, at=now)
    actions.begin(counter.pk, actor=lan, at=now)
    actions.finish(counter.pk, actor=lan, at=now)
    leader = Appointment.objects.get(person=office.people["an"])
    change_duties(leader.pk, duties=[*leader.duties, "see figures", "manage units"], actor=HOUSE, at=now)
    with chromium() as browser:
        arranging = window(browser, live_server.url, office.people["hong"])
        for address in (
            url("hall", point),
            url("set_up", point),
            url("hours", point),
            url("settings", point),
            url("equipment", point),
            url("equipment_one", item.pk),
            url("change_section", section.pk),
            url("training", point),
            url("roster", point),
            f"{url('shift', point)}?ngay={tomorrow.isoformat()}&ca=00:00",
            url("plan", Queue.objects.get().pk),
            f"{url('voice', point)}?chu=A&so=15&quay=3",
            url("figures", point),
            url("before_after", point),
        ):
            look(*opened(arranging, address))
        city = window(browser, live_server.url, office.people["an"])
        of_city = ("load", "rosters", "city_settings", "city_voice", "readiness", "city_hours", "import_rosters")
        for address in map(url, of_city):
            look(*opened(city, address))
        anybody = window(browser, live_server.url)
        for address in (url("notice_board", point), url("notice_screen", point), reverse("units:unit", args=["98001"])):
            look(*opened(anybody, address))

        # A break and a transfer by the desk's own buttons, and the keys.
        desk, complaints = opened(window(browser, live_server.url, office.people["lan"]), url("desk", counter.pk))
        desk.get_by_label("Tạm nghỉ vì").select_option("rest")
        desk.get_by_role("button", name="Tạm nghỉ").click()
        expect(desk.get_by_text("Quầy đang tạm nghỉ")).to_be_visible()
        look(desk, complaints)
        desk.keyboard.press("F9")
        expect(desk.get_by_text("Quầy đang rảnh")).to_be_visible()
        desk.keyboard.press("F9")
        desk.get_by_text("Chuyển đến một quầy khác").click()
        look(desk, complaints)
