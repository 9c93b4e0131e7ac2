"""The officers' pages: who sees what, each action by its form, who sent a ticket only for a reason, pages that grew stale."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from thongsuot.citizen_reception.models import ReceptionEntry
from thongsuot.feedback import actions
from thongsuot.feedback.actions.reporting import WRITES_DOWN
from thongsuot.feedback.facts import PlaceFacts
from thongsuot.feedback.models import AnswerTemplate, FeedbackTicket
from thongsuot.feedback.queries.late import Late
from thongsuot.feedback.queries.late import late as late_of
from thongsuot.feedback.queries.ticket import TicketPage, next_actions
from thongsuot.feedback.tests.make import DAY, MINUTE, MONDAY, SENDER, WORKER, a_photo
from thongsuot.feedback.words import Channel
from thongsuot.people.models import LookUp
from thongsuot.people.tests.make import browser_of, make_officer
from thongsuot.web.tests.words import said

State = FeedbackTicket.State


@pytest.fixture(autouse=True)
def city(settings):
    settings.CITY_CODE = "98"


def url(name, *args):
    return reverse(f"feedback:{name}", args=args)


def page_of(desk, who, name, *args, **said):
    return browser_of(desk.people[who]).get(url(name, *args), said)


def do(desk, who, ticket, key, **said):
    """The form of one action, as somebody filled it in."""
    return browser_of(desk.people[who]).post(url("act", ticket.pk, key), said)


def a_file():
    photo = a_photo()
    return SimpleUploadedFile(photo.name, photo.content, content_type="image/jpeg")


def draw_all(ticket):
    for photo in ticket.photos.all():
        actions.draw(photo.pk, actor=WORKER, at=MONDAY)


def test_an_officer_of_another_unit_finds_no_ticket_and_a_citizen_no_door(desk):
    ticket = desk.report(photos=[a_photo()])
    draw_all(ticket)
    photo = ticket.photos.get()
    for name, args in (
        ("ticket", []),
        ("sender", []),
        ("duplicates", []),
        ("ticket_photo", [photo.pk]),
        ("original", [photo.pk]),
    ):
        assert page_of(desk, "toan", name, ticket.pk, *args).status_code == 200, name
        assert page_of(desk, "ngan", name, ticket.pk, *args).status_code == 200, name
        assert page_of(desk, "do", name, ticket.pk, *args).status_code == 404, name
    assert do(desk, "do", ticket, "nhan").status_code == 404
    assert page_of(desk, "quan", "ticket", ticket.pk).status_code in {403, 404}
    assert ticket.number not in page_of(desk, "do", "inbox", hang="tim").text
    assert ticket.number in page_of(desk, "toan", "inbox", hang="tim").text


def test_who_sent_it_is_shown_only_for_a_reason_that_is_kept(desk, clock):
    ticket = desk.report()
    assert SENDER.name not in page_of(desk, "toan", "ticket", ticket.pk).text
    refused = browser_of(desk.people["toan"]).post(url("sender", ticket.pk), {"reason": " "})
    assert (refused.status_code, LookUp.objects.count()) == (422, 0)
    browser_of(desk.people["toan"]).post(url("sender", ticket.pk), {"reason": "Gọi hỏi vị trí"})
    look = LookUp.objects.get()
    assert (look.by_id, look.reason, look.subject) == (desk.people["toan"].pk, "Gọi hỏi vị trí", "feedback.reporter")
    shown = page_of(desk, "toan", "ticket", ticket.pk).text
    assert SENDER.name in shown
    assert SENDER.phone in shown
    assert SENDER.name not in page_of(desk, "tam", "ticket", ticket.pk).text
    clock.now = MONDAY + 16 * MINUTE
    assert SENDER.name not in page_of(desk, "toan", "ticket", ticket.pk).text


def test_the_original_of_a_picture_is_a_download_and_leaves_a_trace(desk):
    ticket = desk.report(photos=[a_photo()])
    photo = ticket.photos.get()
    assert page_of(desk, "toan", "ticket_photo", ticket.pk, photo.pk).status_code == 404  # not drawn yet
    draw_all(ticket)
    shown = page_of(desk, "toan", "ticket_photo", ticket.pk, photo.pk)
    assert (shown["Content-Type"], shown["Content-Disposition"].split(";")[0]) == ("image/jpeg", "inline")
    assert f'src="{url("ticket_photo", ticket.pk, photo.pk)}"' in page_of(desk, "toan", "ticket", ticket.pk).text
    assert not LookUp.objects.exists()
    handed_in = page_of(desk, "toan", "original", ticket.pk, photo.pk)
    assert handed_in["Content-Disposition"].startswith("attachment")
    assert LookUp.objects.get().subject == "feedback.photo"


def test_a_ticket_goes_all_its_way_by_the_forms_alone(desk):
    ticket = desk.report(category="", photos=[a_photo()])
    assert ticket.state == State.NEW
    assert do(desk, "ngan", ticket, "tiep-nhan").status_code == 302
    assert do(desk, "ngan", ticket, "phan-loai", category="o-ga").status_code == 302
    asked = page_of(desk, "ngan", "act", ticket.pk, "chuyen").text
    assert "Đề xuất: Phường Sông" in asked
    assert f'<option value="{desk.river}" selected' in asked
    assert do(desk, "ngan", ticket, "chuyen", unit_id=desk.river, words="Gấp").status_code == 302
    assert "Người tiếp nhận" not in page_of(desk, "toan", "ticket", ticket.pk).text
    assert do(desk, "toan", ticket, "nhan").status_code == 302
    assert do(desk, "toan", ticket, "giao", person_id=desk.people["tam"].pk).status_code == 302
    assert do(desk, "toan", ticket, "bat-dau").status_code == 302
    assert do(desk, "toan", ticket, "hoi", words="Ở đoạn nào?").status_code == 302
    actions.reply(ticket.pk, "Trước số 12.", secret=ticket.secret, actor=desk.actor("ngan"), at=MONDAY)
    assert do(desk, "toan", ticket, "nhan-tin", words="Đã cử người đến.").status_code == 302
    assert do(desk, "toan", ticket, "ghi-chu", words="Gọi đội đường bộ.").status_code == 302
    assert do(desk, "toan", ticket, "gia-han", day="27/10/2025", reason="Chờ nhựa").status_code == 302
    ticket.refresh_from_db()
    due = ticket.due_at
    assert do(desk, "hanh", ticket, "duyet-gia-han", granted="co").status_code == 302
    assert "/can-bo/hoi-dap/?tai=feedback" in page_of(desk, "toan", "act", ticket.pk, "tra-loi").text
    assert do(desk, "toan", ticket, "tra-loi", words="Đã vá.", done="xong", photos=[]).status_code == 302
    assert do(desk, "toan", ticket, "rut-tra-loi").status_code == 302
    assert do(desk, "toan", ticket, "tra-loi", words="Đã vá xong.", done="xong").status_code == 302
    assert do(desk, "hanh", ticket, "viet-lai", note="Ghi ngày làm.").status_code == 302
    assert "Đã vá xong." in page_of(desk, "toan", "act", ticket.pk, "tra-loi").text
    assert do(desk, "toan", ticket, "tra-loi", words="Đã vá xong ngày 6/10.", done="xong").status_code == 302
    assert do(desk, "toan", ticket, "duyet").status_code == 403
    assert do(desk, "hanh", ticket, "duyet").status_code == 302
    draw_all(ticket)
    published = do(desk, "ngan", ticket, "cong-khai", question="Ổ gà", answer="Đã vá.", address="phố Bến")
    assert published.status_code == 302
    ticket.refresh_from_db()
    assert (ticket.state, ticket.public_words) == (State.PUBLISHED, "Ổ gà")
    assert ticket.due_at > due
    seen = page_of(desk, "toan", "ticket", ticket.pk).text
    assert "Đã công khai phản ánh và trả lời" in seen
    assert "Không người dân nào thấy" in seen
    assert do(desk, "ngan", ticket, "thoi-cong-khai").status_code == 302
    assert do(desk, "ngan", ticket, "khong-cong-khai", reason="private").status_code == 302


def test_side_ways_by_the_forms(desk):
    ticket = desk.report()
    assert do(desk, "toan", ticket, "tra-lai", reason="other_place", words="Thuộc phường Đồi").status_code == 302
    asked = page_of(desk, "ngan", "ticket", ticket.pk).text
    assert "Nơi xảy ra thuộc địa bàn khác" in asked
    assert do(desk, "ngan", ticket, "noi-xay-ra", unit=desk.hill, address="Cổng chợ Đồi").status_code == 302
    assert do(desk, "ngan", ticket, "nghi", kind="complaint").status_code == 302
    assert do(desk, "ngan", ticket, "khong-phai", why="Chỉ phản ánh hiện trạng").status_code == 302
    assert do(desk, "ngan", ticket, "chuyen", unit_id=desk.hill).status_code == 302
    assert page_of(desk, "toan", "ticket", ticket.pk).status_code == 404
    assert "Việc xảy ra trên địa bàn đơn vị này." in page_of(desk, "do", "ticket", ticket.pk).text
    assert do(desk, "ngan", ticket, "tu-choi", reason="unclear", words="Chưa rõ chỗ nào.").status_code == 302
    ticket.refresh_from_db()
    assert ticket.state == State.REFUSED
    told = page_of(desk, "ngan", "act", ticket.pk, "chuyen")
    assert (told.status_code, told["Location"]) == (302, url("ticket", ticket.pk))


def test_a_complaint_goes_to_citizen_reception(desk):
    ticket = desk.report(words="Tôi khiếu nại quyết định thu hồi đất số 12 của phường")
    assert "Có dấu hiệu: khiếu nại" in page_of(desk, "ngan", "ticket", ticket.pk).text
    assert do(desk, "ngan", ticket, "chuyen-tiep-dan", kind="complaint", to_unit_id=desk.river).status_code == 302
    ticket.refresh_from_db()
    assert ticket.state == State.HANDED_OVER
    assert f"Số trong sổ tiếp công dân {ReceptionEntry.objects.get()}" in said(page_of(desk, "ngan", "ticket", ticket.pk))


def test_a_page_that_grew_stale_says_so_and_keeps_what_was_typed(desk):
    ticket = desk.accepted()
    browser = browser_of(desk.people["toan"])
    seen = f"accepted.{desk.river}.{desk.people['toan'].pk}.1.0.0"
    assert seen in browser.get(url("act", ticket.pk, "tra-loi")).text
    actions.start(ticket.pk, actor=desk.actor("tam"), at=MONDAY)
    said = {"words": "Đã vá xong cả đoạn.", "done": "xong", "seen": seen}
    refused = browser.post(url("act", ticket.pk, "tra-loi"), said)
    assert refused.status_code == 422
    assert "phản ánh đã đổi: Đang xử lý" in refused.text
    assert "Đã vá xong cả đoạn." in refused.text
    now = f"in_progress.{desk.river}.{desk.people['toan'].pk}.1.0.0"
    assert now in refused.text
    assert browser.post(url("act", ticket.pk, "tra-loi"), said | {"seen": now}).status_code == 302


def test_pictures_that_no_browser_keeps_are_asked_for_again(desk):
    """Said once, whether a page grew stale or something was missing; nothing is said when none was chosen."""
    ticket = desk.accepted()
    browser = browser_of(desk.people["toan"])
    page = url("act", ticket.pk, "tra-loi")
    answer = {"words": "Đã vá xong.", "done": "xong", "photos": [a_file(), a_file()]}
    assert "Hãy chọn lại" not in browser.get(page).text + browser.post(page, {"words": ""}).text
    missing = browser.post(page, answer | {"words": ""})
    assert (missing.status_code, missing.text.count("Hãy chọn lại 2 ảnh.")) == (422, 1)
    stale = browser.post(page, answer | {"seen": "routed.0.0.1.0.0"})
    assert (stale.status_code, stale.text.count("Hãy chọn lại 2 ảnh.")) == (422, 1)
    assert browser.post(page, answer | {"photos": [a_file()]}).status_code == 302
    assert ticket.photos.count() == 1


def test_what_the_command_can_only_refuse_is_not_offered(desk):
    """So many questions and so many extensions in a round as the city allows; the form says who reads why it takes longer."""
    ticket = desk.accepted()

    def offered():
        page = TicketPage(FeedbackTicket.objects.get(pk=ticket.pk), MONDAY)
        return {one.key for one in next_actions(page, actor=desk.actor("toan"))}

    for question in ("Ở đoạn nào?", "Sâu chừng nào?"):
        assert {"hoi", "gia-han"} <= offered()
        actions.ask(ticket.pk, question, actor=desk.actor("toan"), at=MONDAY)
        actions.reply(ticket.pk, "Trước số 12.", secret=ticket.secret, actor=desk.actor("ngan"), at=MONDAY)
    assert "gia-han" in offered()
    assert "hoi" not in offered()
    assert "gửi đến mọi người đã phản ánh" in page_of(desk, "toan", "act", ticket.pk, "gia-han").text
    assert do(desk, "toan", ticket, "gia-han", day="27/10/2025", reason="Chờ nhựa").status_code == 302
    assert do(desk, "hanh", ticket, "duyet-gia-han", granted="co").status_code == 302
    assert "gia-han" not in offered()
    assert page_of(desk, "toan", "act", ticket.pk, "gia-han").status_code == 302


def test_who_only_approves_is_not_offered_what_is_for_who_handles(desk):
    first, second = desk.accepted(), desk.accepted()
    for who, offered in (("toan", True), ("hanh", False), ("ngan", True)):
        group = page_of(desk, who, "clusters")
        assert first.number in group.text
        assert ("Gộp 2 phản ánh làm một" in group.text, 'name="pa"' in group.text) == (offered, offered), who
        alike = page_of(desk, who, "duplicates", first.pk).text
        assert (second.number in alike, 'name="pa"' in alike) == (True, offered), who
        rows = page_of(desk, who, "inbox", hang="ca-thanh-pho" if who == "ngan" else "dang-xu-ly").text
        assert ("Gộp làm một" in rows, f'href="{url("record")}"' in rows) == (offered, offered), who
        assert (page_of(desk, who, "record").status_code == 200) == offered, who
    refused = browser_of(desk.people["hanh"]).post(url("merge_cluster"), {"vao": first.pk, "pa": [second.pk]})
    assert refused.status_code == 403


def test_what_a_command_refuses_stands_on_the_form(desk):
    ticket = desk.answered()
    refused = do(desk, "ngan", ticket, "cong-khai", question=f"{SENDER.name} báo ổ gà", answer="Đã vá.")
    assert refused.status_code == 422
    assert f"Phần công khai còn điều không được nêu: “{SENDER.name}”" in refused.text
    assert "[đã che] báo ổ gà" in refused.text.split("Đề nghị che thêm")[1]
    ticket.refresh_from_db()
    assert ticket.published_at is None


def test_what_would_be_hidden_is_marked_beside_the_original(desk):
    ticket = desk.answered(words="Ông Lò Văn Mẫu ở số 12 ngõ 4, gọi 0912 000 999, có ổ gà sâu trước cổng")
    page = page_of(desk, "ngan", "act", ticket.pk, "cong-khai").text
    assert "<mark>" in page
    assert "0912" in page.split("Người gửi viết")[1]
    assert "0912" not in page.split('name="question"')[1].split("</textarea>")[0]


def test_a_picture_is_covered_or_kept_back(desk):
    ticket = desk.answered(photos=[a_photo()])
    draw_all(ticket)
    photo = ticket.photos.get()
    browser = browser_of(desk.people["ngan"])
    one_more = {"blur-left": "10", "blur-top": "10", "blur-width": "", "blur-height": "", "viec": "them-vung"}
    assert browser.post(url("cover", ticket.pk, photo.pk), one_more).status_code == 200
    bad = browser.post(url("cover", ticket.pk, photo.pk), one_more | {"viec": ""})
    assert (bad.status_code, "còn thiếu số" in bad.text) == (422, True)
    box = {"blur-left": "10", "blur-top": "10", "blur-width": "20", "blur-height": "20"}
    assert browser.post(url("cover", ticket.pk, photo.pk), box).status_code == 302
    photo.refresh_from_db()
    assert (photo.blurs, photo.kept_back) == ([[0.1, 0.1, 0.2, 0.2]], False)
    without = browser.post(url("cover", ticket.pk, photo.pk), box | {"kept_back": "on"})
    assert (without.status_code, "vì sao giữ lại" in without.text) == (422, True)
    browser.post(url("cover", ticket.pk, photo.pk), box | {"kept_back": "on", "why": "Có mặt trẻ em"})
    photo.refresh_from_db()
    assert (photo.kept_back, photo.kept_why) == (True, "Có mặt trẻ em")


def test_many_at_once_each_with_its_result(desk):
    good, gone = desk.report(), desk.report(words="Ổ gà thứ hai trước chợ Sông rất sâu")
    actions.accept(gone.pk, actor=desk.actor("tam"), at=MONDAY)
    browser = browser_of(desk.people["toan"])
    picked = {"pa": [good.pk, gone.pk], "viec": "nhan", "ve": url("inbox")}
    assert good.number in browser.post(url("bulk"), picked).text
    assert browser.post(url("bulk"), picked | {"xac-nhan": "1"}).status_code == 302
    good.refresh_from_db()
    assert good.state == State.ACCEPTED
    shown = browser.get(url("inbox")).text
    assert "Nhận phản ánh: xong 1 phản ánh" in shown
    assert "đã chuyển sang bước khác" in shown
    assert "đã chuyển sang bước khác" not in browser.get(url("inbox")).text
    other = browser_of(desk.people["do"]).post(url("bulk"), picked)
    assert other.status_code == 302  # nothing of this is theirs: nothing picked
    chosen = {"pa": [good.pk, gone.pk], "viec": "giao", "ve": url("inbox"), "xac-nhan": "1"}
    assert browser.post(url("bulk"), chosen).status_code == 422
    browser.post(url("bulk"), chosen | {"chon": desk.people["tam"].pk})
    assert set(FeedbackTicket.objects.values_list("handler", flat=True)) == {desk.people["tam"].pk}


def test_many_are_routed_as_proposed_and_published_without_pictures(desk):
    new = desk.report(category="")
    actions.classify(new.pk, category="o-ga", actor=desk.actor("ngan"), at=MONDAY)
    browser = browser_of(desk.people["ngan"])
    browser.post(url("bulk"), {"pa": [new.pk], "viec": "chuyen", "xac-nhan": "1"})
    new.refresh_from_db()
    assert (new.state, new.unit_id) == (State.ROUTED, desk.river)
    plain, pictured = desk.answered(), desk.answered(photos=[a_photo()])
    draw_all(pictured)
    masked = desk.answered(masked=True, place=PlaceFacts(address="9 phố Khác, phường Sông"))
    picked = {"pa": [plain.pk, pictured.pk, masked.pk], "viec": "cong-khai"}
    shown = browser.post(url("bulk"), picked).text
    assert "Công khai: 1 phản ánh" in shown
    assert "Ổ gà sâu trước cổng trường" in shown
    assert "che mặt người" in shown
    assert f"{masked.number}</a>" in shown.split("Không công khai lần này")[1]
    unread = browser.post(url("bulk"), picked | {"xac-nhan": "1"})
    assert unread.status_code == 302
    assert not FeedbackTicket.objects.filter(state=State.PUBLISHED).exists(), "nothing is published that was not shown"
    browser.post(url("bulk"), picked | {"xac-nhan": "1", "doc": [f"{plain.pk}.{plain.replies.get().pk}"]})
    states = [FeedbackTicket.objects.get(pk=one.pk).state for one in (plain, pictured, masked)]
    assert states == [State.PUBLISHED, State.APPROVED, State.APPROVED]
    plain.refresh_from_db()
    assert SENDER.name not in plain.public_words


def test_templates_are_kept_by_unit_and_filled_in(desk):
    browser = browser_of(desk.people["toan"])
    bad = browser.post(url("add_template"), {"unit": desk.river, "title": "Vá đường", "words": "Về {cái gì}"})
    assert (bad.status_code, "Không có chỗ điền {cái gì}" in bad.text) == (422, True)
    said = {
        "unit": desk.river,
        "title": "Vá đường",
        "category": "o-ga",
        "words": "Về phản ánh {số phản ánh} tại {nơi xảy ra}: đã vá.",
    }
    assert browser.post(url("add_template"), said).status_code == 302
    template = AnswerTemplate.objects.get()
    assert browser.post(url("add_template"), said | {"unit": desk.hill}).status_code == 422
    ticket = desk.accepted()
    begun = browser.get(url("act", ticket.pk, "tra-loi"), {"mau": template.pk}).text
    assert f"Về phản ánh {ticket.number} tại 12 ngõ 4 phố Bến, phường Sông: đã vá." in begun
    assert browser_of(desk.people["do"]).get(url("change_template", template.pk)).status_code == 404
    assert browser_of(desk.people["do"]).post(url("drop_template", template.pk)).status_code == 404
    assert browser.post(url("change_template", template.pk), said | {"title": "Vá đường mới"}).status_code == 302
    assert "Vá đường mới" in browser.get(url("templates")).text
    assert browser.post(url("drop_template", template.pk)).status_code == 302
    assert "Vá đường mới" not in browser.get(url("templates")).text


def test_a_report_is_written_down_for_somebody_at_a_desk(desk):
    browser = browser_of(desk.people["toan"])
    said = {
        "channel": "paper",
        "name": "Vi Thị Thử",
        "phone": "0912 000 111",
        "words": "Dây điện đứt rơi xuống đường trước nhà văn hóa",
        "category": "dien-day",
        "address": "phường Sông",
        "unit": desk.river,
        "photos": [],
    }
    begun = said | {"name": "", "urgent": "on", "happened_on": "5/10/2025", "photos": [a_file()], "viec": "linh-vuc"}
    shown = browser.post(url("record"), begun)
    assert (shown.status_code, "Có ai chạm vào được không?" in shown.text) == (200, True)
    assert not any(told in shown.text for told in ("Chưa điền", "field--bad")), "nothing is judged yet"
    assert all(kept in shown.text for kept in ("Dây điện đứt", 'value="5/10/2025"', "Hãy chọn lại 1 ảnh."))
    assert "checked" in shown.text.split('name="urgent"')[1].split(">")[0]
    asked = browser.post(url("record"), said)
    assert (asked.status_code, FeedbackTicket.objects.count()) == (422, 0)
    assert "Chưa chọn “Có ai chạm vào được không?”. Hãy chọn một mục." in asked.text
    label = asked.text.split('for="id_hoi_ho"')[1].split("</label>")[0]
    assert "không bắt buộc" not in label
    assert browser.post(url("record"), said | {"hoi_ho": "co"}).status_code == 302
    ticket = FeedbackTicket.objects.get()
    assert (ticket.channel, ticket.reporter.name, ticket.answers) == (Channel.PAPER, "Vi Thị Thử", {"ho": "co"})
    assert browser_of(desk.people["quan"]).get(url("record")).status_code == 403


@pytest.mark.parametrize("duty", WRITES_DOWN)
def test_whoever_writes_reports_down_may_open_the_page_and_what_back_brought_again_is_another(desk, duty):
    browser = browser_of(make_officer(desk.city.city, duties=[duty], at=MONDAY))
    page = browser.get(url("record"))
    assert (page.status_code, f'href="{url("inbox")}"' in page.text) == (200, duty not in {"answer calls", "lead hotline"})
    said = {
        "key": "k" * 24,
        "channel": "counter",
        "name": "Vi Thị Thử",
        "phone": "0912 000 111",
        "words": "Cây đổ chắn ngang đường vào chợ",
        "address": "phường Sông",
        "unit": desk.river,
    }
    for sent, count in ((said, 1), (said, 1), (said | {"words": "Cống trước chợ tràn nước ra đường"}, 2)):
        assert browser.post(url("record"), sent).status_code == 302
        assert FeedbackTicket.objects.count() == count


def test_what_is_late_and_the_list_of_the_chair(desk, clock):
    ticket = desk.accepted()
    FeedbackTicket.objects.filter(pk=ticket.pk).update(breaches=2)
    assert page_of(desk, "toan", "late").status_code == 403
    clock.now = MONDAY + 60 * DAY
    page = page_of(desk, "truong", "late")
    assert ticket.number in page.text
    chair = page_of(desk, "truong", "late", muc="lan-hai").text
    assert ticket.number in chair
    assert "Quá hạn" in chair
    assert SENDER.name not in chair


def test_who_leads_a_ward_sees_what_is_late_there_and_what_left_it_late(desk, clock):
    stays, elsewhere, left = desk.report(), desk.report(urgent=True), desk.report(urgent=True)
    ngan = desk.actor("ngan")
    actions.route(elsewhere.pk, desk.hill, actor=ngan, at=MONDAY)
    clock.now = MONDAY + 2 * DAY
    actions.route(left.pk, desk.hill, actor=ngan, at=clock.now)
    clock.now = MONDAY + 60 * DAY
    ward = browser_of(make_officer(desk.city.river, duties=["see figures"], at=MONDAY))
    for which, seen in (("", {stays}), ("buoc", {stays}), ("don-vi-truoc", {left})):
        page = ward.get(url("late"), {"muc": which})
        assert page.status_code == 200
        assert {one for one in (stays, elsewhere, left) if one.number in page.text} == seen, which
    assert elsewhere.number in page_of(desk, "truong", "late").text


def test_who_sees_figures_alone_reads_of_what_is_late_neither_words_nor_address(desk, clock):
    """A denunciation, one whose place is masked, a plain one: number, category, ward and unit, nothing that opens."""
    doubtful = desk.report(words="Tôi tố cáo cán bộ nhận tiền, mong xem xét", category="")
    masked, plain = desk.report(masked=True, words="Nhà hàng xóm xả nước thải ra ngõ"), desk.report()
    tickets = (doubtful, masked, plain)
    leads = make_officer(desk.city.city, kind="people_committee", title="Theo dõi số liệu", duties=["see figures"], at=MONDAY)
    clock.now = MONDAY + 3 * DAY
    counted = browser_of(leads).get(url("late"), {"muc": "buoc"}).text
    assert all(one.number in counted and url("ticket", one.pk) not in counted for one in tickets)
    assert "Phường Sông" in counted
    assert not any(told in counted for told in ("tố cáo", "xả nước", "Ổ gà sâu", "ngõ 4", "chưa giao"))
    assert "tố cáo cán bộ" in page_of(desk, "truong", "late", muc="buoc").text
    toan = desk.actor("toan", clock.now)
    found = late_of(desk.whole, actor=toan, now=clock.now, which=Late.STEP)
    words = {row.id: row.words for row in found.rows}
    assert found.opens == {masked.pk, plain.pk}
    assert words == {doubtful.pk: "", masked.pk: masked.words, plain.pk: plain.words}, "one opens what is one's own"


def test_the_lists_of_what_is_late_say_of_which_step_and_who_was_late_before(desk, clock):
    waits, moved = desk.report(), desk.report(urgent=True)
    clock.now = MONDAY + 2 * DAY
    actions.route(moved.pk, desk.hill, actor=desk.actor("ngan", clock.now), at=clock.now)
    step = page_of(desk, "truong", "late", muc="buoc").text
    assert waits.number in step
    assert "Bước: Đơn vị nhận việc, kiểm tra tại chỗ" in step
    assert "Quá hạn bước" in step
    before = page_of(desk, "truong", "late", muc="don-vi-truoc").text
    assert moved.number in before
    assert "Phường Sông đã quá hạn: hạn" in before
    assert page_of(desk, "truong", "late", muc="x").status_code == 200
    assert waits.number in page_of(desk, "toan", "inbox", hang="cho-nhan", han="qua-han-buoc").text
    assert "Khi rời đi đã quá hạn" in page_of(desk, "do", "ticket", moved.pk).text


def test_who_leads_the_operators_takes_over_by_the_form(desk):
    ticket = desk.report(category="")
    assert do(desk, "ngan", ticket, "tiep-nhan").status_code == 302
    assert "Nhận thay" not in page_of(desk, "ngan", "ticket", ticket.pk).text
    assert "Nhận thay" in page_of(desk, "truong", "ticket", ticket.pk).text
    refused = do(desk, "truong", ticket, "tiep-nhan")
    assert (refused.status_code, "Ngân Thị Nghe đang xem" in refused.text) == (422, True)
    assert do(desk, "truong", ticket, "nhan-thay", why="").status_code == 422
    assert do(desk, "truong", ticket, "nhan-thay", why="Nghỉ ốm").status_code == 302
    ticket.refresh_from_db()
    assert ticket.taken_by_id == desk.people["truong"].pk


def test_why_a_unit_was_chosen_against_the_point_is_asked_on_the_form(desk, monkeypatch):
    monkeypatch.setattr("thongsuot.feedback.actions.placing.commune_at", lambda point, city_id, on: desk.river)
    ticket = desk.report(category="khac")
    said = {"unit": desk.hill, "latitude": "21,01", "longitude": "105,05"}
    refused = do(desk, "ngan", ticket, "noi-xay-ra", **said)
    assert (refused.status_code, "Điểm trên bản đồ thuộc Phường Sông" in refused.text) == (422, True)
    assert do(desk, "ngan", ticket, "noi-xay-ra", **said, why="Bờ bên kia").status_code == 302
    ticket.refresh_from_db()
    assert ticket.place_unit_id == desk.hill


def test_what_changed_while_many_were_looked_at_is_not_done_blindly(desk):
    picked, unclear = desk.report(category="trat-tu"), desk.report(category="", place=PlaceFacts(), words="Ồn ào suốt đêm qua")
    browser = browser_of(desk.people["ngan"])
    asked = {"pa": [picked.pk, unclear.pk], "viec": "chuyen", "ve": url("inbox")}
    page = browser.post(url("bulk"), asked).text
    seen = [f"{picked.pk}:new.0.0.1", f"{unclear.pk}:new.0.0.1"]
    assert all(f'value="{one}"' in page for one in seen)
    actions.route(picked.pk, desk.hill, actor=desk.actor("truong"), at=MONDAY)
    browser.post(url("bulk"), asked | {"xac-nhan": "1", "thay": seen, "chon": ""})
    picked.refresh_from_db()
    assert picked.unit_id == desk.hill
    shown = browser.get(url("inbox")).text
    assert "phản ánh đã đổi: Chờ đơn vị nhận" in shown
    assert "Chưa có đơn vị được đề xuất" in shown


def test_the_page_of_a_ticket_costs_the_same_however_long_its_talk(desk):
    ticket = desk.accepted(photos=[a_photo()])
    draw_all(ticket)
    browser = browser_of(desk.people["toan"])
    browser.get(url("ticket", ticket.pk))
    with CaptureQueriesContext(connection) as few:
        browser.get(url("ticket", ticket.pk))
    for number in range(5):
        actions.message(ticket.pk, f"Lời {number}", actor=desk.actor("toan"), at=MONDAY)
        actions.note(ticket.pk, f"Ghi {number}", actor=desk.actor("toan"), at=MONDAY)
    with CaptureQueriesContext(connection) as many:
        browser.get(url("ticket", ticket.pk))
    assert len(many) <= len(few) + 1  # the pictures of messages
    assert len(few) <= 35
