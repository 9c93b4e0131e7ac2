"""In a real browser: a payer pays at the stand-in's bank, the page follows; the accountant's pages; sound at both widths."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from thongsuot.kernel import clock
from thongsuot.payments import actions, comparing, debts, gateway, stand_in
from thongsuot.payments.models import BankStatement, Difference, FeePayment, PaymentLine, Refund
from thongsuot.payments.stand_in import Bank, NearGateway
from thongsuot.payments.tests.make import STALL, make_office, opened
from thongsuot.people.tests.windows import look, window
from thongsuot.people.tests.windows import opened as opened_page
from thongsuot.units import queries as units
from thongsuot.web.tests.chromium import chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEN_SECONDS = 10_000


def url(name, *args):
    return reverse(f"payments:{name}", args=args)


@pytest.fixture
def office(settings, monkeypatch):
    settings.CITY_CODE, settings.PAYMENTS = "98", "stand-in"
    cache.clear()
    near = NearGateway(Bank())
    monkeypatch.setattr(stand_in, "in_this_process", lambda: near)
    monkeypatch.setattr("thongsuot.payments.views.bank.in_this_process", lambda: near)
    monkeypatch.setattr("thongsuot.payments.stand_in.telling.in_this_process", lambda: near)
    made = make_office()
    STALL.unit_id, STALL.closed = made.city.river.pk, set()
    debts.register(STALL)
    yield made
    debts.forget(STALL.subject)
    units.clear_caches()


def test_paid_at_the_bank_counted_returned_and_reconciled(office, live_server, tmp_path):
    now = clock.now()
    payment = opened(1, at=now)
    with chromium() as browser:
        phone, of_phone = opened_page(window(browser, live_server.url), url("payment", payment.secret))
        expect(phone.get_by_alt_text("Mã VietQR của khoản thanh toán này; số liệu của mã ở ngay dưới")).to_be_visible()
        look(phone, of_phone)
        phone.get_by_role("button", name="Trả qua cổng thanh toán").click()
        expect(phone.get_by_role("heading", name="Ngân hàng giả lập")).to_be_visible()
        look(phone, of_phone)
        phone.get_by_role("button", name="Trả, và báo về hai lần").click()
        expect(phone.get_by_text("Đã nhận đủ tiền.")).to_be_visible(timeout=TEN_SECONDS)
        look(phone, of_phone)
        phone.get_by_role("link", name="Biên lai số 1").click()
        expect(phone.get_by_text("Biên lai này có thật và còn giá trị.")).to_be_visible()
        look(phone, of_phone)
        assert FeePayment.objects.get(pk=payment.pk).state == "paid"
        assert not Refund.objects.filter(line=None).exists()

        actions.take_cash(STALL.subject, 2, owed_ids=[20, 21], actor=office.actor("lan", now), at=now)
        lan = window(browser, live_server.url, office.people["lan"])
        drawer, of_drawer = opened_page(lan, url("shifts"))
        look(drawer, of_drawer)
        drawer.get_by_role("link", name="Xem và kết ca").click()
        drawer.get_by_label("20.000 đồng").fill("2")
        look(drawer, of_drawer)
        drawer.get_by_role("button", name="Kết ca").click()
        expect(drawer.get_by_text("Số đếm được khác sổ.").first).to_be_visible()
        drawer.get_by_label("10.000 đồng", exact=True).fill("1")
        drawer.get_by_role("button", name="Kết ca").click()
        expect(drawer.get_by_text("Đã kết ca, chưa nộp")).to_be_visible()

        toan = window(browser, live_server.url, office.people["toan"])
        line = PaymentLine.objects.filter(payment=payment).first()
        desk, of_desk = opened_page(toan, url("propose_refund", line.pk))
        desk.get_by_label("Trả lại qua cổng thanh toán").check()
        desk.get_by_label("Lý do hoàn").fill("thu nhầm mức")
        look(desk, of_desk)
        desk.get_by_role("button", name="Gửi đề nghị").click()
        refund = Refund.objects.get(line=line)
        hong = window(browser, live_server.url, office.people["hong"])
        decide, of_decide = opened_page(hong, url("refund", refund.pk))
        look(decide, of_decide)
        decide.get_by_role("button", name="Duyệt hoàn 20.000 đồng").click()
        expect(decide.get_by_text("Đã duyệt, chờ trả")).to_be_visible()

        said = tmp_path / "so-phu.csv"
        rows = ("Ngày;Số tham chiếu;Ghi có;Ghi nợ;Nội dung", f"{timezone.localtime(now):%d/%m/%Y};FT1;50000;;{payment.purpose}")
        said.write_text("\n".join([*rows, f"{timezone.localtime(now):%d/%m/%Y};FT2;;11000;phi dich vu"]), encoding="utf-8")
        desk.goto(url("statements"))
        desk.get_by_label("Tài khoản").select_option(index=0)
        desk.get_by_label("Tệp sổ phụ").set_input_files(said)
        look(desk, of_desk)
        desk.get_by_role("button", name="Nhập sổ phụ").click()
        expect(desk.get_by_text("Đã nhập 2 giao dịch mới.")).to_be_visible()
        comparing.book_statement(BankStatement.objects.get().pk, now=now)
        comparing.compare_day(clock.today(), now=now, fetch=False)
        for address in (
            url("difference", Difference.objects.get(kind="out").pk),
            url("balances"),
            url("entries", "fees"),
            url("receipts"),
            url("reconciling"),
            url("reconciled_day", f"{clock.today():%Y-%m-%d}"),
            url("refunds"),
            url("account", office.city.river.pk),
        ):
            desk.goto(address)
            look(desk, of_desk)
        desk.goto(url("difference", Difference.objects.get(kind="out").pk))
        desk.get_by_role("link", name="Ghi tiền này chi vì sao").click()
        desk.get_by_label("Phí ngân hàng").check()
        look(desk, of_desk)
        desk.get_by_role("button", name="Ghi sổ").click()
        expect(desk.get_by_text("Đã ghi sổ.")).to_be_visible()
        phi = window(browser, live_server.url, office.people["phi"])
        for address in (url("accounts"), url("progress")):
            page, of_page = opened_page(phi, address)
            look(page, of_page)
    assert gateway.is_stand_in()
