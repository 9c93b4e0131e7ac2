"""The pages: masked lists, a reason before a person, a month from its opening to its books closed, and what they cost."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from thongsuot.allowances import actions
from thongsuot.allowances.models import AllowanceImport, Beneficiary, PayBatch, PayerReport, Payment, PayRun
from thongsuot.allowances.tests.make import (
    MONDAY,
    WORKER,
    a_beneficiary,
    a_row,
    answer,
    as_csv,
    frozen,
    imported,
    number_of,
    out,
    sent,
    told,
)
from thongsuot.people.models import LookUp, Person
from thongsuot.people.tests.make import browser_of, make_citizen
from thongsuot.units.models import Unit
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db
PEOPLE = [a_row(place, unit="98001" if place % 3 else "98002") for place in range(1, 13)]


@pytest.fixture
def mai(office, clock):
    return browser_of(office.people["mai"])


@pytest.fixture
def an(office, clock):
    return browser_of(office.people["an"])


@pytest.fixture
def binh(office, clock):
    return browser_of(office.people["binh"])


@pytest.fixture
def listed(office):
    imported(office, PEOPLE, unit_id=office.city.city.pk)
    return office


def url(name, *args):
    return reverse(f"allowances:{name}", args=args)


def test_empty_pages_say_what_to_do(mai, an):
    assert "Danh sách chưa có ai" in said(mai.get(url("roll")))
    assert "Thành phố chưa chốt kỳ nào" in said(mai.get(url("month")))
    assert "Chưa gửi tệp nào" in said(mai.get(url("imports")))
    assert "Chưa có kỳ nào" in said(an.get(url("runs")))


def test_a_list_is_masked_and_of_ones_own_units(listed, mai, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        page = said(mai.get(url("roll")))

    assert "8 người" in page
    assert "Lò Mẫu 1 T•••" in page
    assert "Thử" not in page
    assert number_of(1) not in page
    assert "Phường Đồi" not in page


def test_names_that_are_searched_never_stand_in_an_address(listed, mai):
    one = Beneficiary.objects.get(id_number=number_of(2))

    response = mai.post(url("roll"), {"words": number_of(2)})

    assert response["Location"] == url("roll")
    page = said(mai.get(url("roll")))
    assert "1 người" in page
    assert str(one) in page
    mai.post(url("roll"), {"words": "khong co ai"})
    assert "Không có ai khớp" in said(mai.get(url("roll")))


def test_a_person_opens_for_a_reason_that_the_person_can_read(listed, mai, clock):
    one = Beneficiary.objects.get(id_number=number_of(2))
    owner = make_citizen("Lò Thị Mẫu", at=MONDAY)
    Person.objects.filter(pk=owner.pk).update(id_number=number_of(2))

    assert number_of(2) not in said(mai.get(url("person", one.pk)))
    assert mai.post(url("person", one.pk), {"reason": " "}).status_code == 422
    opened = said(mai.post(url("person", one.pk), {"reason": "đối chiếu quyết định"}))

    assert number_of(2) in opened
    assert "750.000 đồng" in opened
    look = LookUp.objects.get(about_id=owner.pk)
    assert (look.subject, look.reason) == ("allowances.beneficiary", "đối chiếu quyết định")
    clock.now = MONDAY + timedelta(minutes=20)
    assert number_of(2) not in said(mai.get(url("person", one.pk)))


def test_a_person_is_added_changed_handed_over_and_stopped(listed, mai):
    form = {**a_row(300), "unit": str(listed.river), "start": "10/2025", "payer": "post", "cash_point": "Bưu cục Bến"}
    wrong = mai.post(url("add"), {**form, "id_number": "12"})
    assert wrong.status_code == 422
    assert "không đủ 12 chữ số" in said(wrong)
    assert mai.post(url("add"), form).status_code == 302
    twice = mai.post(url("add"), form)
    assert twice.status_code == 422
    assert "đang hưởng theo nhóm này" in said(twice)

    one = Beneficiary.objects.get(id_number=number_of(300))
    assert mai.get(url("change", one.pk))["Location"] == url("person", one.pk)  # first why
    mai.post(url("person", one.pk), {"reason": "đổi điểm chi trả"})
    assert "Bưu cục Bến" in mai.get(url("change", one.pk)).content.decode()
    changed = {**form, "full_name": one.full_name, "cash_point": "Bưu cục Mới"}
    assert mai.post(url("change", one.pk), changed).status_code == 302
    assert mai.post(url("change", one.pk), changed).status_code == 422  # nothing new
    assert mai.post(url("change", one.pk), {**changed, "payer": "bank", "account": ""}).status_code == 422
    one.refresh_from_db()
    assert one.cash_point == "Bưu cục Mới"

    assert mai.post(url("stop", one.pk), {"stop_month": "9/2025", "reason": "died"}).status_code == 422
    assert mai.post(url("hand", one.pk), {"unit": str(listed.hill)}).status_code == 302
    assert mai.get(url("person", one.pk)).status_code == 404
    dao = browser_of(listed.people["dao"])
    assert "tháng" in said(dao.get(url("stop", one.pk)))
    assert dao.post(url("stop", one.pk), {"stop_month": "11/2025", "reason": "died"}).status_code == 302
    one.refresh_from_db()
    assert (one.unit_id, one.stop_month, one.stop_reason) == (listed.hill, date(2025, 11, 1), "died")
    assert "Đã mất" in said(dao.get(url("roll") + "?loc=thoi-huong"))


def test_an_old_list_is_sent_looked_at_and_brought_in(office, mai):
    file = SimpleUploadedFile("danh-sach.csv", as_csv([*PEOPLE[:2], a_row(9, id_number="1")]))
    response = mai.post(url("imports"), {"unit": office.river, "month": "10/2025", "file": file})
    one = AllowanceImport.objects.get()
    assert response["Location"] == url("import", one.pk)
    assert "Đang đọc tệp" in said(mai.get(url("import", one.pk)))

    actions.read_file(one.pk, actor=WORKER, at=MONDAY)
    page = said(mai.get(url("import", one.pk)))
    assert "3 = 2 + 1 + 0" in page
    assert "Số định danh không đủ 12 chữ số." in page
    assert "Lò Mẫu 9 Thử" not in page
    for no_button in ({}, {"viec": "khac"}):
        assert mai.post(url("import", one.pk), no_button).status_code == 422
        one.refresh_from_db()
        assert one.status == "previewed"
    mai.post(url("import", one.pk), {"viec": "nhap"})
    actions.store_import(one.pk, actor=WORKER, at=MONDAY)
    assert "Đã nhập" in said(mai.get(url("import", one.pk)))

    again = mai.post(url("imports"), {"unit": office.river, "month": "10/2025", "file": _again(file)})
    assert again["Location"] == url("import", one.pk)
    rows = mai.post(url("import_rows", one.pk))
    sheet = load_workbook(io.BytesIO(b"".join(rows.streaming_content))).worksheets[0]
    assert [cell.value for cell in sheet[2]][-2:] == ["4", "Số định danh không đủ 12 chữ số."]
    assert LookUp.objects.filter(subject="allowances.allowanceimport").count() == 1
    assert mai.get(url("template")).status_code == 200


def _again(file: SimpleUploadedFile) -> SimpleUploadedFile:
    file.seek(0)
    return file


def test_an_import_is_discarded(office, mai):
    one = sent(office, PEOPLE[:2], unit_id=office.river)

    mai.post(url("import", one.pk), {"viec": "bo"})

    assert "Không dòng nào vào danh sách" in said(mai.get(url("import", one.pk)))


def test_a_month_from_its_opening_to_its_books_closed(listed, mai, an, binh):
    an.post(url("runs"), {"month": "10/2025"})
    run = PayRun.objects.get()
    page = url("run", run.pk)
    assert "Chốt danh sách" in said(an.get(page))
    an.post(page, {"viec": "chot"})
    assert "Danh sách khớp" in said(an.get(page))
    assert an.post(page, {"viec": "duyet"}).status_code == 403
    assert binh.post(page, {"viec": "tra-lai", "reason": ""}).status_code == 422
    binh.post(page, {"viec": "tra-lai", "reason": "xem lại"})
    assert "xem lại" in said(an.get(page))
    an.post(page, {"viec": "chot"})
    binh.post(page, {"viec": "duyet"})
    an.post(page, {"viec": "tep"})

    bank, post = PayBatch.objects.order_by("number")
    taken = an.post(url("batch_file", bank.pk))
    assert b"".join(taken.streaming_content).decode("utf-8-sig").splitlines()[-1].startswith("TỔNG CỘNG,6,")
    assert taken["Cache-Control"] == "private, no-store"
    assert LookUp.objects.filter(subject="allowances.paybatch").count() == 1
    for batch in (bank, post):
        an.post(url("batch_sent", batch.pk))
    for batch in (bank, post):
        ids = list(batch.attempts.values_list("payment_id", flat=True))
        content = answer(run, batch.number, dict.fromkeys(ids, "paid") | {ids[0]: "failed"})
        response = an.post(url("results", run.pk), {"file": SimpleUploadedFile("kq.csv", content)})
        report = PayerReport.objects.latest("pk")
        assert response["Location"] == url("payer_report", report.pk)
        assert "Đang đọc" in said(an.get(url("payer_report", report.pk)))
        actions.apply_report(report.pk, actor=WORKER, at=MONDAY)
        assert "Mọi dòng đều dùng được" in said(an.get(url("payer_report", report.pk)))
        again = an.post(url("results", run.pk), {"file": SimpleUploadedFile("kq.csv", content)})
        assert again["Location"] == url("payer_report", report.pk)

    failed = said(an.get(url("failed", run.pk)))
    assert "Chưa trả được: 2 khoản" in failed
    assert "Sai số tài khoản" in failed
    assert "Chưa trả được" in said(mai.get(url("month") + "?loc=failed"))
    first = Payment.objects.filter(state="failed").earliest("pk")
    an.post(url("failed", run.pk), {"viec": "chon", "khoan": [first.pk, "x"]})
    an.post(url("failed", run.pk), {"viec": "tat-ca"})
    assert PayBatch.objects.filter(is_retry=True).count() == 2
    assert an.post(page, {"viec": "khoa"}).status_code == 403
    assert binh.post(page, {"viec": "khoa"}).status_code == 409
    for batch in PayBatch.objects.filter(is_retry=True):
        an.post(url("batch_sent", batch.pk))
        told(listed, run, answer(run, batch.number, dict.fromkeys(batch.attempts.values_list("payment_id", flat=True), "paid")))
    binh.post(page, {"viec": "khoa"})
    assert "Đã khóa sổ" in said(an.get(page))

    reconciled = said(an.get(url("reconciled", run.pk)))
    assert "Khớp" in reconciled
    assert "9.000.000 đồng" in reconciled
    sheet = load_workbook(io.BytesIO(b"".join(an.get(url("report", run.pk)).streaming_content))).worksheets[0]
    last = [cell.value for cell in list(sheet.rows)[-1]]
    assert last == ["", "Toàn thành phố", 12, 12, 9_000_000, 12, 9_000_000, 0, 0, 0, 0]


def test_the_check_of_a_month_names_who_stands_in_two_units_by_code(listed, an):
    a_beneficiary(listed, 3, group="CT-5A")
    run = frozen(listed)

    page = said(an.get(url("checked", run.pk)))

    assert "1 người đứng ở hai đơn vị" in page
    assert "Tổng các đơn vị bằng thành phố" in page
    assert "Lò Mẫu" not in page
    assert "Danh sách chưa khớp" in said(an.get(url("run", run.pk)))


def test_a_contradiction_is_settled_on_the_page_of_its_file(listed, an):
    run = out(listed)
    line = Payment.objects.filter(payer="bank").earliest("pk")
    told(listed, run, answer(run, 1, {line.pk: "paid"}))
    report = told(listed, run, answer(run, 1, {line.pk: "failed"}))
    address = url("payer_report", report.pk)
    row = report.rows.get()

    assert "Kết quả trái ngược: 1" in said(an.get(address))
    assert an.post(address, {"dong": row.pk, "viec": "nhan", "note": ""}).status_code == 422
    assert an.post(address, {"dong": "²", "viec": "nhan", "note": "x"}).status_code == 404
    an.post(address, {"dong": row.pk, "viec": "nhan", "note": "sao kê"})

    assert Payment.objects.get(pk=line.pk).state == "failed"
    assert "Kết quả trái ngược: 1" not in said(an.get(address))


def test_nonsense_for_a_month_is_told(listed, an):
    run = actions.open_run(listed.city.city.pk, month=date(2025, 10, 1), actor=listed.actor("an"), at=MONDAY)

    assert an.post(url("runs"), {"month": "mười"}).status_code == 422
    assert an.post(url("runs"), {"month": "12/2025"}).status_code == 422
    assert an.post(url("run", run.pk), {"viec": "x"}).status_code == 422
    assert "Danh sách chưa chốt" in said(an.get(url("reconciled", run.pk)))
    assert "Chưa có kỳ của tháng trước" in said(an.get(url("checked", run.pk)))


def test_what_a_group_says_of_a_person_is_not_shown_before_a_reason_is_given(office, mai):
    one = a_beneficiary(office, 2, group="HIV-8")

    listed, closed = said(mai.get(url("roll"))), said(mai.get(url("person", one.pk)))

    for page in (listed, closed):
        assert "HIV" not in page
        assert "Bảo trợ xã hội" in page
    assert "HIV" in said(mai.post(url("person", one.pk), {"reason": "đối chiếu"}))


def test_a_stop_to_come_is_taken_back_on_the_persons_page(office, mai):
    one = a_beneficiary(office, 2)
    mai.post(url("stop", one.pk), {"stop_month": "12/2025", "reason": "moved"})
    mai.post(url("person", one.pk), {"reason": "ghi nhầm"})
    assert "Bỏ tháng thôi hưởng" in said(mai.get(url("person", one.pk)))
    assert "hưởng tiếp?" in said(mai.get(url("resume", one.pk)))

    assert mai.post(url("resume", one.pk)).status_code == 302

    one.refresh_from_db()
    assert one.stop_month is None


def test_what_stands_out_is_ticked_before_a_month_is_approved(listed, binh):
    run = frozen(listed)
    imported(listed, [a_row(50)])
    page = url("run", run.pk)
    assert "1 người đến kỳ mà không có trong danh sách" in said(binh.get(page))
    assert "1 người đến kỳ mà không có trong danh sách đã chốt" in said(binh.get(url("checked", run.pk)))

    assert binh.post(page, {"viec": "duyet", "figures": "1-0-0-0"}).status_code == 422
    assert binh.post(page, {"viec": "duyet", "figures": "0-0-0-0", "accept": "on"}).status_code == 422
    assert binh.post(page, {"viec": "duyet", "figures": "1-0-0-0", "accept": "on"}).status_code == 302

    assert PayRun.objects.get().state == "approved"


def test_groups_go_over_on_the_page_of_the_month(office, an):
    a_beneficiary(office, 2, group="CT-5C")
    run = actions.open_run(office.city.city.pk, month=date(2025, 10, 1), actor=office.actor("an"), at=MONDAY)
    page = url("run", run.pk)
    assert "bấm “Chuyển nhóm” trên trang của kỳ" in said(an.post(page, {"viec": "chot"}))
    assert "CT-5C thành HT-1" in said(an.get(page))

    an.post(page, {"viec": "doi-nhom"})
    assert "CT-5C thành HT-1" not in said(an.get(page))
    an.post(page, {"viec": "chot"})

    assert Payment.objects.get().amount_dong == 500_000


def test_a_draft_is_discarded_and_books_are_closed_and_opened_again_on_the_page(listed, an, binh):
    an.post(url("runs"), {"month": "11/2025"})
    assert an.post(url("run", PayRun.objects.get().pk), {"viec": "bo"})["Location"] == url("runs")
    assert not PayRun.objects.exists()
    run = out(listed)
    for batch in PayBatch.objects.all():
        told(
            listed, run, answer(run, batch.number, dict.fromkeys(batch.attempts.values_list("payment_id", flat=True), "failed"))
        )
    page = url("run", run.pk)

    assert "12 khoản, 9.000.000 đồng chưa trả được" in said(binh.get(page))
    assert binh.post(page, {"viec": "khoa", "unpaid": "12", "unpaid_dong": "9000000"}).status_code == 422
    binh.post(page, {"viec": "khoa", "unpaid": "12", "unpaid_dong": "9000000", "accept": "on"})
    assert PayRun.objects.get().state == "closed"
    assert binh.post(page, {"viec": "mo-lai", "reason": ""}).status_code == 422
    binh.post(page, {"viec": "mo-lai", "reason": "có tài khoản mới"})
    assert "có tài khoản mới" in said(an.get(page))

    an.post(url("failed", run.pk), {"viec": "tat-ca"})
    batch = PayBatch.objects.filter(is_retry=True).latest("pk")
    assert "tệp chưa gửi" in said(an.get(page))
    an.post(url("withdraw", batch.pk))
    assert "Đã rút" in said(an.get(page))
    assert an.post(url("batch_file", batch.pk)).status_code == 409


def test_contradictions_come_first_and_all_rows_go_into_a_file(listed, an):
    run = out(listed)
    line = Payment.objects.filter(payer="bank").earliest("pk")
    told(listed, run, answer(run, 1, {line.pk: "failed"}))
    wrong = "".join(f"{place},Đã trả\n" for place in range(60))
    last = f"202510.1.{line.pk},Đã trả\n"
    report = told(listed, run, f"Mã chi trả,Kết quả\n{wrong}{last}".encode())

    page = said(an.get(url("payer_report", report.pk)))

    assert "Kết quả trái ngược: 1" in page
    assert "trang=2" in an.get(url("payer_report", report.pk)).content.decode()
    sheet = load_workbook(io.BytesIO(b"".join(an.get(url("report_rows", report.pk)).streaming_content))).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 62
    assert rows[1][1] == f"202510.1.{line.pk}"
    failed = said(an.get(url("failed", run.pk)))
    assert "1 khoản có kết quả trái ngược, chưa xử lý" in failed
    assert "Chi lại tất cả 0 khoản" in failed


def test_a_list_for_signing_is_taken_out_by_who_keeps_the_units_list(listed, mai, clock):
    run = frozen(listed)
    assert "Danh sách ký nhận, Phường Sông" in said(mai.get(url("month")))

    taken = mai.post(url("signing_sheet", run.pk, listed.river))

    sheet = load_workbook(io.BytesIO(b"".join(taken.streaming_content))).worksheets[0]
    assert [cell.value for cell in sheet[1]][-1] == "Ký, ghi rõ họ tên"
    assert sheet.max_row == 9
    assert LookUp.objects.filter(subject="allowances.payrun", subject_id=run.pk).count() == 1
    assert browser_of(listed.people["dao"]).post(url("signing_sheet", run.pk, listed.river)).status_code == 403


def test_the_city_sees_how_far_all_lists_are(office, an):
    for place in range(1, 53):
        sent(office, [a_row(place)], unit_id=office.river if place % 2 else office.hill)

    page = an.get(url("imports")).content.decode()

    assert "Phường Sông, tháng 10/2025" in page
    assert "Phường Đồi, tháng 10/2025" in page
    assert "trang=2" in page
    assert '<td role="cell" class="num" data-l="Chưa xong">52</td>' in page
    assert "[cần đối chiếu]" in page


def test_what_was_paid_twice_stands_in_the_month_and_its_report(listed, an):
    run = out(listed)
    line = Payment.objects.filter(payer="bank").earliest("pk")
    told(listed, run, answer(run, 1, {line.pk: "failed"}))
    (batch,) = actions.make_retry(run.pk, actor=listed.actor("an"), at=MONDAY)
    an.post(url("batch_sent", batch.pk))
    told(listed, run, answer(run, batch.number, {line.pk: "paid"}))
    report = told(listed, run, answer(run, 1, {line.pk: "paid"}))

    an.post(url("payer_report", report.pk), {"dong": report.rows.get().pk, "viec": "hai-lan", "note": "sao kê"})

    for name in ("run", "reconciled"):
        assert "1 khoản đã trả hai lần, phải thu hồi 750.000 đồng" in said(an.get(url(name, run.pk)))
    sheet = load_workbook(io.BytesIO(b"".join(an.get(url("report", run.pk)).streaming_content))).worksheets[1]
    assert [cell.value for cell in sheet[2]][:2] == [f"202510.1.{line.pk}", str(line.beneficiary)]


def test_whoever_keeps_the_list_of_the_successor_sees_the_ended_units_people(office, mai, clock):
    bridge = Unit.objects.get(code="98101")
    imported(office, [a_row(1, unit="98101")], unit_id=office.city.city.pk, month=date(2025, 6, 1))
    frozen(office)
    one = Beneficiary.objects.get()
    assert one.unit == bridge

    assert str(one) in said(mai.get(url("roll")))
    chosen = mai.get(url("roll") + f"?don-vi={bridge.pk}").content.decode()
    assert f'<a href="{url("roll")}?don-vi={bridge.pk}" aria-current="page">Phường Bến</a>' in chosen
    assert str(one) in said(mai.get(url("month")))
    assert "Phường Bến (đơn vị cũ)" in said(mai.get(url("imports")))
    assert "Phường Bến" not in said(mai.get(url("add")))  # nobody comes onto the list of a unit that is no more
    assert mai.get(url("person", one.pk)).status_code == 200
    assert str(one) not in said(browser_of(office.people["dao"]).get(url("roll")))
