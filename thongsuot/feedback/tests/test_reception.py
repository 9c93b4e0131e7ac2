"""Who came to be heard and reported: one ticket for the entry, whose page says its number; the other way round too."""

from __future__ import annotations

from datetime import timedelta

import pytest

from thongsuot.citizen_reception import actions as reception
from thongsuot.citizen_reception import events as reception_events
from thongsuot.citizen_reception import panels
from thongsuot.citizen_reception.facts import PaperFacts, VisitorFacts
from thongsuot.citizen_reception.models import ReceptionEntry
from thongsuot.feedback import actions
from thongsuot.feedback.actions import reporting
from thongsuot.feedback.models import FeedbackTicket
from thongsuot.feedback.queries.reception import register_number
from thongsuot.feedback.reactions import take_from_reception
from thongsuot.feedback.tests.make import HOUSE, MONDAY, a_photo
from thongsuot.files.inspection.refusals import FileBroken
from thongsuot.files.tests.make import pdf
from thongsuot.kernel.events import Happened
from thongsuot.kernel.models import Event

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
    assert register_number(ticket.pk) == ""

    actions.hand_over(ticket.pk, "complaint", to_unit_id=desk.river, actor=desk.actor("ngan"), at=MONDAY)

    assert register_number(ticket.pk) == str(ReceptionEntry.objects.get())
    react()
    assert FeedbackTicket.objects.count() == 1
