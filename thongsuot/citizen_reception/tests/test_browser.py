"""In a real browser on a phone: from the door of the reception to the slip; every page is sound."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from thongsuot.citizen_reception import actions
from thongsuot.citizen_reception.facts import DayFacts
from thongsuot.citizen_reception.models import OnlineSession, ReceptionEntry
from thongsuot.citizen_reception.tests.make import HOUSE, a_session, make_office
from thongsuot.files.tests.make import pdf
from thongsuot.kernel import clock
from thongsuot.people.tests.make import make_administrator, with_second_factor
from thongsuot.people.tests.windows import look, opened, window
from thongsuot.units import queries as units
from thongsuot.web.tests.chromium import chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 360, "height": 740}}


def url(name, *args):
    return reverse(f"citizen_reception:{name}", args=args)


@pytest.fixture
def office(settings):
    settings.CITY_CODE = "98"
    cache.clear()
    yield make_office()
    units.clear_caches()


def ahead(now):
    """Far enough that everybody can be told in time."""
    return now + timedelta(days=40)


def a_record(office, now):
    """A session that is over, signed by hand, its parties forgotten."""
    session = a_session(office, at=now, starts_at=ahead(now), chair_id=office.people["hanh"].pk)
    OnlineSession.objects.filter(pk=session.pk).update(state="ended", started_at=now, ended_at=now)
    actions.keep_recording(session.pk, link="https://luu.vidu.vn/1", sha256="ab" * 32, actor=HOUSE, at=now)
    actions.draft_minutes(session.pk, words="Kết luận.", actor=HOUSE, at=now)
    actions.keep_paper(session.pk, pdf(), file_name="ky.pdf", actor=HOUSE, at=now)
    return actions.forget_parties(session.pk, actor=HOUSE, at=now)


def test_a_visit_on_a_phone_from_the_door_to_the_slip(office, live_server):
    now = clock.local_now()
    day = DayFacts(
        weekday=4,
        week=0,
        starts=now.time().replace(hour=8, minute=0, second=0, microsecond=0),
        ends=now.time().replace(hour=11, minute=0, second=0, microsecond=0),
        receiver="Chủ tịch Ủy ban nhân dân",
        by_head=True,
        valid_from=now.date(),
        place="Phòng 102",
    )
    actions.put_day(office.river, day, actor=HOUSE, at=now)
    with chromium() as browser:
        anybody = window(browser, live_server.url, **PHONE)
        public, of_public = opened(anybody, url("public"))
        public.get_by_role("link", name="Phường Sông").click()
        expect(public.get_by_text("Phòng 102").first).to_be_visible()
        look(public, of_public)

        viet = window(browser, live_server.url, office.people["viet"], **PHONE)
        page, complaints = opened(viet, url("register"))
        look(page, complaints)
        page.get_by_role("link", name="Ghi người đến").first.click()
        look(page, complaints)
        page.get_by_label("Họ và tên người đến").fill("Lò Thị Đến")
        page.get_by_label("Địa chỉ").fill("3 phố Bến")
        page.get_by_label("Nội dung trình bày").fill("Không đồng ý với quyết định.")
        page.get_by_label("Giấy tờ đã đưa").fill("Đơn khiếu nại")
        page.get_by_role("button", name="Ghi vào sổ").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Lượt tiếp số 1/")
        look(page, complaints)
        page.get_by_label("Khiếu nại").check()
        page.get_by_label("Thuộc thẩm quyền của đơn vị").check()
        page.get_by_role("button", name="Lưu phân loại").click()
        page.get_by_label("Tiếp nhận để giải quyết").check()
        page.get_by_label("Nội dung trên phiếu").fill("Đúng thẩm quyền, tiếp nhận.")
        page.get_by_role("button", name="Lập phiếu").click()
        expect(page.get_by_text("Đã lập phiếu xử lý. Hãy in và đưa")).to_be_visible()
        look(page, complaints)
        entry = ReceptionEntry.objects.get()
        assert (entry.kind, entry.way) == ("complaint", "accepted")
        page.get_by_text("Kết thúc lượt tiếp").first.click()
        look(page, complaints)
        page.get_by_role("link", name="Xem thông tin người đến").click()
        page.get_by_label("Lý do xem").fill("Gọi lại")
        page.get_by_role("button", name="Ghi lý do và mở").click()
        expect(page.get_by_text("3 phố Bến")).to_be_visible()
        look(page, complaints)
        for name in ("schedule", "add_day", "sessions", "plan", "figures"):
            there, of_there = opened(viet, url(name))
            look(there, of_there)
        meeting, of_meeting = opened(viet, url("session", a_session(office, at=now, starts_at=ahead(now)).pk))
        meeting.get_by_text("Ghi bên tham gia").click()
        meeting.get_by_text("Ghi lần thử").first.click()
        look(meeting, of_meeting)
        meeting.get_by_role("link", name="Xem họ tên, liên hệ các bên").click()
        meeting.get_by_label("Lý do xem").fill("Gọi lại")
        meeting.get_by_role("button", name="Ghi lý do và mở").click()
        expect(meeting.get_by_text("Lò Văn Diện")).to_be_visible()
        look(meeting, of_meeting)
        hanh = window(browser, live_server.url, office.people["hanh"], **PHONE)
        of_record, told = opened(hanh, url("session", a_record(office, now).pk))
        expect(of_record.get_by_text("Biên bản đã ký được lưu đến")).to_be_visible()
        look(of_record, told)
        of_record.get_by_role("link", name="Tải bản ký tay").click()
        expect(of_record.get_by_role("heading", level=1)).to_have_text("Mở biên bản lưu")
        look(of_record, told)
        admin = window(browser, live_server.url, with_second_factor(make_administrator(office.city.city)), **PHONE)
        for name, *args in (("numbers",), ("number", "transfer_days")):
            there, of_there = opened(admin, url(name, *args))
            look(there, of_there)
        phung = window(browser, live_server.url, office.people["phung"], **PHONE)
        city, of_city = opened(phung, url("city"))
        look(city, of_city)
