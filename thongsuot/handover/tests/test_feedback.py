"""What people reported goes through a reorganisation: open tickets by their place and with their clocks, rules and templates to
the keeper; what was answered stays, its public number too; both sides sign for it, and undone nothing is left.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from thongsuot.feedback import actions as feedback
from thongsuot.feedback.facts import PlaceFacts, ReportFacts, SenderFacts
from thongsuot.feedback.models import AnswerTemplate, Category, Competence, FeedbackTicket, Routing
from thongsuot.feedback.words import Channel
from thongsuot.handover import actions, running
from thongsuot.handover.models import Transfer
from thongsuot.handover.queries import inventory, transfers
from thongsuot.handover.tests.handing import declare_all, draft, head_of, sign_paper
from thongsuot.handover.tests.make import HOUSE, JULY, JUNE, MIDNIGHT, Eve, decide, make_eve, open_for, plan_and_run
from thongsuot.kernel.history import faults, history_of
from thongsuot.units.tests.make import BEFORE

pytestmark = pytest.mark.django_db
BEN, CHO, SONG, DOI = "98101", "98102", "98001", "98002"


def make_reporting_eve() -> Eve:
    eve = make_eve()
    feedback.load_rules(eve.city.pk, actor=HOUSE, at=JUNE)
    for table in (Category, Competence):  # what ships begins with the new wards; here people reported before
        table.objects.update(valid_from=BEFORE)
    return eve


@pytest.fixture(scope="module")
def begins_with() -> Callable[[], Eve]:
    return make_reporting_eve


def report(eve: Eve, words: str, address: str, category: str = "o-ga") -> FeedbackTicket:
    facts = ReportFacts(
        words=words,
        category=category,
        place=PlaceFacts(address=address),
        sender=SenderFacts(name="Lò Văn Mẫu", phone="0912000999"),
    )
    return feedback.report(eve.city.pk, facts, channel=Channel.PAPER, actor=HOUSE, at=JUNE)


def answered(ticket: FeedbackTicket) -> FeedbackTicket:
    feedback.accept(ticket.pk, actor=HOUSE, at=JUNE)
    answer = feedback.submit_answer(ticket.pk, "Đã vá xong.", actor=HOUSE, at=JUNE)
    feedback.approve_answer(answer.pk, actor=HOUSE, at=JUNE)
    return feedback.publish(ticket.pk, question="Ổ gà trước chợ", answer="Đã vá xong.", actor=HOUSE, at=JUNE)


@pytest.fixture
def said(eve: Eve) -> dict[str, FeedbackTicket]:
    found = {
        "whole": report(eve, "Ổ gà ở đầu phố Bến", "12 phố Bến, phường Bến"),
        "upper": report(eve, "Ổ gà đầu thôn Thượng", "thôn Thượng, phường Chợ, quận Giữa"),
        "lower": report(eve, "Ổ gà ở phố Hạ", "số 5 phố Hạ, phường Chợ"),
        "unclear": report(eve, "Ổ gà trước cổng chợ", "số 9, phường Chợ, quận Giữa"),
        "operators": report(eve, "Ghế đá ở vườn hoa gãy", "phường Bến", category="khac"),
        "public": answered(report(eve, "Ổ gà to trước chợ Bến", "phường Bến")),
    }
    feedback.accept(found["whole"].pk, actor=HOUSE, at=JUNE)
    Competence.objects.filter(category__code="den-duong").update(handler=eve.unit(BEN))
    feedback.add_template(eve.unit(BEN), title="Đã vá", words="Đã vá xong.", actor=HOUSE, at=JUNE)
    return found


def rows() -> list[tuple[object, ...]]:
    return [
        *FeedbackTicket.objects.order_by("pk").values_list("pk", "unit_id", "place_unit_id", "state", "due_at", "next_rung_at"),
        *Routing.objects.order_by("pk").values_list("pk", "unit_id", "returned_at", "accepted_at", "due_at"),
        *Competence.objects.order_by("pk").values_list("pk", "handler_id"),
        *AnswerTemplate.objects.order_by("pk").values_list("pk", "unit_id"),
    ]


def where(ticket: FeedbackTicket) -> tuple[int | None, int | None]:
    ticket.refresh_from_db()
    return ticket.unit_id, ticket.place_unit_id


def test_open_tickets_go_where_they_are_with_their_clocks_and_rules_to_the_keeper(eve, said):
    before = {name: (one.due_at, one.next_rung_at) for name, one in said.items() if one.refresh_from_db() is None}
    changeover = open_for(decide(eve))

    plan_and_run(changeover)

    song, doi, cho = (eve.unit(code) for code in (SONG, DOI, CHO))
    assert where(said["whole"]) == where(said["upper"]) == (song, song)
    assert where(said["lower"]) == (doi, doi)
    assert where(said["unclear"]) == (cho, cho)
    assert where(said["operators"]) == (None, song)
    assert where(said["public"])[0] == eve.unit(BEN)
    assert {name: (one.due_at, one.next_rung_at) for name, one in said.items()} == before
    routing = said["whole"].routings.latest("pk")
    assert (routing.because, routing.unit_id, routing.accepted_at, said["whole"].state) == (
        "successor",
        song,
        MIDNIGHT,
        "accepted",
    )
    assert [event.name for event in history_of(said["upper"])][-1] == "feedback.moved"
    assert Competence.objects.get(category__code="den-duong").handler_id == song
    assert AnswerTemplate.objects.get().unit_id == song
    labels = set(Transfer.objects.filter(kind="feedback.tickets").values_list("label", flat=True))
    assert labels == {said[name].number for name in ("whole", "upper", "lower", "unclear")}

    waiting = Transfer.objects.filter(changeover=changeover, kind__startswith="feedback.", to_unit=None)
    actions.choose(changeover.pk, list(waiting.values_list("pk", flat=True)), to_unit_id=doi, actor=HOUSE, at=MIDNIGHT)
    plan_and_run(changeover)
    assert where(said["unclear"]) == (doi, doi)
    assert transfers.reconcile(changeover).good
    assert not list(faults())


def test_the_successor_answers_and_what_was_public_keeps_its_number(eve, said, client):
    plan_and_run(open_for(decide(eve)))
    ticket = said["whole"]
    answer = feedback.submit_answer(ticket.pk, "Đã vá xong.", actor=HOUSE, at=JULY)
    feedback.approve_answer(answer.pk, actor=HOUSE, at=JULY)
    ticket = feedback.publish(ticket.pk, question="Ổ gà ở phố Bến", answer="Đã vá xong.", actor=HOUSE, at=JULY)

    page = client.get(reverse("feedback:follow", args=[ticket.secret])).text
    assert "Phường Sông trả lời" in page
    assert "đơn vị kế tục" in page
    for one, unit in ((said["public"], "Phường Bến"), (ticket, "Phường Sông")):
        page = client.get(reverse("feedback:one", args=[one.number]))
        assert (page.status_code, unit in page.text) == (200, True)
    reopened = feedback.reopen(said["public"].pk, "Vẫn còn hỏng", secret=said["public"].secret, actor=HOUSE, at=JULY)
    assert (reopened.state, reopened.unit_id) == ("validating", None)
    new = report_in_july(eve)
    assert (new.unit_id, new.number[:4], new.number > ticket.number) == (eve.unit(SONG), ticket.number[:4], True)


def report_in_july(eve: Eve) -> FeedbackTicket:
    facts = ReportFacts(
        words="Ổ gà ở đầu phố Bến",
        category="o-ga",
        place=PlaceFacts(address="12 phố Bến, phường Sông"),
        sender=SenderFacts(name="Lò Văn Mẫu", phone="0912000999"),
    )
    return feedback.report(eve.city.pk, facts, channel=Channel.PAPER, actor=HOUSE, at=JULY)


def test_both_sides_sign_for_every_ticket_rule_and_template(eve, said):
    changeover = open_for(decide(eve))
    plan_and_run(changeover)
    declare_all(eve, changeover, BEN)
    handed = {
        one.key: one.handed for one in inventory.living(changeover, from_unit_id=eve.unit(BEN), to_unit_id=eve.unit(SONG))
    }
    ours = {key: count for key, count in handed.items() if key.startswith("feedback.")}
    assert ours == {"feedback.tickets": 1, "feedback.places": 1, "feedback.competences": 1, "feedback.templates": 1}
    with pytest.raises(actions.NotReady):
        draft(eve, changeover, BEN, SONG)
    for kind in handed:
        actions.receive_living(
            changeover.pk,
            from_unit_id=eve.unit(BEN),
            to_unit_id=eve.unit(SONG),
            kind=kind,
            actor=head_of(eve, SONG),
            at=JULY,
        )

    minutes = draft(eve, changeover, BEN, SONG)

    sign_paper(minutes)
    closed = actions.close_minutes(minutes.pk, actor=head_of(eve, SONG), at=JULY)
    told = {one["label"]: one["handed"] for one in closed.content["living"]}
    assert told["Phản ánh, kiến nghị chưa trả lời"] == 1
    assert "Lò Văn Mẫu" not in str(closed.content)


def test_undone_every_ticket_clock_and_rule_is_as_before(eve, said):
    before = rows()
    changeover = open_for(decide(eve))
    plan_and_run(changeover)
    assert rows() != before

    running.undo(changeover.pk, actor=HOUSE, now=lambda: MIDNIGHT)

    assert rows() == before
    assert not list(faults())
