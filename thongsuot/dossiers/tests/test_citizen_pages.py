"""Filing online, through the pages alone and without scripts."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from thongsuot.dossiers import actions, rules
from thongsuot.dossiers.models import Dossier, Draft, DraftFile, FeeDue, Status
from thongsuot.dossiers.tests.citizen import (
    BY_PAGE,
    CODE,
    OWNER,
    SCHEMA,
    WHAT,
    WHO,
    a_file,
    fill_in,
    make_filing_town,
    page,
    start,
    states,
    submit,
    words,
)
from thongsuot.dossiers.tests.make import FEE, HOUSE, MONDAY, PAPERS, PDF
from thongsuot.files.models import StoredFile
from thongsuot.kernel.actor import ANYONE
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.people.tests.make import logged_in, make_citizen
from thongsuot.procedures.actions import end_procedure
from thongsuot.procedures.content import Paper
from thongsuot.procedures.tests.make import make_procedure


@pytest.fixture(autouse=True)
def city(settings, monkeypatch):
    settings.CITY_CODE = "98"
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)


@pytest.fixture(scope="module")
def begins_with():
    return make_filing_town


@pytest.fixture
def browser() -> Client:
    return Client()


# -- the whole way -----------------------------------------------------------------------------------------------------


def test_a_citizen_files_from_the_start_to_the_slip(town, browser):
    assert "Cấp giấy thử nghiệm" in words(browser.get("/nop-ho-so/?q=thu nghiem"))
    start_page = words(browser.get(reverse("dossiers:apply", args=[CODE])))
    assert "Giấy chứng nhận" in start_page
    assert "Phường Sông" in start_page

    code = start(browser)
    assert rules.DRAFT_CODE.fullmatch(code)
    assert states(browser, code) == ["Xong", *["Chưa làm"] * 5]
    fill_in(browser, code)
    assert states(browser, code) == ["Xong"] * 6
    check = words(browser.get(page("draft_check", code)))
    # 2 copies of a paper of 3 pages: 2 x (2 x 2.000 + 1.000)
    for told in (
        "Phường Sông",
        "Hoàng Văn Minh",
        "05/01/1990",
        "giấy.pdf",
        "Tên giấy tờ: Bằng đại học; Số trang: 3; Số bản: 2",
        "2 trang × 2.000 đồng + 1 trang × 1.000 đồng",
        "10.000 đồng",
        "Dữ liệu của bạn được dùng thế nào",
    ):
        assert told in check

    assert submit(browser, code)["Location"] == page("submitted", code)
    dossier = Dossier.objects.get()
    assert (dossier.status, dossier.owner_name, dossier.form["things"]) == (
        Status.REGISTERED,
        "Hoàng Văn Minh",
        [{"title": "Bằng đại học", "pages": 3, "copies": 2}],
    )
    assert FeeDue.objects.get().amount_dong == 10_000
    done = words(browser.get(page("submitted", code)))
    assert dossier.submission_code in done
    assert "Chậm nhất 07/10/2025 09:00" in done  # eight working hours
    assert "Phiếu nộp hồ sơ (PDF)" in done
    # The one who has just typed the numbers need not type them again.
    assert "Hồ sơ đã đi qua đâu" in words(browser.get(reverse("dossiers:tracked", args=[dossier.submission_code])))


def test_each_part_leads_to_the_next_and_from_the_check_back_to_it(town, browser):
    code = start(browser)
    assert browser.post(page("draft_form", code, "who"), WHO)["Location"] == page("draft_form", code, "what")
    assert browser.post(page("draft_form", code, "what"), WHAT)["Location"] == page("draft_papers", code)
    looked_up = browser.post(page("draft_papers", code), {"look_up-giay-chung-nhan": "on"})
    assert looked_up["Location"] == page("draft_contact", code)
    another = browser.post(page("draft_contact", code), {**OWNER, "filing_for": "another"})
    assert another["Location"] == page("draft_contact", code, "nguoi-nop")
    assert browser.post(another["Location"], {"name": "Con"})["Location"] == page("draft_contact", code, "nhan-ket-qua")
    last = browser.post(page("draft_contact", code, "nhan-ket-qua"), {"return_by": "electronic"})
    assert last["Location"] == page("draft_check", code)
    change = page("draft_form", code, "who") + "?ve=kiem-tra"
    assert change in browser.get(page("draft_check", code)).content.decode()
    assert browser.post(change, WHO)["Location"] == page("draft_check", code)


def test_a_part_that_is_posted_reads_its_draft_twice_to_open_it_and_to_save_it(town, browser):
    # Each post used to read and judge the draft three or four times.
    code = start(browser)
    posts = {
        page("draft_place", code): {"unit": "98002"},
        page("draft_form", code, "who"): WHO,
        page("draft_papers", code): {"look_up-giay-chung-nhan": "on"},
        page("draft_contact", code): OWNER,
    }
    for address, data in posts.items():
        with CaptureQueriesContext(connection) as ran:
            assert browser.post(address, data).status_code == 302
        assert len([one for one in ran.captured_queries if 'FROM "dossiers_draft"' in one["sql"]]) == 2, address


# -- nothing typed is lost ---------------------------------------------------------------------------------------------


def test_what_is_wrong_is_kept_as_typed_and_said_again(town, browser):
    code = start(browser)
    wrong = {**WHO, "born_d": "31", "born_m": "2", "born_y": "2025", "phone": "12"}
    response = browser.post(page("draft_form", code, "who"), wrong)
    assert response.status_code == 422
    assert "Không có ngày 31/2/2025" in words(response)
    assert states(browser, code)[1] == "Cần sửa"
    again = browser.get(page("draft_form", code, "who"))
    assert again.status_code == 200
    assert "Không có ngày 31/2/2025" in words(again)
    for name, value in (("name", "Hoàng Văn Minh"), ("born_d", "31"), ("born_m", "2"), ("phone", "12")):
        assert re.search(rf'name="{name}"[^>]*value="{value}"', again.content.decode()), name
    assert browser.post(page("draft_form", code, "who"), WHO).status_code == 302
    assert states(browser, code)[1] == "Xong"


@pytest.mark.parametrize("email", ["á@vidu.vn", "a..b@vidu.vn", "minh@việt.vn"])
def test_an_address_no_letter_reaches_is_refused_while_it_can_be_put_right(town, browser, email):
    code = start(browser)
    response = browser.post(page("draft_contact", code), {**OWNER, "email": email})
    assert response.status_code == 422
    assert "Địa chỉ thư điện tử chưa đúng" in words(response)


def test_a_day_to_come_is_wrong_on_the_day_of_filing(town, browser):
    code = start(browser)
    response = browser.post(page("draft_form", code, "who"), {**WHO, "born_y": "2026"})
    assert response.status_code == 422
    assert "Ngày sinh ở sau hôm nay" in words(response)


def test_rows_grow_and_shrink_without_a_script(town, browser):
    code = start(browser)
    grown = browser.post(page("draft_form", code, "what"), {**WHAT, "them": "things"})
    assert grown.status_code == 302
    shown = browser.get(grown["Location"].split("#")[0]).content.decode()
    assert 'value="Bằng đại học"' in shown
    assert 'name="things-1-title"' in shown
    two = {**WHAT, "things-1-title": "Căn cước", "things-1-pages": "hai", "things-1-copies": "1"}
    assert browser.post(page("draft_form", code, "what"), two).status_code == 422
    assert browser.post(page("draft_form", code, "what"), {**two, "bot": "things/0"}).status_code == 302
    shown = browser.get(page("draft_form", code, "what")).content.decode()
    assert 'value="Căn cước"' in shown
    assert 'value="hai"' in shown
    assert "Bằng đại học" not in shown


def test_two_windows_on_two_parts_lose_nothing(town, browser):
    code = start(browser)
    first, second = browser, Client()
    first.get(page("draft_form", code, "who"))
    second.get(page("draft_form", code, "what"))
    first.post(page("draft_form", code, "who"), WHO)
    second.post(page("draft_form", code, "what"), WHAT)
    assert Draft.objects.get().data["to-khai"] == {
        "name": "Hoàng Văn Minh",
        "phone": "0912 345 678",
        "born": "1990-01-05",
        "things": [{"title": "Bằng đại học", "pages": 3, "copies": 2}],
    }


def test_typing_is_saved_by_itself_but_does_not_count_as_done(town, browser):
    code = start(browser)
    response = browser.post(page("draft_form", code, "who"), {"name": "Hoàng"}, headers={"X-Autosave": "1"})
    assert (response.status_code, response["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert response.content.decode() == "Đã tự lưu lúc 09:00"
    assert states(browser, code)[1] == "Đang khai"
    again = browser.get(page("draft_form", code, "who"))
    assert 'value="Hoàng"' in again.content.decode()
    assert "Cần sửa" not in words(again).split("Tờ khai của bạn")[0]


def test_a_draft_is_opened_again_by_its_code_however_typed(town, browser):
    code = start(browser)
    saved = browser.post(page("draft_form", code, "who"), {"name": "Hoàng", "sau": "1"})
    assert saved["Location"] == page("draft_later", code)
    assert code in words(browser.get(saved["Location"]))
    elsewhere = Client()
    for typed in (code, code.lower(), code.replace("-", " "), code.replace("-", "")):
        assert elsewhere.post("/nop-ho-so/tiep-tuc/", {"code": typed})["Location"] == page("draft", code)
    wrong = elsewhere.post("/nop-ho-so/tiep-tuc/", {"code": "KS-AAAA-AAAA-AAA"})
    assert wrong.status_code == 422
    assert "Không tìm thấy tờ khai" in words(wrong)
    assert elsewhere.post("/nop-ho-so/tiep-tuc/", {"code": "ts 7h4p 22km"})["Location"] == "/tra-cuu/TS-7H4P-22KM/"


def test_drafts_that_are_gone_say_so(town, browser, monkeypatch):
    code = start(browser)
    assert browser.get(page("draft", "KS-AAAA-AAAA-AAA")).status_code == 404
    monkeypatch.setattr(timezone, "now", lambda: MONDAY + timedelta(days=31))
    response = browser.get(page("draft_form", code, "who"))
    assert response.status_code == 410
    assert "được giữ đến 05/11/2025" in words(response)
    assert reverse("dossiers:apply", args=[CODE]) in response.content.decode()
    assert browser.post(page("draft_form", code, "who"), WHO).status_code == 410
    assert Draft.objects.get().data == {}


def test_pages_of_a_draft_are_kept_by_no_one(town, browser):
    response = browser.get(page("draft", start(browser)))
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"


# -- the end -----------------------------------------------------------------------------------------------------------


def test_nothing_is_submitted_while_something_is_missing_or_unpromised(town, browser):
    code = start(browser)
    unready = submit(browser, code)
    assert unready.status_code == 422
    assert "Còn 5 phần chưa xong" in words(unready)
    fill_in(browser, code)
    unpromised = browser.post(page("draft_check", code), {})
    assert unpromised.status_code == 422
    assert "đánh dấu vào ô" in words(unpromised)
    assert not Dossier.objects.exists()


def test_pressed_twice_or_in_two_windows_it_is_one_dossier(town, browser):
    code = start(browser)
    fill_in(browser, code)
    other = Client()
    for window in (browser, other, browser):
        assert submit(window, code)["Location"] == page("submitted", code)
    assert Dossier.objects.count() == 1
    # Back, reload, a window left open: all lead to the confirmation and change nothing.
    for where in (page("draft_form", code, "who"), page("draft_papers", code), page("draft_check", code)):
        assert browser.get(where)["Location"] == page("submitted", code)
        assert browser.post(where, WHO)["Location"] == page("submitted", code)
    assert browser.get(page("draft", code))["Location"] == page("submitted", code)
    assert Dossier.objects.get().form["name"] == "Hoàng Văn Minh"
    # Whoever only has the draft's code sees that it was handed in, and nothing of the person.
    stranger = words(Client().get(page("submitted", code)))
    assert Dossier.objects.get().submission_code in stranger
    assert "Minh" not in stranger
    assert "Phiếu nộp" not in stranger


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_instant_make_one_dossier(browser):
    make_filing_town()
    code = start(browser)
    fill_in(browser, code)
    together = Barrier(2)

    def press(_number):
        together.wait(timeout=20)
        try:
            return actions.submit_draft(code, actor=ANYONE, at=MONDAY).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(press, range(2)))
    assert len(set(made)) == 1
    assert Dossier.objects.count() == 1


def test_a_procedure_that_ended_meanwhile_is_said(town, browser, monkeypatch):
    code = start(browser)
    end_procedure(CODE, ends_on=date(2025, 10, 8), basis="Quyết định ví dụ", city_id=town.city.city.pk, actor=HOUSE, at=MONDAY)
    monkeypatch.setattr(timezone, "now", lambda: datetime(2025, 10, 9, 9, tzinfo=VIET_NAM))
    start_page = reverse("dossiers:apply", args=[CODE])
    for response in (browser.get(page("draft", code)), submit(browser, code), browser.get(start_page)):
        assert response.status_code == 409
        assert "không còn áp dụng" in words(response)


def test_a_new_version_is_told_and_seen_before_anything_is_submitted(town, browser, monkeypatch):
    code = start(browser)
    fill_in(browser, code)
    old = town.version.pk
    papers = (*PAPERS, Paper(code="anh", name="Ảnh chân dung"))
    make_procedure(CODE, valid_from=date(2025, 10, 8), form_schema=SCHEMA, papers=papers, fee_rules=(FEE,))
    thursday = datetime(2025, 10, 9, 9, tzinfo=VIET_NAM)
    monkeypatch.setattr(timezone, "now", lambda: thursday)

    check = words(browser.get(page("draft_check", code)))
    for told in (
        "Quy định của thủ tục này vừa đổi",
        "Cần thêm giấy tờ: Ảnh chân dung.",
        "Mức phí, lệ phí đã đổi",
        "Thời hạn giải quyết nay là 3 ngày làm việc, trước là 5 ngày làm việc.",
        "Còn 1 phần chưa xong",
    ):
        assert told in check
    assert submit(browser, code).status_code == 422
    assert browser.post(page("draft_papers", code), {"files-anh": a_file("ảnh.pdf")}).status_code == 302
    stale = submit(browser, code, version=str(old))
    assert stale.status_code == 409
    assert "Thủ tục vừa có quy định mới, hồ sơ chưa gửi" in words(stale)
    assert not Dossier.objects.exists()
    assert submit(browser, code).status_code == 302
    assert Dossier.objects.get().version_id != old


def test_a_paper_that_is_no_longer_asked_for_must_go_first(town, browser, monkeypatch):
    code = start(browser)
    fill_in(browser, code)
    make_procedure(CODE, valid_from=date(2025, 10, 8), form_schema=SCHEMA, papers=PAPERS[:1], fee_rules=(BY_PAGE,))
    monkeypatch.setattr(timezone, "now", lambda: datetime(2025, 10, 9, 9, tzinfo=VIET_NAM))
    assert "không còn cần cho thủ tục này" in words(browser.get(page("draft_check", code)))
    assert submit(browser, code).status_code == 422
    browser.post(page("draft_papers", code), {"bo": str(DraftFile.objects.get().pk)})
    assert submit(browser, code).status_code == 302


def test_postal_return_needs_an_address(town, browser):
    code = start(browser)
    fill_in(browser, code)
    response = browser.post(page("draft_contact", code, "nhan-ket-qua"), {"return_by": "post"})
    assert response.status_code == 422
    assert "cần địa chỉ" in words(response)
    assert submit(browser, code).status_code == 422
    browser.post(page("draft_contact", code), {**OWNER, "address": "12 phố Bến"})
    assert submit(browser, code).status_code == 302
    assert Dossier.objects.get().return_by == "post"


def test_the_one_who_files_for_another_is_kept_apart_from_the_owner(town, browser):
    code = start(browser)
    fill_in(browser, code)
    browser.post(page("draft_contact", code), {**OWNER, "filing_for": "another"})
    assert states(browser, code)[-2:] == ["Chưa làm", "Xong"]
    assert browser.post(page("draft_contact", code, "nguoi-nop"), {"name": " ", "phone": "1"}).status_code == 422
    browser.post(page("draft_contact", code, "nguoi-nop"), {"name": "Lê Thị Con", "phone": "0987654321", "relation": "con"})
    submit(browser, code)
    assert Dossier.objects.get().filer == {"name": "Lê Thị Con", "phone": "0987654321", "relation": "con", "id_number": ""}


def test_contact_without_any_number_is_refused(town, browser):
    code = start(browser)
    response = browser.post(page("draft_contact", code), {"filing_for": "self", "name": "Minh"})
    assert response.status_code == 422
    assert "bốn số cuối" in words(response)


# -- hostile and plain bad input ---------------------------------------------------------------------------------------


def test_scripts_stay_text_and_foreign_fields_are_left_out(town, browser):
    code = start(browser)
    hostile = {**WHO, "name": "<script>alert(1)</script>", "things-0-title": "x", "is_admin": "1"}
    browser.post(page("draft_form", code, "who"), hostile)
    assert Draft.objects.get().data["to-khai"]["name"] == "<script>alert(1)</script>"
    assert set(Draft.objects.get().data["to-khai"]) == {"name", "phone", "born"}
    for where in (page("draft_form", code, "who"), page("draft_check", code)):
        shown = browser.get(where).content.decode()
        assert "<script>alert" not in shown
        assert "&lt;script&gt;alert(1)" in shown


def test_too_much_text_is_refused_and_nothing_is_kept(town, browser):
    code = start(browser)
    many = {f"things-{i}-title": "x" * 60_000 for i in range(3)}
    assert browser.post(page("draft_form", code, "what"), {**WHAT, **many, "name": "x" * 200_000}).status_code == 422
    assert len(str(Draft.objects.get().data)) < 100_000


@pytest.mark.parametrize("where", ["to-khai/khong-co/", "lien-he/khong-co/", "la/"])
def test_parts_that_do_not_exist(town, browser, where):
    code = start(browser)
    assert browser.get(page("draft", code) + where).status_code in (302, 404)
    assert browser.post(page("draft", code) + where, WHO).status_code in (302, 404)
    assert Draft.objects.get().data == {}


# -- accounts ----------------------------------------------------------------------------------------------------------


def test_an_account_fills_in_what_it_knows_and_lists_what_is_its_own(town):
    minh = make_citizen("Hoàng Văn Minh", email="minh@vidu.vn", at=MONDAY)
    browser = logged_in(minh)
    code = start(browser)
    assert 'value="Hoàng Văn Minh"' in browser.get(page("draft_form", code, "who")).content.decode()
    contact = browser.get(page("draft_contact", code)).content.decode()
    assert 'value="minh@vidu.vn"' in contact
    browser.post(page("draft_form", code, "who"), {**WHO, "phone": ""})
    assert 'value="0912' not in browser.get(page("draft_form", code, "who")).content.decode()  # taken away stays away
    assert code in browser.get("/ho-so-cua-toi/").content.decode()
    assert code in browser.get(reverse("dossiers:apply", args=[CODE])).content.decode()

    fill_in(browser, code)
    submit(browser, code)
    mine = words(browser.get("/ho-so-cua-toi/"))
    assert Dossier.objects.get().submission_code in mine
    assert "Không có tờ khai dở" in mine
    other = logged_in(make_citizen("Trần Văn Khác", at=MONDAY))
    assert Dossier.objects.get().submission_code not in words(other.get("/ho-so-cua-toi/"))
    assert Client().get("/ho-so-cua-toi/").status_code == 302


def test_the_contact_page_knows_what_the_form_was_told(town, browser):
    code = start(browser)
    browser.post(page("draft_form", code, "who"), WHO)
    contact = browser.get(page("draft_contact", code)).content.decode()
    assert 'value="Hoàng Văn Minh"' in contact
    assert 'value="0912 345 678"' in contact


# -- cost --------------------------------------------------------------------------------------------------------------


def test_pages_of_a_draft_cost_a_few_queries_however_many_files(town, browser, django_assert_max_num_queries):
    code = start(browser)
    fill_in(browser, code)
    for number in range(6):
        actions.add_draft_file(code, "giay-chung-nhan", PDF, name=f"{number}.pdf", actor=ANYONE, at=MONDAY)
    browser.get(page("draft", code))
    for where in (page("draft", code), page("draft_papers", code), page("draft_check", code), page("draft_form", code, "who")):
        with django_assert_max_num_queries(3):
            assert browser.get(where).status_code == 200


def test_a_refused_page_leaves_no_stored_file_without_a_draft(town, browser):
    code = start(browser)
    browser.post(page("draft_papers", code), {"files-la": a_file(), "files-giay-chung-nhan": a_file("x.exe", b"MZ\0\0")})
    assert not StoredFile.objects.exists()
