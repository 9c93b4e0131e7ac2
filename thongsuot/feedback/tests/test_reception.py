"""Who came to be heard and reported: one ticket for the entry, whose page says its number; the other way round too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from thongsuot.citizen_reception import actions as reception
from thongsuot.citizen_reception import events as reception_events
from thongsuot.citizen_reception import panels
from thongsuot.citizen_reception.actions.errors import GiveItBack, NobodyReceives
from thongsuot.citizen_reception.facts import PaperFacts, VisitorFacts
from thongsuot.citizen_reception.models import ReceptionEntry
from thongsuot.feedback import actions
from thongsuot.feedback.actions import errors, reporting
from thongsuot.feedback.letters import until_of
from thongsuot.feedback.models import FeedbackTicket
from thongsuot.feedback.queries.reception import close_tickets, entry_of, keeps_sender_close, kept_close
from thongsuot.feedback.queries.ticket import receiving_units
from thongsuot.feedback.reactions import take_back_from_reception, take_from_reception
from thongsuot.feedback.tests.make import ANYONE, HOUSE, MONDAY, a_photo
from thongsuot.feedback.tests.telling import delivering
from thongsuot.files.inspection.refusals import FileBroken
from thongsuot.files.tests.make import pdf
from thongsuot.kernel import clock
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.kernel.events import Happened
from thongsuot.kernel.history import history_of
from thongsuot.kernel.models import Event
from thongsuot.notices.models import Notice
from thongsuot.people.actions import log_look_up
from thongsuot.people.models import Appointment
from thongsuot.people.tests.make import browser_of
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db
WHO = VisitorFacts(name="Lò Thị Đến", address="3 phố Bến")


def heard(desk, kind="feedback", matter="Đèn đường ở đầu ngõ không sáng đã hai tuần.", papers=()) -> ReceptionEntry:
    return reception.register_visit(
        desk.river,
        visitor=WHO,
        matter=matter,
        kind=kind,
        competence="ours",
        papers=papers,
        actor=HOUSE,
        at=MONDAY - timedelta(hours=1),
    )


def test_a_denunciation_is_handed_over_only_where_a_head_receives(desk):
    ticket = desk.report(words="Tôi làm đơn tố cáo cán bộ nhận hối lộ khi làm hồ sơ")
    ngan, at = desk.actor("ngan"), MONDAY
    Appointment.objects.filter(person=desk.people["hanh"]).update(duties=["receive citizens"])
    with pytest.raises(NobodyReceives):
        actions.hand_over(ticket.pk, "denunciation", to_unit_id=desk.river, actor=ngan, at=at)
    with pytest.raises(NobodyReceives):  # nobody receives at the city
        actions.hand_over(ticket.pk, "complaint", to_unit_id=desk.whole, actor=ngan, at=at)
    ticket.refresh_from_db()
    assert (ticket.state, ReceptionEntry.objects.exists()) == ("new", False)
    offered = {pk for _name, rows in receiving_units(desk.whole, at=at) for pk, _unit in rows}
    assert offered == {desk.river, desk.hill}

    handed = actions.hand_over(ticket.pk, "denunciation", to_unit_id=desk.hill, actor=ngan, at=at)

    assert list(close_tickets()) == [{"pk": handed.pk}]


def test_a_picture_that_reception_has_too_stays_when_the_sender_is_forgotten(desk):
    ticket = desk.report(words="Tôi khiếu nại quyết định thu hồi đất của nhà tôi", photos=[a_photo()])
    drawn = ticket.photos.get()
    actions.draw(drawn.pk, actor=HOUSE, at=MONDAY)
    actions.hand_over(ticket.pk, "complaint", to_unit_id=desk.river, actor=desk.actor("ngan"), at=MONDAY)

    assert actions.forget_sender(ticket.reporter.pk, actor=HOUSE, at=MONDAY).forgotten_at == MONDAY

    paper = ReceptionEntry.objects.get().papers.get()
    assert paper.file_id == drawn.original_id
    assert paper.file.uploaded_by is None


def react() -> None:
    for event in Event.objects.filter(name=reception_events.CLASSIFIED.name):
        happened = Happened(id=event.pk, name=event.name, subject=event.subject, subject_id=event.subject_id, facts=event.facts)
        take_from_reception(happened)


def part(entry):
    return next(iter(panels.panels_of(entry, actor=HOUSE, now=MONDAY)), None)


def test_feedback_told_at_a_reception_is_one_ticket_and_the_entry_says_its_number(desk):
    entry = heard(desk)
    assert part(entry).part is None

    react()
    reception.classify(entry.pk, kind="feedback", competence="unclear", actor=HOUSE, at=MONDAY)
    react()

    ticket = FeedbackTicket.objects.get()
    assert (ticket.channel, ticket.place_unit_id, ticket.state) == ("reception", desk.river, "new")
    assert (ticket.reporter.name, ticket.reporter.phone) == ("Lò Thị Đến", "")
    assert part(entry).part == ticket


def test_pictures_handed_in_come_along_and_other_papers_are_said(desk):
    photos = [PaperFacts(title="Ảnh", content=a_photo(colour=(n, 90, 60)).content, file_name=f"{n}.jpg") for n in range(6)]
    entry = heard(
        desk, papers=[PaperFacts(title="Đơn", content=pdf(), file_name="don.pdf"), PaperFacts(title="Không tệp"), *photos]
    )

    react()
    react()

    ticket = FeedbackTicket.objects.get()
    assert [photo.role for photo in ticket.photos.all()] == ["report"] * 5
    assert f"2 giấy tờ khác; xem ở sổ tiếp công dân, số {entry}." in ticket.notes.get().words


def test_no_picture_is_worth_losing_the_report_for(desk, monkeypatch):
    def refused(*args, **said):
        raise FileBroken("image")

    heard(desk, papers=[PaperFacts(title="Ảnh", content=a_photo().content, file_name="a.jpg")])
    monkeypatch.setattr(reporting, "store_photos", lambda photos, **said: refused() if photos else [])

    react()

    ticket = FeedbackTicket.objects.get()
    assert (ticket.photos.count(), "1 giấy tờ khác" in ticket.notes.get().words) == (0, True)


@pytest.mark.parametrize("kind", ["complaint", "denunciation", "proposal"])
def test_what_is_no_feedback_becomes_no_ticket(desk, kind):
    entry = heard(desk, kind)

    react()

    assert not FeedbackTicket.objects.exists()
    assert part(entry) is None


def test_too_short_a_matter_stops_nothing_and_the_entry_says_so(desk):
    entry = heard(desk, matter="Đèn.")

    react()

    assert not FeedbackTicket.objects.exists()
    assert part(entry).part is None


def test_a_ticket_handed_over_has_the_number_of_its_entry(desk):
    ticket = desk.report(words="Đơn khiếu nại quyết định xử phạt của phường.")
    assert entry_of(ticket) is None

    handed = actions.hand_over(ticket.pk, "complaint", to_unit_id=desk.river, actor=desk.actor("ngan"), at=MONDAY)

    assert entry_of(handed) == ReceptionEntry.objects.get()
    react()
    assert FeedbackTicket.objects.count() == 1


def handed(desk, kind="denunciation"):
    """A ticket with a picture and a reply, handed over to phường Sông."""
    ticket = desk.report(words="Tố cáo cán bộ phường nhận tiền của dân", photos=[a_photo()])
    actions.reply(ticket.pk, "Việc xảy ra tại cổng chợ.", secret=ticket.secret, actor=ANYONE, at=MONDAY)
    return actions.hand_over(ticket.pk, kind, to_unit_id=desk.river, actor=desk.actor("ngan"), at=MONDAY)


def given_back(desk, entry, why="Chỉ phản ánh về thái độ"):
    reception.end_entry(entry.pk, because="returned", reason=why, actor=HOUSE, at=MONDAY)
    event = Event.objects.get(name=reception_events.GIVEN_BACK.name)
    for _twice in range(2):
        take_back_from_reception(
            Happened(id=event.pk, name=event.name, subject=event.subject, subject_id=event.subject_id, facts=event.facts)
        )


def test_pictures_place_and_what_was_added_go_along(desk):
    ticket = handed(desk)
    entry = ReceptionEntry.objects.get()

    assert [paper.file_id for paper in entry.papers.all()] == [ticket.photos.get().original_id]
    assert (entry.latitude, entry.longitude, entry.place) == (ticket.latitude, ticket.longitude, ticket.address)
    assert entry.matter.splitlines() == [ticket.words, "Việc xảy ra tại cổng chợ."]
    assert entry.due_at is not None


def test_who_sent_it_gets_one_letter_with_unit_number_and_day(desk, settings, monkeypatch):
    deliver = delivering(settings, monkeypatch)
    ticket = handed(desk)
    deliver()
    entry = ReceptionEntry.objects.get()

    since = Notice.objects.filter(to_name=ticket.reporter.name).exclude(key__in=["feedback_received", "feedback_message"])
    (letter,) = since
    assert (letter.key, letter.email) == ("feedback_handed_over", ticket.reporter.email)
    for needed in ("Phường Sông", f"lượt số {entry}", f"chậm nhất ngày {timezone.localtime(entry.due_at):%d/%m/%Y}"):
        assert needed in letter.body, needed
    assert ticket.number in letter.subject


@pytest.mark.parametrize(
    ("state", "due", "says"),
    [
        ("received", True, "được báo cách xử lý chậm nhất"),
        ("accepted", True, "giải quyết chậm nhất"),
        ("accepted", False, "khi có kết quả"),
        ("closed", True, "đã kết thúc"),
    ],
)
def test_the_letter_names_no_day_that_is_over(desk, state, due, says):
    handed(desk)
    entry = ReceptionEntry.objects.get()
    entry.state, entry.due_at = state, entry.due_at if due else None

    assert says in until_of(entry)


@pytest.mark.parametrize("kind", ["denunciation", "complaint"])
def test_who_sent_a_denunciation_is_no_more_shown_where_it_was_a_ticket(desk, kind):
    ticket = handed(desk, kind)
    reporter, photo = ticket.reporter, ticket.photos.get()
    browser = browser_of(desk.people["ngan"])
    sender = reverse("feedback:sender", args=[ticket.pk])
    original = reverse("feedback:original", args=[ticket.pk, photo.pk])
    closed = kind == "denunciation"
    # One who looked a moment before sees it no more either.
    log_look_up(reporter, fields=["full_name"], reason="Gọi", actor=desk.actor("ngan"), at=clock.now())

    shown = said(browser.get(reverse("feedback:ticket", args=[ticket.pk])))

    assert (reporter.name in shown) is not closed
    assert ("người gửi được giữ kín" in shown) is closed
    assert browser.get(sender).status_code == (403 if closed else 200)
    assert browser.post(sender, {"reason": "Gọi"}).status_code == (403 if closed else 302)
    assert browser.get(original).status_code == (403 if closed else 200)


def test_put_right_to_a_denunciation_at_the_reception_it_is_kept_close_at_the_ticket_too(desk):
    ticket = handed(desk, "complaint")
    assert not keeps_sender_close(ticket)
    reception.classify(ReceptionEntry.objects.get().pk, kind="denunciation", competence="ours", actor=HOUSE, at=MONDAY)
    assert keeps_sender_close(ticket)


def put_right(entry, kind):
    reception.classify(entry.pk, kind=kind, competence="ours", actor=HOUSE, at=MONDAY)


def test_called_a_denunciation_afterwards_its_ticket_is_kept_close_at_once_and_then_ends(desk):
    entry = heard(desk, papers=[PaperFacts(title="Ảnh", content=a_photo().content, file_name="a.jpg")])
    react()
    ticket = FeedbackTicket.objects.get()
    browser, sender = browser_of(desk.people["ngan"]), reverse("feedback:sender", args=[ticket.pk])
    assert not keeps_sender_close(ticket)
    assert browser.get(sender).status_code == 200

    put_right(entry, "denunciation")
    assert keeps_sender_close(ticket)
    assert browser.get(sender).status_code == 403
    react()
    react()

    ticket.refresh_from_db()
    assert (ticket.state, ticket.suspected, entry_of(ticket)) == ("handed_over", "denunciation", entry)
    assert browser.get(reverse("feedback:original", args=[ticket.pk, ticket.photos.get().pk])).status_code == 403
    assert "Lò Thị Đến" not in said(browser.get(reverse("feedback:ticket", args=[ticket.pk])))
    assert [event.name for event in history_of(ticket)].count("feedback.handed_over") == 1
    assert ReceptionEntry.objects.count() == 1


@pytest.mark.parametrize("when", ["with a unit", "published", "merged"])
def test_whatever_had_become_of_it_it_ends_for_citizen_reception(desk, when):
    entry = heard(desk)
    react()
    ticket, ngan = FeedbackTicket.objects.get(), desk.actor("ngan")
    if when == "merged":
        parent = desk.report()
        actions.merge(parent.pk, [ticket.pk], actor=ngan, at=MONDAY)
    else:
        actions.classify(ticket.pk, category="o-ga", actor=ngan, at=MONDAY)
        actions.route(ticket.pk, desk.river, actor=ngan, at=MONDAY)
        ticket = actions.accept(ticket.pk, actor=desk.actor("toan"), at=MONDAY)
    if when == "published":
        desk.published(ticket=ticket)

    put_right(entry, "complaint")
    react()

    ticket.refresh_from_db()
    assert (ticket.state, ticket.unit_id, ticket.parent_id, ticket.published_at) == ("handed_over", None, None, None)
    assert (ticket.next_rung_at, ticket.step_due_at, keeps_sender_close(ticket)) == (None, None, False)
    if when == "merged":
        parent.refresh_from_db()
        assert parent.senders == 1

    put_right(entry, "feedback")
    react()
    react()

    ticket.refresh_from_db()
    assert (ticket.state, ticket.suspected, ticket.ended_at) == ("validating", "", None)
    assert FeedbackTicket.objects.exclude(key=None).filter(channel="reception").count() == 1


def test_what_operators_handed_over_themselves_does_not_come_back_by_the_entry_it_was_made_from(desk):
    entry = heard(desk)
    react()
    ticket = FeedbackTicket.objects.get()
    actions.hand_over(ticket.pk, "complaint", to_unit_id=desk.river, actor=desk.actor("ngan"), at=MONDAY)

    put_right(entry, "feedback")
    react()

    ticket.refresh_from_db()
    assert ticket.state == "handed_over"


def test_only_the_house_leaves_a_ticket_to_citizen_reception(desk):
    with pytest.raises(NotYourDuty):
        actions.leave_to_reception(
            desk.report().pk, "complaint", entry_id=1, unit_id=desk.river, actor=desk.actor("ngan"), at=MONDAY
        )


def test_which_of_many_are_kept_close_is_one_question(desk, django_assert_num_queries):
    entry = heard(desk)
    react()
    put_right(entry, "denunciation")
    made, complaint, plain = FeedbackTicket.objects.get(), handed(desk, "complaint"), desk.report()
    rows = [made, complaint, plain, handed(desk)]

    with django_assert_num_queries(1):
        assert kept_close(rows) == {made.pk, rows[-1].pk}
    with django_assert_num_queries(0):
        assert not kept_close([plain])


def test_what_is_no_complaint_comes_back_to_the_operators_and_its_sender_is_told(desk):
    ticket, entry = handed(desk), ReceptionEntry.objects.get()
    with pytest.raises(GiveItBack):  # it is a ticket already: not a second one
        reception.classify(entry.pk, kind="feedback", competence="ours", actor=HOUSE, at=MONDAY)

    given_back(desk, entry)

    entry.refresh_from_db()
    ticket.refresh_from_db()
    assert (entry.state, entry.ended_because, entry.about_code) == ("closed", "returned", ticket.number)
    assert (ticket.state, ticket.suspected, ticket.ended_at) == ("validating", "", None)
    assert ticket.notes.get().words == "Chỉ phản ánh về thái độ"
    assert [event.name for event in history_of(ticket)].count("feedback.taken_back") == 1
    assert FeedbackTicket.objects.count() == 1
    actions.classify(ticket.pk, category="o-ga", actor=desk.actor("ngan"), at=MONDAY)
    actions.route(ticket.pk, desk.river, actor=desk.actor("ngan"), at=MONDAY)

    # A new look may say otherwise: then it is a new line of the register.
    actions.suspect(ticket.pk, "complaint", actor=desk.actor("ngan"), at=MONDAY)
    actions.hand_over(ticket.pk, "complaint", to_unit_id=desk.river, actor=desk.actor("ngan"), at=MONDAY)
    assert ReceptionEntry.objects.count() == 2


def test_only_the_house_takes_a_ticket_back_and_only_one_that_was_handed_over(desk):
    with pytest.raises(NotYourDuty):
        actions.take_back(handed(desk).pk, why="", actor=desk.actor("ngan"), at=MONDAY)
    with pytest.raises(errors.NotInThisState):
        actions.take_back(desk.report().pk, why="", actor=HOUSE, at=MONDAY)
