"""Papers that are used again: from the store into a new dossier, a scan looked over by a second person, a result corrected."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.journeys.acting import SUBMISSION_CODE, choose_file, code_on, find_case, received
from tests.journeys.browsing import PHONE
from tests.journeys.test_walk import issue
from thongsuot import procedures
from thongsuot.dossiers import actions
from thongsuot.dossiers.models import Digitisation, Dossier, Result
from thongsuot.dossiers.tests.papers import picture
from thongsuot.files.actions import store
from thongsuot.files.tests.make import pdf
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for
from thongsuot.personal_store.models import StoredPaper
from thongsuot.signing.demo import PIN
from thongsuot.signing.tests.make import paper
from thongsuot.units import queries as units

pytestmark = pytest.mark.browser
COPY, BIRTH = "2.000815", "1.001193"


def actor(who: str, clock):
    return actor_for(Person.objects.get(email=f"{who}@demo.thongsuot.vn"), at=clock.now())


def a_draft_of_minh(procedure: str, clock) -> str:
    """The e-form filled in as the example of the procedure says: how one fills it in is another journey's story."""
    shipped = json.loads((Path(procedures.__file__).parent / "data" / "procedures" / f"{procedure}.json").read_text())
    minh, at = actor("minh", clock), clock.now()
    ward = units.unit_by_code("00070", as_of=at.date())
    draft = actions.start_draft(procedure, unit_id=ward.id, actor=minh, at=at)
    for group in shipped["versions"][0]["form"]["x-groups"]:
        actions.save_page(draft.code, "to-khai", shipped["examples"]["good"], part=group["key"], actor=minh, at=at)
    return draft.code


def test_a_paper_of_the_store_is_used_again_with_consent_and_the_owner_reads_where(browsing, staff, clock, run_jobs):
    minh = staff("minh")
    own = StoredPaper.objects.filter(account__email="minh@demo.thongsuot.vn", kind=StoredPaper.Kind.DIGITISED).latest("pk")
    minh.visit("/giay-to-cua-toi/")
    minh.sees(own.title, own.code)
    minh.visit("/giay-to-cua-toi/?q=khong-co-gi-ca")
    minh.sees("Không có giấy tờ nào khớp")

    first = Dossier.objects.get(pk=own.dossier_id)
    draft = a_draft_of_minh(first.version.procedure.code, clock)
    minh.visit(f"/nop-ho-so/to-khai/{draft}/giay-to/")
    minh.sees("Dùng lại giấy tờ bạn đã có trong kho?", "Chọn là bạn đồng ý")
    minh.page.locator(f"input[type=radio][value='{own.code}']").first.check()
    minh.press("Lưu và tiếp tục")
    minh.press("Lưu và tiếp tục")
    minh.fill(return_by="electronic")
    minh.press("Lưu và tiếp tục")
    minh.page.get_by_label("Tôi cam đoan").check()
    minh.press("Nộp hồ sơ")
    minh.sees("Đã nộp hồ sơ cho Phường Hoàn Kiếm")
    submission = code_on(minh, SUBMISSION_CODE)
    minh.visit(f"/giay-to-cua-toi/{own.pk}/", dark=True)
    minh.sees("Đã dùng lại ở đâu", submission)
    minh.page.get_by_role("main").get_by_role("link", name="Rút lại đồng ý").first.click()
    minh.look("personal_store-withdraw")
    minh.sees("Rút lại đồng ý cho dùng giấy tờ này?")

    lan = staff("lan")
    lan.visit(find_case(lan, submission), name="case-reused")
    lan.sees(own.title)


def test_a_paper_scanned_at_the_counter_is_looked_over_by_a_second_person(browsing, staff, clock):
    lan, binh = staff("lan"), staff("binh")
    for queue in ("kiem-tra", "quet", "ky"):
        lan.visit(f"/can-bo/so-hoa/?hang={queue}", name=f"digitising-{queue}", dark=queue == "kiem-tra")
    at = clock.now()
    file = store(picture(dpi=150), name="quet.tif", actor=actor("lan", clock), at=at, purpose="dossiers.paper")
    dossier = received(BIRTH, name="Đỗ Thị Quét", phone="0912000187", at=at, scanned=("birth_certificate", file.pk))
    scan = Digitisation.objects.get(component__dossier=dossier)

    lan.visit(f"/can-bo/so-hoa/kiem-tra/{scan.pk}/", name="check_scan-own")
    lan.sees("Bạn đã quét giấy tờ này")
    binh.visit(f"/can-bo/so-hoa/kiem-tra/{scan.pk}/")
    binh.sees("Máy thấy chưa ổn", "150 dpi")
    binh.press("Không đạt, quét lại")
    binh.fill(reason="Mờ, quét lại từ 300 dpi")
    binh.press("Không đạt, quét lại")
    scan.refresh_from_db()
    assert (scan.state, scan.checked_by_name) == (Digitisation.State.REJECTED, "Đoàn Thanh Bình")
    lan.visit(f"/can-bo/so-hoa/quet/{scan.component_id}/", name="scan-again")
    lan.sees("Mờ, quét lại từ 300 dpi")
    choose_file(lan, "file", "quet.tif", picture(dpi=300))
    lan.fill(pages="0")
    lan.press("Nhận bản quét")
    lan.sees("Số trang là số, từ 1 đến 2000.")
    choose_file(lan, "file", "quet.tif", picture(dpi=300))
    lan.fill(pages="1")
    lan.press("Nhận bản quét")
    lan.sees("Đã nhận bản quét.")
    lan.visit(f"/can-bo/ho-so/{dossier.pk}/kho/", name="store-of-owner")
    lan.visit(f"/can-bo/ho-so/{dossier.pk}/ban-sao/", name="case-copies")
    lan.visit("/can-bo/so-chung-thuc/", dark=True)


def test_a_result_is_corrected_and_register_and_proof_say_by_what(browsing, staff, clock):
    at = clock.now()
    dossier = received(
        COPY, name="Lý Thị Sửa", phone="0912000188", at=at, papers=("original",), quantities={"pages": 1, "copies": 1}
    )
    actions.forward(dossier.pk, step_key="receive", actor=actor("lan", clock), at=at)
    issue(dossier, at=at)
    toan, viet, hanh, thu = (staff(who) for who in ("toan", "viet", "hanh", "thu"))
    toan.visit(f"/can-bo/ho-so/{dossier.pk}/sua-ket-qua/")
    toan.press("Mở việc")
    toan.fill(kind="correction", reason="Ngày cấp ghi nhầm", basis="Đơn ngày 05/10/2026")
    toan.press("Mở việc")
    change = toan.page.url
    toan.press("Trình soát")
    choose_file(toan, "soan-file", "dinh-chinh.pdf", paper())
    toan.press("Trình soát")
    for who, button, fields in ((viet, "Duyệt, trình ký", {}), (hanh, "Ký", {"ky-pin": PIN}), (thu, "Vào sổ, phát hành", {})):
        who.visit(change, name=f"change-{button}")
        who.fill(**fields)
        if who is thu:
            who.page.locator("[name=phat-hanh-pin]").fill(PIN)
        who.press(button)
        assert not who.page.locator(".errors").count(), who.page.locator("main").inner_text()
    issued = Result.objects.get(dossier=dossier).changes.get()
    assert issued.number
    lan = staff("lan")
    lan.visit(f"/can-bo/so-ket-qua/?q={dossier.code}", dark=True)
    lan.sees(issued.number, "bằng văn bản số")

    anyone = browsing.visitor(width=PHONE)
    anyone.visit("/xac-thuc/")
    anyone.fill(ma="ABCD-EFGH-JKMN-PQRS")
    anyone.page.get_by_role("main").get_by_role("button").first.click()
    anyone.look("proof-unknown")
    anyone.visit("/kiem-tra-chu-ky/")
    choose_file(anyone, "file", "khong-ky.pdf", pdf("Khong co chu ky"))
    anyone.press("Kiểm tra")


def test_all_papers_at_once_by_a_key_and_no_page_breaks_the_policy(staff):
    """F4 swaps the papers in; the console of the browser says nothing of the policy, `look` asserts it."""
    lan = staff("lan")
    page = lan.visit("/can-bo/tiep-nhan/?thu-tuc=1.001193")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.press("F4")
    page.wait_for_timeout(300)
    lan.look("intake-scan-all")
