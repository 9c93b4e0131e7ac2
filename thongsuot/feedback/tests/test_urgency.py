"""What is urgent: who says so, whom that reaches, from when the short time counts, and the way back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from django.urls import reverse

from thongsuot.feedback import actions
from thongsuot.feedback.models import FeedbackTicket
from thongsuot.feedback.tests.make import DAY, HOUR, MONDAY, SENDER
from thongsuot.feedback.tests.telling import delivering
from thongsuot.feedback.words import Channel, Urgency
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.history import history_of
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.people.tests.make import browser_of

pytestmark = pytest.mark.django_db
OTHER = replace(SENDER, name="Lục Thị Hai", phone="0912000111", email="")
TOLD = ("feedback_claimed", "feedback_urgent")


@pytest.fixture
def deliver(desk, settings, monkeypatch):
    run = delivering(settings, monkeypatch)
    return lambda at=MONDAY: [one for one in run(at) if one[0] in TOLD]


def on(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 10, day, hour, minute, tzinfo=VIET_NAM)


def claimed(desk, **said):
    return desk.report(channel=Channel.APP, urgent=True, **said)


# --- Classifying ---


def test_another_category_takes_away_no_claim_and_no_urgency(desk):
    ticket, browser = claimed(desk), browser_of(desk.people["ngan"])
    address = reverse("feedback:act", args=[ticket.pk, "phan-loai"])
    assert 'name="urgency"' not in browser.get(address).text
    assert browser.post(address, {"category": "rac-thai", "urgency": "normal"}).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.category.code, ticket.urgency, ticket.urgent_claimed) == ("rac-thai", Urgency.NORMAL, True)
    hurried = desk.report(urgent=True)
    address = reverse("feedback:act", args=[hurried.pk, "phan-loai"])
    assert "Giữ nguyên: Khẩn" in browser.get(address).text
    assert browser.post(address, {"category": "rac-thai"}).status_code == 302
    hurried.refresh_from_db()
    assert (hurried.category.code, hurried.urgency) == ("rac-thai", Urgency.URGENT)


@pytest.mark.parametrize("urgency", ["urgent", "complex"])
def test_where_a_claim_stands_it_is_decided_first(desk, urgency):
    ticket = claimed(desk)
    with pytest.raises(BadInput) as refused:
        actions.classify(ticket.pk, category="rac-thai", urgency=urgency, actor=desk.actor("ngan"), at=MONDAY)
    assert "Xem mức độ khẩn" in refused.value.problems["urgency"]
    ticket.refresh_from_db()
    assert (ticket.category.code, ticket.urgency, ticket.urgent_claimed) == ("o-ga", Urgency.NORMAL, True)


def test_what_is_classified_as_urgent_has_its_hours_from_then_on_and_the_unit_learns_it(desk, deliver):
    ticket, at = desk.accepted(), MONDAY + 2 * DAY
    address = reverse("feedback:act", args=[ticket.pk, "phan-loai"])
    ticket = actions.classify(ticket.pk, urgency="urgent", actor=desk.actor("ngan"), at=at)
    assert (ticket.urgency, ticket.due_at, ticket.breaches) == (Urgency.URGENT, on(8, 14), 0)
    assert deliver(at) == [("feedback_urgent", "Nguyễn Văn Toàn"), ("feedback_urgent", "Lê Thị Tâm")]
    assert history_of(ticket)[-1].facts["due_at"] == on(8, 14).isoformat()
    assert browser_of(desk.people["ngan"]).post(address, {"category": "o-ga", "urgency": "normal"}).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.urgency, ticket.due_at) == (Urgency.NORMAL, on(20, 17))


# --- Back again ---


def test_what_is_not_urgent_after_all_has_the_time_it_had_and_what_was_put_to_it(desk):
    ticket, toan, ngan = claimed(desk), desk.actor("toan"), desk.actor("ngan")
    actions.accept(ticket.pk, actor=toan, at=MONDAY)
    asked = actions.ask_extension(ticket.pk, on(22, 17), reason="Chờ vật tư", actor=toan, at=MONDAY)
    actions.decide_extension(asked.pk, granted=True, actor=desk.actor("hanh"), at=MONDAY)
    ticket = actions.decide_urgency(ticket.pk, urgent=True, actor=ngan, at=on(9, 9))
    assert ticket.due_at == on(9, 14)
    ticket = actions.classify(ticket.pk, category="rac-thai", actor=ngan, at=on(9, 9))
    assert ticket.due_at == on(9, 14), "as urgent as before"
    again = actions.classify(ticket.pk, urgency="normal", actor=ngan, at=on(9, 10))
    assert (again.due_at, again.urgent_from, again.put_before) == (on(22, 17), None, 0)
    assert actions.classify(ticket.pk, urgency="urgent", actor=ngan, at=on(9, 10)).due_at == on(9, 15)
    actions.ask(ticket.pk, "Nhà số mấy?", actor=toan, at=on(9, 11))
    actions.reply(ticket.pk, "Số 9", secret=ticket.secret, actor=ngan, at=on(10, 11))
    ticket = actions.classify(ticket.pk, urgency="normal", actor=ngan, at=on(10, 11))
    assert ticket.due_at == on(23, 17), "and the day for which its sender was asked"


def test_what_was_due_sooner_than_the_short_limit_ends_keeps_its_end_both_ways(desk):
    ticket, ngan = claimed(desk), desk.actor("ngan")
    for urgency in ("decided", "normal", "urgent", "complex", "normal"):
        if urgency == "decided":
            ticket = actions.decide_urgency(ticket.pk, urgent=True, actor=ngan, at=on(20, 16))
        else:
            ticket = actions.classify(ticket.pk, urgency=urgency, actor=ngan, at=on(20, 16))
        assert ticket.due_at == (on(27, 17) if urgency == "complex" else on(20, 17)), urgency


def test_another_unit_starts_with_the_whole_time(desk):
    ticket, ngan = claimed(desk), desk.actor("ngan")
    actions.decide_urgency(ticket.pk, urgent=True, actor=ngan, at=on(8, 9))
    ticket = actions.route(ticket.pk, desk.hill, actor=ngan, at=on(8, 10))
    assert (ticket.due_at, ticket.urgent_from) == (on(8, 15), None)
    FeedbackTicket.objects.filter(pk=ticket.pk).update(urgent_from=on(8, 9), put_before=999)  # by a program that knew it not
    ticket = actions.classify(ticket.pk, urgency="normal", actor=ngan, at=on(8, 11))
    assert ticket.due_at == on(22, 17)


# --- Who is told ---


def test_nobody_is_told_what_is_so_no_more(desk, deliver):
    ticket = claimed(desk)
    actions.decide_urgency(ticket.pk, urgent=False, actor=desk.actor("ngan"), at=MONDAY)
    answered = desk.accepted(urgent=True, sender=OTHER)
    desk.answer(answered)
    FeedbackTicket.objects.filter(pk=desk.report(urgent=True, category="rac-thai").pk).update(unit=desk.hill)
    assert deliver() == []


def test_who_decided_it_is_not_told_what_they_know(desk, deliver):
    ticket = claimed(desk)
    actions.accept(ticket.pk, actor=desk.actor("toan"), at=MONDAY)
    actions.decide_urgency(ticket.pk, urgent=True, actor=desk.actor("toan"), at=MONDAY)
    assert deliver() == [("feedback_urgent", "Lê Thị Tâm")]
    night = claimed(desk, category="rac-thai", sender=OTHER)
    actions.decide_urgency(night.pk, urgent=True, actor=desk.actor("ngan"), at=on(6, 22))
    before = deliver(on(6, 22))
    actions.classify(night.pk, urgency="normal", actor=desk.actor("ngan"), at=on(6, 23))
    assert deliver(on(7, 9)) == before


# --- Of one thing reported twice ---


@pytest.mark.parametrize("way", ["joined", "merged"])
def test_what_one_of_them_calls_urgent_is_looked_at_where_it_is_worked_on(desk, deliver, way):
    parent, ngan = desk.accepted(), desk.actor("ngan")

    def comes(phone):
        sender = replace(OTHER, phone=phone)
        if way == "joined":
            return claimed(desk, same_as=parent.number, sender=sender)
        child = desk.report(urgent=True, sender=sender)  # an officer wrote it down
        actions.merge(parent.pk, [child.pk], actor=ngan, at=MONDAY)
        return child

    comes("0912000111")
    parent.refresh_from_db()
    due = on(6, 14) if way == "merged" else on(20, 17)  # what an officer promised the sender of that one, stands
    assert (parent.urgency, parent.urgent_claimed, parent.due_at) == (Urgency.NORMAL, True, due)
    both = [("feedback_claimed", "Nguyễn Văn Toàn"), ("feedback_claimed", "Lê Thị Tâm")]
    assert deliver() == both
    comes("0912000112")
    assert deliver() == both, "known already"
    actions.decide_urgency(parent.pk, urgent=False, actor=desk.actor("toan"), at=MONDAY)
    comes("0912000113")
    assert deliver() == both * 2, "somebody says so again"
    parent = actions.decide_urgency(parent.pk, urgent=True, actor=desk.actor("toan"), at=MONDAY)
    comes("0912000114")
    parent.refresh_from_db()
    assert (parent.urgency, parent.urgent_claimed, parent.senders) == (Urgency.URGENT, False, 5)


def test_who_joins_and_claims_nothing_makes_nothing_urgent(desk):
    parent = desk.report()
    desk.report(same_as=parent.number, sender=OTHER)
    parent.refresh_from_db()
    assert not parent.urgent_claimed
    assert "urgent" not in history_of(parent)[-1].facts


def test_whoever_hung_on_another_claims_it_still_when_theirs_goes_on_alone(desk):
    parent = desk.report()
    child = claimed(desk, same_as=parent.number, sender=OTHER)
    child = actions.unmerge(child.pk, actor=desk.actor("ngan"), at=MONDAY + HOUR)
    assert child.urgent_claimed
