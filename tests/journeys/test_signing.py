"""A result signed in the browser: the leader with a PIN, the clerk with the agency's, and anyone who checks it."""

from __future__ import annotations

import re

import pytest

from tests.journeys.acting import do, find_case, received
from tests.journeys.browsing import PHONE
from thongsuot.dossiers import actions
from thongsuot.dossiers.models import Result, SigningBatchItem
from thongsuot.files.actions import store
from thongsuot.files.queries import open_checked
from thongsuot.files.tests.make import pdf
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for
from thongsuot.signing.demo import PIN

pytestmark = pytest.mark.browser
COPY = "2.000815"


def at_signing(name: str, number: int, clock):
    """A dossier of Lan's ward that waits for Hạnh, with a draft."""
    at = clock.now()
    dossier = received(
        COPY, name=name, phone=f"09120001{number}", at=at, papers=("original",), quantities={"pages": 1, "copies": 1}
    )
    lan, toan = (actor_for(Person.objects.get(email=f"{who}@demo.thongsuot.vn"), at=at) for who in ("lan", "toan"))
    actions.forward(dossier.pk, step_key="receive", actor=lan, at=at)
    draft = store(pdf("Ban sao chung thuc"), name="ban-sao.pdf", actor=toan, at=at, purpose="dossiers.result")
    actions.draft_result(dossier.pk, title="Bản sao", file_id=draft.pk, actor=toan, at=at)
    return actions.forward(dossier.pk, step_key="process", actor=toan, at=at)


def test_a_result_is_signed_by_pin_issued_by_the_agency_and_proved_to_anyone(browsing, staff, clock):
    dossier = at_signing("Hà Thị Ký", 11, clock)
    hanh, thu = staff("hanh"), staff("thu")
    case = find_case(hanh, dossier.code)

    do(hanh, case, "Ký kết quả", pin="000999")
    hanh.sees("Mã PIN không đúng, còn 4 lần thử")
    do(hanh, case, "Ký kết quả", pin=PIN)
    do(thu, case, "Vào sổ, phát hành", pin=PIN)
    thu.visit(case)
    thu.sees("Người có thẩm quyền ký số, cơ quan ký số")
    proof = thu.page.get_by_role("link", name="Mở trang xác thực").get_attribute("href")

    anyone = browsing.visitor(width=PHONE)
    anyone.visit(proof)
    anyone.sees("Còn giá trị", "phường Hoàn Kiếm", "THỬ NGHIỆM (TEST)")
    assert "Hà Thị Ký" not in anyone.page.content()
    with open_checked(Result.objects.get(dossier=dossier).file_id) as file:
        signed = file.read()
    anyone.page.locator("[name=file]").set_input_files({"name": "ket-qua.pdf", "mimeType": "application/pdf", "buffer": signed})
    anyone.press("Đối chiếu")
    anyone.sees("Đúng là tệp này")
    anyone.visit("/kiem-tra-chu-ky/")
    anyone.page.locator("[name=file]").set_input_files({"name": "ket-qua.pdf", "mimeType": "application/pdf", "buffer": signed})
    anyone.press("Kiểm tra")
    anyone.sees("Lê Thị Hạnh", "Ủy ban nhân dân phường Hoàn Kiếm", "B-LT")


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_leader_signs_the_queue_with_one_pin(browsing, clock, scripts):
    for number in range(6):
        at_signing(f"Trần Văn Chờ {number}", 20 + number + 10 * scripts, clock)
    hanh = browsing.visitor(java_script_enabled=scripts)
    hanh.visit("/tai-khoan/dang-nhap/")
    hanh.fill(login="hanh@demo.thongsuot.vn", password="thong-suot-2026")
    hanh.press("Đăng nhập")
    hanh.visit("/can-bo/ky/")
    hanh.fill(pin=PIN)
    with hanh.page.expect_navigation():
        hanh.page.get_by_role("button", name=re.compile("Ký các hồ sơ đã chọn")).click()
    while not scripts and hanh.page.get_by_role("button", name=re.compile("Ký tiếp")).count():
        with hanh.page.expect_navigation():
            hanh.page.get_by_role("button", name=re.compile("Ký tiếp")).click()

    # A dozen signatures; a busy machine may need its time for them.
    hanh.page.get_by_text(re.compile(r"Đã ký \d+ hồ sơ")).wait_for(timeout=180_000)
    hanh.look()
    assert SigningBatchItem.objects.filter(state="waiting").count() == 0
    assert SigningBatchItem.objects.filter(state="done").count() >= 6
