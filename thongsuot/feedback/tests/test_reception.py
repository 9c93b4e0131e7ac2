"""Who came to be heard and reported: one ticket for the entry, whose page says its number; the other way round too."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from thongsuot.citizen_reception import actions as reception
from thongsuot.citizen_reception import events as reception_events
from thongsuot.citizen_reception import panels
from thongsuot.citizen_reception.actions.errors import GiveItBack, NobodyReceives
from thongsuot.citizen_reception.facts import PaperFacts, VisitorFacts
from thongsuot.citizen_reception.models import ReceptionEntry
from thongsuot.feedback import actions, letters
from thongsuot.feedback.actions import errors, reporting
from thongsuot.feedback.letters import until_of
from thongsuot.feedback.models import FeedbackTicket
from thongsuot.feedback.queries.near import same_pictures
from thongsuot.feedback.queries.reception import close_tickets, entry_of, keeps_sender_close, kept_close
from thongsuot.feedback.queries.ticket import receiving_units
from thongsuot.feedback.reactions import take_back_from_reception, take_from_reception
from thongsuot.feedback.tests.make import ANYONE, HOUSE, MONDAY, a_photo
from thongsuot.feedback.tests.telling import delivering
from thongsuot.files.inspection.refusals import FileBroken
from thongsuot.files.tests.make import pdf
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.kernel.events import Happened
from thongsuot.kernel.history import history_of
from thongsuot.kernel.models import Event
from thongsuot.kernel.text import search_key
from thongsuot.notices import close
from thongsuot.notices.letters import shipped
from thongsuot.notices.models import Notice
from thongsuot.notices.queries import outbox
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

    over = MONDAY + timedelta(days=731)
    assert actions.forget_sender(ticket.reporter.pk, actor=HOUSE, at=over).forgotten_at == over

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

    assert ("người gửi được giữ kín" in shown) is closed
    for telling in (reporter.name, ticket.words, "Việc xảy ra tại cổng chợ.", ticket.address):
        assert (telling in shown) is not closed, telling
    assert str(ReceptionEntry.objects.get()) in shown
    assert browser.get(sender).status_code == (403 if closed else 200)
    assert browser.post(sender, {"reason": "Gọi"}).status_code == (403 if closed else 302)
    assert browser.get(original).status_code == (403 if closed else 200)


def test_nothing_of_a_denunciation_is_found_or_acted_on_where_it_was_a_ticket(desk):
    ticket, twin = handed(desk), desk.report(words="Vẫn ảnh ấy, việc khác hẳn", photos=[a_photo()])
    for photo in (ticket.photos.get(), twin.photos.get()):
        actions.draw(photo.pk, actor=HOUSE, at=MONDAY)
    browser, inbox = browser_of(desk.people["ngan"]), reverse("feedback:inbox")

    assert (ticket.search_key, same_pictures(twin)) == ("", [])
    for asked in ("", "nhận tiền", "cổng chợ", "phố Bến"):
        shown = said(browser.get(inbox, {"hang": "tim", "q": asked}))
        assert [told for told in (ticket.number, "nhận tiền của dân") if told in shown] == [], asked
    assert browser.get(inbox, {"q": ticket.number}).url == reverse("feedback:ticket", args=[ticket.pk])
    assert ticket.number not in said(browser.post(reverse("feedback:bulk"), {"pa": [ticket.pk, twin.pk], "viec": "chuyen"}))
    for name, *more in (("act", "ghi-chu"), ("duplicates",), ("ticket_point",)):
        assert browser.get(reverse(f"feedback:{name}", args=[ticket.pk, *more])).status_code == 403, name


def test_put_right_to_a_denunciation_at_the_reception_it_is_kept_close_at_the_ticket_too(desk):
    ticket = handed(desk, "complaint")
    assert not keeps_sender_close(ticket)
    put_right(ReceptionEntry.objects.get(), "denunciation")
    assert keeps_sender_close(ticket)

    react()
    react()

    ticket.refresh_from_db()
    assert (ticket.suspected, ticket.search_key) == ("denunciation", "")
    assert [event.name for event in history_of(ticket)].count("feedback.classified") == 1
    put_right(ReceptionEntry.objects.get(), "complaint")
    react()
    ticket.refresh_from_db()
    assert "nhan tien" in ticket.search_key
    with pytest.raises(NotYourDuty):
        actions.call_anew(ticket.pk, "complaint", actor=desk.actor("ngan"), at=MONDAY)
    with pytest.raises(errors.NotInThisState):
        actions.call_anew(desk.report().pk, "complaint", actor=HOUSE, at=MONDAY)


@pytest.mark.parametrize("kind", ["denunciation", "complaint"])
def test_the_migration_empties_what_was_handed_over_before(desk, kind):
    ticket, other = handed(desk, kind), desk.report()
    FeedbackTicket.objects.filter(pk=ticket.pk).update(search_key="nhan tien")
    (empties,) = import_module("thongsuot.feedback.migrations.0018_denunciations_unsearched").Migration.operations

    for _twice in range(2):
        with connection.cursor() as cursor:
            cursor.execute(empties.sql)

    ticket.refresh_from_db()
    other.refresh_from_db()
    assert (ticket.search_key, bool(other.search_key)) == ("" if kind == "denunciation" else "nhan tien", True)


def test_forgotten_it_stays_unfound_and_taken_back_it_is_found_again(desk):
    ticket = handed(desk)
    actions.forget_sender(ticket.reporter.pk, actor=HOUSE, at=MONDAY + timedelta(days=731))
    ticket.refresh_from_db()
    assert ticket.search_key == ""
    given_back(desk, ReceptionEntry.objects.get())
    ticket.refresh_from_db()
    assert "nhan tien" in ticket.search_key


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
        actions.rate(ticket.pk, 4, secret=ticket.secret, actor=ANYONE, at=MONDAY)

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
    answered_before = when == "published"
    assert ticket.round == 1 + answered_before
    actions.classify(ticket.pk, category="o-ga", actor=ngan, at=MONDAY)
    actions.route(ticket.pk, desk.river, actor=ngan, at=MONDAY)
    again = desk.published(ticket=actions.accept(ticket.pk, actor=desk.actor("toan"), at=MONDAY))
    assert (again.state, again.replies.filter(state="approved").count()) == ("published", 1 + answered_before)
    assert actions.rate(ticket.pk, 5, secret=ticket.secret, actor=ANYONE, at=MONDAY).round == again.round


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


def test_what_is_kept_close_is_found_without_reading_all_tickets(desk):
    """As planned when tables are large, for whoever looks up an address too."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    for asked in (close_tickets(), Notice.objects.exclude(close.is_close())):
        plan = asked.explain()
        assert "feedback_held_too" in plan, plan
        assert "Seq Scan on feedback_feedbackticket" not in plan


def test_the_outbox_asks_of_those_it_shows_which_are_kept_close(desk, django_assert_num_queries):
    for place, ticket in enumerate((handed(desk), desk.report(), desk.report())):
        letters.tell_sender("feedback_message", ticket, send_key=str(place), at=MONDAY, what="Đã nhận")
    who = Actor(person_id=None, name="", duties={"see outbox": frozenset({desk.whole, desk.river})})
    with django_assert_num_queries(2):  # the notices, and which of their tickets
        rows = outbox(who, limit=50)
    assert [row.is_close for row in rows] == [False, False, True]


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


@pytest.mark.parametrize("kind", ["denunciation", "complaint"])
def test_no_letter_says_what_kind_of_matter_it_is(desk, settings, monkeypatch, kind):
    """A lock screen shows it to whoever stands by; the page behind the link says it."""
    deliver = delivering(settings, monkeypatch)
    ticket = handed(desk, kind)
    deliver()
    given_back(desk, ReceptionEntry.objects.get())
    deliver()

    told = Notice.objects.filter(to_name=ticket.reporter.name)
    assert {"feedback_handed_over", "feedback_message"} <= set(told.values_list("key", flat=True))
    written = [f"{letter.subject} {letter.body}" for letter in told]
    for words in [*written, shipped("feedback_handed_over").sms]:
        assert not [one for one in ("khieu nai", "to cao") if one in search_key(words)], words
