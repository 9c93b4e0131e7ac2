"""Units end and begin: a dossier of the old district goes on in the new ward; what an old ward had is counted in."""

from __future__ import annotations

import pytest

from tests.journeys.acting import choose_file, do, download, find_case, text_of
from tests.journeys.browsing import PHONE
from thongsuot.dossiers.old_software import COLUMNS
from thongsuot.files.tables import template
from thongsuot.files.tests.make import pdf
from thongsuot.handover.models import Changeover
from thongsuot.signing.demo import PIN

pytestmark = pytest.mark.browser
CODE = "000.00.02.H26-250625-0007"
OLD = {
    "code": CODE,
    "unit": "002",
    "procedure": "2.000635",
    "owner_name": "Đặng Thị Ví Dụ",
    "owner_phone": "0912000531",
    "owner_address": "12 phố Hàng Bạc, phường Hàng Bạc, quận Hoàn Kiếm",
    "received_at": "25/06/2025 09:30",
    "due_at": "27/06/2025 16:00",
    "stage": "Chờ bổ sung",
    "waiting_since": "26/06/2025 08:00",
    "waiting_for": "Giấy tờ chứng minh quan hệ",
    "papers": "Tờ khai",
}


def test_a_dossier_of_the_old_district_is_found_by_its_code_and_finished_by_the_new_ward(browsing, staff, run_jobs):
    steering = staff("quantri")
    steering.visit("/dieu-hanh/chuyen-giao/")
    one = Changeover.objects.get()
    here = f"/dieu-hanh/chuyen-giao/{one.pk}/"
    steering.visit(f"{here}ho-so-cu/", name="old-software")
    rows = [[OLD.get(column.key, "") for column in COLUMNS]]
    choose_file(steering, "file", "phan-mem-cu.xlsx", template("x", COLUMNS, rows=rows))
    steering.press("Nhập")
    steering.sees("Đã nhận 1 hồ sơ.", "Đơn vị cũ đang giữ 1 hồ sơ chưa xong.")
    steering.visit(here)
    steering.press("Xem trước")
    steering.page.goto("about:blank")  # the page asks how far it is, and would load itself anew into the next visit
    run_jobs()
    steering.visit(here, name="changeover-planned")
    steering.sees("2 đơn vị chưa có con dấu", "Chưa cho chuyển.")
    for left in (1, 0):
        steering.visit(f"{here}con-dau/")
        steering.fill(registration=f"Ví dụ {left}", received_on="01/07/2025")
        steering.press("Ghi")
        steering.sees("Đã ghi con dấu mới.")
    steering.visit(here)
    steering.fill(**{"cho-basis": "Kết luận số 1 của Ban Chỉ đạo"})
    steering.press("Cho chuyển")
    steering.sees("Đã cho chuyển.", "theo Kết luận số 1 của Ban Chỉ đạo")
    steering.visit(here)
    steering.press("Chuyển theo bản xem trước")
    steering.page.goto("about:blank")
    run_jobs()
    steering.visit(f"{here}doi-chieu/", name="reconciled")
    steering.sees("Khớp.")

    owner = browsing.visitor(width=PHONE)
    owner.visit(f"/tra-cuu/{CODE}/", name="track-moved")
    owner.sees(CODE, "Phường Hoàn Kiếm", "Bạn cần bổ sung hồ sơ")
    owner.fill(secret="0531")
    owner.press("Xem chi tiết")
    owner.sees("Giấy tờ chứng minh quan hệ", "Nhận từ phần mềm của đơn vị cũ")
    owner.follow("Bổ sung")
    owner.fill(answer="Tôi là con của người trong trích lục")
    owner.press("Gửi phần bổ sung")
    owner.sees("Đã gửi phần bổ sung. Hồ sơ chạy tiếp.")

    toan = staff("toan")
    case = find_case(toan, CODE)
    number = case.rstrip("/").rpartition("/")[2]
    toan.visit(f"/can-bo/ho-tich/ho-so/{number}/tim/")
    toan.follow("Tìm theo cách khác")  # the old software gave no form
    toan.fill(name="lo thi")
    toan.press("Tìm")
    toan.page.locator("main tbody a").first.click()
    toan.press("Ghi lý do và mở")
    toan.follow(f"Lập giấy cho hồ sơ {CODE}")
    toan.press("Lập giấy")
    toan.visit(case)
    paper = text_of(download(toan, "trich-luc"))
    assert "ỦY BAN NHÂN DÂN PHƯỜNG HOÀN KIẾM" in paper.partition("TRÍCH LỤC")[0]  # who gives it now
    assert "Nơi đăng ký: Ủy ban nhân dân phường Hàng Bạc, Quận Hoàn Kiếm" in paper  # where it stood then
    do(toan, case, "Trình soát dự thảo")
    do(staff("hanh"), case, "Ký kết quả", pin=PIN)
    do(staff("thu"), case, "Vào sổ, phát hành", pin=PIN)
    do(staff("lan"), case, "Trả kết quả")
    owner.visit(f"/tra-cuu/{CODE}/", name="track-moved")
    owner.sees("Đã trả kết quả", CODE)


def test_what_an_old_ward_had_is_counted_in_and_its_minutes_signed(staff):
    hands, takes = staff("binh"), staff("hanh")
    hands.visit("/can-bo/ban-giao/")
    hands.page.get_by_role("main").get_by_role("link").first.click()
    hands.look("lists")
    lists = hands.page.url
    for klass in ("archives", "computers"):
        hands.visit(f"{lists}{klass}/", name="sheet")
    hands.visit(f"{lists}hop/", name="boxes")
    hands.page.locator("main tbody a").first.click()
    hands.look("box")
    hands.fill(**{"carry-said": "Anh Ba, xe tải 1,25 tấn"})
    hands.press("Giao vận chuyển")
    hands.visit(lists)
    for box in hands.page.locator("input[name=loai]").all():
        box.check()
    hands.press("Xác nhận đã kê đủ")

    takes.visit("/can-bo/ban-giao/")
    takes.page.get_by_role("main").get_by_role("link").first.click()
    takes.look("receiving")
    desk = takes.page.url
    takes.page.get_by_role("link", name="00043.H.00001").click()
    takes.look("box")
    takes.press("Đã đến, niêm phong còn nguyên")
    takes.press("Mở niêm phong")
    takes.visit(desk)
    takes.fill(ma="00043.h.00001")
    takes.press("Nhận")
    takes.sees("Đã nhận 00043.TS.00001")
    takes.page.get_by_role("link", name="Phường Hàng Mã", exact=True).click()
    takes.look("coming")
    for box in takes.page.locator("input[name=muc]").all():
        box.check()
    takes.press("Nhận các mục đã chọn")
    takes.follow("Biên bản")
    takes.look("minutes")
    takes.fill(place="Trụ sở UBND phường Hoàn Kiếm")
    takes.press("Lập biên bản")
    takes.fill(side="Bên nhận", pin=PIN)
    takes.press("Ký")
    takes.sees("Bên nhận: Lê Thị Hạnh")
    paper = text_of(download(takes, "Tải biên bản và phụ lục (PDF)"))
    assert "60,7 mét giá" in paper
    choose_file(takes, "scan", "ky-tay.pdf", pdf())
    takes.page.get_by_text("Ba bên đã ký tay trên giấy").click()
    takes.look("minutes")

    steering = staff("quantri")
    one = Changeover.objects.get()
    for page in ("ban-giao", "nguoi-ban-giao", "tru-so", "con-dau"):
        steering.visit(f"/dieu-hanh/chuyen-giao/{one.pk}/{page}/", name=f"steer-{page}")
