"""Pages of whoever arranges feedback: every form once, bad input, and who is let in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from thongsuot.feedback import actions
from thongsuot.feedback.models import Category, CategoryQuestion, Competence, FeedbackTicket, Setting, TimeLimit
from thongsuot.feedback.sheets import ACCOUNTS, COMPETENCES
from thongsuot.feedback.tests.make import MONDAY
from thongsuot.feedback.tests.test_arranging import a_list
from thongsuot.kernel import clock as house_clock
from thongsuot.people.models import Person
from thongsuot.people.tests.make import browser_of, make_officer

BASE = "/quan-tri/phan-anh/"
BRIDGE = {
    "code": "cau-hong",
    "name": "Cầu hỏng",
    "group": "Đường, vỉa hè",
    "stream": "scene",
    "keywords": "cầu, lan can",
    "urgency": "normal",
    "straight": "on",
    "public_decimals": "3",
    "same_metres": "50",
    "same_days": "20",
    "place": "3",
    "valid_from": "06/10/2025",
}
LISTS = ["", "tham-quyen/", "thoi-han/", "thoi-han/dat/", "tham-so/", "tham-so/ask_days/", "tai-khoan/", "phan-anh-thu/"]


@pytest.fixture
def manager(desk) -> Client:
    return browser_of(desk.people["quan"])


def text(answer) -> str:
    return answer.content.decode()


def csv(content: bytes, name: str = "a.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/csv")


def test_each_list_shows_what_the_city_has_and_nobody_else_is_let_in(desk, manager):
    others = [Client(), browser_of(desk.people["ngan"]), browser_of(desk.people["hanh"])]
    for page in LISTS:
        assert manager.get(BASE + page).status_code == 200, page
        assert all(one.get(BASE + page).status_code in {302, 403} for one in others), page
    assert "Ổ gà, mặt đường hỏng" in text(manager.get(BASE))
    assert "mặc định" in text(manager.get(BASE + "thoi-han/"))
    assert "Chưa thôi dùng lĩnh vực nào" in text(manager.get(BASE, {"het": "1"}))


def test_a_category_is_added_changed_asked_about_previewed_and_ended(desk, manager):
    manager.post(BASE + "linh-vuc/them/", BRIDGE)
    made = Category.objects.get(code="cau-hong")
    page = f"{BASE}linh-vuc/{made.pk}/"
    assert (made.keywords, made.needs_place, made.straight) == (["cau", "lan can"], False, True)

    manager.post(page, {**BRIDGE, "viec": "luu", "name": "Cầu, cống hỏng"})
    asked = {"code": "loai", "kind": "singlevaluelist", "asks": "Cầu nào?", "answers": "Cầu sắt\nbt = Bê tông", "place": "0"}
    manager.post(page + "cau-hoi/", asked)
    question = CategoryQuestion.objects.get(category=made)
    assert question.answers == [["cau-sat", "Cầu sắt"], ["bt", "Bê tông"]]
    shown = text(manager.get(page + "xem/"))
    assert all(words in shown for words in ("Cầu, cống hỏng", "Cầu nào?", "Bê tông"))
    manager.post(f"{BASE}cau-hoi/{question.pk}/", {**asked, "viec": "luu", "answers": "cau-sat = Sắt\nbt = Bê tông"})
    manager.post(f"{BASE}cau-hoi/{question.pk}/", {"viec": "thoi", "day": "07/10/2025"})
    manager.post(page, {"viec": "thoi", "day": "08/10/2025"})
    made.refresh_from_db()
    question.refresh_from_db()
    assert (str(made.valid_to), question.answers[0], str(question.ended_on)) == ("2025-10-08", ["cau-sat", "Sắt"], "2025-10-07")
    assert "Thôi dùng từ 08/10/2025" in text(manager.get(page))
    manager.post(page, {"viec": "dung-tiep"})
    made.refresh_from_db()
    assert made.valid_to is None


def test_bad_input_is_told_beside_its_field_and_nothing_is_stored(desk, manager):
    found = Category.objects.get(code="o-ga")
    page, question = f"{BASE}linh-vuc/{found.pk}/", CategoryQuestion.objects.get(category=found)
    for address, said in (
        (BASE + "linh-vuc/them/", {**BRIDGE, "code": "Mã <b>"}),
        (BASE + "linh-vuc/them/", {**BRIDGE, "valid_from": "31/02/2026"}),
        (BASE + "linh-vuc/them/", {**BRIDGE, "valid_from": "01/01/2199"}),
        (BASE + "linh-vuc/them/", {**BRIDGE, "same_metres": "9" * 40}),
        (page, {"viec": "thoi", "day": "06/10/2025"}),
        (page, {"viec": "luu"}),
        (page, {"viec": "x"}),
        (f"{BASE}cau-hoi/{question.pk}/", {"viec": "thoi", "day": "hôm qua"}),
        (f"{BASE}tham-quyen/{found.pk}/", {"viec": "giao", "place": "9999", "handler": "x", "basis": "", "valid_from": ""}),
        (f"{BASE}tham-quyen/{found.pk}/", {"viec": "x"}),
        (BASE + "thoi-han/dat/", {"stream": "x", "step": "answer", "value": "-1", "measure": "minutes", "basis": "QĐ"}),
        (BASE + "tham-so/ask_days/", {"value": "1000000", "basis": "QĐ", "valid_from": "06/10/2025"}),
        (BASE + "phan-anh-thu/", {"viec": "x"}),
        (BASE + "tham-quyen/nhap/", {"valid_from": "07/10/2025"}),
        (BASE + "tai-khoan/nhap/", {"file": csv(b"\x00\x01", "a.exe")}),
    ):
        assert manager.post(address, said).status_code in {400, 415, 422}, (address, said)
    for address in ("tham-so/none/", "linh-vuc/999999/", "cau-hoi/999999/", "tham-quyen/nhap/999999/", "tham-quyen/999999/"):
        assert manager.get(BASE + address).status_code == 404, address
    asked = {"luong": "scene", "buoc": "answer", "muc": "normal", "ngay": "01/01/2199", "gio": "25:00"}
    assert manager.get(BASE + "thoi-han/", asked).status_code == 422
    assert manager.get(BASE + "thoi-han/", {**asked, "gio": "08:00"}).status_code == 422
    assert manager.get(BASE + "thoi-han/dat/", {"luong": "<x>", "buoc": "x", "muc": "x"}).status_code == 200
    assert Category.objects.count() == 26
    assert not Setting.objects.filter(valid_from__gt="2025-07-01").exists()
    assert not FeedbackTicket.objects.exists()


def test_markup_in_what_an_administrator_writes_stays_words(desk, manager):
    manager.post(BASE + "linh-vuc/them/", {**BRIDGE, "name": "<script>alert(1)</script>"})

    assert "<script>alert" not in text(manager.get(BASE))


def test_a_limit_and_a_number_change_from_a_day_and_the_calculator_answers(desk, manager):
    said = {"stream": "scene", "step": "answer", "urgency": "normal", "value": "3", "measure": "working_days", "basis": "QĐ 5"}
    assert manager.post(BASE + "thoi-han/dat/", {**said, "valid_from": "06/10/2025"}).status_code == 422
    assert manager.post(BASE + "thoi-han/dat/", {**said, "valid_from": "07/10/2025"}).status_code == 302
    assert TimeLimit.objects.filter(basis="QĐ 5", valid_from="2025-10-07").exists()
    page = text(manager.get(BASE + "thoi-han/dat/", {"luong": "scene", "buoc": "answer", "muc": "normal"}))
    assert "QĐ 5" in page
    assert "Sắp áp dụng" in page
    manager.post(BASE + "tham-so/ask_days/", {"value": "7", "basis": "QĐ 6", "valid_from": "07/10/2025"})
    assert "07/10/2025: 7" in text(manager.get(BASE + "tham-so/"))

    asked = {"luong": "scene", "buoc": "answer", "muc": "urgent", "ngay": "06/10/2025", "gio": "8:00"}
    found = text(manager.get(BASE + "thoi-han/", asked))
    assert "Nhắc việc:" in found
    assert "06/10/2025" in found


def test_who_answers_is_set_and_taken_back_on_one_page_and_a_table_is_looked_at_first(desk, manager):
    found = Category.objects.get(code="o-ga")
    page = f"{BASE}tham-quyen/{found.pk}/"
    given = {"viec": "giao", "place": str(desk.river), "handler": str(desk.hill), "basis": "QĐ 9", "valid_from": "07/10/2025"}
    manager.post(page, given)
    own = Competence.objects.get(place_unit=desk.river)
    assert own.handler_id == desk.hill
    assert "Sắp áp dụng" in text(manager.get(page))
    assert "QĐ 9" in text(manager.get(page))
    manager.post(page, {"viec": "thoi", "dong": str(own.pk), "day": "07/10/2025"})
    assert not Competence.objects.filter(pk=own.pk).exists()

    assert manager.get(BASE + "tham-quyen/bang.xlsx").headers["Content-Disposition"].startswith("attachment")
    content = a_list(COMPETENCES, "o-ga,,98002,QĐ 12,,")
    sent = manager.post(BASE + "tham-quyen/nhap/", {"file": csv(content), "valid_from": "07/10/2025"})
    assert "Phường Đồi" in text(manager.get(sent["Location"]))
    assert not Competence.objects.filter(basis="QĐ 12").exists()
    assert manager.post(sent["Location"], {"viec": "x"}).status_code == 422
    manager.post(sent["Location"], {"viec": "nhap"})
    assert Competence.objects.get(basis="QĐ 12").valid_from == MONDAY.date() + timedelta(days=1)
    assert "Phường Đồi" in text(manager.get(BASE + "tham-quyen/", {"don-vi": str(desk.hill)}))
    bad = manager.post(BASE + "tham-quyen/nhap/", {"file": csv(a_list(COMPETENCES, "x,,,,,")), "valid_from": "07/10/2025"})
    assert bad.status_code == 422
    assert "Không có lĩnh vực mang mã này" in text(bad)


def test_an_announced_change_of_the_whole_city_is_taken_out_on_its_page(desk, manager):
    found = Category.objects.get(code="o-ga")
    page = f"{BASE}tham-quyen/{found.pk}/"
    assert "Bỏ, chưa áp dụng" not in text(manager.get(page))
    manager.post(page, {"viec": "giao", "place": "", "handler": str(desk.hill), "basis": "QĐ 9", "valid_from": "07/10/2025"})
    coming = Competence.objects.get(category=found, handler=desk.hill)
    assert "Bỏ, chưa áp dụng" in text(manager.get(page))
    done = manager.post(page, {"viec": "thoi", "dong": str(coming.pk), "day": "06/10/2025"}, follow=True)
    assert "lần giao trước giữ nguyên" in text(done)
    assert Competence.objects.get(category=found).valid_to is None


def test_accounts_are_looked_at_then_opened(desk, manager):
    assert manager.get(BASE + "tai-khoan/mau/").status_code == 200
    content = a_list(ACCOUNTS, "98002,Lò Thị Mẫu,mau@vidu.vn,,Chuyên viên,,xử lý")
    sent = manager.post(BASE + "tai-khoan/nhap/", {"file": csv(content)})
    assert "Lập tài khoản" in text(manager.get(sent["Location"]))
    assert not Person.objects.filter(email="mau@vidu.vn").exists()
    manager.post(sent["Location"], {"viec": "lap"})
    assert Person.objects.filter(email="mau@vidu.vn").exists()


def test_names_and_addresses_of_a_list_are_for_whoever_opens_accounts(desk, manager):
    content = a_list(ACCOUNTS, "98002,Lò Thị Mẫu,mau@vidu.vn,,Chuyên viên,,xử lý")
    sent = manager.post(BASE + "tai-khoan/nhap/", {"file": csv(content)})
    arranger = browser_of(make_officer(desk.city.city, duties=["manage feedback"], email="sapxep@vidu.vn", at=MONDAY))

    assert arranger.get(BASE + "tai-khoan/").status_code == 200
    assert "Lập tài khoản theo danh sách" not in text(arranger.get(BASE + "tai-khoan/"))
    for page in (BASE + "tai-khoan/nhap/", sent["Location"]):
        answer = arranger.get(page)
        assert answer.status_code == 403
        assert "mau@vidu.vn" not in text(answer)


def test_a_drill_is_asked_about_sent_followed_and_closed(desk, manager):
    page = BASE + "phan-anh-thu/"
    assert "Gửi phản ánh thử đến mọi đơn vị?" in text(manager.post(page, {"viec": "hoi"}))
    assert not FeedbackTicket.objects.exists()
    manager.post(page, {"viec": "gui"})
    mine = FeedbackTicket.objects.get(unit=desk.river)
    actions.accept(mine.pk, actor=desk.actor("toan"), at=house_clock.now())
    shown = text(manager.get(page))
    assert mine.number in shown
    assert "Phường Sông" in shown
    assert manager.post(page, {"viec": "gui"}).status_code == 409
    manager.post(page, {"viec": "khep"})
    assert "Đã khép lại" in text(manager.get(page))


def test_the_list_of_categories_costs_few_questions_however_many_there_are(desk, manager, django_assert_max_num_queries):
    manager.get(BASE)
    with django_assert_max_num_queries(15):
        manager.get(BASE)
    with django_assert_max_num_queries(20):
        manager.get(BASE + "thoi-han/")
