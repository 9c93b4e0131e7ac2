"""Who reported stands in `Reporter` alone: not in the history, not beside files, and when it is forgotten nowhere at all."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from django.apps import apps
from django.urls import reverse
from PIL import Image

from thongsuot.citizen_reception.models import HandedPaper
from thongsuot.feedback import actions, tasks
from thongsuot.feedback.actions import errors
from thongsuot.feedback.facts import PhotoUpload
from thongsuot.feedback.models import FeedbackTicket, Message, Photo, Reporter, Routing
from thongsuot.feedback.pictures import Box
from thongsuot.feedback.tests.make import DAY, HOUR, MONDAY, SENDER, WORKER, a_photo
from thongsuot.feedback.tests.photos import exif, jpeg
from thongsuot.feedback.tests.telling import delivering
from thongsuot.files.models import Blob, StoredFile
from thongsuot.kernel import clock
from thongsuot.kernel.models import Event
from thongsuot.notices.models import Notice
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for
from thongsuot.people.tests.make import browser_of, make_citizen

pytestmark = pytest.mark.django_db
NAME, PHONE, EMAIL = "Vừ Thị Kín", "0912345999", "kin@vidu.vn"
WORDS = "Ổ gà trước nhà tôi, gọi chị Kín 0912 345 999 hoặc kin@vidu.vn"


@pytest.fixture
def kin(desk):
    return make_citizen(NAME, email=EMAIL)


def a_life(desk, kin) -> FeedbackTicket:
    """Reported by an account with a picture of its place, asked, answered, rated, opened again, answered and withheld."""
    citizen = actor_for(kin, at=MONDAY)
    photo = PhotoUpload(name="Vừ Thị Kín.jpg", content=jpeg(exif=exif()))
    ticket = desk.report(
        words=WORDS,
        sender=replace(SENDER, name=NAME, phone=PHONE, email=EMAIL, person_id=kin.pk, network="203.0.113.9"),
        photos=[photo],
        by=citizen,
    )
    actions.accept(ticket.pk, actor=desk.actor("toan"), at=MONDAY)
    actions.ask(ticket.pk, "Chị Kín cho biết số nhà?", actor=desk.actor("toan"), at=MONDAY)
    actions.reply(ticket.pk, f"Tôi là {NAME}", photos=[photo], actor=citizen, at=MONDAY)
    desk.answered(ticket=FeedbackTicket.objects.get(pk=ticket.pk))
    actions.rate(ticket.pk, 2, words=f"{NAME} chưa hài lòng", actor=citizen, at=MONDAY)
    ticket = actions.reopen(ticket.pk, f"Gọi {PHONE}", actor=citizen, at=MONDAY + HOUR)
    actions.accept(ticket.pk, actor=desk.actor("toan"), at=MONDAY + HOUR)
    answer = desk.answer(ticket, MONDAY + HOUR, words=f"Kính gửi {NAME}: đã vá xong.")
    actions.approve_answer(answer.pk, actor=desk.actor("truong"), at=MONDAY + HOUR)
    actions.withhold(ticket.pk, "private", actor=desk.actor("ngan"), at=MONDAY + HOUR)
    for one in ticket.photos.all():
        actions.draw(one.pk, actor=WORKER, at=MONDAY + HOUR)
    return FeedbackTicket.objects.get(pk=ticket.pk)


def forget(ticket) -> None:
    actions.close(ticket.pk, actor=WORKER, at=MONDAY + 30 * DAY)
    actions.forget_sender(ticket.reporter.pk, actor=WORKER, at=MONDAY + 800 * DAY)


def test_what_the_sender_does_is_told_of_the_sender(desk, kin):
    ticket = a_life(desk, kin)
    events = Event.objects.filter(subject__in=["feedback.feedbackticket", "files.storedfile"])
    assert not events.filter(actor_id=kin.pk).exists()
    assert not events.filter(actor_name=NAME).exists()
    told = dict(Event.objects.filter(subject="feedback.feedbackticket").values_list("name", "actor_name"))
    assert {told[f"feedback.{name}"] for name in ("reported", "replied", "rated", "reopened")} == {"Người gửi"}
    assert told["feedback.routed"] == "Hệ thống"
    assert not Routing.objects.filter(routed_by=kin.pk).exists()
    assert not Message.objects.filter(by=kin.pk).exists()
    assert not StoredFile.objects.filter(uploaded_by=kin.pk).exists()
    page = browser_of(desk.people["toan"]).get(reverse("feedback:ticket", args=[ticket.pk])).content.decode()
    story = page.split('id="dien-bien"')[1]
    assert NAME not in story
    assert "Người gửi" in story


def test_an_operator_on_their_behalf_stays_who_they_are(desk):
    ticket = desk.answered()
    actions.rate(ticket.pk, 5, secret=ticket.secret, actor=desk.actor("ngan"), at=MONDAY)
    assert Event.objects.get(name="feedback.rated").actor_name == "Ngân Thị Nghe"


def test_names_of_before_are_shown_on_no_page(desk, kin):
    """What was recorded when the history still kept the account's name cannot be changed: it is shown as the sender's."""
    from thongsuot.feedback import events
    from thongsuot.feedback.staff_words import actor_name
    from thongsuot.kernel.command import command, record
    from thongsuot.kernel.history import history_of

    ticket = desk.report()
    as_before = command(lambda: record(events.RATED, ticket, actor=actor_for(kin, at=MONDAY), at=MONDAY))
    as_before()
    assert history_of(ticket)[-1].actor_name == NAME
    assert actor_name(history_of(ticket)[-1]) == "Người gửi"


# Columns that point to a person, by what becomes of them: an officer's stay, the sender's are empty once it is forgotten.
OFFICERS = {
    "feedback.FeedbackTicket.handler",
    "feedback.FeedbackTicket.taken_by",
    "feedback.Routing.routed_by",
    "feedback.InternalNote.by",
    "feedback.Answer.written_by",
    "feedback.Answer.decided_by",
    "feedback.Extension.asked_by",
    "feedback.Extension.decided_by",
    "hotline.Call.operator",
    "hotline.CallTransfer.person",
    "hotline.CallTransfer.by",
    "hotline.CallChange.by",
    "hotline.CallBack.taken_by",
    "hotline.OperatorPresence.person",
}
SENDERS = {"feedback.Reporter.person", "feedback.Message.by"}
CAPABILITIES = ("feedback", "hotline", "open311", "files", "notices")


def test_every_column_that_points_to_a_person_is_an_officers_or_is_forgotten(desk):
    found = {
        f"{model._meta.label}.{field.name}"
        for app in ("feedback", "hotline", "open311")
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.concrete_fields
        if field.related_model is Person
    }
    assert found == OFFICERS | SENDERS


def test_forgotten_the_sender_stands_in_no_row_of_any_table(desk, kin, settings, monkeypatch):
    ticket = a_life(desk, kin)
    delivering(settings, monkeypatch)(MONDAY + HOUR)
    assert Notice.objects.filter(to_name=NAME).exists()
    original = ticket.photos.filter(role=Photo.Role.REPORT).get().original
    network = ticket.reporter.network
    forget(ticket)
    rows = {
        model._meta.label: str(list(model.objects.values()))
        for app in CAPABILITIES
        for model in apps.get_app_config(app).get_models()
    }
    for label, text in rows.items():
        found = re.findall(rf"(?<!\w)(?:Kín|{NAME}|{PHONE}|0912 345 999|{EMAIL}|{network})(?!\w)", text)
        assert found == [], label
    for app in CAPABILITIES:
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.concrete_fields:
                if field.related_model is Person:
                    assert not model.objects.filter(**{field.name: kin.pk}).exists(), f"{model._meta.label}.{field.name}"
    assert "0912" not in FeedbackTicket.objects.get(pk=ticket.pk).search_key
    assert not StoredFile.objects.filter(pk=original.pk).exists()
    assert not Blob.objects.filter(pk=original.blob_id).exists()


def test_forgotten_pictures_have_no_place_no_instant_and_can_be_looked_at(desk, kin):
    ticket = a_life(desk, kin)
    assert ticket.photos.filter(latitude__isnull=False).count() == 2
    forget(ticket)
    assert not ticket.photos.filter(latitude__isnull=False).exists()
    assert not ticket.photos.filter(taken_at__isnull=False).exists()
    photo = ticket.photos.order_by("pk").first()
    answer = browser_of(desk.people["ngan"]).get(reverse("feedback:original", args=[ticket.pk, photo.pk]))
    assert dict(Image.open(io.BytesIO(b"".join(answer.streaming_content))).getexif()) == {}


def test_what_somebody_else_handed_in_with_the_same_bytes_stays(desk, kin):
    content = jpeg(exif=exif())
    other = desk.report(
        sender=replace(SENDER, phone="0912000777", email=""), photos=[PhotoUpload(name="a.jpg", content=content)]
    )
    ticket = a_life(desk, kin)
    forget(ticket)
    assert Blob.objects.filter(files=other.photos.get().original_id).exists()


def test_what_citizen_reception_holds_since_it_was_handed_over_stays_there_and_nothing_here_leads_to_it(desk):
    ticket = desk.report(words="Tố cáo cán bộ phường nhận tiền của dân", photos=[a_photo()])
    photo = ticket.photos.get()
    actions.draw(photo.pk, actor=WORKER, at=MONDAY)
    actions.hand_over(ticket.pk, "denunciation", to_unit_id=desk.river, actor=desk.actor("ngan"), at=MONDAY)

    actions.forget_sender(ticket.reporter.pk, actor=WORKER, at=MONDAY + 800 * DAY)

    held = HandedPaper.objects.get()
    photo.refresh_from_db()
    assert held.file_id not in (photo.original_id, photo.shown_id)
    assert photo.original_id == photo.shown_id
    assert StoredFile.objects.get(pk=held.file_id).uploaded_by is None
    assert Reporter.objects.get(ticket=ticket).name == ""


def test_one_that_cannot_be_forgotten_keeps_nobody_else_here(desk, monkeypatch, caplog):
    tickets = [desk.answered(at=MONDAY + day * DAY) for day in range(2)]
    for ticket in tickets:
        actions.withhold(ticket.pk, "private", actor=desk.actor("ngan"), at=MONDAY + 2 * DAY)
        actions.close(ticket.pk, actor=WORKER, at=MONDAY + 30 * DAY)
    whole, broken = actions.forget_sender, tickets[0].reporter.pk

    def breaks(reporter_id, **said):
        if reporter_id == broken:
            raise RuntimeError
        return whole(reporter_id, **said)

    monkeypatch.setattr(actions, "forget_sender", breaks)
    monkeypatch.setattr(clock, "now", lambda: MONDAY + 900 * DAY)
    tasks.forget_senders(0)

    assert list(Reporter.objects.filter(forgotten_at=None).values_list("pk", flat=True)) == [broken]
    assert f"sender {broken} is not forgotten" in caplog.text


def test_forgetting_is_for_the_house_alone_and_happens_once(desk):
    ticket = desk.answered()
    reporter = Reporter.objects.get(ticket=ticket)
    from thongsuot.kernel.errors import NotFound, NotYourDuty

    with pytest.raises(NotYourDuty):
        actions.forget_sender(reporter.pk, actor=desk.actor("ngan"), at=MONDAY)
    over = MONDAY + 800 * DAY
    actions.forget_sender(reporter.pk, actor=WORKER, at=over)
    with pytest.raises(NotFound):
        actions.forget_sender(reporter.pk, actor=WORKER, at=over)


def test_a_copy_on_which_more_was_seen_goes_by_night(desk):
    ticket = desk.report(photos=[a_photo()])
    photo = ticket.photos.get()
    seen = actions.draw(photo.pk, actor=WORKER, at=MONDAY).shown_id
    covered = actions.cover(photo.pk, [Box(0.1, 0.1, 0.5, 0.5)], actor=desk.actor("toan"), at=MONDAY)
    assert actions.copies_of_before() == [seen]
    tasks.let_copies_go(0)
    assert set(StoredFile.objects.values_list("pk", flat=True)) == {covered.original_id, covered.shown_id}
    tasks.let_copies_go(0)


def test_of_a_forgotten_sender_no_picture_stays_that_could_not_be_drawn(desk):
    ticket = desk.report(photos=[PhotoUpload(name="a.jpg", content=jpeg(exif=exif())), a_photo()])
    broken, undrawn = ticket.photos.order_by("pk")
    Photo.objects.filter(pk=broken.pk).update(broken=True)
    actions.refuse(ticket.pk, "unclear", words="Chưa rõ", actor=desk.actor("ngan"), at=MONDAY)

    actions.forget_sender(ticket.reporter.pk, actor=WORKER, at=MONDAY + 800 * DAY)

    assert not Photo.objects.exists()
    assert not StoredFile.objects.filter(pk__in=[broken.original_id, undrawn.original_id]).exists()


def test_whoever_hangs_on_another_is_forgotten_after_that_one_ended(desk):
    parent = desk.report()
    child = desk.report(sender=replace(SENDER, phone="0912000777", email=""))
    actions.merge(parent.pk, [child.pk], actor=desk.actor("ngan"), at=MONDAY)
    assert actions.to_forget(at=MONDAY + 800 * DAY) == []
    with pytest.raises(errors.NotInThisState):
        actions.forget_sender(child.reporter.pk, actor=WORKER, at=MONDAY + 800 * DAY)
    actions.refuse(parent.pk, "unclear", words="Chưa rõ", actor=desk.actor("ngan"), at=MONDAY + 100 * DAY)
    FeedbackTicket.objects.filter(pk=child.pk).update(parent=parent, state="merged", ended_at=MONDAY)
    assert actions.to_forget(at=MONDAY + 800 * DAY) == []
    assert set(actions.to_forget(at=MONDAY + 831 * DAY)) == {parent.reporter.pk, child.reporter.pk}


def test_what_nobody_decided_to_publish_or_not_is_forgotten_all_the_same(desk):
    ticket = desk.answered()
    with pytest.raises(errors.NotInThisState):  # nobody decided
        actions.close(ticket.pk, actor=WORKER, at=MONDAY + 30 * DAY)
    assert actions.to_forget(at=MONDAY + 744 * DAY) == []
    assert actions.to_forget(at=MONDAY + 746 * DAY) == [ticket.reporter.pk]
    FeedbackTicket.objects.filter(pk=ticket.pk).update(state="routed", answered_at=None)  # opened again in the same moment
    with pytest.raises(errors.NotInThisState):
        actions.forget_sender(ticket.reporter.pk, actor=WORKER, at=MONDAY + 746 * DAY)
    assert Reporter.objects.get(ticket=ticket).name == SENDER.name
