"""What becomes public and what never does: rounds, corrections, names and places in words, letters about what is withheld."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse

from thongsuot.feedback import actions
from thongsuot.feedback.actions import errors
from thongsuot.feedback.actions.many import TextsToLookAt
from thongsuot.feedback.facts import PlaceFacts
from thongsuot.feedback.models import FeedbackTicket
from thongsuot.feedback.queries.inbox import Deadline, Filters, Queue, desk_of, inbox
from thongsuot.feedback.queries.ticket import TicketPage, next_actions
from thongsuot.feedback.rules import masking
from thongsuot.feedback.tests.make import ANYONE, DAY, HOUR, MONDAY, SENDER, WORKER, a_photo
from thongsuot.feedback.tests.telling import delivering
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.history import history_of
from thongsuot.notices.models import Notice
from thongsuot.people.tests.make import browser_of

pytestmark = pytest.mark.django_db
State = FeedbackTicket.State
LATER = MONDAY + DAY


def again(desk, ticket, at=LATER, words="Đã trải lại cả đoạn."):
    """Opened again, answered anew, approved by the city."""
    actions.reopen(ticket.pk, "Vẫn còn hố", secret=ticket.secret, actor=ANYONE, at=at)
    actions.accept(ticket.pk, actor=desk.actor("toan"), at=at)
    answer = desk.answer(FeedbackTicket.objects.get(pk=ticket.pk), at, words=words)
    actions.approve_answer(answer.pk, actor=desk.actor("truong"), at=at)
    return FeedbackTicket.objects.get(pk=ticket.pk)


def publish(desk, ticket, at=MONDAY, **said):
    told = {"question": "Ổ gà sâu", "answer": "Đã vá xong.", "address": ""} | said
    return actions.publish(ticket.pk, **told, actor=desk.actor("ngan"), at=at)


def offered(desk, name, ticket):
    page = TicketPage(FeedbackTicket.objects.get(pk=ticket.pk), LATER)
    return {one.key for one in next_actions(page, actor=desk.actor(name))}


# --- Rounds ---


def test_the_answer_after_a_reopening_is_published_beside_the_first_and_the_ticket_closes(desk, client):
    ticket = again(desk, desk.published())
    assert "cong-khai" in offered(desk, "ngan", ticket)
    waiting = inbox(desk_of(desk.actor("ngan"), now=LATER), queue=Queue.PUBLISH, deadline=Deadline.ANY, filters=Filters())
    assert ([row.id for row in waiting.rows], waiting.counts[Queue.PUBLISH]) == ([ticket.pk], 1)
    with pytest.raises(errors.NotInThisState):
        actions.close(ticket.pk, actor=WORKER, at=MONDAY + 30 * DAY)

    publish(desk, ticket, LATER, question="Ổ gà sâu trước cổng trường", answer="Đã trải lại.", address="phố Bến")

    with pytest.raises(errors.IsPublic):
        publish(desk, ticket, LATER)
    page = client.get(reverse("feedback:one", args=[ticket.number])).content.decode()
    assert page.index("Đã trải lại.") < page.index("Đã vá xong.")
    assert page.count("công khai 06/10/2025 09:00") == page.count("công khai 07/10/2025 09:00") == 1
    feed = client.get(reverse("feedback:feed")).content.decode()
    assert "Phường Sông trả lời 06/10/2025 09:00: Đã vá xong." in feed
    assert "Phường Sông trả lời 07/10/2025 09:00: Đã trải lại." in feed
    assert actions.close(ticket.pk, actor=WORKER, at=MONDAY + 30 * DAY).state == State.CLOSED


def test_pictures_of_the_new_answer_can_be_covered_while_the_first_is_public(desk):
    ticket = desk.published()
    actions.reopen(ticket.pk, "Vẫn còn hố", secret=ticket.secret, actor=ANYONE, at=LATER)
    actions.accept(ticket.pk, actor=desk.actor("toan"), at=LATER)
    answer = desk.answer(FeedbackTicket.objects.get(pk=ticket.pk), LATER, photos=[a_photo()])
    photo = answer.photos.get()
    actions.cover(photo.pk, [], actor=desk.actor("toan"), at=LATER)
    actions.approve_answer(answer.pk, actor=desk.actor("truong"), at=LATER)
    publish(desk, ticket, LATER)
    photo.refresh_from_db()
    assert photo.public_id is not None
    with pytest.raises(errors.IsPublic):
        actions.cover(photo.pk, [], actor=desk.actor("toan"), at=LATER)


def test_what_is_worked_on_again_and_taken_off_keeps_its_own_step(desk):
    ticket = desk.published()
    ticket = actions.reopen(ticket.pk, "Vẫn còn hố", secret=ticket.secret, actor=ANYONE, at=LATER)
    ticket = actions.unpublish(ticket.pk, actor=desk.actor("ngan"), at=LATER)
    assert (ticket.state, ticket.step_due_at) == (State.ROUTED, FeedbackTicket.objects.get(pk=ticket.pk).step_due_at)
    routed = actions.accept(ticket.pk, actor=desk.actor("toan"), at=LATER)
    assert routed.step_due_at is None


# --- Corrections ---


def test_a_wrong_answer_is_taken_off_and_comes_back_with_the_day_of_its_correction(desk, client):
    ticket = desk.published()
    actions.unpublish(ticket.pk, actor=desk.actor("ngan"), at=MONDAY)
    publish(desk, ticket, LATER, answer="Đã vá xong đoạn đầu; đoạn sau vá ngày mai.")
    page = client.get(reverse("feedback:one", args=[ticket.number])).content.decode()
    assert "Đã sửa ngày 07/10/2025" in page
    assert "(đã sửa ngày 07/10/2025)" in client.get(reverse("feedback:feed")).content.decode()
    assert history_of(ticket)[-1].facts["corrected"] is True


def test_what_is_closed_can_still_be_put_right_but_is_not_published_for_the_first_time(desk):
    ticket = desk.published()
    actions.close(ticket.pk, actor=WORKER, at=MONDAY + 30 * DAY)
    actions.unpublish(ticket.pk, actor=desk.actor("ngan"), at=MONDAY + 31 * DAY)
    assert "cong-khai" in offered(desk, "ngan", ticket)
    ticket = publish(desk, ticket, MONDAY + 31 * DAY)
    assert (ticket.state, ticket.published_at) == (State.CLOSED, MONDAY + 31 * DAY)
    other = desk.answered()
    actions.withhold(other.pk, "private", actor=desk.actor("ngan"), at=MONDAY)
    actions.close(other.pk, actor=WORKER, at=MONDAY + 30 * DAY)
    with pytest.raises(errors.AlreadyEnded):
        publish(desk, other, MONDAY + 31 * DAY)


def test_the_form_brings_back_what_was_public_of_every_round(desk):
    ticket = again(desk, desk.published())
    browser, address = browser_of(desk.people["ngan"]), reverse("feedback:act", args=[ticket.pk, "cong-khai"])
    form = browser.get(address).content.decode()
    assert "Đã vá xong." in form.split('name="answer-1"')[1].split("</textarea>")[0]
    said = {"question": "Ổ gà", "answer": "Đã trải lại.", "address": "", "answer-1": ""}
    assert browser.post(address, said).status_code == 302
    assert [one.public_words for one in ticket.replies.order_by("round")] == ["", "Đã trải lại."]


# --- Places of masked tickets ---


def masked(desk, address="12 ngõ 4 phố Trần Mẫu, Chung cư Sao Mai, phường Sông"):
    return desk.answered(masked=True, place=PlaceFacts(address=address))


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Ổ gà trên phố Trần Mẫu", "phố Trần Mẫu"),
        ("Ổ gà đầu đường tran mau", "phố Trần Mẫu"),
        ("Ổ gà trong ngõ 4", "ngõ 4"),
        ("Trước cửa chung cư Sao Mai", "Chung cư Sao Mai"),
        ("Ngay cổng Sao Mai có ổ gà", "Chung cư Sao Mai"),
        ("Trước nhà số 12 có ổ gà", "12"),
    ],
)
def test_words_of_a_masked_ticket_do_not_say_where(desk, words, named):
    ticket = masked(desk)
    for said in ({"question": words}, {"answer": words}):
        with pytest.raises(errors.StillPrivate) as refused:
            publish(desk, ticket, **said)
        assert f"“{named}”" in refused.value.message()
        assert named not in str(refused.value.details())
    ticket.refresh_from_db()
    assert ticket.published_at is None


def test_a_place_stays_with_a_reason_that_is_kept_and_a_house_never(desk):
    ticket = masked(desk)
    said = {"question": "Ổ gà trên phố Trần Mẫu, trước nhà số 12"}
    with pytest.raises(errors.StillPrivate) as refused:
        publish(desk, ticket, **said, reasons={"phố Trần Mẫu": "Cả phố bị đào", "12": "Cần nêu"})
    assert (refused.value.never, refused.value.explained) == (["12"], [])
    with pytest.raises(BadInput):
        publish(desk, ticket, question="Ổ gà trên phố Trần Mẫu", reasons={"phố Trần Mẫu": "x" * 301})
    publish(desk, ticket, question="Ổ gà trên phố Trần Mẫu", reasons={"phố Trần Mẫu": "Cả phố bị đào"})
    assert ticket.notes.get().words == "Vẫn công khai “phố Trần Mẫu”. Lý do: Cả phố bị đào"
    assert "Trần Mẫu" not in str(history_of(ticket)[-1].facts)


def test_the_page_asks_for_the_reason_beside_the_words(desk):
    ticket = desk.answered(
        masked=True, words="Ổ gà sâu trên phố Trần Mẫu đã một tuần", place=PlaceFacts(address="phố Trần Mẫu, phường Sông")
    )
    browser, address = browser_of(desk.people["ngan"]), reverse("feedback:act", args=[ticket.pk, "cong-khai"])
    page = browser.get(address).content.decode()
    assert "phố Trần Mẫu" not in page.split('name="question"')[1].split("</textarea>")[0]
    said = {"question": "Ổ gà trên phố Trần Mẫu", "answer": "Đã vá."}
    refused = browser.post(address, said)
    assert (refused.status_code, "Vì sao vẫn nêu “phố Trần Mẫu”" in refused.content.decode()) == (422, True)
    assert browser.post(address, said | {"vi-sao-pho-tran-mau": "Cả phố bị đào"}).status_code == 302


def test_what_is_public_and_becomes_masked_is_taken_off_until_somebody_read_it_over(desk):
    ticket = desk.published(question="Ổ gà trên phố Bến")
    actions.reopen(ticket.pk, "Vẫn còn", secret=ticket.secret, actor=ANYONE, at=MONDAY)
    ticket = actions.classify(ticket.pk, category="lang-phi", actor=desk.actor("ngan"), at=MONDAY)
    assert (ticket.masked, ticket.published_at, ticket.public_address, ticket.public_words) == (True, None, "", "")


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("Số 12, ngõ 4 phố Bến, phường Sông, Hà Nội", ["Số 12", "ngõ 4", "phố Bến", "Hà Nội"]),
        ("12/4B Trần Phú P.5", ["12/4B", "Trần Phú"]),
        ("Tòa nhà Sông Hồng đường Láng xã Mẫu", ["Tòa nhà Sông Hồng", "đường Láng"]),
        ("khu phố 3, thị trấn Mẫu", ["khu phố 3"]),
        ("phường Sông", []),
        ("", []),
    ],
)
def test_an_address_is_taken_apart_down_to_its_ward(address, parts):
    assert [part.words for part in masking.place_parts(address)] == parts


def test_an_hour_is_no_house_and_another_street_is_no_part_of_the_address():
    text = "Từ 12 giờ, đường Lê Mẫu, phố bên cạnh vẫn ngập"
    assert masking.places_in(text, "12 ngõ 4 phố Bến, phường Sông") == []


# --- Names and numbers ---


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("Đèn hỏng trong hà", "Hà", False),
        ("An toàn giao thông ở đoạn này", "Hà", False),
        ("Mất an ninh, toàn khu lo", "An", False),
        ("Bạn Hà báo đèn hỏng", "Hà", True),
        ("Khẩn: sông Hạ", "Hà", False),
        ("chị Kín báo", "Vừ Thị Kín", True),
        ("chỗ kín gió", "Vừ Thị Kín", False),
        ("vu thi kin bao", "Vừ Thị Kín", True),
        ("Vừ Thị Kính", "Vừ Thị Kín", False),
        ("gọi +84 912 000 999", "0912000999", True),
        ("số 0912 000 9 và 99 cái", "0912000999", False),
    ],
)
def test_a_name_is_found_as_whole_words_and_a_short_one_only_as_a_name(text, name, found):
    assert bool(masking.holds_private(text, (name,))) is found


def test_a_short_name_that_is_a_word_stays_with_a_reason(desk):
    ticket = desk.answered(sender=replace(SENDER, name="An"))
    publish(desk, desk.answered(sender=replace(SENDER, name="An")), question="Mất an ninh, an toàn")
    said = {"question": "Công an đã đến, An toàn là trên hết"}
    with pytest.raises(errors.StillPrivate) as refused:
        publish(desk, ticket, **said)
    assert (refused.value.never, refused.value.explained) == ([], ["An"])
    publish(desk, ticket, **said, reasons={"An": "Là chữ đầu câu"})


@pytest.mark.parametrize(
    "number", ["0987 654 321", "001200012345", "nguoikhac@vidu.vn", "29A-123.45", "51F1 234.56", "+84.987.654.321"]
)
def test_numbers_of_others_are_found_and_stay_only_with_a_reason(desk, number):
    ticket = desk.answered()
    with pytest.raises(errors.StillPrivate) as refused:
        publish(desk, ticket, answer=f"Liên hệ {number} để biết thêm")
    assert f"“{number}”" in refused.value.message()
    publish(desk, ticket, answer=f"Liên hệ {number} để biết thêm", reasons={number: "Số của cơ quan"})


def test_days_sums_years_and_numbers_of_tickets_are_no_numbers_of_anybody():
    text = "Từ 06.10.2025, giai đoạn 2021-2025, hết 30.000.000 đồng theo Quyết định 1207/QĐ-UBND; xem PA98-25-000001."
    assert masking.numbers_in(text) == []
    assert masking.public_words(text) == text


# --- Letters ---


@pytest.fixture
def deliver(desk, settings, monkeypatch):
    return delivering(settings, monkeypatch)


def test_what_is_withheld_is_told_to_every_sender_with_its_reason(desk, deliver):
    parent = desk.report()
    desk.report(same_as=parent.number, sender=replace(SENDER, name="Lục Thị Hai", phone="0912000997", email=""))
    desk.answered(ticket=actions.accept(parent.pk, actor=desk.actor("toan"), at=MONDAY))
    actions.withhold(parent.pk, "private", actor=desk.actor("ngan"), at=MONDAY)
    deliver()
    told = Notice.objects.filter(key="feedback_withheld")
    assert sorted(one.to_name for one in told) == sorted([SENDER.name, "Lục Thị Hai"])
    assert all("Phản ánh và trả lời" in one.body and "Liên quan đời tư của người khác." in one.body for one in told)


def test_why_a_picture_is_kept_back_is_told_once_to_whose_it_is(desk, deliver):
    ticket = desk.answered(photos=[a_photo(), a_photo(colour=(9, 9, 99))])
    for photo in ticket.photos.all():
        actions.draw(photo.pk, actor=WORKER, at=MONDAY)
    first = ticket.photos.order_by("pk").first()
    with pytest.raises(BadInput):
        actions.cover(first.pk, [], kept_back=True, actor=desk.actor("ngan"), at=MONDAY)
    actions.cover(first.pk, [], kept_back=True, why="Có mặt trẻ em", actor=desk.actor("ngan"), at=MONDAY)
    publish(desk, ticket)
    actions.unpublish(ticket.pk, actor=desk.actor("ngan"), at=MONDAY + HOUR)
    publish(desk, ticket, MONDAY + HOUR)
    deliver()
    told = Notice.objects.get(key="feedback_withheld")
    assert "1 ảnh bạn gửi" in told.body
    assert "Có mặt trẻ em" in told.body


def test_what_an_earlier_round_says_with_a_reason_is_not_offered_among_many(desk):
    """`publish` asks for the reason again: what it refuses is not proposed."""
    ticket = desk.answered()
    publish(desk, ticket, answer="Liên hệ 0987 654 321 để biết thêm", reasons={"0987 654 321": "Số của cơ quan"})
    ticket = again(desk, ticket)
    assert isinstance(actions.proposals([ticket.pk])[ticket.pk].refusal, TextsToLookAt)
    with pytest.raises(TextsToLookAt):
        actions.publish_as_proposed(ticket.pk, actor=desk.actor("ngan"), at=LATER)
