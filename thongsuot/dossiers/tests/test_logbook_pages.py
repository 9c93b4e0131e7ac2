"""The logbook on the page, as PDF and as a spreadsheet."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from thongsuot.dossiers import actions
from thongsuot.dossiers.models import Status
from thongsuot.dossiers.queries.search import LogbookRow
from thongsuot.dossiers.tests.desk import browser
from thongsuot.dossiers.tests.make import MONDAY, minh, receive, resolve
from thongsuot.dossiers.tests.test_documents import text_of
from thongsuot.dossiers.views.officer_logbook import _workbook
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.usefixtures("clock")

PAGE = "/can-bo/so-theo-doi/"
OCTOBER = "?tu=01/10/2025&den=31/10/2025"


def sheet_of(answer):
    assert answer["Content-Disposition"].startswith("attachment")
    return load_workbook(io.BytesIO(b"".join(answer.streaming_content)), read_only=True).active


def test_the_logbook_lists_what_the_unit_received_in_the_days_chosen(town):
    mine = receive(town)
    early = receive(town, at=MONDAY - timedelta(days=10))
    elsewhere = receive(town, by="doi", receiving_unit_id=town.hill, resolving_unit_id=town.hill)
    lan = browser(town, "lan")

    words = said(lan.get(PAGE))
    assert mine.code in words
    assert early.code not in words  # of September
    assert elsewhere.code not in words
    assert "1 hồ sơ nhận trong thời gian này" in words
    assert early.code in said(lan.get(f"{PAGE}?tu=20/09/2025&den=30/09/2025"))
    assert elsewhere.code not in said(lan.get(f"{PAGE}{OCTOBER}&don_vi={town.hill}"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?tu=31/10/2025&den=01/10/2025", "Ngày cuối ở trước ngày đầu"),
        ("?tu=01/01/2020&den=31/10/2025", "Mỗi lần xem nhiều nhất một năm"),
        ("?tu=hôm qua&den=31/10/2025", "Chưa đọc được ngày này"),
    ],
)
def test_days_that_make_no_period_are_told(town, query, expected):
    page = browser(town, "lan").get(PAGE + query)

    assert page.status_code == 422
    assert expected in said(page)


def test_the_spreadsheet_holds_every_row_with_its_instants(town):
    dossier = resolve(town, receive(town), at=MONDAY + timedelta(hours=2))
    actions.hand_back(dossier.pk, handed_to="Minh", actor=town.actor("lan"), at=MONDAY + timedelta(hours=3))
    receive(town)

    rows = list(sheet_of(browser(town, "lan").get(reverse("dossiers:logbook_excel") + OCTOBER)).iter_rows(values_only=True))

    assert len(rows) == 3
    head, first = rows[0], dict(zip(rows[0], rows[1], strict=True))
    assert "Mã hồ sơ" in head
    assert first["Mã hồ sơ"] == dossier.code
    assert first["Nhận"] == datetime(2025, 10, 6, 9, 0)
    assert first["Hẹn trả"] == datetime(2025, 10, 13, 17, 0)
    assert first["Trả kết quả"] == datetime(2025, 10, 6, 12, 0)
    assert first["Đúng hạn"] == "Đúng hạn"
    assert first["Trạng thái"] == Status.RETURNED.label


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x.example","A")', "+Minh", "-Minh 1", "@Minh", "\tMinh=1"])
def test_what_looks_like_a_formula_stays_text(town, name):
    receive(town, owner=minh(name=name, address=name))

    sheet = sheet_of(browser(town, "lan").get(reverse("dossiers:logbook_excel") + OCTOBER))
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]

    assert {cell.data_type for cell in cells if cell.value == name.strip()} == {"s"}
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_a_years_rows_take_little_memory_and_all_arrive():
    row = LogbookRow(
        code="H98.104-251006-0001",
        procedure_code="9.000001",
        procedure="Cấp giấy",
        quantity=1,
        owner_name="Minh",
        address="Bến",
        phone="0912345678",
        channel="Trực tiếp",
        received_at=MONDAY,
        due_at=MONDAY,
        passed_at=None,
        resolved_at=None,
        returned_at=None,
        on_time=None,
        return_by="",
        status="Đang xử lý",
    )

    file = _workbook(row for _ in range(5000))

    assert load_workbook(file, read_only=True).active.max_row == 5001


def test_the_logbook_is_printed_by_its_form(town):
    dossier = receive(town)

    answer = browser(town, "lan").get(reverse("dossiers:logbook_pdf") + OCTOBER)
    words = text_of(answer.content)

    for expected in ("SỔ THEO DÕI HỒ SƠ", dossier.code, "Hoàng Văn Minh", "Cấp giấy thử nghiệm"):
        assert expected in words, expected


def test_a_logbook_too_long_to_print_is_offered_as_a_spreadsheet(town, monkeypatch):
    monkeypatch.setattr("thongsuot.dossiers.views.officer_logbook.PDF_ROWS", 1)
    receive(town)
    receive(town)
    lan = browser(town, "lan")

    words = said(lan.get(reverse("dossiers:logbook_pdf") + OCTOBER, follow=True))

    assert "Bản in chứa tối đa 1 hồ sơ" in words
    assert "Tải PDF" not in words
    assert "Tải Excel" in words


def test_the_list_asks_the_database_no_more_for_many_rows(town, django_assert_max_num_queries):
    lan = browser(town, "lan")
    receive(town)
    lan.get(PAGE)
    with django_assert_max_num_queries(6) as few:
        lan.get(PAGE)
    for _ in range(20):
        receive(town)
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert date(2025, 10, 6).strftime("%d/%m/%Y") in said(lan.get(PAGE))
