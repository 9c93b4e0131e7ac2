"""The pages do their work without JavaScript, for whom they are, and bear bad input."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from thongsuot.citizen_reception import actions, panels
from thongsuot.citizen_reception.models import DayChange, OnlineSession, ReceptionDay, ReceptionEntry
from thongsuot.citizen_reception.tests.make import MONDAY, STARTS, WHO, a_day, a_session, came, told
from thongsuot.files.tests.make import pdf
from thongsuot.people.models import LookUp
from thongsuot.people.tests.make import browser_of, make_administrator, with_second_factor
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db
HOSTILE = '"><script>alert(1)</script>'
VISIT = {
    "name": "Lò Thị Đến",
    "address": "3 phố Bến",
    "phone": "0912 000 077",
    "people": "1",
    "matter": "Không đồng ý với quyết định.",
    "papers": "Đơn khiếu nại\n\nQuyết định",
    "came_as": "in_person",
}


def url(name, *args):
    return reverse(f"citizen_reception:{name}", args=args)


@pytest.fixture
def browser(office, clock):
    return lambda name: browser_of(office.people[name])


def test_empty_pages_say_what_to_do(browser, client):
    viet, phung = browser("viet"), browser("phung")
    assert "Chưa đơn vị nào công bố lịch" in said(client.get(url("public")))
    assert "Chưa có ngày tiếp nào" in said(client.get(url("unit", "98001")))
    assert client.get(url("unit", "00000")).status_code == 404
    assert "Không có lượt tiếp nào" in said(viet.get(url("register")))
    assert "Chưa có lịch" in said(viet.get(url("schedule")))
    assert "Chưa có phiên nào" in said(viet.get(url("sessions")))
    assert "Chưa có lượt tiếp nào" in said(viet.get(url("figures")))
    assert "Chưa có lịch" in said(phung.get(url("city")))


def test_anybody_reads_the_coming_days_and_finds_a_unit_without_marks(office, clock, client):
    day = a_day(office)
    actions.change_day(
        day.pk, day=MONDAY.date().replace(day=6), moved_to=None, reason="Bão", actor=office.actor("hanh"), at=MONDAY
    )

    found = said(client.get(url("public") + "?q=phuong+song"))
    shown = said(client.get(url("unit", "98001")))

    assert "Phường Sông" in found
    assert "Không có đơn vị nào khớp" in said(client.get(url("public") + "?q=zzz"))
    for words in ("Thứ năm, 06/08/2026", "Không tiếp", "Bão", "13/08/2026", "08:00-11:30", "ít nhất 1 ngày mỗi tuần"):
        assert words in shown
    assert "Xem lịch tiếp công dân" in said(client.get("/"))


def test_a_day_is_announced_moved_taken_back_and_ended_by_hand(browser, office):
    hanh = browser("hanh")
    facts = {
        "unit": office.river,
        "weekday": 4,
        "week": 0,
        "starts": "08:00",
        "ends": "11h30",
        "point": "",
        "place": "Phòng 102",
    }
    facts |= {"receiver": "Chủ tịch", "by_head": "on", "valid_from": "03/08/2026"}
    assert "Đã ghi lịch" in said(hanh.post(url("add_day"), facts, follow=True))
    day = ReceptionDay.objects.get()
    move = {"viec": "doi", "day": "06/08/2026", "moved_to": "07/08/2026", "reason": "Họp"}
    assert "Chuyển sang 07/08/2026" in said(hanh.post(url("day", day.pk), move, follow=True))
    refused = hanh.post(url("day", day.pk), move | {"day": "05/08/2026"})
    assert refused.status_code == 409
    assert "không tiếp công dân vào ngày đó" in said(refused)
    assert 'value="2026-08-06"' in hanh.get(url("day", day.pk)).content.decode()
    hanh.post(url("day", day.pk), {"viec": "bo", "ngay": "2026-08-06"})
    assert not DayChange.objects.exists()
    assert hanh.post(url("day", day.pk), {"viec": "bo", "ngay": "9999-99-99"}).status_code == 422
    assert "Đã ghi ngày thôi" in said(hanh.post(url("day", day.pk), {"viec": "thoi", "on": "10/08/2026"}, follow=True))
    assert hanh.post(url("day", day.pk), {"viec": "khac"}).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekday": "7"},
        {"starts": "25:00"},
        {"ends": "x"},
        {"valid_from": "31/02/2026"},
        {"valid_from": "01/01/0001"},
        {"unit": "999"},
    ],
)
def test_a_day_that_cannot_be_read_is_refused(browser, office, wrong):
    facts = {"unit": office.river, "weekday": 4, "week": 0, "starts": "08:00", "ends": "11:30", "place": "P", "receiver": "C"}
    facts |= {"valid_from": "03/08/2026"}

    assert browser("hanh").post(url("add_day"), facts | wrong).status_code == 422
    assert not ReceptionDay.objects.exists()


def test_a_visit_from_the_door_to_its_result(browser, office):
    viet = browser("viet")
    answer = viet.post(url("add"), VISIT | {"unit": office.river}, follow=True)
    entry = ReceptionEntry.objects.get()
    here = url("entry", entry.pk)
    assert "Đã ghi vào sổ, số 1/2026" in said(answer)
    assert [paper.title for paper in entry.papers.order_by("pk")] == ["Đơn khiếu nại", "Quyết định"]
    assert "Lập phiếu xử lý" not in said(viet.get(here))
    scan = SimpleUploadedFile("cccd.pdf", pdf())
    for step in (
        {"viec": "phan-loai", "kind": "complaint", "competence": "ours"},
        {"viec": "giay-to", "title": "Căn cước", "file": scan},
        {"viec": "bien-nhan"},
        {"viec": "xu-ly", "way": "accepted", "words": "Đúng thẩm quyền."},
        {"viec": "ket-qua", "result": "Đã trả lời."},
    ):
        answer = viet.post(here, step)
        assert answer.status_code == 302, said(answer)

    shown = said(viet.get(here))
    for words in ("Khiếu nại", "Đã xong", "Giấy biên nhận giấy tờ 1/2026", "Phiếu xử lý 1/2026", "Đã trả lời.", "Lịch sử"):
        assert words in shown
    for hidden in ("0912", "phố Bến"):
        assert hidden not in shown
    slip = entry.slips.get(form="handling")
    answer = viet.get(url("file", entry.pk, slip.file_id))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert LookUp.objects.get().fields == ["files"]
    assert "Trần Thị Viet" in said(viet.get(here))
    assert viet.get(url("file", entry.pk, 999_999)).status_code == 404


def test_who_came_is_shown_after_a_reason(browser, office):
    entry, viet = came(office), browser("viet")
    masked = said(viet.get(url("entry", entry.pk)))
    assert "Lò Thị Đ•••" in masked
    assert "Lò Thị Đến" not in masked
    asked = viet.get(url("visitor", entry.pk))
    assert "Lý do xem" in said(asked)
    assert "0912000077" not in said(asked)
    assert viet.post(url("visitor", entry.pk), {"reason": " "}).status_code == 422
    assert not LookUp.objects.exists()

    shown = said(viet.post(url("visitor", entry.pk), {"reason": "Gọi lại"}))

    assert "0912000077" in shown
    assert "001431000077" in shown
    assert LookUp.objects.get().reason == "Gọi lại"


def test_a_denunciation_names_nobody_to_colleagues(browser, office):
    entry = came(office, kind="denunciation", papers=())
    slip = actions.handle(entry.pk, way="accepted", words="Thụ lý", actor=office.actor("viet"), at=MONDAY).slips.get()

    thu = browser("thu")
    for page in (url("register"), url("entry", entry.pk)):
        shown = said(thu.get(page))
        assert "Giữ kín" in shown
        assert "Lò Thị" not in shown
    book = load_workbook(io.BytesIO(b"".join(thu.get(url("sheet")))))
    assert book.active[2][3].value == "Giữ kín"
    assert thu.get(url("visitor", entry.pk)).status_code == 403
    assert thu.get(url("file", entry.pk, slip.file_id)).status_code == 403
    assert browser("hanh").get(url("visitor", entry.pk)).status_code == 200


def test_the_city_reads_figures_of_all_units_and_no_book_but_its_own(browser, office):
    entry = came(office)
    phung = browser("phung")

    assert phung.get(url("entry", entry.pk)).status_code == 403
    assert "Lò Thị" not in said(phung.get(url("register")))
    assert "Phường Sông" in said(phung.get(url("figures")))
    book = load_workbook(io.BytesIO(b"".join(phung.get(url("figures_sheet")))))
    assert [cell.value for cell in book.active[2]][:5] == ["08/2026", "98001", "Phường Sông", 1, 1]
    assert browser("dao").get(url("city")).status_code == 403


def test_the_register_leaves_as_a_table_with_masked_names(browser, office):
    came(office)
    book = load_workbook(io.BytesIO(b"".join(browser("viet").get(url("sheet")))))

    row = [cell.value for cell in book.active[2]]
    assert row[0] == "1/2026"
    assert row[3] == "Lò Thị Đ•••"
    assert "0912" not in str(row)


def test_another_capability_shows_what_it_made(browser, office, monkeypatch):
    monkeypatch.setattr(panels, "_panels", {})
    panels.panel("x", lambda entry, actor, now: panels.Part(template="citizen_reception/_home_box.html", part=None), order=1)
    panels.panel("y", lambda entry, actor, now: None, order=0)

    assert "Xem lịch tiếp công dân" in said(browser("viet").get(url("entry", came(office).pk)))


def test_an_online_session_is_led_by_its_page(browser, office, clock):
    viet = browser("viet")
    facts = {
        "unit": office.river,
        "title": "Tiếp đoàn",
        "day": "17/08/2026",
        "hour": "14:00",
        "heard_by": "Chủ tịch",
        "link": "",
    }
    assert "sớm nhất là ngày 10/08/2026" in said(viet.get(url("plan")))
    refused = viet.post(url("plan"), facts | {"day": "05/08/2026"})
    assert refused.status_code == 409
    assert "sớm nhất là 10/08/2026" in said(refused)
    viet.post(url("plan"), facts)
    made = OnlineSession.objects.get()
    here = url("session", made.pk)
    for step in (
        {"viec": "ben", "name": "Lò Văn Diện", "role": "Người đại diện", "people": "12"},
        {"viec": "diem", "unit": office.river},
        {"viec": "bao", "how": "Giấy mời số 1"},
    ):
        assert viet.post(here, step).status_code == 302
    site = made.sites.get().pk
    for step in ("thu-hong", "thu-dat", "ket-noi"):
        assert viet.post(here, {"viec": step, "diem-tiep": site}).status_code == 302
    assert viet.post(here, {"viec": "ket-noi", "diem-tiep": "x"}).status_code == 404
    shown = said(viet.get(here))
    for words in (
        "Hạn: 10/08/2026 17:00",
        "Hạn: 14/08/2026 17:00",
        "Hạn: 17/08/2026 13:00",
        "Đúng hạn",
        "đại diện cho 12 người",
    ):
        assert words in shown
    assert viet.post(here, {"viec": "bat-dau"}).status_code == 409, "it is not its hour"
    clock.now = STARTS
    viet = browser("viet")
    for step in (
        {"viec": "bat-dau"},
        {"viec": "ket-thuc"},
        {"viec": "ban-ghi", "link": "https://luu.vidu.vn/1", "sha256": "ab" * 32},
        {"viec": "bien-ban", "words": "Kết luận."},
        {"viec": "ky-tay", "scan": SimpleUploadedFile("ky.pdf", pdf())},
    ):
        answer = viet.post(here, step)
        assert answer.status_code == 302, said(answer)
    made.refresh_from_db()
    assert "Đã ký" in said(viet.get(here))
    assert viet.get(url("session_file", made.pk, made.minutes_file_id)).status_code == 200
    assert viet.get(url("session_file", made.pk, 999_999)).status_code == 404


def test_a_session_is_moved_or_called_off_by_its_page(browser, office):
    made, viet = a_session(office), browser("viet")
    told(office, made)
    here = url("session", made.pk)
    assert viet.post(here, {"viec": "doi", "day": "18/08/2026", "hour": "08:00", "reason": "Trùng họp"}).status_code == 302
    assert "Chưa báo" in said(viet.get(here))
    assert viet.post(here, {"viec": "huy", "reason": ""}).status_code == 422
    viet.post(here, {"viec": "huy", "reason": "Rút đơn"})
    assert "Đã hủy" in said(viet.get(here))


def test_a_matter_goes_on_to_another_unit_by_its_page_and_comes_to_its_end_there(browser, office):
    entry, viet, dao = came(office), browser("viet"), browser("dao")
    here = url("entry", entry.pk)
    refused = viet.post(here, {"viec": "xu-ly", "way": "refused", "words": "Say rượu."})
    assert refused.status_code == 422
    assert "căn cứ từ chối có từ ngày, giờ nào" in said(refused)
    move = {"viec": "xu-ly", "way": "transferred", "words": "Thuộc phường Đồi.", "to_unit": office.hill}
    assert "Đơn vị nhận có lượt tiếp này trong sổ" in said(viet.post(here, move, follow=True))

    shown = said(viet.get(here))
    for words in ("Phường Đồi đang giải quyết lượt tiếp này", "Các lần chuyển", "Thuộc phường Đồi."):
        assert words in shown
    assert "1/2026" in said(dao.get(url("register") + "?muc=dang-mo"))
    assert viet.post(here, {"viec": "ket-thuc", "because": "mistaken", "reason": "Nhầm"}).status_code == 403
    assert dao.post(here, {"viec": "ket-thuc", "because": "returned", "reason": "Nhầm"}).status_code == 422
    dao.post(here, {"viec": "ket-thuc", "because": "withdrawn", "reason": "Đã thỏa thuận"})
    shown = said(dao.get(here))
    assert "Người đến rút" in shown
    assert "Đã thỏa thuận" in shown


def test_who_leads_extends_what_is_not_late_yet_and_what_is_late_is_a_tab(browser, office, clock):
    entry = came(office)
    actions.handle(entry.pk, way="accepted", words="Thụ lý", actor=office.actor("viet"), at=MONDAY)
    entry.refresh_from_db()
    clock.now = entry.due_at
    viet, hanh, here = browser("viet"), browser("hanh"), url("entry", entry.pk)
    extend = {"viec": "gia-han", "reason": "Phải giám định"}

    assert "gia hạn giải quyết" not in said(viet.get(here))
    assert "Đã gia hạn đến" in said(hanh.post(here, extend, follow=True))
    assert "Phải giám định" in said(viet.get(here))
    assert "1/2026" not in said(viet.get(url("register") + "?muc=tre"))

    entry.refresh_from_db()
    clock.now = entry.due_at + timedelta(minutes=1)
    viet, hanh = browser("viet"), browser("hanh")  # logged in weeks ago
    assert "1/2026" in said(viet.get(url("register") + "?muc=tre"))
    assert "Đã trễ hạn từ" in said(viet.get(here))
    assert "Việc phức tạp: gia hạn" not in said(hanh.get(here))
    assert "không gia hạn được" in said(hanh.post(here, extend))


def test_a_party_and_a_site_are_taken_off_by_the_page(browser, office):
    made, viet = a_session(office), browser("viet")
    here = url("session", made.pk)
    party, site = made.parties.get(), made.sites.first()

    assert "Đã bỏ bên này" in said(viet.post(here, {"viec": "bo-ben", "ben": party.pk}, follow=True))
    assert "Đã bỏ điểm này" in said(viet.post(here, {"viec": "bo-diem", "diem-tiep": site.pk}, follow=True))
    assert viet.post(here, {"viec": "bo-ben", "ben": party.pk}).status_code == 404
    assert "Chưa ghi bên nào" in said(viet.get(here))


def test_a_test_of_a_line_says_on_the_page_how_it_was(browser, office):
    made, viet = a_session(office), browser("viet")
    first, second = made.sites.order_by("pk")
    here = url("session", made.pk)
    failed = {"viec": "thu-hong", "diem-tiep": first.pk, "note": HOSTILE}
    assert viet.post(here, failed).status_code == 302
    shown = viet.get(here)
    assert f": {HOSTILE}" in said(shown)
    assert "<script>alert" not in shown.content.decode()

    refused = viet.post(here, {"viec": "thu-dat", "diem-tiep": second.pk, "note": "y" * 301})

    assert refused.status_code == 422
    assert refused.content.decode().count("y" * 301) == 1, "in the form of that site alone"
    assert f'id="diem-{second.pk}-note"' in refused.content.decode()
    assert second.tests.count() == 0
    assert viet.post(here, failed | {"diem-tiep": "999999"}).status_code == 404


def test_an_administrator_sets_a_number_of_the_law(office, clock):
    admin = with_second_factor(make_administrator(office.city.city))
    browser = browser_of(admin)
    assert "chưa ai đối chiếu" in said(browser.get(url("numbers")))
    here = url("number", "transfer_days")
    facts = {"value": "3", "basis": "NĐ 154/2026/NĐ-CP", "checked": "on", "valid_from": "01/09/2026"}
    for wrong in ({"value": "0"}, {"value": "x"}, {"basis": ""}, {"valid_from": "01/08/2026"}):
        assert browser.post(here, facts | wrong).status_code == 422
    assert "Đã lưu" in said(browser.post(here, facts, follow=True))
    assert "01/09/2026: 3" in said(browser.get(url("numbers")))
    assert "NĐ 154/2026/NĐ-CP" in said(browser.get(here))
    assert browser.get(url("number", "nothing")).status_code == 404
    assert browser_of(office.people["phung"]).get(url("numbers")).status_code == 403


@pytest.mark.parametrize("field", ["name", "address", "matter", "papers", "heard_by", "competent_body", "representatives"])
def test_markup_in_any_field_is_words(browser, office, field):
    entry_facts = VISIT | {
        "unit": office.river,
        "kind": "complaint",
        "competence": "others",
        "competent_body": "Tòa án",
        field: HOSTILE,
    }
    viet = browser("viet")
    viet.post(url("add"), entry_facts)
    entry = ReceptionEntry.objects.get()
    for page in (
        viet.get(url("entry", entry.pk)),
        viet.get(url("register")),
        viet.post(url("visitor", entry.pk), {"reason": HOSTILE}),
    ):
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()
    actions.handle(entry.pk, way="accepted", words=HOSTILE, actor=office.actor("viet"), at=MONDAY)
    assert "<script>alert" not in viet.get(url("entry", entry.pk)).content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "x" * 201),
        ("matter", "x" * 4001),
        ("people", "-1"),
        ("people", "9" * 30),
        ("phone", HOSTILE),
        ("email", "x" * 300),
        ("id_number", "\x00"),
        ("kind", HOSTILE),
        ("came_as", "hotline"),
        ("papers", "\n".join(["Đơn"] * 21)),
        ("unit", "0"),
    ],
)
def test_bad_input_stores_nothing(browser, office, field, value):
    answer = browser("viet").post(url("add"), VISIT | {"unit": office.river, field: value})

    assert 400 <= answer.status_code < 500
    assert not ReceptionEntry.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"), [("a.svg", b"<svg onload='alert(1)'/>"), ("a.pdf", b"<html>"), ("a.exe", b"MZ\x00"), ("a.png", pdf())]
)
def test_a_wrong_file_is_refused_and_named(browser, office, name, content):
    entry = came(office)
    upload = SimpleUploadedFile(name, content)

    answer = browser("viet").post(url("entry", entry.pk), {"viec": "giay-to", "title": "Đơn", "file": upload})

    assert 400 <= answer.status_code < 500
    assert not entry.papers.exists()


@pytest.mark.parametrize(
    "query", ["?q=%27%25", "?muc=x", "?loai=%3Cb%3E", "?don_vi=999999999999999999999", "?trang=0", "?q=" + "9" * 300]
)
def test_any_address_is_answered(browser, office, query):
    came(office, visitor=replace(WHO, people=3, representatives="Lò A, Lò B"))
    assert browser("viet").get(url("register") + query).status_code == 200
    assert browser("phung").get(url("city") + query).status_code == 200
