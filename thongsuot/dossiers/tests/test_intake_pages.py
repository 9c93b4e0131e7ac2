"""Receiving at the counter through its page, without scripts and with the fragments scripts ask for."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from thongsuot.dossiers.models import Component, Dossier, FeeDue
from thongsuot.dossiers.tests.desk import browser, case_url
from thongsuot.dossiers.tests.make import FEE, MONDAY, PDF, a_file, make_town
from thongsuot.files.models import StoredFile
from thongsuot.people.actions import confirm_identity
from thongsuot.people.models import LookUp
from thongsuot.people.tests.make import make_citizen
from thongsuot.procedures.content import Exemption, FeeRule, Tier
from thongsuot.procedures.tests.make import make_procedure
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.usefixtures("clock")

INTAKE = "/can-bo/tiep-nhan/"
CODE = "9.000001"


def hidden(page, name: str) -> str:
    """The value of a field of the page as a browser would send it back."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', page.content.decode())
    assert found, name
    value = re.search(r'value="([^"]*)"', found[0])
    return value[1] if value else ""


def filled(page, **changes):
    """What the page holds after choosing the procedure, with Minh's answers."""
    return {
        "khoa": hidden(page, "khoa"),
        "thu-tuc": CODE,
        "ma": CODE,
        "da-tim": CODE,
        "name": "Hoàng Văn Minh",
        "id_number": "001412345678",
        "phone": "0912 345 678",
        "address": "12 phố Bến",
        "owner_kind": "1",
        "channel": "1",
        "return_by": "counter",
        "how-giay-chung-nhan": "scanned",
        "originals-giay-chung-nhan": "1",
        "copies-giay-chung-nhan": "0",
        "how-to-khai": "",
        "sl-copies": "2",
        **changes,
    }


def opened(town, name="lan", query=f"?thu-tuc={CODE}"):
    client = browser(town, name)
    return client, client.get(INTAKE + query)


def press(client: Client, data, work="nhan", **headers):
    return client.post(INTAKE, {**data, "viec": work}, **headers)


def test_a_dossier_is_received_in_one_screen(town):
    lan, page = opened(town)
    data = filled(page, resolving_unit=str(town.river))

    answer = press(lan, data)

    dossier = Dossier.objects.get()
    assert answer["Location"] == f"{case_url(dossier)}?moi=1"
    assert (dossier.owner_name, dossier.owner_phone, dossier.receiving_unit_id) == ("Hoàng Văn Minh", "0912345678", town.river)
    assert [(row.paper_code, row.how) for row in Component.objects.filter(dossier=dossier)] == [("giay-chung-nhan", "scanned")]
    assert FeeDue.objects.get(dossier=dossier).amount_dong == 16_000
    assert "Đã nhận hồ sơ" in said(lan.get(answer["Location"]))


def test_words_without_marks_find_the_procedure_and_enter_receives_nothing(town):
    make_procedure("9.000002", city_id=town.city.city.pk, name="Cấp giấy khác")
    lan, page = opened(town, query="")

    found = press(lan, {"khoa": hidden(page, "khoa"), "thu-tuc": "cap giay"}, "tinh")
    assert found.status_code == 200
    assert "Cấp giấy thử nghiệm" in said(found)
    assert "Cấp giấy khác" in said(found)
    chosen = lan.post(INTAKE, {"khoa": hidden(found, "khoa"), "thu-tuc": "cap giay", "chon": CODE, "name": "Minh"})
    words = said(chosen)
    assert "Giấy chứng nhận" in words
    assert "5 ngày làm việc Hẹn 13/10/2025 17:00" in words
    assert hidden(chosen, "name") == "Minh"
    assert hidden(chosen, "ma") == CODE
    assert not Dossier.objects.exists()


def test_a_word_that_fits_one_procedure_chooses_it(town):
    lan, _page = opened(town, query="")

    assert hidden(press(lan, {"thu-tuc": "thu nghiem"}, "tinh"), "ma") == CODE
    nothing = said(press(lan, {"thu-tuc": "sao i"}, "tinh"))
    assert "Không có thủ tục nào khớp “sao i”" in nothing


def test_the_next_dossier_keeps_the_procedure(town):
    _lan, page = opened(town)

    assert hidden(page, "ma") == CODE
    assert hidden(page, "name") == ""


def test_every_fault_stands_beside_its_field_and_nothing_is_lost(town):
    lan, page = opened(town)
    data = filled(page, resolving_unit=str(town.river), id_number="12345", phone="abc", **{"how-giay-chung-nhan": ""})

    refused = press(lan, data)

    words = said(refused)
    assert refused.status_code == 422
    assert "Số định danh có 12 chữ số. Bạn đã nhập 5" in words
    assert "Số điện thoại chưa đúng" in words
    assert "Cần sửa 2 chỗ" in words
    assert hidden(refused, "name") == "Hoàng Văn Minh"
    assert hidden(refused, "sl-copies") == "2"
    assert not Dossier.objects.exists()

    incomplete = press(lan, {**data, "id_number": "", "phone": ""})
    assert "Chưa có: Giấy chứng nhận. Hãy chọn lấy từ đâu, hoặc ghi lý do miễn." in said(incomplete)
    waived = press(lan, {**data, "id_number": "", "phone": "", "how-giay-chung-nhan": "waived"})
    assert "Hãy ghi lý do miễn giấy tờ này." in said(waived)
    assert not Dossier.objects.exists()


def test_all_faults_are_told_at_once(town):
    lan, page = opened(town)

    refused = said(
        press(lan, filled(page, resolving_unit=str(town.river), name="", phone="abc", **{"how-giay-chung-nhan": ""}))
    )

    assert "Cần sửa 3 chỗ" in refused
    for fault in ("Chưa có họ tên", "Số điện thoại chưa đúng", "Chưa có: Giấy chứng nhận"):
        assert fault in refused, fault


def test_without_a_name_or_a_procedure_nothing_is_received(town):
    lan, page = opened(town, query="")

    refused = said(press(lan, {"khoa": hidden(page, "khoa"), "thu-tuc": "", "name": " "}))

    assert "Chưa chọn thủ tục" in refused
    assert "Chưa có họ tên" in refused
    assert not Dossier.objects.exists()


def test_files_outlive_a_refused_form_and_are_stored_once(town):
    lan, page = opened(town)
    data = filled(page, resolving_unit=str(town.river), name="", **{"how-giay-chung-nhan": "uploaded"})
    file = SimpleUploadedFile("giay.pdf", PDF, content_type="application/pdf")

    refused = press(lan, {**data, "tep-giay-chung-nhan": file})
    token = hidden(refused, "giu-giay-chung-nhan")
    assert refused.status_code == 422
    assert "giay.pdf" in said(refused)
    assert token

    press(lan, {**data, "name": "Hoàng Văn Minh", "giu-giay-chung-nhan": token})
    component = Component.objects.get()
    assert component.file == StoredFile.objects.get()
    assert component.how == "uploaded"


def test_what_is_asked_of_the_papers_while_typing_takes_chosen_files_along(town):
    _lan, page = opened(town)

    assert 'id="giay-to" class="stack stack--f" hx-encoding="multipart/form-data"' in page.content.decode()


def test_the_pages_of_a_scanned_paper_are_counted_at_the_desk(town):
    lan, page = opened(town)
    data = filled(page, resolving_unit=str(town.river), **{"how-giay-chung-nhan": "scanned"})
    file = SimpleUploadedFile("giay.pdf", PDF, content_type="application/pdf")

    refused = press(lan, {**data, "tep-giay-chung-nhan": file, "so-trang-giay-chung-nhan": "hai"})
    assert "Số trang là số, từ 1 đến 2000." in said(refused)
    token = hidden(refused, "giu-giay-chung-nhan")
    press(lan, {**data, "giu-giay-chung-nhan": token, "so-trang-giay-chung-nhan": "2"})

    assert Component.objects.get().scans.get().pages == 2


def test_a_file_of_others_cannot_be_named(town):
    lan, page = opened(town)
    foreign = a_file()
    refused = press(
        lan,
        filled(
            page, resolving_unit=str(town.river), **{"how-giay-chung-nhan": "uploaded", "giu-giay-chung-nhan": str(foreign)}
        ),
    )

    assert "Hãy đính kèm tệp của giấy tờ này." in said(refused)
    assert not Dossier.objects.exists()


def test_a_file_that_is_no_paper_is_refused_beside_its_paper(town):
    lan, page = opened(town)
    bad = SimpleUploadedFile("giay.pdf", b"MZ\x90\x00 this is a program")

    refused = press(lan, {**filled(page, resolving_unit=str(town.river)), "tep-giay-chung-nhan": bad})

    assert refused.status_code == 422
    assert not StoredFile.objects.exists()
    assert not Dossier.objects.exists()


def test_pressed_twice_it_is_one_dossier(town):
    lan, page = opened(town)
    data = filled(page, resolving_unit=str(town.river), cash="on")

    first, second = press(lan, data), press(lan, data)

    assert first["Location"] == second["Location"]
    assert Dossier.objects.count() == 1
    fee = FeeDue.objects.get()
    assert fee.receipt_number == 1


def test_a_form_sent_again_with_other_words_changes_nothing_and_says_so(town):
    lan, page = opened(town)
    data = filled(page, resolving_unit=str(town.river))
    press(lan, data)

    answer = press(lan, {**data, "name": "Người Khác"})

    assert answer["Location"] == case_url(Dossier.objects.get())
    assert "những sửa đổi sau đó chưa được ghi" in said(lan.get(answer["Location"]))


def test_the_same_key_of_another_officer_is_another_form(town):
    lan, page = opened(town)
    data = filled(page, resolving_unit=str(town.river))
    press(lan, data)
    director = browser(town, "viet")
    assert director.post(INTAKE, {**data, "viec": "nhan"}).status_code == 403
    assert Dossier.objects.count() == 1


def test_received_here_for_another_unit(town):
    lan, page = opened(town)
    assert "Phường Đồi" in said(page)

    press(lan, filled(page, resolving_unit=str(town.hill)))

    dossier = Dossier.objects.get()
    assert (dossier.receiving_unit_id, dossier.resolving_unit_id) == (town.river, town.hill)
    assert dossier.code.startswith("H98.105-")


def test_what_must_be_filed_at_home_offers_no_other_unit(db, clock):
    town = make_town(non_boundary=False)
    lan, page = opened(town)

    assert "Phường Đồi" not in said(page)
    refused = press(lan, filled(page, resolving_unit=str(town.hill)))
    assert refused.status_code == 422
    assert not Dossier.objects.exists()


def test_a_procedure_that_is_not_this_units_cannot_be_chosen(db, clock):
    town = make_town()
    make_procedure("9.000009", name="Cấp phép của sở", non_boundary=False)  # nobody here is competent

    _lan, page = opened(town, query="?thu-tuc=9.000009")

    assert "Chưa có đơn vị nào của thành phố được giao giải quyết thủ tục 9.000009." in said(page)


def test_all_papers_at_hand_are_marked_with_one_press(town):
    lan, page = opened(town)

    marked = press(lan, filled(page, resolving_unit=str(town.river), **{"how-giay-chung-nhan": ""}), "quet").content.decode()

    row = marked[marked.index('name="how-giay-chung-nhan"') :][:900]
    assert '<option value="scanned" selected>' in row


def test_the_price_is_computed_while_one_counts(db, clock):
    by_page = FeeRule(
        code="phi",
        name="Phí sao",
        kind="fee",
        form="per_page",
        tiers=(Tier(dong=2000, up_to=2), Tier(dong=1000)),
        basis="Thông tư ví dụ",
        valid_from=MONDAY.date(),
        exemptions=(Exemption(code="poor", name="hộ nghèo", basis="Luật"),),
    )
    town = make_town(fee_rules=(by_page,))
    lan, page = opened(town)
    data = filled(page, resolving_unit=str(town.river), **{"sl-pages": "5", "sl-copies": "3"})

    part = press(lan, data, "tien", HTTP_HX_REQUEST="true")
    assert "<html" not in part.content.decode()
    assert "21.000 đồng" in said(part)
    assert 'id="tong" hx-swap-oob="true"' in part.content.decode()
    assert "Chưa tính được" in said(press(lan, {**data, "sl-pages": "năm"}, "tien", HTTP_HX_REQUEST="true"))
    assert "0 đồng" in said(press(lan, {**data, "exemptions": "poor"}, "tien", HTTP_HX_REQUEST="true"))


def test_choosing_brings_the_papers_and_the_third_column_as_one_fragment(town):
    lan, _page = opened(town, query="")

    part = lan.post(INTAKE, {"thu-tuc": "thu", "chon": CODE}, HTTP_HX_REQUEST="true").content.decode()

    assert "<html" not in part
    assert 'id="giay-to"' in part
    assert 'id="han-le-phi" aria-labelledby="p3" hx-swap-oob="true"' in part
    assert "autofocus" in part


def test_an_account_found_by_its_number_fills_what_is_empty_and_leaves_a_trace(town):
    person = make_citizen("Hoàng Văn Minh", email="minh@vidu.vn")
    confirm_identity(person.pk, id_number="001412345678", unit_id=town.river, actor=town.actor("lan"), at=MONDAY)
    before = LookUp.objects.count()
    lan, page = opened(town)

    found = press(lan, filled(page, name="", phone="", id_number="001 412 345 678", resolving_unit=str(town.river)), "tra")
    assert hidden(found, "name") == "Hoàng Văn Minh"
    assert "Khớp tài khoản" in said(found)
    assert LookUp.objects.count() == before + 1
    press(lan, filled(page, tk=hidden(found, "tk"), resolving_unit=str(town.river)))
    assert Dossier.objects.get().account == person

    other = press(
        lan, filled(page, khoa="x" * 20, tk=hidden(found, "tk"), id_number="001412345679", resolving_unit=str(town.river))
    )
    assert other.status_code == 302
    assert Dossier.objects.latest("id").account is None
    assert "Không có tài khoản nào" in said(press(lan, filled(page, id_number="001499999999"), "tra"))


def test_the_desk_may_fill_in_the_e_form_and_is_held_to_it(db, clock):
    schema = {
        "type": "object",
        "title": "Tờ khai",
        "additionalProperties": False,
        "required": ["ten", "ngay"],
        "properties": {
            "ten": {"type": "string", "title": "Tên con", "maxLength": 60},
            "ngay": {"type": "string", "format": "date", "title": "Ngày sinh", "x-not-future": True},
        },
    }
    town = make_town(form_schema=schema)
    lan, page = opened(town)
    data = filled(page, resolving_unit=str(town.river))

    refused = press(lan, {**data, "tk-ten": "Hoàng Minh Anh"})
    assert refused.status_code == 422
    assert "Ngày sinh" in said(refused)
    assert not Dossier.objects.exists()
    assert (
        press(lan, {**data, "tk-ten": "Hoàng Minh Anh", "tk-ngay_d": "1", "tk-ngay_m": "10", "tk-ngay_y": "2025"}).status_code
        == 302
    )
    assert Dossier.objects.get().form == {"ten": "Hoàng Minh Anh", "ngay": "2025-10-01"}


def test_another_may_file_for_the_owner(town):
    lan, page = opened(town)

    press(lan, filled(page, resolving_unit=str(town.river), filer_name="Hoàng Thị Em", filer_relation="em gái"))

    assert Dossier.objects.get().filer["name"] == "Hoàng Thị Em"


def test_post_comes_in_by_its_own_channel(town):
    lan, page = opened(town)

    press(lan, filled(page, resolving_unit=str(town.river), channel="3", return_by="post"))

    dossier = Dossier.objects.get()
    assert (dossier.channel, dossier.return_by) == (3, "post")


@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": "9"},
        {"return_by": "bồ câu"},
        {"resolving_unit": "999999"},
        {"sl-copies": "-1"},
        {"originals-giay-chung-nhan": "2000"},
        {"how-giay-chung-nhan": "stolen"},
        {"name": "x" * 400},
    ],
)
def test_values_no_page_offers_are_refused_with_a_sentence(town, wrong):
    lan, page = opened(town)

    refused = press(lan, filled(page, **{"resolving_unit": str(town.river), **wrong}))

    assert refused.status_code == 422
    assert "Lỗi:" in said(refused)
    assert not Dossier.objects.exists()


def test_the_fee_rule_of_the_town_is_what_the_page_counts_by(town):
    _lan, page = opened(town)

    assert FEE.name in said(page)
    assert hidden(page, "sl-copies") == "1"
