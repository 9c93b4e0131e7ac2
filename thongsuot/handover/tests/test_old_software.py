"""A dossier of the old district keeps its code and dates; the new ward goes on with it and hands its result back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from thongsuot.dossiers import actions as dossiers
from thongsuot.dossiers.models import Dossier, Status, Tally
from thongsuot.dossiers.old_software import COLUMNS, read_row
from thongsuot.dossiers.queries.leading import fold_tally
from thongsuot.dossiers.queries.tracking import tracked
from thongsuot.files.models import StoredFile
from thongsuot.files.tables import template
from thongsuot.handover import actions
from thongsuot.handover.models import Transfer
from thongsuot.handover.tests.handing import steering_of
from thongsuot.handover.tests.make import JULY, JUNE, plan_and_run
from thongsuot.kernel import clock
from thongsuot.kernel.actor import ANYONE
from thongsuot.kernel.history import history_of
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.units.tests.acting import HERE, PEOPLE, act_as

pytestmark = pytest.mark.django_db
CODE = "000.00.02.H98-250625-0007"
ROW = {
    "code": CODE,
    "unit": "980",
    "procedure": "9.000001",
    "owner_name": "Nguyễn Văn Ví Dụ",
    "owner_phone": "0912 000 000",
    "owner_address": "12 phố Bến, phường Bến, quận Giữa",
    "received_at": "25/06/2025 09:30",
    "due_at": "09/07/2025",
    "stage": "Đang giải quyết",
    "papers": "Tờ khai; Giấy chứng sinh",
    "paid_dong": "15.000",
    "step": "Thẩm định",
}


def book(*rows: dict[str, str]) -> bytes:
    return template("x", COLUMNS, rows=[[row.get(column.key, "") for column in COLUMNS] for row in rows])


@pytest.fixture(autouse=True)
def acting_here(settings) -> Iterator[None]:
    settings.MIDDLEWARE = [HERE if name == PEOPLE else name for name in settings.MIDDLEWARE]
    yield
    act_as(ANYONE)


def take_in(changeover, eve, *rows, at=JUNE):
    return actions.import_old_dossiers(changeover.pk, book(*rows), name="cu.xlsx", actor=steering_of(eve), at=at)


def test_old_dossiers_keep_code_owner_and_due_date_and_are_resolved_by_the_new_ward(opened):
    eve, changeover = opened
    waiting = ROW | {
        "code": "CU-0002",
        "stage": "Chờ bổ sung",
        "waiting_since": "27/06/2025",
        "waiting_for": "Bản vẽ mặt bằng",
    }
    result = ROW | {
        "code": "CU-0003",
        "stage": "Chưa trả kết quả",
        "result_number": "55/GXN",
        "result_on": "27/06/2025",
        "result_place": "Tủ số 2",
        "signer_name": "Phạm Văn Quận",
    }
    taken = take_in(changeover, eve, ROW, waiting, result)
    assert len(taken.made) == 3
    again = take_in(changeover, eve, ROW, ROW | {"code": "CU-0004"})
    assert (len(again.made), again.known) == (1, [CODE])
    before = {one.code: (one.due_at, one.owner_name) for one in Dossier.objects.all()}

    plan_and_run(changeover)

    song = eve.unit("98001")
    assert set(Dossier.objects.values_list("resolving_unit_id", flat=True)) == {song}
    assert {one.code: (one.due_at, one.owner_name) for one in Dossier.objects.all()} == before
    assert Transfer.objects.filter(changeover=changeover, moved_at__isnull=False, kind__startswith="dossiers.").count() == 4
    fold_tally()
    assert sum(Tally.objects.filter(unit_id=song).values_list("dossiers", flat=True)) == 4
    one = tracked(CODE.lower())
    assert (one.resolving_unit_id, one.status) == (song, Status.PROCESSING)
    assert one.received_at == datetime(2025, 6, 25, 9, 30, tzinfo=VIET_NAM)
    assert one.due_at.astimezone(VIET_NAM).date() == datetime(2025, 7, 9).date()

    # The new ward goes on: the supplement arrives, the result of the old district is handed back.
    officer = eve.actor("98001", JULY)
    held = Dossier.objects.get(code="CU-0002")
    dossiers.complete_supplement(held.pk, papers=(), answer="Đã nộp bản vẽ", actor=officer, at=JULY)
    held.refresh_from_db()
    assert held.status == Status.PROCESSING
    assert held.due_at > before["CU-0002"][0]  # the clock had stood still since the 27th
    ready = Dossier.objects.get(code="CU-0003")
    dossiers.hand_back(ready.pk, handed_to="Nguyễn Văn Ví Dụ", actor=officer, at=JULY)
    ready.refresh_from_db()
    assert ready.status == Status.RETURNED
    assert history_of(ready)[0].name == "dossiers.taken_in"


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"code": ""}, "Mã hồ sơ cũ"),
        ({"owner_address": ""}, "Nơi ở, nơi có đất hoặc công trình"),
        ({"received_at": "31/02/2025"}, "Ngày tiếp nhận"),
        ({"due_at": "01/06/2025"}, "Ngày hẹn trả"),
        ({"stage": "Xong"}, "Tình trạng"),
        ({"stage": "Chờ bổ sung"}, "Chờ bổ sung từ ngày"),
        ({"stage": "Chưa trả kết quả"}, "Số kết quả"),
        ({"paid_dong": "-5"}, "Phí, lệ phí đã nộp (đồng)"),
    ],
)
def test_a_row_that_cannot_be_used_says_which_cell(change, column):
    row, wrong = read_row(ROW | change)
    assert row is None
    assert column in wrong


def test_one_bad_row_refuses_the_list_and_every_bad_row_is_told(opened, client, monkeypatch):
    eve, changeover = opened
    monkeypatch.setattr(clock, "now", lambda: JUNE)
    act_as(steering_of(eve))
    here = reverse("handover:old_software", args=[changeover.pk])

    def send(*rows: dict[str, str]):
        return client.post(here, {"file": SimpleUploadedFile("cu.xlsx", book(*rows))})

    told = send(ROW, ROW | {"code": "CU-A2", "unit": "999"}, ROW | {"code": "CU-A3", "procedure": "1.1"}, ROW)
    assert told.status_code == 422
    said = told.content.decode()
    assert "3 dòng chưa dùng được" in said
    assert "Không phải đơn vị kết thúc" in said
    assert "Danh mục không có thủ tục này" in said
    assert "Trùng mã với dòng thứ 1" in said
    assert not Dossier.objects.exists()
    assert not StoredFile.objects.exists()
    assert send(ROW).status_code == 302
    assert StoredFile.objects.get().purpose == "handover.old_dossiers"
    assert "đang giữ 1 hồ sơ" in client.get(here).content.decode()
    assert client.get(reverse("handover:old_software_template", args=[changeover.pk])).content[:2] == b"PK"
    assert client.post(here, {"file": SimpleUploadedFile("x.pdf", b"%PDF")}).status_code == 422
