"""Health stations and their conversions, from the pages: the register, a file, a draft to its approval, the citizen's page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.units import facility_sheets, queries
from thongsuot.units.models import Body, Facility, FacilityConversion, FacilityStanding
from thongsuot.units.tests.acting import keeper
from thongsuot.units.tests.make import VIET_NAM, MadeCity

AUGUST = datetime(2026, 8, 3, 9, tzinfo=VIET_NAM)
LIST, CONVERSIONS = "/quan-tri/co-so/", "/quan-tri/co-so/chuyen-doi/"
FILE = (
    "code,name,kind,unit_code,parent_code,address,phone,valid_from\n"
    "T1,Trạm y tế Bến,,98001,,1 phố Bến,024 111,2025-07-01\n"
    "T2,Trạm y tế Chợ,,98001,,2 phố Chợ,024 222,2025-07-01\n"
    "T3,Trạm y tế Đồi,trạm y tế,98002,,3 phố Đồi,024 333,2025-07-01\n"
)


@pytest.fixture
def ordering(city: MadeCity, acting: Callable[[Actor], None], monkeypatch: pytest.MonkeyPatch) -> MadeCity:
    """Somebody who manages the city's units, in August 2026."""
    acting(keeper(city.city.pk, city.river.pk, city.hill.pk))
    monkeypatch.setattr(clock, "now", lambda: AUGUST)
    return city


def a_file(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("co-so.csv", text.encode("utf-8-sig"), content_type="text/csv")


def page(client: Client, address: str, **asked: str) -> str:
    queries.clear_caches()
    return client.get(address, asked).content.decode()


@pytest.fixture
def registered(client: Client, ordering: MadeCity) -> MadeCity:
    assert client.post(LIST, {"file": a_file(FILE)}).status_code == 302
    return ordering


def draft(client: Client, **more: str) -> str:
    sent = {"number": "9/QĐ-VD", "title": "Mỗi phường một trạm", "effective_on": "01/10/2026", **more}
    response = client.post(f"{CONVERSIONS}soan/", sent)
    assert response.status_code == 302, response.content.decode()
    return str(response.headers["Location"])


def test_an_empty_register_says_what_to_do_and_a_file_fills_it(client: Client, ordering):
    assert "Chưa có cơ sở nào vào ngày này" in page(client, LIST)
    template = client.get(reverse("units:facility_template"))
    assert template.content.decode("utf-8-sig").startswith(",".join(facility_sheets.COLUMNS))

    wrong = client.post(LIST, {"file": a_file(FILE + "T4,Trạm,,98777,,,,2025-07-01\n")})

    assert wrong.status_code == 422
    assert "Dòng 5: Mã 98777 không phải xã, phường đang hoạt động" in wrong.content.decode()
    assert Facility.objects.count() == 3  # what could be used is in the register
    assert client.post(LIST, {"file": a_file(FILE)}).status_code == 302
    assert Facility.objects.count() == 3
    for content in (b"\x00\xff", b"a,b\n1,2\n"):
        assert client.post(LIST, {"file": SimpleUploadedFile("x.csv", content)}).status_code == 422
    assert client.post(LIST, {}).status_code == 422


def test_the_register_is_asked_for_a_day_and_by_words(client: Client, registered):
    shown = page(client, LIST)
    assert "Trạm y tế Bến" in shown
    assert "Trạm y tế Đồi" in shown
    assert "Trạm y tế Bến" not in page(client, LIST, ngay="2025-06-30")
    assert "Trạm y tế Bến" not in page(client, LIST, ngay="30/06/2025")
    assert client.get(LIST, {"ngay": "hôm qua"}).status_code == 422
    only = page(client, LIST, q="tram y te doi")
    assert "Trạm y tế Đồi" in only
    assert "Phường Sông" not in only
    assert "Không có đơn vị hay cơ sở nào khớp" in page(client, LIST, q="xyz")


def test_from_a_draft_to_its_day_with_one_station_chosen(client: Client, registered):
    here = draft(client, health_station="2", health_point="1", point="1")
    empty = page(client, here)
    assert "Quyết định chưa có dòng nào" in empty
    assert "Kiểm tra trước, sau lần sửa cuối" in empty
    client.post(here, {"viec": "de-xuat"})
    shown = page(client, here)
    assert "đứng đầu theo mã; hãy xem lại" in shown
    assert "Có 1 đơn vị chưa rõ trạm nào nên là trung tâm." in shown
    assert "Điểm phục vụ đổi cơ quan quản lý: bản soạn có 0, quyết định ghi 1." in shown

    unit = f"{here}98001/"
    assert "Cơ sở nào thành trạm trung tâm?" in page(client, unit)
    second = Facility.objects.get(code="T2")
    assert client.post(unit, {"trung_tam": "0"}).headers["Location"] == unit
    client.post(unit, {"trung_tam": str(second.pk)})
    point, centre = registered.point(registered.hill), Body.objects.get(unit=registered.city, kind="service_centre")
    client.post(f"{here}diem/", {"point": str(point.pk), "managed_by": str(centre.pk)})
    shown = page(client, here)
    assert "Không có điểm nào chưa khớp" in shown
    assert "do người soạn chọn" in shown

    client.post(here, {"viec": "kiem-tra"})
    client.post(here, {"viec": "duyet"})
    assert "Đã duyệt, chờ hiệu lực" in page(client, CONVERSIONS)
    assert "Điểm y tế Bến" in page(client, LIST, ngay="2026-10-01")
    assert "Điểm y tế Bến" not in page(client, LIST, ngay="2026-09-30")
    told = page(client, reverse("units:facility", args=[Facility.objects.get(code="T1").pk]))
    assert re.search(r"Thuộc <a [^>]*>Trạm y tế phường Sông</a>", told)
    assert "Sắp áp dụng" in told
    assert queries.point_row(point.pk, as_of=date(2026, 10, 1)).managed_by_id == centre.pk

    assert client.post(here, {"viec": "rut"}).status_code == 422
    client.post(here, {"viec": "rut", "reason": "Chưa đủ người"})
    assert FacilityStanding.objects.filter(valid_to=None).count() == 3
    assert "Đã rút" in page(client, CONVERSIONS)


def test_lines_are_written_and_dropped_by_hand(client: Client, registered):
    here = draft(client)
    add = f"{here}co-so/"
    assert "Không có cơ sở mã “T9”" in client.post(add, {"facility_code": "T9", "kind": "health_station"}).content.decode()
    wrong = client.post(add, {"facility_code": "T1", "kind": "health_point", "unit_code": "98777"})
    assert "Không có xã, phường mã này vào ngày hiệu lực" in wrong.content.decode()
    client.post(add, {"facility_code": "T1", "kind": "health_point", "parent_code": "T3", "name": "Điểm Bến"})
    assert "Điểm y tế T1 thuộc trạm T3 ở đơn vị khác" in page(client, here)
    client.post(add, {"facility_code": "T1", "kind": "health_point", "parent_code": "T3", "unit_code": "98002"})
    conversion = FacilityConversion.objects.get()
    line = conversion.lines.get()
    assert line.unit_id == registered.hill.pk
    assert "Không có điểm nào chưa khớp" in page(client, here)
    assert client.post(here, {"bo": "0"}).status_code == 404
    client.post(here, {"bo": str(line.pk)})
    assert not conversion.lines.exists()
    assert client.post(f"{here}diem/", {}).status_code == 422
    assert client.post(f"{CONVERSIONS}soan/", {"number": "", "title": ""}).status_code == 422


def test_how_a_facility_is_found_is_changed_from_a_day(client: Client, registered):
    station = Facility.objects.get(code="T1")
    here = reverse("units:facility", args=[station.pk])
    assert "1 phố Bến" in page(client, here)
    assert client.post(here, {"address": "x", "phone": "gọi", "valid_from": "01/09/2026"}).status_code == 422
    client.post(here, {"address": "9 phố Mới", "phone": "024 999", "valid_from": "01/09/2026"})
    assert "9 phố Mới" in page(client, here)
    assert "9 phố Mới" in page(client, "/xa-phuong/98001/", ngay="2026-09-01")
    assert client.get(reverse("units:facility", args=[10**9])).status_code == 404


def test_a_facility_ends_from_its_page(client: Client, registered):
    here = reverse("units:facility", args=[Facility.objects.get(code="T1").pk])
    assert client.post(here, {"valid_to": "", "reason": ""}).status_code == 422
    client.post(here, {"valid_to": "01/09/2026", "reason": "Nhập vào T2"})
    assert "Cơ sở ngừng hoạt động từ ngày 01/09/2026" in page(client, here)
    assert "Trạm y tế Bến" not in page(client, LIST, ngay="01/09/2026")
    assert "Trạm y tế Bến" in page(client, LIST, ngay="31/08/2026")


def test_everyone_sees_the_station_and_points_of_a_ward(client: Client, registered, acting):
    here = draft(client)
    client.post(here, {"viec": "de-xuat"})
    client.post(here, {"viec": "kiem-tra"})
    client.post(here, {"viec": "duyet"})

    before, after = (page(client, "/xa-phuong/98001/", ngay=day) for day in ("2026-09-30", "2026-10-01"))

    assert "Trạm y tế Chợ" in before
    assert "Điểm y tế Chợ" not in before
    assert "Trạm y tế phường Sông" in after
    assert "Điểm y tế Chợ" in after
