"""A leader reads the month: from the index to the dossiers behind a figure, to the report on paper, without scripts."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.journeys.acting import download, received, text_of
from thongsuot.dossiers.models import Dossier
from thongsuot.indicators import counting
from thongsuot.people.demo import PASSWORD

pytestmark = pytest.mark.browser


def test_a_leader_reads_the_month_and_takes_it_along(browsing, clock):
    late = received("1.004873", name="Trần Văn Muộn", phone="0912000199", at=clock.now() - timedelta(days=20))
    counting.fold()
    mayor = browsing.visitor(java_script_enabled=False)
    mayor.visit("/tai-khoan/dang-nhap/")
    mayor.fill(login="lanhdao@demo.thongsuot.vn", password=PASSWORD)
    mayor.press("Đăng nhập")

    mayor.visit("/dieu-hanh/chi-so/?ky=nam")
    mayor.sees("Bộ chỉ số chất lượng phục vụ", "điểm có dữ liệu, của 100 điểm")
    row = mayor.page.get_by_role("row").filter(has_text="2.1 Giải quyết sớm và đúng hạn")
    with mayor.page.expect_navigation():
        row.get_by_role("link", name="còn lại").click()
    mayor.look("behind-a-figure")
    mayor.sees(late.code, "Trần Văn Mu•••", "Chưa xong, cuối kỳ đã quá hạn.")
    sheet = load_workbook(BytesIO(download(mayor, "Tải Excel"))).active
    assert late.code in {row[0] for row in sheet.iter_rows(values_only=True)}

    mayor.follow("Báo cáo")
    mayor.sees("Kỳ trước chuyển sang", "Theo đơn vị", "Phường Hoàn Kiếm")
    text = text_of(download(mayor, "Tải PDF"))
    assert "Độc lập - Tự do - Hạnh phúc" in text
    assert "Người lập biểu" in text
    book = load_workbook(BytesIO(download(mayor, "Tải Excel")))
    summary = dict(book["Tổng hợp"].iter_rows(min_row=2, values_only=True))
    assert summary["Tiếp nhận mới"] == Dossier.objects.filter(received_at__isnull=False, received_at__year=2026).count()
    mayor.close()
