"""Land with the tax leg through the pages: ward, land registration, tax office, status 6, proof, signature. And the API."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from thongsuot.dossiers.models import Dossier, Leg, Status
from thongsuot.dossiers.tests.desk import browser, case_url, do
from thongsuot.dossiers.tests.make import Town, a_file, agency_body, make_land_town, receive
from thongsuot.files.tests.make import pdf
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.people.tests.make import make_token
from thongsuot.web.tests.words import said


def on(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 10, day, hour, minute, tzinfo=VIET_NAM)


@pytest.fixture(scope="module")
def begins_with():
    return make_land_town


@pytest.fixture
def land(town: Town) -> Town:
    return town


def upload(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf(name), content_type="application/pdf")


def test_a_certificate_of_land_from_the_desk_to_the_hand_back(land, clock):
    dossier = receive(land)
    clock.now = on(6, 10)
    assert do(browser(land, "lan"), dossier, "chuyen", step_key="tiep-nhan").status_code == 302
    clock.now = on(7, 10)
    toan = browser(land, "toan")
    sent = do(toan, dossier, "chuyen", step_key="kiem-tra")
    assert sent.headers["Location"] == case_url(dossier)  # the ward keeps the overview
    page = said(toan.get(case_url(dossier)))
    assert "Chặng của các cơ quan" in page
    assert "Nhắc cơ quan đang giữ hồ sơ" in page
    assert "Văn phòng đăng ký đất đai (ví dụ)" in said(browser(land, "viet").get(reverse("dossiers:at_partners")))

    assert browser(land, "thue").get(case_url(dossier)).status_code == 404
    clock.now = on(7, 11)
    do(browser(land, "dia"), dossier, "nhan-chang")
    clock.now = on(9, 14)
    gone = do(browser(land, "dia"), dossier, "chuyen", step_key="dia-chinh")
    assert gone.headers["Location"] == reverse("dossiers:inbox")  # it is no longer theirs to see
    clock.now = on(10, 9)
    assert "Ra thông báo nộp tiền" in said(browser(land, "thue").get(case_url(dossier)))
    refused = do(browser(land, "thue"), dossier, "thong-bao-nop", number="", amount_dong="0", pay_by="x")
    assert refused.status_code == 422
    do(
        browser(land, "thue"),
        dossier,
        "thong-bao-nop",
        number="7/TB",
        amount_dong="12000000",
        pay_by="10/11/2025",
        file=upload("tb.pdf"),
    )
    dossier.refresh_from_db()
    assert dossier.status == Status.PAYMENT_REQUESTED

    clock.now = on(20, 9)
    lan = browser(land, "lan")
    page = said(lan.get(case_url(dossier)))
    assert "Thông báo nộp tiền số 7/TB" in page
    assert "12.000.000 đồng" in page
    assert do(lan, dossier, "da-nop").status_code == 422
    assert do(lan, dossier, "da-nop", proof_number="GNT 1", file=upload("gnt.pdf")).status_code == 302
    clock.now = on(21, 9)
    toan = browser(land, "toan")
    do(toan, dossier, "du-thao", title="Giấy chứng nhận", file=upload("gcn.pdf"))
    do(toan, dossier, "chuyen", step_key="lap-giay")
    do(browser(land, "hanh"), dossier, "chuyen", step_key="ky")
    do(browser(land, "thu"), dossier, "chuyen", step_key="vao-so")
    do(browser(land, "lan"), dossier, "tra-ket-qua", handed_to="Minh")
    dossier.refresh_from_db()
    assert dossier.status == Status.RETURNED
    assert list(Leg.objects.order_by("number").values_list("role", "late_minutes")) == [
        ("", 0),
        ("land_registration", 180),
        ("tax", 0),
        ("", 0),
    ]
    leading = said(browser(land, "hanh").get(reverse("dossiers:leading")))
    assert "Chặng của các cơ quan" in leading


def test_a_partner_finds_what_it_has_by_code_and_by_name_and_no_longer_when_it_gave_it_on(land, clock):
    dossier = receive(land)
    clock.now = on(6, 10)
    do(browser(land, "lan"), dossier, "chuyen", step_key="tiep-nhan")
    clock.now = on(7, 10)

    def finds(who: str, words: str) -> bool:
        return dossier.code in said(browser(land, who).post(reverse("dossiers:search"), {"q": words}, follow=True))

    name = dossier.owner_name.split()[-1]
    assert not finds("dia", name)
    do(browser(land, "toan"), dossier, "chuyen", step_key="kiem-tra")
    assert finds("dia", name)
    assert finds("dia", dossier.owner_phone)
    assert not finds("thue", name)
    clock.now = on(9, 14)
    do(browser(land, "dia"), dossier, "chuyen", step_key="dia-chinh")
    assert finds("thue", name)
    assert not finds("dia", name)


def test_what_partners_have_is_listed_page_by_page_and_the_mailbox_is_not_cut_off_by_the_others(land, clock, monkeypatch):
    monkeypatch.setattr("thongsuot.web.paging.A_PAGE", 1)
    for _ in range(2):
        dossier = receive(land)
        clock.now = on(6, 10)
        do(browser(land, "lan"), dossier, "chuyen", step_key="tiep-nhan")
        do(browser(land, "toan"), dossier, "chuyen", step_key="kiem-tra")
    address = reverse("dossiers:at_partners")
    first, second = (said(browser(land, "viet").get(address, {"trang": number})) for number in "12")
    assert "Hồ sơ ở cơ quan phối hợp: 2" in first
    assert "Trang 2 trên 2" in second
    assert dossier.code in second
    assert dossier.code not in first
    assert "Không có hồ sơ nào ở cơ quan phối hợp" in said(browser(land, "viet").get(address, {"hop-thu": "1"}))


def api(land: Town, who: str) -> Client:
    duties = ["receive dossiers", "process dossiers", "assign dossiers", "review dossiers"]
    held = {duty for one in land.people[who].appointments.all() for duty in one.duties}
    return Client(headers={"Authorization": f"Bearer {make_token(land.people[who], sorted(held & set(duties)), at=on(6, 8))}"})


def post(client: Client, path: str, body: dict) -> object:
    return client.post(f"/api/v1{path}", body, content_type="application/json")


def test_the_legs_through_the_api(land, clock):
    dossier = receive(land)
    clock.now = on(6, 10)
    lan, toan, dia, thue = (api(land, who) for who in ("lan", "toan", "dia", "thue"))
    assert post(lan, f"/dossiers/{dossier.pk}/forward", {"step": "tiep-nhan"}).status_code == 200
    clock.now += timedelta(minutes=5)
    assert post(toan, f"/dossiers/{dossier.pk}/forward", {"step": "kiem-tra"}).status_code == 200
    assert post(thue, f"/dossiers/{dossier.pk}/take-over", {}).status_code == 404
    assert post(dia, f"/dossiers/{dossier.pk}/take-over", {}).json()["assignee_id"] == land.people["dia"].pk
    assert post(dia, f"/dossiers/{dossier.pk}/return-leg", {"reason": ""}).status_code == 422
    clock.now += timedelta(minutes=5)
    passed_on = post(dia, f"/dossiers/{dossier.pk}/forward", {"step": "dia-chinh"})
    assert (passed_on.status_code, passed_on.json()["step"]) == (200, "thue")
    notice = {
        "step": "thue",
        "number": "7/TB",
        "amount_dong": 5000,
        "pay_by": "2025-11-10",
        "file_id": a_file(by=land.actor("thue")),
    }
    assert post(thue, f"/dossiers/{dossier.pk}/payment-notice", {**notice, "amount_dong": 0}).status_code == 422
    assert post(thue, f"/dossiers/{dossier.pk}/payment-notice", notice).json()["status"] == 6
    assert post(lan, f"/dossiers/{dossier.pk}/confirm-payment", {}).status_code == 422
    assert post(lan, f"/dossiers/{dossier.pk}/confirm-payment", {"proof_number": "1"}).json()["status"] == 4


def test_an_agency_is_named_by_its_code_through_the_api(land, clock):
    """Letters stand in it: it may be refused by a rule of receiving, never as a code that cannot be."""
    office = agency_body(land, "land_registration").unit.code
    lan = api(land, "lan")
    filed = {"procedure": "9.000001", "receiving_unit": office, "owner": {"name": "Minh", "phone": "0912345678"}}

    refused = post(lan, "/dossiers", filed)

    assert not office.isdigit()
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:thongsuot:kernel.not_your_duty")
    assert lan.get("/api/v1/procedures", {"unit": office}).status_code == 200


def test_papers_and_opinions_through_the_api(land, clock):
    dossier = receive(land, by="doi", receiving_unit_id=land.hill)
    clock.now = on(6, 10)
    doi, lan, toan = (api(land, who) for who in ("doi", "lan", "toan"))
    assert post(doi, f"/dossiers/{dossier.pk}/forward", {"step": "tiep-nhan"}).status_code == 200
    [owed] = doi.get("/api/v1/papers").json()
    trip = {"from_unit": owed["from_unit_code"], "to_unit": owed["to_unit_code"], "debts": [owed["id"]]}
    assert (trip["from_unit"], trip["to_unit"]) == ("98002", "98001")
    assert post(doi, "/carriages", {**trip, "debts": []}).status_code == 422
    assert post(lan, "/carriages", trip).status_code == 403
    sent = post(doi, "/carriages", trip).json()
    assert (sent["number"], sent["dossiers"]) == ("0001/2025", 1)
    assert [row["id"] for row in lan.get("/api/v1/carriages").json()] == [sent["id"]]
    assert post(doi, f"/carriages/{sent['id']}/receive", {}).status_code == 403
    assert post(lan, f"/carriages/{sent['id']}/receive", {"missing": {"x": "y"}}).status_code == 422
    assert post(lan, f"/carriages/{sent['id']}/receive", {}).json()["received_at"]
    body = land.city.body(land.city.river, "office").pk
    asked = {"body_id": body, "question": "Có tranh chấp không?", "answer_by": "2025-10-09"}
    assert post(toan, f"/dossiers/{dossier.pk}/ask-opinion", asked).status_code == 200
    [row] = toan.get("/api/v1/opinions").json()
    assert post(toan, f"/opinions/{row['id']}/remind", {}).status_code == 200
    assert post(toan, f"/opinions/{row['id']}/answer", {"answer": "Không."}).status_code == 200
    assert toan.get("/api/v1/opinions").json() == []
    assert Dossier.objects.get(pk=dossier.pk).status == Status.PROCESSING
