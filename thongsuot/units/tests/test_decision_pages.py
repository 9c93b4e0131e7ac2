"""Decisions on units, from their pages: drafted by hand or from a file, checked, approved, withdrawn, parts described."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.units import queries, sheets
from thongsuot.units.models import Decision, Succession, Unit
from thongsuot.units.tests.acting import keeper
from thongsuot.units.tests.make import VIET_NAM, MadeCity

MAY = datetime(2026, 5, 4, 9, tzinfo=VIET_NAM)
LIST = "/quan-tri/sap-xep/"


@pytest.fixture
def ordering(city: MadeCity, acting: Callable[[Actor], None], monkeypatch) -> MadeCity:
    """Phường Sông and phường Đồi at work; somebody who manages the city's units asks, in May 2026."""
    acting(keeper(city.city.pk))
    monkeypatch.setattr(clock, "now", lambda: MAY)
    return city


def a_file(text: str, name: str = "quyet-dinh.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode("utf-8-sig"), content_type="text/csv")


MERGER = (
    "new_code,new_name,new_type,old_code,extent,resolution,title,effective\n"
    "98003,Phường Sông Đồi,phường,98001,whole,2/NQ-VD,Nhập hai phường,2026-07-01\n"
    "98003,Phường Sông Đồi,phường,98002,whole,2/NQ-VD,Nhập hai phường,2026-07-01\n"
)


def test_from_a_file_to_an_approved_decision_and_back(client: Client, ordering):
    made = client.post(LIST, {"file": a_file(MERGER)})
    decision = Decision.objects.get(number="2/NQ-VD")
    here = reverse("units:decision", args=[decision.pk])
    assert made.headers["Location"] == here
    shown = client.get(here).content.decode()
    assert "Phường Sông Đồi" in shown
    assert "Không có điểm nào chưa khớp" in shown
    assert "Kiểm tra trước, sau lần sửa cuối" in shown

    client.post(here, {"viec": "kiem-tra"})
    client.post(here, {"viec": "duyet"})
    queries.clear_caches()
    assert Unit.objects.get(code="98001").valid_to is not None
    assert "Đã duyệt, chờ hiệu lực" in client.get(LIST).content.decode()
    file = client.get(reverse("units:decision_file", args=[decision.pk]))
    assert file.content.decode("utf-8-sig").count("98003") == 2
    assert client.post(here, {"viec": "rut"}).status_code == 422
    client.post(here, {"viec": "rut", "reason": "Sai số liệu"})
    assert Unit.objects.get(code="98001").valid_to is None
    assert "Đã rút" in client.get(LIST).content.decode()


def test_a_decision_is_written_line_by_line(client: Client, ordering):
    refused = client.post(reverse("units:new_decision"), {"number": "", "title": "x", "effective_on": "mai"})
    assert refused.status_code == 422
    client.post(
        reverse("units:new_decision"),
        {"number": "3/NQ-VD", "title": "Đổi tên", "effective_on": "01/07/2026", "phuong": "1"},
    )
    decision = Decision.objects.get(number="3/NQ-VD")
    add = reverse("units:add_planned_unit", args=[decision.pk])
    assert client.get(add, {"ma": "12"}, follow=True).content.decode().count("Mã xã, phường gồm 5 chữ số") == 1
    there = client.get(add, {"ma": "98009"}).headers["Location"]
    client.post(there, {"kind": "phuong", "name": "Mới"})
    assert client.post(there, {"old_code": "abc", "extent": "whole"}).status_code == 422
    client.post(there, {"old_code": "98001", "extent": "part", "part": "Phía đông", "likeliest": "on"})
    shown = client.get(reverse("units:decision", args=[decision.pk])).content.decode()
    assert "chỉ ghi một phần; phần còn lại chưa có nơi kế tục" in shown
    assert "Phường Sông" in client.get(there).content.decode()
    client.post(there, {"bo": "98001"})
    assert not decision.planned_successions.exists()
    client.post(there, {"bo_don_vi": "1"})
    assert not decision.planned_units.filter(code="98009").exists()


def test_what_a_file_gets_wrong_is_shown_line_by_line(client: Client, ordering):
    response = client.post(LIST, {"file": a_file(MERGER + "98004,X,làng,98001,whole,2/NQ-VD,,2026-07-01\n")})
    assert response.status_code == 422
    assert "Dòng 4: Không có loại đơn vị “làng”." in response.content.decode()
    assert Decision.objects.filter(number="2/NQ-VD").exists()  # what could be used is a draft
    for content in (b"\x00\xff", b"a,b\n"):
        assert client.post(LIST, {"file": SimpleUploadedFile("x.csv", content)}).status_code == 422
    assert client.post(LIST, {}).status_code == 422
    template = client.get(reverse("units:decision_template"))
    assert template.content.decode("utf-8-sig").startswith(",".join(sheets.COLUMNS))


def test_a_part_is_described_on_its_page(client: Client, ordering):
    part = Succession.objects.get(old_unit__code="98102", new_unit=ordering.hill)
    here = reverse("units:part", args=[part.pk])
    assert "Phường Chợ: phần chuyển sang Phường Đồi" in client.get(here).content.decode()
    client.post(here, {"part": "Phía tây", "places": "tổ dân phố số 5\n\nthôn Hạ"})
    assert sorted(part.places.values_list("name", flat=True)) == ["thôn Hạ", "tổ dân phố số 5"]
    client.post(here, {"part": "Phía tây", "places": "thôn Hạ", "viec": "giu"})
    part.refresh_from_db()
    assert part.keeps_records
    assert "Nơi này giữ phần không chia được" in client.get(here).content.decode()
