"""The citizens' pages: a report with and without scripts, one's own ticket by its link, what is refused keeps nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from thongsuot.feedback import actions
from thongsuot.feedback.actions import errors
from thongsuot.feedback.facts import PlaceFacts
from thongsuot.feedback.models import Category, CategoryQuestion, FeedbackTicket, Photo
from thongsuot.feedback.tests.make import DAY, HOUSE, MONDAY, SENDER, WORDS, a_photo
from thongsuot.feedback.views import citizens
from thongsuot.files.models import StoredFile
from thongsuot.kernel.remember import forget_all
from thongsuot.kernel.text import instant
from thongsuot.people.tests.make import browser_of, make_citizen

pytestmark = pytest.mark.django_db
REPORT = "/phan-anh/gui/"
JSON = {"headers": {"accept": "application/json"}}
HTML = "<script>alert(1)</script><b>đậm</b>"


def said(**more):
    return {
        "key": "a" * 32,
        "category": "o-ga",
        "words": WORDS,
        "address": "12 ngõ 4 phố Bến, phường Sông",
        "name": SENDER.name,
        "phone": SENDER.phone,
        "email": SENDER.email,
    } | more


def picture(photo=None):
    photo = photo or a_photo()
    return SimpleUploadedFile(photo.name, photo.content, content_type="image/jpeg")


def follow(ticket):
    return reverse("feedback:follow", args=[ticket.secret])


def test_a_report_by_address_goes_to_its_ward_and_leads_to_its_own_page(client, desk):
    answer = client.post(REPORT, said(photos=[picture()]))
    ticket = FeedbackTicket.objects.get()

    assert (answer.status_code, answer["Location"]) == (302, follow(ticket))
    assert (ticket.unit_id, ticket.channel, ticket.reporter.name) == (desk.river, "app", SENDER.name)
    assert ticket.photos.count() == 1
    page = client.get(answer["Location"]).content.decode()
    assert f"Phản ánh {ticket.number}" in page
    assert "Phường Sông trả lời trước" in page
    assert "data:image/svg+xml" in page
    assert f"http://localhost:8000{follow(ticket)}" in page


def test_the_link_is_kept_by_nobody_and_a_wrong_one_opens_nothing(client, desk):
    ticket = desk.report()
    answer = client.get(follow(ticket))

    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer["Cache-Control"]
    assert client.get(reverse("feedback:follow", args=[ticket.secret[:-1] + "x"])).status_code == 404


def test_the_same_form_sent_twice_is_one_ticket_and_saying_anything_else_another(client, desk):
    first = client.post(REPORT, said(photos=[picture()]))
    for again in ({}, {"knows": "1"}):  # as the outbox sends it, which asks no second time
        assert client.post(REPORT, said(photos=[picture()], **again))["Location"] == first["Location"]
    seen = {first["Location"]}
    for other in ({"address": "40 phố Bến, phường Sông"}, {"words": "Đèn đường trước chợ không sáng", "category": "den-duong"}):
        seen.add(client.post(REPORT, said(photos=[picture()], **other))["Location"])  # the page that Back brought again
    assert len(seen) == FeedbackTicket.objects.count() == 3


def test_a_script_is_answered_with_what_it_shows(client, desk):
    answer = client.post(REPORT, said(), **JSON)
    ticket = FeedbackTicket.objects.get()

    assert answer.status_code == 201
    assert answer.json() | {"due": ""} == {"number": ticket.number, "href": follow(ticket), "unit": "Phường Sông", "due": ""}
    assert answer.json()["due"].startswith("Phường Sông trả lời trước")


def test_a_script_is_told_what_to_mend_and_nothing_is_kept(client, desk):
    answer = client.post(REPORT, said(words="ngắn", phone="12"), **JSON)
    assert answer.status_code == 422
    assert answer.json()["problems"]["id_words"].startswith("Hãy viết rõ hơn")
    answer = client.post(REPORT, said(phone="12"), **JSON)
    assert answer.json()["problems"]["id_phone"].startswith("Số điện thoại có 10 chữ số")
    assert not FeedbackTicket.objects.exists()


def test_the_page_says_what_to_mend_and_keeps_what_was_written(client, desk):
    answer = client.post(REPORT, said(name="", photos=[SimpleUploadedFile("a.svg", b"<svg onload='alert(1)'/>")]))
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "Cần sửa 1 chỗ" in page
    assert WORDS in page
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
        ("a.heic", b"\0\0\0\x18ftypheic" + b"\0" * 64),
    ],
)
def test_what_is_no_picture_of_ours_is_refused_with_a_sentence(client, desk, name, content):
    answer = client.post(REPORT, said(photos=[SimpleUploadedFile(name, content)]), **JSON)
    assert answer.status_code == 415
    assert len(answer.json()["message"]) > 20
    assert not FeedbackTicket.objects.exists()
    assert not StoredFile.objects.exists()


def test_too_many_and_too_large_are_turned_away(client, desk, monkeypatch):
    answer = client.post(REPORT, said(photos=[picture() for _each in range(6)]), **JSON)
    assert (answer.status_code, "nhiều nhất 5 ảnh" in answer.json()["message"]) == (422, True)
    assert client.post(REPORT, said(photos=[picture() for _each in range(31)])).status_code == 400
    large = client.generic(
        "POST", REPORT, b"x", CONTENT_LENGTH=str(100 * 2**20), content_type="multipart/form-data; boundary=x"
    )
    assert (large.status_code, "Chưa có gì được lưu" in large.content.decode()) == (413, True)
    told = client.generic("POST", REPORT, b"x", CONTENT_LENGTH=str(100 * 2**20), headers={"accept": "application/json"})
    assert (told.status_code, "quá lớn" in told.json()["message"]) == (413, True)
    assert not FeedbackTicket.objects.exists()
    assert not StoredFile.objects.exists()


def test_what_a_sender_adds_may_weigh_no_more_than_a_report(client, desk):
    ticket = desk.report()
    about = {"CONTENT_LENGTH": str(65 * 2**20), "content_type": "multipart/form-data; boundary=x"}
    added = client.generic("POST", follow(ticket), b"x", **about)
    assert (added.status_code, "Chưa có gì được lưu" in added.content.decode()) == (413, True)
    assert not ticket.messages.exists()


def test_a_token_is_asked_for_and_given_anew_days_later(desk):
    client = Client(enforce_csrf_checks=True)
    assert client.post(REPORT, said(), **JSON).status_code == 403
    told = client.get(REPORT, **JSON).json()
    assert told["who"] == ""
    assert client.post(REPORT, said(csrfmiddlewaretoken=told["token"]), **JSON).status_code == 201


def test_what_a_sender_adds_needs_the_token_of_the_page(desk):
    client, ticket = Client(enforce_csrf_checks=True), desk.report()
    added = {"viec": "nhan", "nhan-words": "Chỗ hỏng rộng thêm"}
    assert client.post(follow(ticket), added).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(follow(ticket)).content.decode())
    assert client.post(follow(ticket), added | {"csrfmiddlewaretoken": token[1]}).status_code == 302


def test_whoever_has_an_account_is_known_and_finds_the_ticket_there(client, desk):
    person = make_citizen("Hoàng Văn Minh", at=MONDAY)
    client.force_login(person)
    assert "Hoàng Văn Minh" in client.get(REPORT).content.decode()
    who = client.get(REPORT, **JSON).json()["who"]
    assert len(who) == 16

    client.post(REPORT, said())
    ticket = FeedbackTicket.objects.get()
    assert ticket.reporter.person_id == person.pk
    assert ticket.number in client.get("/phan-anh/cua-toi/").content.decode()
    client.force_login(make_citizen("Người Khác", at=MONDAY))
    assert ticket.number not in client.get("/phan-anh/cua-toi/").content.decode()
    assert client.get(REPORT, **JSON).json()["who"] != who


def test_the_service_worker_may_serve_its_folder_and_knows_its_files(client, desk):
    answer = client.get("/phan-anh/sw.js")
    text = answer.content.decode()
    assert (answer["Service-Worker-Allowed"], answer["Cache-Control"]) == ("/phan-anh/", "no-cache")
    assert answer["Content-Type"].startswith("text/javascript")
    for name in citizens.SHELL:
        assert f'"/static/{name}"' in text
    page = client.get(f"{REPORT}?giu=1").content.decode()
    wanted = set(re.findall(r'(?:src|href)="/static/([^"]+)"', page))
    assert wanted - set(citizens.SHELL) == {"thongsuot/print.css"}, "what the page loads is kept with it"


def test_questions_of_the_category_are_asked_without_a_script_too(client, desk):
    page = client.get(REPORT).content.decode()
    assert 'data-questions="o-ga"' in page
    asked = client.post(REPORT, said(viec="hoi", category="rac-thai", words="Rác đổ bừa"))
    shown = asked.content.decode()
    assert asked.status_code == 200
    assert shown.index('name="hoi_loai"') < shown.index("data-categories")
    assert "Rác đổ bừa" in shown
    answer = client.post(REPORT, said(category="rac-thai", words="Rác đổ bừa ngoài ngõ", hoi_loai=["sinh-hoat", "xay-dung"]))
    assert answer.status_code == 302
    assert FeedbackTicket.objects.get().answers == {"loai": ["sinh-hoat", "xay-dung"]}


def test_what_a_category_demands_is_marked_and_missed_by_a_plain_sentence_with_scripts_and_without(client, desk):
    ready = client.get(REPORT).content.decode()
    told = {code: ready.split(f'data-questions="{code}"')[1].split("</template>")[0] for code in ("dien-day", "o-ga")}
    assert ("không bắt buộc" in told["dien-day"], "không bắt buộc" in told["o-ga"]) == (False, True)

    wires = {"category": "dien-day", "words": "Dây điện đứt rơi xuống đường"}
    missed = "Chưa chọn “Có ai chạm vào được không?”. Hãy chọn một mục."
    plain = client.post(REPORT, said(**wires, photos=[picture()]))
    by_script = client.post(REPORT, said(**wires), **JSON)
    shown = plain.content.decode()
    assert (plain.status_code, by_script.status_code) == (422, 422)
    assert by_script.json()["problems"] == {"id_hoi_ho": missed}
    assert missed in shown.split('for="id_hoi_ho"')[1].split("<select")[0], "beside its question"
    assert "Hãy chọn lại 1 ảnh." in shown
    assert not FeedbackTicket.objects.exists()
    assert client.post(REPORT, said(**wires, hoi_ho="khong")).status_code == 302
    assert FeedbackTicket.objects.get().answers == {"ho": "khong"}


def test_an_answer_that_cannot_be_is_told_beside_its_question(client, desk):
    lamps = said(category="den-duong", words="Đèn đường không sáng trước chợ", hoi_rong="la", **{"hoi_so-den": "nhiều"})
    answer = client.post(REPORT, lamps, **JSON)
    assert answer.json()["problems"] == {"id_hoi_so-den": "Mấy đèn không sáng?: hãy ghi một số."}
    assert not FeedbackTicket.objects.exists()


@pytest.mark.parametrize("kind", CategoryQuestion.Kind.values)
def test_a_question_of_any_kind_is_asked_and_its_answer_kept(client, desk, kind):
    lists = kind.endswith("list")
    answers = [["a", "A"], ["b", "B"]] if lists else []
    Category.objects.get(code="o-ga").questions.all().delete()
    question = CategoryQuestion.objects.create(
        category=Category.objects.get(code="o-ga"), code="them", asks="Thêm gì?", kind=kind, required=True, answers=answers
    )
    forget_all()
    answer = client.post(REPORT, said(), **JSON)
    assert answer.status_code == 422
    assert "Thêm gì?" in str(answer.json())
    given = {"string": "một", "text": "một\nhai", "number": "1,5", "datetime": "2025-10-05T07:30"}.get(kind, "a")
    assert client.post(REPORT, said(hoi_them=given), **JSON).status_code == 201
    assert question.code in FeedbackTicket.objects.get().answers


def test_a_denunciation_is_told_the_right_way_and_then_it_is_the_senders_choice(client, desk, monkeypatch):
    monkeypatch.setattr(citizens, "_reception", lambda: "/tiep-cong-dan/")
    words = "Tôi tố cáo cán bộ nhận hối lộ khi cấp phép xây dựng"
    first = client.post(REPORT, said(words=words))
    page = first.content.decode()
    assert first.status_code == 409
    assert "giống một đơn tố cáo" in page
    assert "/tiep-cong-dan/" in page
    assert 'name="knows" value="1"' in page
    assert not FeedbackTicket.objects.exists()
    assert client.post(REPORT, said(words=words, knows="1")).status_code == 302
    assert FeedbackTicket.objects.get().suspected == "denunciation"


def test_what_lies_near_is_offered_by_kind_distance_and_state_alone(client, desk, clock):
    there = desk.report(place=at_point(21.01, 105.05), words="Ổ gà riêng của tôi ở đây")
    clock.now = MONDAY + 2 * DAY
    near = {"latitude": "21,0101", "longitude": "105.05"}
    first = client.post(REPORT, said(**near, phone="0912000888", email=""), **JSON)
    html = first.json()["html"]

    assert first.status_code == 409
    assert "Tôi cũng gặp việc này" in html
    assert "Cách đây khoảng 50 m, gửi 2 ngày trước" in html
    assert "riêng của tôi" not in html
    (handle,) = re.findall(r'name="same_as" value="([^"]+)"', html)
    answer = client.post(REPORT, said(**near, phone="0912000888", email="", knows="1", same_as=handle), **JSON)
    child = FeedbackTicket.objects.get(number=answer.json()["number"])
    assert child.parent_id == there.pk
    page = client.get(follow(child)).content.decode()
    assert "Nhiều người đã phản ánh cùng việc này" in page
    assert "riêng của tôi" not in page


def at_point(latitude, longitude):
    return PlaceFacts(latitude=latitude, longitude=longitude, address="phố Bến, phường Sông")


def test_nothing_near_is_told_of_a_masked_ticket(client, desk):
    desk.report(place=at_point(21.01, 105.05), masked=True)
    answer = client.post(REPORT, said(latitude="21.01", longitude="105.05", phone="0912000888", email=""), **JSON)
    assert answer.status_code == 201


def test_too_many_reports_are_told_when_to_come_back(client, desk):
    for number in range(3):
        assert client.post(REPORT, said(key=str(number), words=f"{WORDS} {number}", knows="1"), **JSON).status_code == 201
    answer = client.post(REPORT, said(key="x", words=f"{WORDS} nữa", knows="1"), **JSON)
    assert answer.status_code == 429
    assert "gửi tiếp từ" in answer.json()["message"]
    assert 0 < int(answer.headers["Retry-After"]) <= 24 * 3600


def test_html_is_shown_as_text_wherever_it_was_written(client, desk):
    answer = client.post(
        REPORT, said(words=f"{WORDS} {HTML}", address=f"12 {HTML} phường Sông", name=f"Lò {HTML}", email="", hoi_rong="lon")
    )
    ticket = FeedbackTicket.objects.get()
    actions.reply(ticket.pk, HTML, secret=ticket.secret, actor=desk.actor("toan"), at=MONDAY)
    page = client.get(answer["Location"]).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    wrong = client.post(REPORT, said(**dict.fromkeys(said(), HTML), day=HTML, hour=HTML, dossier=HTML, latitude=HTML))
    assert wrong.status_code == 422
    assert "<script>alert" not in wrong.content.decode()


# --- What is told of how it stands ---


def note_of(client, ticket):
    return client.get(follow(ticket)).content.decode()


def test_refused_is_told_with_its_reason(client, desk):
    ticket = desk.report(category="", words="Nhà bên cạnh nợ tiền tôi không trả")
    actions.refuse(
        ticket.pk, "private_dispute", words="Đây là việc dân sự, hãy hỏi tòa án.", actor=desk.actor("ngan"), at=MONDAY
    )
    page = note_of(client, ticket)
    assert "Phản ánh không được tiếp nhận: Tranh chấp dân sự giữa các bên." in page
    assert "hãy hỏi tòa án" in page


def test_returned_tells_who_said_so_and_who_has_it_now(client, desk):
    ticket = desk.report()
    actions.give_back(ticket.pk, "other_place", words="Chỗ này của phường Đồi", actor=desk.actor("toan"), at=MONDAY)
    page = note_of(client, ticket)
    assert "Phường Sông cho biết nơi xảy ra thuộc địa bàn khác." in page
    assert "đang chọn lại đơn vị" in page
    actions.route(ticket.pk, desk.hill, actor=desk.actor("ngan"), at=MONDAY)
    assert "Nay Phường Đồi giải quyết." in note_of(client, ticket)


def test_late_is_apologised_for(client, desk, clock):
    ticket = desk.accepted()
    clock.now = ticket.due_at + timedelta(hours=1)
    assert "quá hạn trả lời. Chúng tôi xin lỗi bạn." in note_of(client, ticket)


def test_asked_and_answered_from_the_page(client, desk):
    ticket = desk.accepted()
    actions.ask(ticket.pk, "Cột đèn số mấy?", actor=desk.actor("toan"), at=MONDAY)
    page = note_of(client, ticket)
    assert "Cần bạn bổ sung:" in page
    assert "Cột đèn số mấy?" in page
    until = instant(actions.asked_until(FeedbackTicket.objects.get(pk=ticket.pk)))
    assert f"Hãy trả lời trước {until}. Sau đó, nếu chưa có bổ sung, phản ánh không được tiếp nhận." in page
    assert "Nguyễn Văn Toàn" not in page
    answer = client.post(
        follow(ticket), {"viec": "nhan", "nhan-words": "Cột số 7", "nhan-photos": [picture()]}, format="multipart"
    )
    assert answer.status_code == 302
    ticket.refresh_from_db()
    assert ticket.state != "asked"
    assert Photo.objects.get(ticket=ticket, role="reply").message.words == "Cột số 7"
    assert "Cột số 7" in note_of(client, ticket)


def test_until_when_to_answer_is_said_to_whom_was_asked_and_stands_when_the_rule_changes(client, desk, clock):
    ticket, other = desk.accepted(), desk.report()
    actions.merge(ticket.pk, [other.pk], actor=desk.actor("toan"), at=MONDAY)
    actions.ask(ticket.pk, "Cột đèn số mấy?", actor=desk.actor("toan"), at=MONDAY)
    ticket.refresh_from_db()
    until = actions.asked_until(ticket)
    assert "Hãy trả lời trước" not in note_of(client, other)
    tomorrow = (MONDAY + DAY).date()
    actions.set_setting(desk.whole, "ask_days", 1, basis="QĐ", valid_from=tomorrow, actor=desk.actor("quan"), at=MONDAY)
    forget_all()
    clock.now = until - timedelta(minutes=1)
    assert instant(until) in note_of(client, ticket)
    with pytest.raises(errors.NotInThisState):
        actions.close_unanswered(ticket.pk, actor=HOUSE, at=clock.now)
    FeedbackTicket.objects.filter(pk=ticket.pk).update(suspected="complaint")
    assert "Sau đó nơi tiếp nhận xem tiếp với những gì đã có." in note_of(client, ticket)
    actions.close_unanswered(ticket.pk, actor=HOUSE, at=until + timedelta(minutes=1))


def test_that_a_matter_is_not_settled_is_said_to_who_sent_it(client, desk):
    ticket = desk.accepted()
    desk.answer(ticket, words="Đường này chờ vốn năm sau mới làm được.", done=False)
    actions.approve_answer(ticket.replies.get().pk, actor=desk.actor("hanh"), at=MONDAY)
    page = note_of(client, ticket)
    assert "Đã có trả lời: việc này chưa giải quyết được." in page
    assert "Việc này chưa giải quyết được; lý do đã nêu trong trả lời." in page
    assert "chưa giải quyết được" not in note_of(client, desk.answered())


def test_all_one_sent_is_listed_page_by_page(desk, monkeypatch):
    monkeypatch.setattr("thongsuot.web.paging.A_PAGE", 1)
    minh = make_citizen("Hoàng Văn Minh", at=MONDAY)
    first, last = (desk.report(at, sender=replace(SENDER, person_id=minh.pk)) for at in (MONDAY, MONDAY + timedelta(minutes=1)))
    browser = browser_of(minh)
    pages = [browser.get(reverse("feedback:mine"), {"trang": number}).text for number in (1, 2)]
    assert [(last.number in page, first.number in page) for page in pages] == [(True, False), (False, True)]


def test_withheld_tells_why_it_is_not_public(client, desk):
    ticket = desk.answered()
    actions.withhold(ticket.pk, "private", actor=desk.actor("ngan"), at=MONDAY)
    assert "Lý do: Liên quan đời tư của người khác." in note_of(client, ticket)


def test_rated_once_and_opened_again_from_the_page(client, desk):
    ticket = desk.answered()
    page = note_of(client, ticket)
    assert "Đã vá xong chỗ hỏng." in page
    assert "còn 2 lần" in page
    assert client.post(follow(ticket), {"viec": "danh-gia"}).status_code == 422
    assert client.post(follow(ticket), {"viec": "danh-gia", "dg-level": "2", "dg-note": "Vá dối"}).status_code == 302
    assert "Bạn đã đánh giá: Không hài lòng." in note_of(client, ticket)
    assert client.post(follow(ticket), {"viec": "mo-lai", "ml-why": ""}).status_code == 422
    assert client.post(follow(ticket), {"viec": "mo-lai", "ml-why": "Mưa xong lại hỏng"}).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.round, ticket.higher_review) == (2, True)
    assert client.post(follow(ticket), {"viec": "la"}).status_code == 422


def test_an_internal_note_is_on_no_page_of_the_sender(client, desk):
    ticket = desk.accepted()
    actions.note(ticket.pk, "Người này hay gọi", actor=desk.actor("toan"), at=MONDAY)
    assert "hay gọi" not in note_of(client, ticket)


def test_pictures_are_the_senders_own_and_shown_once_they_are_drawn(client, desk):
    ticket = desk.report(photos=[a_photo()])
    photo = ticket.photos.get()
    address = reverse("feedback:own_photo", args=[ticket.secret, photo.pk])
    assert client.get(address).status_code == 404
    assert "Ảnh đang được chuẩn bị" in note_of(client, ticket)
    actions.draw(photo.pk, actor=desk.actor("ngan"), at=MONDAY)
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert b"Exif" not in b"".join(answer.streaming_content)
    other = desk.report(words="Đèn đường không sáng trước chợ", category="den-duong")
    assert client.get(reverse("feedback:own_photo", args=[other.secret, photo.pk])).status_code == 404
