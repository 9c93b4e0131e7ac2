"""A handover done from its pages: listed, packed, scanned, disputed, its minutes signed on paper and closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from thongsuot.files.models import StoredFile
from thongsuot.files.tables import template
from thongsuot.files.tests.make import pdf
from thongsuot.handover import sheets
from thongsuot.handover.models import Box, HandoverMinutes, Item, Transfer
from thongsuot.handover.queries.intake import intake
from thongsuot.handover.queries.minutes import content_of
from thongsuot.handover.rules.classes import classes
from thongsuot.handover.tests.handing import (
    ARCHIVES,
    SIGNERS,
    declare_all,
    head_of,
    put,
    steering_of,
)
from thongsuot.handover.tests.make import JULY, JUNE, plan_and_run, receive
from thongsuot.kernel import clock
from thongsuot.kernel.actor import ANYONE
from thongsuot.people.models import Appointment
from thongsuot.units.tests.acting import HERE, PEOPLE, act_as

pytestmark = pytest.mark.django_db
BEN, SONG = "98101", "98001"


@pytest.fixture(autouse=True)
def acting_here(settings, monkeypatch) -> Iterator[None]:
    settings.MIDDLEWARE = [HERE if name == PEOPLE else name for name in settings.MIDDLEWARE]
    monkeypatch.setattr(clock, "now", lambda: JULY)
    yield
    act_as(ANYONE)


def at(name: str, *args: object) -> str:
    return reverse(f"handover:{name}", args=args)


def page(client: Client, name: str, *args: object, status: int = 200) -> str:
    response = client.get(at(name, *args))
    assert response.status_code == status
    return response.content.decode()


def send(client: Client, address: str, status: int = 302, **said: object) -> str:
    response = client.post(address, said)
    assert response.status_code == status, response.content.decode()[:3000]
    return response.content.decode()


def test_the_old_unit_lists_one_by_one_and_by_spreadsheet_and_says_it_is_all(opened, client):
    eve, changeover = opened
    old = eve.unit(BEN)
    act_as(head_of(eve, BEN))
    assert "Phường Bến" in page(client, "handovers")
    here = at("sheet", changeover.pk, old, "archives")
    assert "Chưa có mục nào" in page(client, "sheet", changeover.pk, old, "archives")
    wrong = send(client, here, 422, viec="them", name="Hộp 1", quantity="nhiều")
    assert "Số mét giá là số dương" in wrong or "Chưa điền" in wrong
    details = {f"detail-{key}": value for key, value in ARCHIVES.items()}
    send(client, here, viec="them", name="Tài liệu địa chính", quantity="12,5", state_text="Ẩm mốc", **details)
    item = Item.objects.get()
    shown = page(client, "sheet", changeover.pk, old, "archives")
    assert all(words in shown for words in (item.code, "12,5", "Phường Sông", "Ẩm mốc"))
    assert "1976" in page(client, "item", item.pk)

    columns = sheets.columns_of(classes()["archives"])
    good = ["Hộp 2", "1,25", "UBND", "1990", "1999", "Chưa chỉnh lý", *[""] * 7]
    bad = ["Hộp 3", "-1", "UBND", "1990", "1999", "Đẹp", *[""] * 7]

    def book(*rows: list[str]) -> SimpleUploadedFile:
        return SimpleUploadedFile("bang-ke.xlsx", template("x", columns, rows=rows))

    told = send(client, here, 422, viec="nhap", file=book(good, bad))
    assert "1 dòng chưa dùng được" in told
    assert "Mức chỉnh lý" in told
    assert Item.objects.count() == 1  # nothing by half
    send(client, here, viec="nhap", file=book(good))
    again = send(client, here, 422, viec="nhap", file=SimpleUploadedFile("x.pdf", b"%PDF"))
    assert ".xlsx" in again
    assert Item.objects.count() == 2
    assert client.get(at("sheet_template", changeover.pk, old, "archives")).status_code == 200
    assert client.get(at("sheet_file", changeover.pk, old, "archives")).content[:2] == b"PK"
    assert client.get(at("sheet_labels", changeover.pk, old, "archives")).content[:4] == b"%PDF"

    send(client, here, viec="du")
    assert "xác nhận kê đủ lúc" in page(client, "sheet", changeover.pk, old, "archives")
    assert "Hãy điền phần này" in send(client, here, 422, viec="mo", why="")
    send(client, here, viec="mo", why="Sót")
    assert "Vì sao mở lại: Sót" in page(client, "sheet", changeover.pk, old, "archives")
    send(client, at("lists", changeover.pk, old), loai=[*classes()])
    assert page(client, "lists", changeover.pk, old).count("Đã kê đủ") >= len(classes())
    act_as(head_of(eve, "98103"))
    page(client, "sheet", changeover.pk, old, "archives", status=403)
    assert client.get(at("sheet", changeover.pk, old, "nothing")).status_code in (403, 404)


def test_a_list_is_looked_at_before_it_is_read_and_kept_when_it_came_in(opened, client):
    eve, changeover = opened
    old = eve.unit(BEN)
    act_as(head_of(eve, BEN))
    here = at("sheet", changeover.pk, old, "archives")
    good = template(
        "x",
        sheets.columns_of(classes()["archives"]),
        rows=[["Hộp 2", "1,25", "UBND", "1990", "1999", "Chưa chỉnh lý", *[""] * 7]],
    )
    book = BytesIO(good)
    with ZipFile(book, "a") as package:
        package.writestr("xl/vbaProject.bin", b"Sub AutoOpen()")

    told = send(client, here, 422, viec="nhap", file=SimpleUploadedFile("bang-ke.xlsx", book.getvalue()))
    assert "macro" in told
    told = send(client, here, 422, viec="nhap", file=SimpleUploadedFile("bang-ke.csv", good))
    assert "nội dung là XLSX" in told
    assert not Item.objects.exists()
    assert not StoredFile.objects.exists()
    send(client, here, viec="nhap", file=SimpleUploadedFile("bang-ke.xlsx", good))
    kept = StoredFile.objects.get()
    assert (kept.purpose, [kept.blob.sha256]) == ("handover.list", Item.objects.get().sheet.taken_files)
    assert "đã nhập vào bảng kê rồi" in send(client, here, 422, viec="nhap", file=SimpleUploadedFile("lai.xlsx", good))


def test_what_no_rule_decides_is_chosen_divided_and_joined_on_pages(opened, client):
    eve, changeover = opened
    old = eve.unit("98102")
    item = put(eve, changeover, "98102", "archives", quantity="10", **ARCHIVES)
    act_as(steering_of(eve))
    here = at("sheet", changeover.pk, old, "archives")
    assert "cần người chọn" in page(client, "sheet", changeover.pk, old, "archives")
    assert "Chưa chọn mục nào" in send(client, here, 422, viec="chon", to_unit_id=eve.unit(SONG))
    send(client, here, viec="chon", to_unit_id=eve.unit(SONG), muc=item.pk, why="Giữ trọn phông")
    mine = at("item", item.pk)
    first, second = f"quantity-{eve.unit(SONG)}", f"quantity-{eve.unit('98002')}"
    assert "lệch 1" in send(client, mine, 422, viec="chia", **{first: "7", second: "2"})
    send(client, mine, viec="chia", **{first: "7,25", second: "2,75"})
    assert [str(one.quantity) for one in item.parts.order_by("code")] == ["7.25", "2.75"]
    send(client, mine, viec="gop")
    item.refresh_from_db()
    assert item.divided_at is None


@pytest.mark.parametrize("text", ["nan", "Infinity", "-Infinity", "sNaN"])
def test_what_only_a_computer_calls_a_number_is_refused_in_words(opened, client, text):
    eve, changeover = opened
    item = put(eve, changeover, "98102", "archives", quantity="10", **ARCHIVES)
    act_as(head_of(eve, "98102"))
    here = at("sheet", changeover.pk, eve.unit("98102"), "archives")
    details = {f"detail-{key}": value for key, value in ARCHIVES.items()}
    assert "Số mét giá là số dương" in send(client, here, 422, viec="them", name="Hộp 1", quantity=text, **details)
    parts = {f"quantity-{eve.unit(SONG)}": text, f"quantity-{eve.unit('98002')}": "2"}
    assert "Hãy ghi một số" in send(client, at("item", item.pk), 422, viec="chia", **parts)
    assert Item.objects.count() == 1


def test_a_code_that_looks_like_a_day_is_shown_as_it_was_written(opened, client):
    eve, changeover = opened
    item = put(eve, changeover, BEN, "assets", kind="Khác", name="Máy in", asset_code="1234-56-78")
    book = put(eve, changeover, BEN, "books", kind="Sổ khai sinh", year="2001", opened_on="05/01/2001")
    act_as(head_of(eve, BEN))

    assert "1234-56-78" in page(client, "item", item.pk)
    assert "05/01/2001" in page(client, "item", book.pk)
    assert client.get(at("sheet_file", changeover.pk, eve.unit(BEN), "assets")).content[:2] == b"PK"
    content = content_of(changeover, eve.unit(BEN), eve.unit(SONG), number=1)
    told = [row["details"] for klass in content["classes"] for row in klass["rows"]]
    assert told == ["Loại sổ: Sổ khai sinh; Năm: 2001; Ngày mở sổ: 05/01/2001", "Loại: Khác; Mã tài sản: 1234-56-78"]


def test_a_box_goes_its_way_and_what_is_in_it_is_counted_in(opened, client):
    eve, changeover = opened
    old, new = eve.unit(BEN), eve.unit(SONG)
    item = put(eve, changeover, BEN, "assets", kind="Khác", name="Máy in")
    act_as(head_of(eve, BEN))
    send(client, at("boxes", changeover.pk, old), to_unit_id=new, content="Thiết bị")
    box = Box.objects.get()
    here = at("box", box.pk)
    assert "Hộp còn trống" in page(client, "box", box.pk)
    assert "không có trong bảng kê" in send(client, here, 422, viec="xep", codes="X.1")
    send(client, here, viec="xep", codes=item.code)
    send(client, here, viec="lay_ra", muc=item.pk)
    send(client, here, viec="xep", codes=item.code)
    assert "Chưa điền" in send(client, here, 422, viec="seal")
    send(client, here, viec="seal", **{"seal-said": "NP-7"})
    send(client, here, viec="carry", **{"carry-said": "Anh Ba, xe tải"})
    assert client.get(at("box_label", box.pk)).content[:4] == b"%PDF"
    assert client.get(at("box_labels", changeover.pk, old)).content[:4] == b"%PDF"

    act_as(head_of(eve, SONG))
    assert box.code in page(client, "receiving", changeover.pk, new)
    send(client, here, viec="arrive")
    send(client, here, viec="open")
    scan = at("receiving", changeover.pk, new)
    assert "không có trong bảng kê nào" in send(client, scan, 422, ma="X.1")
    send(client, scan, ma=box.code)
    item.refresh_from_db()
    assert item.received_by_name
    assert "đã nhận trước đó" in client.post(scan, {"ma": item.code}, follow=True).content.decode()
    send(client, here, viec="shelve", **{"shelve-said": "Kho 2, giá 5"})
    history = page(client, "box", box.pk)
    assert all(words in history for words in ("NP-7", "Anh Ba, xe tải", "Kho 2, giá 5"))
    assert all(step in history for step in ("Giao vận chuyển", "Đã đến, niêm phong còn nguyên", "Mở niêm phong", "Xếp lên giá"))
    send(client, at("item", item.pk), viec="khong_nhan")
    send(client, at("item", item.pk), viec="nhan")


def test_minutes_from_what_is_missing_to_closed(opened, client):
    eve, changeover = opened
    old, new = eve.unit(BEN), eve.unit(SONG)
    (dossier, _second) = receive(eve, BEN, "phường Bến", count=2)
    kept, lost = (put(eve, changeover, BEN, "assets", kind="Khác", name=name) for name in ("Máy in", "Máy chiếu"))
    plan_and_run(changeover)
    act_as(head_of(eve, SONG))
    here = at("minutes", changeover.pk, old, new)
    told = page(client, "minutes", changeover.pk, old, new)
    assert "Bên giao chưa xác nhận bảng kê" in told
    assert "chưa được nhận" in told
    declare_all(eve, changeover, BEN)

    coming = at("coming", changeover.pk, new, old)
    send(client, coming, viec="nhan", muc=kept.pk)
    until = f"{JULY + timedelta(days=5):%d/%m/%Y}"
    send(client, at("item", lost.pk), viec="khac", reason="Không thấy", owner="Văn phòng", until=until)
    assert "Không có mục nào có mã này" in send(client, coming, 422, viec="khac", code="ZZ", reason="x", owner="y", until=until)
    send(client, coming, viec="khac", code=dossier.code, reason="Thiếu bản vẽ", owner="Một cửa", until=until)
    for kind in Transfer.objects.filter(to_unit=new).order_by("kind").values_list("kind", flat=True).distinct():
        client.post(coming, {"viec": "nhan_loai", "loai": kind})
    disputed = Transfer.objects.get(disputed_at__isnull=False)
    assert "Thiếu bản vẽ" in page(client, "coming", changeover.pk, new, old)
    send(client, coming, viec="xong", muc=disputed.pk, settlement="found", note="Đã bổ sung")
    send(client, here, viec="nhan", **{"nhan-people": "3", "nhan-computers": "0"})
    assert "Người đứng đầu bên giao chưa ghi" in page(client, "minutes", changeover.pk, old, new)
    act_as(head_of(eve, BEN))
    send(client, here, viec="giao", **{"giao-people": "3", "giao-computers": "0"})

    send(client, here, viec="lap", place="Trụ sở UBND Phường Sông")
    minutes = HandoverMinutes.objects.get()
    assert client.get(at("minutes_file", minutes.pk)).headers["Content-Type"] == "application/pdf"
    refused = send(client, here, 422, viec="ky", side="handing", pin="123456")
    assert "chứng thư" in refused
    names = {f"{side}_name": who[0] for side, who in SIGNERS.items()}
    titles = {f"{side}_title": who[1] for side, who in SIGNERS.items()}
    scan = SimpleUploadedFile("bien-ban.pdf", pdf())
    send(client, here, viec="tay", signed_on=f"{JULY:%d/%m/%Y}", scan=scan, **names, **titles)
    assert client.get(at("minutes_file", minutes.pk) + "?ban=ky-tay").status_code == 200
    assert "Người của bên kia" in client.post(here, {"viec": "khep"}).content.decode()
    act_as(head_of(eve, SONG))
    send(client, here, viec="khep")
    minutes.refresh_from_db()
    assert minutes.state == HandoverMinutes.State.CLOSED
    assert "ký tay" in page(client, "minutes", changeover.pk, old, new)
    act_as(head_of(eve, "98002"))
    page(client, "minutes", changeover.pk, old, new, status=403)


def test_the_board_says_who_owes_what_and_names_who_hands_over(opened, client):
    eve, changeover = opened
    put(eve, changeover, BEN, "premises", name="Trụ sở phường Bến", use="Trụ sở tập trung")
    surplus = put(eve, changeover, BEN, "premises", name="Nhà kho", use="Dôi dư")
    put(eve, changeover, BEN, "seals", kind="Dấu ướt", registration="1/ĐK")
    act_as(steering_of(eve))

    told = page(client, "owed", changeover.pk)
    assert "Phường Bến" in told
    assert f"{len(classes())}/{len(classes())}" in told
    assert client.post(at("owed", changeover.pk)).status_code == 409
    here = at("representatives", changeover.pk)
    assert "Không có tài khoản" in send(
        client, here, 422, viec="cu", unit_id=eve.unit(BEN), email="khong@vidu.vn", title="Chủ tịch"
    )
    send(client, here, viec="cu", unit_id=eve.unit(BEN), email=eve.people[BEN].email, title="Chủ tịch", heads="on")
    assert "Trần Thị Bến" in page(client, "representatives", changeover.pk)
    act_as(eve.actor(BEN, JULY))
    assert "Phường Bến" in page(client, "handovers")
    page(client, "lists", changeover.pk, eve.unit(BEN))
    page(client, "lists", changeover.pk, eve.unit("98102"), status=403)

    act_as(steering_of(eve))
    assert "Nhà kho" in page(client, "premises", changeover.pk)
    six = {"person": "An", "work": "Giao trường học", "answers_for": "Phòng Kinh tế", "product": "QĐ", "authority": "UBND"}
    mine = at("surplus", surplus.pk)
    assert "2025 đến 2029" in send(client, mine, 422, viec="lap", by_day="01/01/2031", **six)
    send(client, mine, viec="lap", by_day="01/01/2027", **six)
    send(client, mine, viec="xong", note="Đã giao theo QĐ 2")
    assert "Đã xử lý" in page(client, "premises", changeover.pk)
    seal = {"unit_id": eve.unit(SONG), "kind": "Dấu ướt", "registration": "9/ĐK", "received_on": f"{JUNE:%d/%m/%Y}"}
    send(client, at("seals", changeover.pk), **seal)
    assert "1 trên 2 đơn vị mới" in page(client, "seals", changeover.pk)


def test_no_working_hour_passes_without_somebody_who_receives_or_the_page_says_where(opened, client):
    eve, changeover = opened
    act_as(steering_of(eve))
    told = page(client, "intake", changeover.pk)
    assert "Không gián đoạn" in told

    Appointment.objects.filter(person=eve.people["98002"]).update(duties=["process dossiers"])
    told = page(client, "intake", changeover.pk)

    assert "Phường Đồi" in told
    assert "thiếu người tiếp nhận" in told.replace("  ", " ")
    (first, *others) = intake(changeover, first=JUNE.date(), last=JULY.date())
    assert (first.unit_id, first.minutes, [gap.day for gap in first.gaps]) == (eve.unit("98002"), 480, [JULY.date()])
    assert not any(line.minutes for line in others)
    address = at("intake", changeover.pk)
    assert client.get(address, {"tu": "01/06/2025", "den": "01/09/2025"}).status_code == 422
