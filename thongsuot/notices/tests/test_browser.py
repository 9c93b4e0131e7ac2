"""In a real browser: new words from draft to approval, a citizen's choices, and every page sound at both widths."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.notices import delivery, links
from thongsuot.notices.models import LetterRoute, LetterVersion, OptOut, QuietHours
from thongsuot.notices.rules import Recipient
from thongsuot.notices.tests.make import make_notice
from thongsuot.notices.tests.ways import tell
from thongsuot.people.models import Appointment
from thongsuot.people.tests.make import make_administrator, make_citizen, make_officer, with_second_factor
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


def test_words_of_a_letter_from_draft_to_approval_and_what_a_citizen_chooses(made, gateways, live_server):
    now = clock.now()
    writer = with_second_factor(make_administrator(made.city, at=now))
    approver = with_second_factor(make_officer(made.city, kind="people_committee", title="Phó Chủ tịch", at=now))
    assert Appointment.objects.filter(person=approver, duties__contains=["approve letters"]).exists()
    minh = make_citizen("Nguyễn Đức Minh", at=now)
    to = Recipient(name="Nguyễn Đức Minh", email="minh@vidu.vn", phone="0912000048", person_id=minh.pk)
    noon = now.replace(hour=5)
    notice = make_notice(made.river.pk, key="rate_invited", to=to, at=noon)
    delivery.deliver(notice.pk, way="sms", actor=system("worker"), at=noon)
    with chromium() as browser:
        quan = window(browser, live_server.url, writer)
        page, complaints = opened(quan, "/quan-tri/mau-tin/")
        look(page, complaints)
        page.get_by_role("link", name="Đã tiếp nhận, hẹn ngày trả").click()
        look(page, complaints)
        page.get_by_role("link", name="Soạn bản mới").click()
        page.get_by_label("Nội dung SMS").fill("Đã nhận {mã hồ sơ}: {đường dẫn}")
        page.get_by_role("button", name="Đọc thử").click()
        expect(page.get_by_text("Có dấu (UCS-2)")).to_be_visible()
        look(page, complaints)
        page.get_by_role("button", name="Lưu bản đang soạn").click()
        look(page, complaints)
        page.get_by_role("button", name="Gửi duyệt").click()
        expect(page.get_by_role("button", name="Duyệt", exact=True)).to_have_count(0)

        hoa, of_hoa = opened(window(browser, live_server.url, approver), "/quan-tri/mau-tin/")
        hoa.get_by_role("link", name="Xem bản chờ duyệt").click()
        look(hoa, of_hoa)
        hoa.get_by_label("Dùng từ ngày").fill(f"{now + timedelta(days=2):%d/%m/%Y}")
        hoa.get_by_role("button", name="Duyệt", exact=True).click()
        expect(hoa.get_by_text("Đã duyệt. Tin viết từ ngày đó dùng bản này.")).to_be_visible()
        assert LetterVersion.objects.get().state == "approved"
        look(hoa, of_hoa)
        hoa.get_by_role("button", name="Thu hồi, chưa dùng").click()
        expect(hoa.get_by_text("Đã thu hồi.")).to_be_visible()

        later = now.date() + timedelta(days=9)
        QuietHours.objects.create(city=made.city, starts=time(22), ends=time(6), ways=["sms"], basis="QĐ 1", valid_from=later)
        LetterRoute.objects.create(city=made.city, key="received", route="phone_first", valid_from=later)
        look(*opened(quan, "/quan-tri/mau-tin/received/"))

        tell(notice, "sms", at=now)
        of_notice = f"/quan-tri/tin-gui/{notice.pk}/"
        for address in ("/quan-tri/mau-tin/gio-yen-lang/", "/quan-tri/tin-gui/", of_notice, "/quan-tri/tin-gui/gia-lap/"):
            look(*opened(quan, address))
        asked, of_asked = opened(quan, "/quan-tri/tin-gui/nguoi-nhan/")
        asked.get_by_label("Thư điện tử, số điện thoại hoặc số định danh").fill("0912 000 048")
        asked.get_by_label("Lý do xem").fill("Người nộp hỏi")
        asked.get_by_role("button", name="Ghi lý do và xem").click()
        expect(asked.get_by_role("heading", name="Hồ sơ H98.1-251117-0011: bạn hài lòng đến mức nào?")).to_be_visible()
        look(asked, of_asked)

        own, of_own = opened(window(browser, live_server.url, minh), "/tai-khoan/tin-nhan/")
        own.get_by_text("Đã gửi thế nào, vì sao").click()
        look(own, of_own)
        own.get_by_role("link", name="Chọn tin muốn nhận").click()
        own.get_by_label("SMS").uncheck()
        look(own, of_own)
        own.get_by_role("button", name="Lưu lựa chọn").click()
        expect(own.get_by_text("Đã lưu lựa chọn của bạn.")).to_be_visible()
        assert OptOut.objects.get().way == "sms"

        anyone, of_anyone = opened(
            window(browser, live_server.url), f"/thoi-nhan/{links.token_of(notice.deliveries.get(way='sms').pk)}/"
        )
        look(anyone, of_anyone)
        anyone.get_by_role("button", name="Thôi nhận bằng mọi cách").click()
        expect(anyone.get_by_role("heading", name="Đã thôi nhận")).to_be_visible()
        look(anyone, of_anyone)

        alone = make_notice(made.river.pk, key="rate_invited", to=Recipient(name="Thu", phone="0912000049"), at=noon)
        link = f"/thoi-nhan/{links.token_of(alone.deliveries.get(way='sms').pk)}/"
        thu, of_thu = opened(window(browser, live_server.url), link)
        thu.get_by_role("button", name="Thôi nhận bằng mọi cách").click()
        look(thu, of_thu)
        thu.get_by_role("button", name="Nhận lại").click()
        expect(thu.get_by_role("heading", name="Đã nhận lại")).to_be_visible()
        look(thu, of_thu)
