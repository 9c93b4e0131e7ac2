"""A ticket from its report to its end: the way it should go, each side way, and each refusal."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from thongsuot.citizen_reception.models import ReceptionEntry
from thongsuot.counters.satisfaction import Level
from thongsuot.feedback import actions
from thongsuot.feedback.actions import errors
from thongsuot.feedback.facts import PlaceFacts, SenderFacts
from thongsuot.feedback.models import Answer, FeedbackTicket, Reporter
from thongsuot.feedback.queries.ticket import TicketPage, next_actions
from thongsuot.feedback.tests.make import (
    ANYONE,
    DAY,
    HOUR,
    IN_RIVER,
    MINUTE,
    MONDAY,
    SENDER,
    WORKER,
    a_photo,
)
from thongsuot.feedback.words import Channel
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.kernel.remember import forget_all
from thongsuot.kernel.working_time import VIET_NAM

State = FeedbackTicket.State


def test_from_the_phone_to_everybody_and_rated(desk):
    ticket = desk.report(photos=[a_photo()])
    assert (ticket.number, ticket.state, ticket.unit_id) == ("PA98-25-000001", State.ROUTED, desk.river)
    assert ticket.routings.get().because == "place"
    assert ticket.place_by == "address"
    actions.accept(ticket.pk, actor=desk.actor("toan"), at=MONDAY + HOUR)
    actions.start(ticket.pk, actor=desk.actor("toan"), at=MONDAY + HOUR)
    answer = actions.submit_answer(
        ticket.pk, "Đã vá xong sáng nay.", photos=[a_photo("xong.jpg")], actor=desk.actor("toan"), at=MONDAY + DAY
    )
    actions.approve_answer(answer.pk, actor=desk.actor("hanh"), at=MONDAY + DAY)
    for photo in ticket.photos.all():
        actions.draw(photo.pk, actor=WORKER, at=MONDAY + DAY)
    public = actions.publish(
        ticket.pk, question="Ổ gà sâu", answer="Đã vá xong.", address="phố Bến", actor=desk.actor("ngan"), at=MONDAY + DAY
    )
    assert (public.state, public.public_words, public.public_latitude) == (State.PUBLISHED, "Ổ gà sâu", 21.01)
    assert ticket.photos.filter(public__isnull=False).count() == 2
    actions.rate(ticket.pk, Level.SATISFIED, secret=ticket.secret, actor=ANYONE, at=MONDAY + 2 * DAY)
    ticket.refresh_from_db()
    assert ticket.state == State.RATED
    actions.close(ticket.pk, actor=WORKER, at=MONDAY + 30 * DAY)
    names = [row.name.removeprefix("feedback.") for row in history_of(ticket)]
    assert [name for name in names if not name.startswith("photo")] == (
        ["reported", "routed", "accepted", "started", "submitted", "answered", "published", "rated", "closed"]
    )


def test_no_event_holds_who_sent_it_or_what_they_wrote(desk):
    ticket = desk.answered()
    told = " ".join(str(row.facts) for row in history_of(ticket))
    for secret in (SENDER.name, SENDER.phone, SENDER.email, "phố Bến", "Ổ gà", ticket.secret):
        assert secret not in told


@pytest.mark.parametrize("channel", list(Channel))
def test_one_series_of_numbers_whatever_the_channel(desk, channel):
    first = desk.report(channel=channel, by=desk.actor("ngan"))
    second = desk.report(MONDAY + MINUTE, sender=replace(SENDER, phone="0912000998", email=""))
    assert (first.channel, first.number, second.number) == (channel, "PA98-25-000001", "PA98-25-000002")


def test_the_same_report_sent_twice_is_one_ticket(desk):
    first = desk.report(key="may-cua-toi-1")
    assert desk.report(MONDAY + HOUR, key="may-cua-toi-1").pk == first.pk
    other = desk.report(MONDAY + HOUR, key="may-cua-toi-1", sender=replace(SENDER, phone="0912000001", email=""))
    assert other.pk != first.pk, "whoever guesses a key is not shown what another sent"


def test_what_is_not_complete_is_refused_with_what_to_do(desk):
    for said, field in (
        ({"words": "Hỏng"}, "words"),
        ({"words": "x" * 4001}, "words"),
        ({"sender": replace(SENDER, name="123")}, "name"),
        ({"sender": replace(SENDER, phone="", email="")}, "phone"),
        ({"sender": replace(SENDER, phone="12345")}, "phone"),
        ({"sender": replace(SENDER, email="a@b")}, "email"),
        ({"place": PlaceFacts(latitude=48.0, longitude=2.0)}, "place"),
        ({"place": PlaceFacts(latitude=21.0)}, "place"),
        ({"place": PlaceFacts(address="x" * 301)}, "address"),
        ({"happened_at": MONDAY + DAY}, "happened_at"),
        ({"happened_at": datetime(2020, 1, 1, tzinfo=VIET_NAM)}, "happened_at"),
        ({"dossier": "H98.104-251006-0001"}, "dossier"),
        ({"category": "dien-day"}, "ho"),
    ):
        with pytest.raises(BadInput) as refused:
            desk.report(**said)
        assert set(refused.value.problems) == {field}
    with pytest.raises(errors.UnknownCategory):
        desk.report(category="khong-co")
    with pytest.raises(errors.TooManyPhotos):
        desk.report(photos=[a_photo()] * 6)
    assert not FeedbackTicket.objects.exists()
    assert not Reporter.objects.exists()


def test_a_burst_of_one_person_about_one_place_and_of_one_network_ends(desk):
    sender = replace(SENDER, network="203.0.113.7")
    for _ in range(3):
        desk.report(sender=sender)
    with pytest.raises(errors.TooMany) as refused:
        desk.report(MONDAY + HOUR, sender=sender)
    assert refused.value.what == "place"
    with pytest.raises(errors.TooMany):  # and nothing is looked up for whoever sends too many
        desk.report(MONDAY + HOUR, sender=sender, dossier="H98.104-251006-0001")
    for place in range(7):
        desk.report(place=PlaceFacts(address=f"{place} phố Khác, phường Sông"), category="rac-thai", sender=sender)
    with pytest.raises(errors.TooMany) as refused:
        desk.report(place=PlaceFacts(address="phường Đồi"), category="cay-xanh", sender=sender)
    assert refused.value.what == "person"
    assert refused.value.again_at == MONDAY + HOUR
    desk.report(MONDAY + HOUR + MINUTE, place=PlaceFacts(address="phường Đồi"), category="cay-xanh", sender=sender)
    desk.report(channel=Channel.HOTLINE, by=desk.actor("ngan"))  # an operator who hears them counts for nobody


def test_a_network_is_counted_by_its_digest_alone(desk):
    ticket = desk.report(sender=replace(SENDER, network="203.0.113.7"))
    assert "203" not in ticket.reporter.network
    assert len(ticket.reporter.network) == 32


def test_a_unit_returns_it_so_often_then_the_operator_decides(desk):
    ticket = desk.report()
    said = {"words": "Đường này thuộc phường Đồi", "actor": desk.actor("toan")}
    actions.give_back(ticket.pk, "other_place", **said, at=MONDAY + HOUR)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.unit_id, ticket.due_at is not None, ticket.next_rung) == (State.VALIDATING, None, True, None)
    actions.route(ticket.pk, desk.hill, actor=desk.actor("ngan"), at=MONDAY + 2 * HOUR)
    actions.give_back(ticket.pk, "not_ours", words="Không phải", actor=desk.actor("do"), at=MONDAY + 3 * HOUR)
    actions.route(ticket.pk, desk.river, words="Đã xem bản đồ", actor=desk.actor("ngan"), at=MONDAY + 4 * HOUR)
    with pytest.raises(errors.ReturnedOften):
        actions.give_back(ticket.pk, "other_place", **said, at=MONDAY + 5 * HOUR)
    assert [row.return_reason for row in ticket.routings.order_by("routed_at")] == ["other_place", "not_ours", ""]


def test_a_city_may_let_nothing_be_returned_and_may_let_it_again(desk):
    ticket, toan, quan = desk.report(), desk.actor("toan"), desk.actor("quan")
    basis = "Quy chế của thành phố"
    actions.set_setting(desk.whole, "returns_most", 0, basis=basis, valid_from=MONDAY.date(), actor=quan, at=MONDAY)
    forget_all()
    with pytest.raises(errors.ReturnedOften):
        actions.give_back(ticket.pk, "not_ours", words="Không phải", actor=toan, at=MONDAY)
    ways = {one.key for one in next_actions(TicketPage(ticket, MONDAY), actor=toan)}
    assert ("tra-lai" in ways, "nhan" in ways, ticket.routings.get().returned_at) == (False, True, None)
    tomorrow = MONDAY + DAY
    actions.set_setting(desk.whole, "returns_most", 1, basis=basis, valid_from=tomorrow.date(), actor=quan, at=MONDAY)
    forget_all()
    assert "tra-lai" in {one.key for one in next_actions(TicketPage(ticket, tomorrow), actor=toan)}
    assert actions.give_back(ticket.pk, "not_ours", words="Không phải", actor=toan, at=tomorrow).operator_decides


def test_nobody_is_asked_who_left_no_way_to_be_reached(desk):
    ticket, ngan = desk.report(channel=Channel.PAPER, sender=SenderFacts(name="Lò Thị Đến")), desk.actor("ngan")
    for say in (actions.ask, actions.message):
        with pytest.raises(errors.SenderUnreachable):
            say(ticket.pk, "Nhà số mấy?", actor=ngan, at=MONDAY)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.messages.count()) == ("routed", 0)
    offered = {one.key for one in next_actions(TicketPage(ticket, MONDAY), actor=ngan)}
    assert not offered & {"hoi", "nhan-tin"}
    assert {one.key for one in next_actions(TicketPage(desk.report(), MONDAY), actor=ngan)} >= {"hoi", "nhan-tin"}


def test_another_unit_may_not_touch_it(desk):
    ticket = desk.report()
    for act in (
        lambda: actions.accept(ticket.pk, actor=desk.actor("do"), at=MONDAY),
        lambda: actions.give_back(ticket.pk, "not_ours", words="Không", actor=desk.actor("do"), at=MONDAY),
        lambda: actions.note(ticket.pk, "Ghi", actor=desk.actor("do"), at=MONDAY),
        lambda: actions.route(ticket.pk, desk.hill, actor=desk.actor("toan"), at=MONDAY),
        lambda: actions.refuse(ticket.pk, "unclear", words="Không", actor=desk.actor("toan"), at=MONDAY),
        lambda: actions.accept(ticket.pk, actor=ANYONE, at=MONDAY),
    ):
        with pytest.raises(NotYourDuty):
            act()
    with pytest.raises(NotFound):
        actions.reply(ticket.pk, "Xin chào", secret="đoán", actor=ANYONE, at=MONDAY)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Tôi làm đơn tố cáo cán bộ nhận hối lộ khi làm hồ sơ", "denunciation"),
        ("Tôi khiếu nại quyết định thu hồi đất của nhà tôi", "complaint"),
    ],
)
def test_a_complaint_is_never_worked_on_as_a_ticket(desk, words, kind):
    ticket = desk.report(words=words)
    assert (ticket.state, ticket.suspected, ticket.unit_id) == (State.NEW, kind, None)
    for act in (
        lambda: actions.route(ticket.pk, desk.river, actor=desk.actor("ngan"), at=MONDAY),
        lambda: actions.refuse(ticket.pk, "unclear", words="Không", actor=desk.actor("ngan"), at=MONDAY),
    ):
        with pytest.raises(errors.IsSuspected):
            act()
    done = actions.hand_over(ticket.pk, kind, to_unit_id=desk.river, actor=desk.actor("ngan"), at=MONDAY)
    assert (done.state, done.next_rung) == (State.HANDED_OVER, None)
    entry = ReceptionEntry.objects.get()
    assert (entry.unit_id, entry.kind) == (desk.river, kind)


def test_people_who_only_complain_of_noise_are_no_complainants(desk):
    ticket = desk.report(words="Tôi khiếu nại tiếng ồn karaoke ban đêm quá lớn", category="tieng-on")
    assert (ticket.suspected, ticket.state) == ("", State.ROUTED)


def test_a_suspicion_is_cleared_with_its_reason(desk):
    ticket = desk.report(words="Bảng ghi nơi nhận đơn tố cáo bị rơi xuống đường")
    actions.clear_suspicion(ticket.pk, why="Nói về cái bảng", actor=desk.actor("ngan"), at=MONDAY)
    actions.route(ticket.pk, desk.river, actor=desk.actor("ngan"), at=MONDAY)
    assert ticket.notes.get().words == "Nói về cái bảng"


def test_who_writes_an_answer_does_not_approve_it(desk):
    ticket = desk.accepted()
    answer = actions.submit_answer(ticket.pk, "Đã làm xong.", actor=desk.actor("tam"), at=MONDAY)
    with pytest.raises(errors.OwnAnswer):
        actions.approve_answer(answer.pk, actor=desk.actor("tam"), at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.approve_answer(answer.pk, actor=desk.actor("duc"), at=MONDAY)
    actions.send_back_answer(answer.pk, note="Nêu rõ ngày làm", actor=desk.actor("hanh"), at=MONDAY)
    again = actions.submit_answer(ticket.pk, "Đã vá ngày 06/10.", actor=desk.actor("tam"), at=MONDAY)
    actions.approve_answer(again.pk, actor=desk.actor("hanh"), at=MONDAY)
    assert Answer.objects.filter(ticket=ticket, state="approved").count() == 1


def test_not_satisfied_opens_it_again_and_the_city_approves_then(desk):
    ticket = desk.answered()
    with pytest.raises(NotFound):
        actions.reopen(ticket.pk, "Vẫn còn hố", secret="", actor=ANYONE, at=MONDAY + DAY)
    ticket = actions.reopen(ticket.pk, "Vẫn còn hố", secret=ticket.secret, actor=ANYONE, at=MONDAY + DAY)
    assert (ticket.state, ticket.round, ticket.higher_review, ticket.unit_id) == (State.ROUTED, 2, True, desk.river)
    actions.accept(ticket.pk, actor=desk.actor("toan"), at=MONDAY + DAY)
    answer = desk.answer(ticket, MONDAY + DAY)
    with pytest.raises(errors.HigherReview):
        actions.approve_answer(answer.pk, actor=desk.actor("hanh"), at=MONDAY + DAY)
    actions.approve_answer(answer.pk, actor=desk.actor("truong"), at=MONDAY + DAY)
    ticket = actions.reopen(ticket.pk, "Lại hỏng", secret=ticket.secret, actor=ANYONE, at=MONDAY + 2 * DAY)
    actions.accept(ticket.pk, actor=desk.actor("toan"), at=MONDAY + 2 * DAY)
    answer = desk.answer(ticket, MONDAY + 2 * DAY)
    with pytest.raises(errors.SameReviewer):
        actions.approve_answer(answer.pk, actor=desk.actor("truong"), at=MONDAY + 2 * DAY)
    actions.approve_answer(answer.pk, actor=desk.another_reviewer(), at=MONDAY + 2 * DAY)
    with pytest.raises(errors.CannotReopen):
        actions.reopen(ticket.pk, "Lần ba", secret=ticket.secret, actor=ANYONE, at=MONDAY + 3 * DAY)


def test_it_is_opened_again_in_time_or_not_at_all(desk):
    ticket = desk.answered()
    with pytest.raises(errors.CannotReopen):
        actions.reopen(ticket.pk, "Muộn rồi", secret=ticket.secret, actor=ANYONE, at=MONDAY + 16 * DAY)


def test_nothing_private_is_published_even_when_somebody_types_it(desk):
    ticket = desk.answered()
    said = {"question": "Ổ gà", "answer": "Đã vá.", "address": "phố Bến", "actor": desk.actor("ngan"), "at": MONDAY}
    for field in ("question", "answer", "address"):
        for private in (SENDER.name, "0912 000 999", SENDER.email):
            with pytest.raises(errors.StillPrivate):
                actions.publish(ticket.pk, **{**said, field: f"Bạn {private} ơi"})
    actions.publish(ticket.pk, **said)
    with pytest.raises(errors.IsPublic):
        actions.publish(ticket.pk, **said)


def test_of_a_masked_ticket_no_place_is_published_but_the_ward(desk):
    ticket = desk.answered(masked=True, place=IN_RIVER)
    ticket = actions.publish(
        ticket.pk, question="Ổ gà", answer="Đã vá.", address="12 phố Bến", actor=desk.actor("ngan"), at=MONDAY
    )
    assert (ticket.public_latitude, ticket.public_longitude, ticket.public_address) == (None, None, "")


def test_wasteful_conduct_is_masked_whatever_the_sender_said(desk):
    ticket = desk.report(category="lang-phi", words="Trụ sở cũ bỏ trống đã hai năm nay")
    assert (ticket.stream, ticket.masked, ticket.state) == ("waste", True, State.NEW)


def test_withheld_with_a_reason_and_taken_off_again(desk):
    ticket = desk.published()
    actions.withhold(ticket.pk, "sensitive", actor=desk.actor("hanh"), at=MONDAY)
    ticket.refresh_from_db()
    assert (ticket.published_at, ticket.public_words, ticket.withheld, ticket.state) == (None, "", "sensitive", State.APPROVED)


def test_many_reports_of_one_thing_hang_on_one_and_one_comes_off_again(desk):
    parent = desk.report()
    others = [desk.report(sender=replace(SENDER, phone=f"091200010{n}", email="")) for n in range(3)]
    actions.merge(others[0].pk, [others[1].pk], actor=desk.actor("ngan"), at=MONDAY)
    actions.merge(parent.pk, [others[0].pk, others[2].pk], actor=desk.actor("toan"), at=MONDAY)
    parent.refresh_from_db()
    assert (parent.senders, parent.children.count()) == (4, 3)
    back = actions.unmerge(others[1].pk, actor=desk.actor("ngan"), at=MONDAY)
    parent.refresh_from_db()
    assert (back.state, back.parent_id, parent.senders) == (State.VALIDATING, None, 3)
    with pytest.raises(errors.CannotMerge):
        actions.merge(parent.pk, [others[0].pk], actor=desk.actor("ngan"), at=MONDAY)


def test_the_sender_may_say_at_once_that_it_is_the_same(desk):
    parent = desk.report()
    child = desk.report(same_as=parent.number, sender=replace(SENDER, phone="0912000111", email=""))
    parent.refresh_from_db()
    assert (child.state, child.parent_id, parent.senders) == (State.MERGED, parent.pk, 2)
    desk.answered(ticket=actions.accept(parent.pk, actor=desk.actor("toan"), at=MONDAY))
    actions.rate(child.pk, Level.DISSATISFIED, secret=child.secret, actor=ANYONE, at=MONDAY)
    with pytest.raises(errors.AlreadyRated):
        actions.rate(child.pk, Level.SATISFIED, secret=child.secret, actor=ANYONE, at=MONDAY)


def test_names_and_addresses_end_and_the_ticket_stays(desk):
    ticket = desk.answered()
    actions.withhold(ticket.pk, "private", actor=desk.actor("ngan"), at=MONDAY)
    actions.close(ticket.pk, actor=WORKER, at=MONDAY + 20 * DAY)
    assert not actions.to_forget(at=MONDAY + 700 * DAY)
    (one,) = actions.to_forget(at=MONDAY + 760 * DAY)
    actions.forget_sender(one, actor=WORKER, at=MONDAY + 760 * DAY)
    kept = Reporter.objects.get(ticket=ticket)
    assert (kept.name, kept.phone, kept.email, kept.network, kept.person_id) == ("", "", "", "", None)
    assert not actions.to_forget(at=MONDAY + 760 * DAY)


def test_whoever_hangs_on_another_ticket_may_say_that_it_is_not_settled(desk):
    parent = desk.report()
    child = desk.report(same_as=parent.number, sender=replace(SENDER, phone="0912000111", email=""))
    with pytest.raises(errors.IsMerged):
        actions.reply(child.pk, "Còn nữa", secret=child.secret, actor=ANYONE, at=MONDAY)
    desk.answered(ticket=actions.accept(parent.pk, actor=desk.actor("toan"), at=MONDAY))
    actions.reopen(child.pk, "Vẫn còn hố", secret=child.secret, actor=ANYONE, at=MONDAY)
    parent.refresh_from_db()
    assert (parent.state, parent.round) == (State.ROUTED, 2)
    assert not parent.messages.exists(), "what one sender writes another does not read"
    assert parent.notes.get().words == f"{child.number}: Vẫn còn hố"


def test_an_officers_channel_needs_an_officer(desk):
    with pytest.raises(NotYourDuty):
        desk.report(channel=Channel.HOTLINE, by=ANYONE)


def test_what_hangs_on_a_ticket_that_ends_without_an_answer_goes_back_to_the_operators(desk):
    parent = desk.report()
    child = desk.report(same_as=parent.number, sender=replace(SENDER, phone="0912000111", email=""))
    actions.refuse(parent.pk, "unclear", words="Chưa rõ", actor=desk.actor("ngan"), at=MONDAY)
    child.refresh_from_db()
    assert (child.state, child.parent_id, child.unit_id) == (State.VALIDATING, None, None)
    actions.route(child.pk, desk.river, actor=desk.actor("ngan"), at=MONDAY)


def test_pictures_of_an_answer_that_was_sent_back_are_not_published(desk):
    ticket = desk.accepted()
    wrong = desk.answer(ticket, photos=[a_photo("sai.jpg")])
    actions.send_back_answer(wrong.pk, note="Sai chỗ", actor=desk.actor("hanh"), at=MONDAY)
    right = desk.answer(ticket, photos=[a_photo("dung.jpg", colour=(9, 99, 9))])
    actions.approve_answer(right.pk, actor=desk.actor("hanh"), at=MONDAY)
    for photo in ticket.photos.all():
        actions.draw(photo.pk, actor=WORKER, at=MONDAY)
    actions.publish(ticket.pk, question="Ổ gà", answer="Đã vá.", actor=desk.actor("ngan"), at=MONDAY)
    assert [photo.answer_id for photo in ticket.photos.filter(public__isnull=False)] == [right.pk]


def test_what_was_public_and_turns_out_to_be_a_complaint_is_public_no_more(desk):
    ticket = desk.published()
    ticket = actions.reopen(ticket.pk, "Vẫn còn", secret=ticket.secret, actor=ANYONE, at=MONDAY)
    ticket = actions.suspect(ticket.pk, "denunciation", actor=desk.actor("toan"), at=MONDAY)
    assert (ticket.published_at, ticket.public_words, ticket.state) == (None, "", State.VALIDATING)


def test_no_clock_ends_what_may_be_a_complaint(desk):
    ticket = desk.report(words="Tôi làm đơn tố cáo cán bộ nhận hối lộ khi làm hồ sơ")
    actions.ask(ticket.pk, "Việc ở đâu?", actor=desk.actor("ngan"), at=MONDAY)
    ticket = actions.close_unanswered(ticket.pk, actor=WORKER, at=MONDAY + 30 * DAY)
    assert (ticket.state, ticket.suspected, ticket.ended_at) == (State.VALIDATING, "denunciation", None)


def test_one_operator_takes_it_and_who_leads_them_may_take_over_and_says_why(desk):
    ticket = desk.report(category="")
    actions.take(ticket.pk, actor=desk.actor("ngan"), at=MONDAY)
    with pytest.raises(errors.TakenByOther) as refused:
        actions.take(ticket.pk, actor=desk.actor("truong"), at=MONDAY)
    assert refused.value.message().startswith("Ngân Thị Nghe đang xem phản ánh này.")
    with pytest.raises(BadInput):
        actions.take_over(ticket.pk, why=" ", actor=desk.actor("truong"), at=MONDAY)
    taken = actions.take_over(ticket.pk, why="Chị Ngân nghỉ ốm", actor=desk.actor("truong"), at=MONDAY)
    assert (taken.taken_by_id, taken.notes.get().words) == (desk.people["truong"].pk, "Chị Ngân nghỉ ốm")
    with pytest.raises(errors.TakenByOther):
        actions.take(ticket.pk, actor=desk.actor("ngan"), at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.take_over(ticket.pk, why="Tôi làm tiếp", actor=desk.actor("ngan"), at=MONDAY)
    back = desk.report()
    actions.give_back(back.pk, "not_ours", words="Không", actor=desk.actor("toan"), at=MONDAY)
    assert actions.take(back.pk, actor=desk.actor("ngan"), at=MONDAY).taken_by_id == desk.people["ngan"].pk


def test_the_unit_an_operator_chose_stands_before_the_point_and_why_is_kept(desk, monkeypatch):
    monkeypatch.setattr("thongsuot.feedback.actions.placing.commune_at", lambda point, city_id, on: desk.river)
    ticket = desk.report(category="khac", place=PlaceFacts(latitude=21.01, longitude=105.05))
    there = PlaceFacts(latitude=21.01, longitude=105.05, unit_id=desk.hill)
    said = {"actor": desk.actor("ngan"), "at": MONDAY}
    with pytest.raises(BadInput) as refused:
        actions.place(ticket.pk, there, **said)
    assert "Phường Sông" in refused.value.problems["why"]
    placed = actions.place(ticket.pk, there, why="Bờ bên kia thuộc Đồi", **said)
    assert (placed.place_unit_id, placed.place_by) == (desk.hill, "operator")
    assert placed.notes.get().words == "Nơi xảy ra khác điểm trên bản đồ (Phường Sông): Bờ bên kia thuộc Đồi"
    assert history_of(ticket)[-1].facts["point_unit"] == desk.river
    assert actions.place(ticket.pk, replace(there, unit_id=None), **said).place_unit_id == desk.river


def test_what_is_masked_by_its_new_category_is_public_no_more(desk):
    ticket = desk.published()
    actions.reopen(ticket.pk, "Vẫn còn", secret=ticket.secret, actor=ANYONE, at=MONDAY)
    ticket = actions.classify(ticket.pk, category="rac-thai", actor=desk.actor("ngan"), at=MONDAY)
    assert ticket.published_at is not None
    ticket = actions.classify(ticket.pk, category="lang-phi", actor=desk.actor("ngan"), at=MONDAY)
    assert (ticket.masked, ticket.published_at, ticket.public_words, ticket.public_key) == (True, None, "", "")
    assert history_of(ticket)[-1].facts["was_public"] is True


def test_wasteful_conduct_is_masked_where_nobody_found_its_category_yet(desk):
    ticket = desk.report(category="", stream="waste", words="Trụ sở cũ bỏ trống đã hai năm nay")
    assert ticket.masked
    other = desk.report(category="", words="Trụ sở cũ bỏ trống đã hai năm nay")
    assert not other.masked
    assert actions.classify(other.pk, stream="waste", actor=desk.actor("ngan"), at=MONDAY).masked
