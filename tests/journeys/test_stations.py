"""526 health stations become 126 with 400 points on a day to come, and people read what the reorganisation changed for them."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.journeys.browsing import PHONE
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.units.tests.stations import a_register

pytestmark = pytest.mark.browser


def test_stations_are_planned_in_october_and_are_points_on_the_day(browsing, staff, clock):
    admin = staff("quantri")
    admin.visit("/quan-tri/co-so/")
    file = {"name": "tram-y-te.csv", "mimeType": "text/csv", "buffer": a_register().encode("utf-8-sig")}
    admin.page.locator("[name=file]").set_input_files(file)
    admin.press("Gửi và nhập")
    admin.sees("Đã ghi nhận 526 cơ sở mới.", "Trạm y tế 526")
    admin.look("facilities-filled")

    admin.visit("/quan-tri/co-so/chuyen-doi/soan/")
    admin.fill(
        number="15/QĐ-UBND",
        title="Mỗi xã, phường một trạm y tế",
        effective_on="12/10/2026",
        health_station="126",
        health_point="400",
    )
    admin.press("Lưu bản soạn")
    admin.press("Lập đề xuất cho mọi đơn vị")
    admin.sees("Đã lập đề xuất cho 526 cơ sở.", "126 trên 126 theo văn bản", "400 trên 400 theo văn bản")
    admin.look("conversion-proposed")
    admin.look("conversion-proposed", dark=True)
    admin.follow("Chọn trạm trung tâm của Phường Hoàn Kiếm")
    admin.page.get_by_text("Trạm y tế Hàng Bạc").click()
    admin.press("Chọn trạm này")
    admin.sees("do người soạn chọn")
    admin.follow("Thêm cơ sở")
    admin.page.go_back()
    admin.follow("Thêm điểm phục vụ đổi cơ quan quản lý")
    admin.page.go_back()
    admin.press("Kiểm tra")
    admin.press("Duyệt")
    admin.sees("Đã duyệt. Từ 0 giờ ngày 12/10/2026 quyết định tự có hiệu lực.")
    admin.follow("Trạm y tế Hàng Bạc")

    minh = browsing.visitor(width=PHONE)
    minh.visit("/xa-phuong/00070/", name="unit-with-stations")
    minh.sees("Trạm y tế Hàng Bạc")
    assert "Điểm y tế" not in minh.page.locator("main").inner_text()
    clock.move_to(datetime(2026, 10, 12, 0, 1, tzinfo=VIET_NAM))
    minh.visit("/xa-phuong/00070/", name="unit-with-points")
    minh.sees("Trạm y tế phường Hoàn Kiếm", "Điểm y tế")
    minh.close()


def test_a_person_without_scripts_reads_what_changed_on_a_phone(browsing, address):
    minh = browsing.visitor(width=PHONE, java_script_enabled=False)
    minh.visit("/xa-phuong/")
    minh.follow("Điều gì thay đổi với tôi? Nơi ở, giấy tờ, hồ sơ đang nộp")
    minh.fill(q="phường Hàng Bạc, quận Hoàn Kiếm")
    minh.press("Xem thay đổi")
    minh.sees("Nay thuộc Phường Hoàn Kiếm.", "theo 1656/NQ-UBTVQH15", "Nơi đến", "không bắt buộc phải đổi")
    minh.visit("/xa-phuong/thay-doi/?q=phường+Yên+Sở,+quận+Hoàng+Mai", name="changes-split")
    minh.sees("Nhà bạn ở phần nào?", "Không chắc nhà mình ở phần nào?")
    minh.visit("/xa-phuong/thay-doi/?q=Quận+Hoàn+Kiếm", name="changes-district")
    minh.sees("Quận Hoàn Kiếm không còn từ 01/07/2025", "Phường Hàng Bạc")
    minh.visit("/xa-phuong/thay-doi/?q=phường+Trung+Sơn", name="changes-elsewhere")
    minh.follow("Tra cứu bằng mã cũ")
    minh.close()
