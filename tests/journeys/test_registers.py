"""An officer of civil status at work: registers searched, an unclear row seen, a birth written, an extract made."""

from __future__ import annotations

import pytest

from thongsuot.dossiers.models import Dossier

pytestmark = pytest.mark.browser


def the_dossier(procedure_code: str) -> Dossier:
    return Dossier.objects.filter(procedure__code=procedure_code, owner_name="Nguyễn Văn Minh").latest("id")


def test_the_registers_are_searched_mended_and_written(staff):
    toan = staff("toan")

    toan.visit("/can-bo/ho-tich/")
    toan.fill(name="lo thi")
    toan.press("Tìm")
    toan.sees("Tên được che bớt")
    toan.visit("/can-bo/ho-tich/so/")
    toan.visit("/can-bo/ho-tich/nhap/")
    toan.visit("/can-bo/ho-tich/so-lieu/")
    toan.sees("khớp")
    toan.visit("/can-bo/ho-tich/can-sua/")
    toan.page.get_by_role("main").get_by_role("link").last.click()
    toan.look("correction")

    birth = the_dossier("1.001193")
    toan.visit(f"/can-bo/ho-so/{birth.pk}/", name="case-of-birth")
    toan.visit(f"/can-bo/ho-tich/ho-so/{birth.pk}/ghi/")
    toan.press("Ghi vào sổ và lập giấy")
    toan.sees("Đã lập giấy và đặt làm dự thảo kết quả.", "Mở mục trong sổ")
    toan.follow("Mở mục trong sổ")
    toan.fill(reason=str(birth))
    toan.press("Ghi lý do và mở")
    toan.sees("Nguyễn Thu An")

    copy = the_dossier("2.000635")
    toan.visit(f"/can-bo/ho-tich/ho-so/{copy.pk}/tim/")
    toan.page.get_by_role("link", name="Lập trích lục").first.click()
    toan.look("paper")
    toan.press("Lập giấy")
    toan.sees("Trích lục khai sinh (bản sao)")
