"""The records: names, lengths, code lists and forms of times, as the portal takes them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from allauth.socialaccount.models import SocialAccount

from thongsuot.dossiers import actions as dossiers
from thongsuot.dossiers.actions import PaperIn
from thongsuot.dossiers.tests.make import MONDAY, forward_to, minh, receive, resolve
from thongsuot.dossiers.tests.papers import a_pdf, a_scan
from thongsuot.kernel.models import Event
from thongsuot.national_portal import records, rules
from thongsuot.national_portal.models import Lane, Message
from thongsuot.national_portal.rules import Happening
from thongsuot.people.tests.make import make_citizen
from thongsuot.personal_store.tests.make import make_paper

GOLDEN = json.loads((Path(__file__).parent / "golden.json").read_text())


def test_a_reception_is_told_word_by_word(wire):
    dossier = receive(wire.town)

    wire.turn()

    assert wire.stand_in.record(dossier.code) == GOLDEN["received"]


def test_a_supplement_request_is_told_word_by_word(wire):
    dossier = forward_to(wire.town, receive(wire.town), "tham-dinh", at=MONDAY)
    dossiers.request_supplement(dossier.pk, items=["Bản chính giấy chứng nhận"], actor=wire.town.actor("toan"), at=MONDAY)

    wire.turn()

    assert wire.stand_in.record(dossier.code) == GOLDEN["supplement_requested"]


def test_papers_scanned_uploaded_and_used_again_are_told_word_by_word(wire):
    stored = make_paper(title="Giấy chứng nhận")
    papers = (
        PaperIn(code="giay-chung-nhan", how="reused", stored=stored.code, originals=0),
        PaperIn(code="to-khai", file_id=a_scan(by=wire.town.actor("lan"))),
        PaperIn(code="van-ban-khac", how="uploaded", file_id=a_pdf(by=wire.town.actor("lan"))),
    )
    dossier = receive(wire.town, papers=papers, consent="spoken")

    wire.turn()

    record = wire.stand_in.record(dossier.code)
    expected = json.loads(json.dumps(GOLDEN["papers"]).replace("GT-", stored.code))
    assert {name: record[name] for name in expected} == expected


def test_a_scan_makes_a_dossier_digitised_and_an_upload_does_not(wire):
    scanned = receive(wire.town, papers=(PaperIn(code="giay-chung-nhan", file_id=a_scan(by=wire.town.actor("lan"))),))
    uploaded = receive(
        wire.town, papers=(PaperIn(code="giay-chung-nhan", how="uploaded", file_id=a_pdf(by=wire.town.actor("lan"))),)
    )

    wire.turn()

    told = [wire.stand_in.record(dossier.code)["HoSoCoThanhPhanSoHoa"] for dossier in (scanned, uploaded)]
    assert told == ["1", "0"]


@pytest.mark.parametrize("how", ["waived", "shown"])
def test_what_was_not_handed_in_is_not_told_as_handed_in(wire, how):
    dossier = receive(wire.town, papers=(PaperIn(code="giay-chung-nhan", how=how, reason="đã có"),))

    wire.turn()

    assert wire.stand_in.record(dossier.code)["TaiLieuNop"] == []


def test_a_fee_is_told_with_when_it_was_taken(wire):
    dossier = forward_to(wire.town, receive(wire.town), "tham-dinh", at=MONDAY)
    lan = wire.town.actor("lan")
    dossiers.request_supplement(dossier.pk, items=["Bản chính"], actor=wire.town.actor("toan"), at=wire.clock.on(hours=1))
    dossiers.collect_fee(dossier.fees.get().pk, actor=lan, at=wire.clock.on(hours=1))
    dossiers.complete_supplement(dossier.pk, papers=(), answer="đã có", actor=lan, at=wire.clock.on(hours=1))
    resolve(wire.town, dossier, at=wire.clock.on(hours=1))

    wire.turn()

    assert [fee["HinhThucThu"] for fee in wire.stand_in.record(dossier.code)["DanhSachLePhi"]] == ["2"]


@pytest.mark.parametrize(("level", "told"), [(None, "0"), (1, "0"), (2, "1")])
def test_an_account_is_proven_by_an_identity_of_level_two_alone(wire, level, told):
    """An officer may have written down an ID number from a card: that proves no account."""
    account = make_citizen()
    type(account).objects.filter(pk=account.pk).update(id_number="001412345678")
    if level is not None:
        SocialAccount.objects.create(provider="vneid", uid="minh", user=account, extra_data={"level": level})
    dossier = receive(wire.town)
    type(dossier).objects.filter(pk=dossier.pk).update(account=account)

    wire.turn()

    assert wire.stand_in.record(dossier.code)["TaiKhoanDuocXacThucVoiVNeID"] == told


def test_a_late_sending_tells_the_dossier_as_it_was_then(wire):
    """The portal reads what was so at each event, not what is so when it is sent."""
    dossier = forward_to(wire.town, receive(wire.town), "tham-dinh", at=MONDAY)
    toan, lan = wire.town.actor("toan"), wire.town.actor("lan")
    dossiers.request_supplement(dossier.pk, items=["Bản chính"], actor=toan, at=MONDAY + timedelta(hours=1))
    dossiers.complete_supplement(dossier.pk, papers=(), answer="đã có", actor=lan, at=MONDAY + timedelta(days=1))
    seen = []
    real = wire.stand_in.answer

    def looked_at(service, body, *, reference):
        seen.append((service, body.get("data")))
        return real(service, body, reference=reference)

    wire.stand_in.answer = looked_at

    wire.turn()

    told = [record for service, record in seen if service in {"create", "status"}]
    assert [record["TrangThaiHoSo"] for record in told] == ["2", "4", "5", "4"]
    assert [len(record["DanhSachHoSoBoSung"]) for record in told] == [0, 0, 1, 1]
    assert [record["DanhSachHoSoBoSung"][0]["NgayTiepNhanBoSung"] for record in told[2:]] == ["", "20251007090000"]
    assert told[2]["NgayHenTra"] != told[3]["NgayHenTra"] == told[3]["DanhSachHoSoBoSung"][0]["NgayHenTraMoi"]


@pytest.mark.parametrize(
    ("field", "value", "place"),
    [
        ("KenhThucHien", "4", "KenhThucHien: enum"),
        ("LoaiDoiTuong", "0", "LoaiDoiTuong: enum"),
        ("TrangThaiHoSo", "11", "TrangThaiHoSo: enum"),
        ("DuocThanhToanTrucTuyen", "3", "DuocThanhToanTrucTuyen: enum"),
        ("TrichYeuHoSo", "x" * 1001, "TrichYeuHoSo: maxLength"),
        ("NgayTiepNhan", "06/10/2025", "NgayTiepNhan: pattern"),
        ("NgayTiepNhan", "", "NgayTiepNhan: minLength"),
        ("MaHoSo", "a b", "MaHoSo: minLength"),
        ("TaiLieuNop", "x", "TaiLieuNop: type"),
        ("DanhSachLePhi", [{}], "DanhSachLePhi.0: required"),
        ("ThemGiDo", "x", "HoSo: additionalProperties"),
    ],
)
def test_what_does_not_fit_is_named_without_its_value(field, value, place):
    assert place in records.unfit("HoSo", {**GOLDEN["received"], field: value})


def test_a_missing_name_is_no_record():
    for field in GOLDEN["received"]:
        assert records.unfit("HoSo", {name: value for name, value in GOLDEN["received"].items() if name != field})


@pytest.mark.parametrize("status", [1, 2, 3, 4, 7, 8, 10])
def test_fees_go_with_five_six_and_nine_alone(status):
    fee = {"TenPhiLePhi": "Lệ phí", "MaPhiLePhi": "lp", "HinhThucThu": "1", "Gia": "8000", "LoaiPhiLePhi": "2"}
    record = {
        **GOLDEN["received"],
        "NgayTuChoi": "20251006090000",
        "NgayKetThucXuLy": "20251006090000",
        "NgayTra": "20251006090000",
    }

    assert records.unfit("HoSo", {**record, "TrangThaiHoSo": str(status)}) == []
    assert records.unfit("HoSo", {**record, "TrangThaiHoSo": str(status), "DanhSachLePhi": [fee]}) == [
        "DanhSachLePhi: maxItems"
    ]
    assert records.unfit("HoSo", {**record, "TrangThaiHoSo": "5", "DanhSachLePhi": [fee]}) == []
    assert records.unfit("HoSo", {**record, "TrangThaiHoSo": "5", "DanhSachLePhi": [{**fee, "HinhThucThu": "3"}]})


def test_a_record_that_does_not_fit_never_leaves_the_house(wire):
    dossier = receive(wire.town, owner=minh(phone=""))
    type(dossier).objects.filter(pk=dossier.pk).update(owner_phone="0" * 20, owner_id_number="9" * 20, owner_name="")

    wire.turn()

    lane = Lane.objects.get(pk=dossier.pk)
    assert (lane.state, lane.trouble, lane.error) == ("held", "unfit", "ChuHoSo: minLength")
    assert wire.stand_in.counts()["messages"] == wire.stand_in.counts()["refused"] == 0


def test_times_are_written_in_either_way():
    at = datetime(2025, 7, 1, 1, 2, 3, 999, tzinfo=UTC)

    assert rules.compact(at) == "20250701080203"
    assert rules.iso(at) == "2025-07-01T08:02:03+07:00"
    assert rules.compact(None) == rules.iso(None) == ""


def test_the_newer_service_gets_iso_times(wire, settings):
    settings.PORTAL_TIMES = "iso"
    dossier = receive(wire.town)

    wire.turn()

    assert wire.stand_in.record(dossier.code)["NgayTiepNhan"] == "2025-10-06T09:00:00+07:00"


def test_a_pause_ends_where_it_began():
    def history(*names):
        return [
            Happening(
                number=number, mark="", name=f"dossiers.{name}", at=MONDAY, actor_name="", actor_post="", unit_id=None, facts={}
            )
            for number, name in enumerate(names, start=1)
        ]

    early = history("received", "supplement_requested", "supplemented")
    late = history("received", "forwarded", "payment_requested", "payment_confirmed", "resolved", "returned")

    assert [rules.standing(early, n).status for n in (1, 2, 3)] == [2, 5, 2]
    assert [rules.standing(late, n).status for n in range(1, 7)] == [2, 4, 6, 4, 9, 10]


def test_a_date_that_is_left_to_a_person_is_not_told_as_the_appointment():
    facts = {
        "received": {"due_at": "2025-10-13T10:00:00+00:00"},
        "due_left_to_person": {"due_after": "2025-10-20T10:00:00+00:00"},
    }
    history = [
        Happening(
            number=number, mark="", name=f"dossiers.{name}", at=MONDAY, actor_name="", actor_post="", unit_id=None, facts=told
        )
        for number, (name, told) in enumerate(facts.items(), start=1)
    ]

    assert rules.standing(history, 2).due_at == datetime(2025, 10, 13, 10, tzinfo=UTC)


def test_a_refusal_is_shown_without_numbers_of_people():
    assert rules.scrubbed("Số 001412345678 và 0912 345 678 sai, mã 17") == "Số ••• và ••• sai, mã 17"
    assert rules.scrubbed("Hộ chiếu B1234567, thư a.b@vidu.vn") == "Hộ chiếu •••, thư •••"
    assert rules.scrubbed("HOÀNG  Văn Minh (Lê An) sai", people=("Hoàng Văn Minh", "Lê An", "")) == "••• (•••) sai"
    assert len(rules.scrubbed("x" * 1000)) == 300


def test_nothing_personal_lies_in_our_tables_or_jobs(wire, caplog):
    caplog.set_level("DEBUG")
    dossier = forward_to(wire.town, receive(wire.town), "tham-dinh", at=MONDAY)
    said = f"{minh().name}, {minh().id_number}, {minh().phone}, {minh().email}: không khớp"
    wire.stand_in.mischief.refuses[dossier.code] = ("9", said)
    wire.turn()
    kept = repr([list(model.objects.values()) for model in (Lane, Message)]) + caplog.text
    kept += repr(list(Event.objects.filter(subject="national_portal.lane").values()))

    assert "không khớp" in kept
    for secret in (minh().name, minh().id_number, minh().phone, minh().email):
        assert secret not in kept
