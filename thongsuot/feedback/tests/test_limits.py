"""How much may be reported, also in one moment; whose number counts; what is urgent and who says so."""

from __future__ import annotations

from dataclasses import replace
from threading import Barrier, Thread

import pytest
from django.db import connection

from thongsuot.feedback import actions
from thongsuot.feedback.actions import errors
from thongsuot.feedback.models import FeedbackTicket, Setting
from thongsuot.feedback.tests.make import DAY, HOUR, MINUTE, MONDAY, SENDER, make_desk
from thongsuot.feedback.tests.telling import delivering
from thongsuot.feedback.words import Channel, Urgency
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.kernel.remember import forget_all
from thongsuot.people.tests.make import browser_of, make_citizen

State = FeedbackTicket.State
HERE = replace(SENDER, network="203.0.113.7")


def at_once(*runs) -> list[str]:
    """All in one moment, each in a thread; what each was refused with, or "done"."""
    barrier, told = Barrier(len(runs)), []

    def one(run):
        barrier.wait()
        try:
            run()
            told.append("done")
        except errors.TooMany as refusal:
            told.append(refusal.what)
        finally:
            connection.close()

    threads = [Thread(target=one, args=(run,)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("key", "what", "most"), [("person_hour", "person", 2), ("network_hour", "network", 3)])
def test_reports_sent_in_one_moment_are_counted_one_after_another(key, what, most):
    forget_all()
    desk = make_desk()
    Setting.objects.filter(city_id=desk.whole, key=key).update(value=most)
    forget_all()
    senders = [HERE] * 6
    if what == "network":
        senders = [replace(SENDER, phone=f"091200030{n}", email="", network=f"2001:db8:1:2::{n}") for n in range(6)]
    categories = ["o-ga", "rac-thai", "cay-xanh", "den-duong", "tieng-on", "via-he"]
    told = at_once(*(lambda s=s, c=c: desk.report(sender=s, category=c) for s, c in zip(senders, categories, strict=True)))
    assert told == sorted(["done"] * most + [what] * (6 - most))
    assert FeedbackTicket.objects.count() == most


@pytest.mark.django_db
def test_nobody_uses_up_what_the_owner_of_a_number_may_send(desk):
    for place in range(10):
        desk.report(category=f"{'rac-thai' if place % 2 else 'o-ga'}", place=_place(place), sender=HERE)
    with pytest.raises(errors.TooMany):
        desk.report(place=_place(11), sender=HERE)
    desk.report(sender=replace(SENDER, network="203.0.113.8"))
    owner = make_citizen(SENDER.name)
    desk.report(sender=replace(HERE, person_id=owner.pk))


def _place(number: int):
    from thongsuot.feedback.facts import PlaceFacts

    return PlaceFacts(address=f"{number} phố Khác, phường Sông")


@pytest.mark.django_db
def test_an_account_is_counted_wherever_it_sends_from(desk):
    owner = make_citizen(SENDER.name)
    for place in range(10):
        desk.report(place=_place(place), sender=replace(SENDER, person_id=owner.pk, network=f"203.0.113.{place}"))
    with pytest.raises(errors.TooMany) as refused:
        desk.report(place=_place(11), sender=replace(SENDER, person_id=owner.pk, network="203.0.113.99"))
    assert refused.value.what == "person"


# --- Urgent ---


@pytest.mark.django_db
def test_what_a_sender_calls_urgent_has_the_usual_time_until_an_officer_says_so(desk, settings, monkeypatch):
    deliver = delivering(settings, monkeypatch)
    usual = desk.report().due_at
    ticket = desk.report(channel=Channel.APP, urgent=True)
    assert (ticket.urgency, ticket.urgent_claimed, ticket.due_at) == (Urgency.NORMAL, True, usual)
    assert ("feedback_claimed", "Nguyễn Văn Toàn") in deliver()
    with pytest.raises(NotYourDuty):
        actions.decide_urgency(ticket.pk, urgent=True, actor=desk.actor("do"), at=MONDAY)
    at = MONDAY + 30 * MINUTE
    ticket = actions.decide_urgency(ticket.pk, urgent=True, actor=desk.actor("toan"), at=at)
    assert (ticket.urgency, ticket.urgent_claimed) == (Urgency.URGENT, False)
    assert ticket.due_at == MONDAY + 5 * HOUR + 30 * MINUTE  # four working hours from then, noon between
    assert history_of(ticket)[-1].facts["urgency"] == "urgent"
    assert ("feedback_urgent", "Lê Thị Tâm") in deliver(at)
    with pytest.raises(errors.NotInThisState):
        actions.decide_urgency(ticket.pk, urgent=False, actor=desk.actor("toan"), at=at)


@pytest.mark.django_db
def test_what_is_not_urgent_after_all_keeps_its_time(desk):
    ticket = desk.report(channel=Channel.APP, urgent=True)
    due_at = ticket.due_at
    ticket = actions.decide_urgency(ticket.pk, urgent=False, actor=desk.actor("ngan"), at=MONDAY + HOUR)
    assert (ticket.urgency, ticket.urgent_claimed, ticket.due_at) == (Urgency.NORMAL, False, due_at)


@pytest.mark.django_db
def test_a_claim_lengthens_no_time_that_is_shorter_already(desk):
    ticket = desk.report(channel=Channel.APP, urgent=True)
    FeedbackTicket.objects.filter(pk=ticket.pk).update(due_at=MONDAY + HOUR)
    ticket = actions.decide_urgency(ticket.pk, urgent=True, actor=desk.actor("ngan"), at=MONDAY)
    assert ticket.due_at == MONDAY + HOUR


@pytest.mark.django_db
def test_an_officer_and_a_category_of_the_city_say_it_at_once(desk):
    assert desk.report(channel=Channel.COUNTER, urgent=True).urgency == Urgency.URGENT
    ticket = desk.report(channel=Channel.APP, urgent=True)
    ticket = actions.decide_urgency(ticket.pk, urgent=True, actor=desk.actor("ngan"), at=MONDAY)
    assert (ticket.urgency, ticket.urgent_claimed) == (Urgency.URGENT, False)


@pytest.mark.django_db
def test_the_page_shows_the_claim_and_takes_the_decision(desk):
    from django.urls import reverse

    ticket = desk.report(channel=Channel.APP, urgent=True)
    browser = browser_of(desk.people["toan"])
    assert "Người gửi cho là khẩn" in browser.get(reverse("feedback:ticket", args=[ticket.pk])).content.decode()
    assert "Người gửi cho là khẩn" in browser.get(reverse("feedback:inbox"), {"hang": "cho-nhan"}).content.decode()
    address = reverse("feedback:act", args=[ticket.pk, "khan"])
    assert browser.post(address, {}).status_code == 422
    assert browser.post(address, {"urgent": "khan"}).status_code == 302
    ticket.refresh_from_db()
    assert ticket.urgency == Urgency.URGENT


@pytest.mark.django_db
def test_a_higher_reviewer_of_the_citys_own_answers_is_somebody_else(desk):
    """Nobody is above the city: another one who approves for it, and who never decided about this."""
    desk.another_reviewer()
    ticket = desk.report(category="trat-tu")
    actions.route(ticket.pk, desk.whole, actor=desk.actor("ngan"), at=MONDAY)
    for round_, names in ((1, ("truong",)), (2, ("truong", "cao"))):
        at = MONDAY + round_ * DAY
        actions.accept(ticket.pk, actor=desk.actor("ngan"), at=at)
        answer = actions.submit_answer(ticket.pk, "Đã nhắc nhở, sắp xếp lại.", actor=desk.actor("ngan"), at=at)
        for name in names[:-1]:
            for command in (actions.approve_answer, actions.send_back_answer):
                said = {"note": "Viết lại"} if command is actions.send_back_answer else {}
                with pytest.raises(errors.SameReviewer):
                    command(answer.pk, **said, actor=desk.actor(name), at=at)
            page = browser_of(desk.people[name]).get(f"/can-bo/phan-anh/{ticket.pk}/").content.decode()
            assert "Duyệt trả lời" not in page
        actions.approve_answer(answer.pk, actor=desk.actor(names[-1]), at=at)
        if round_ == 1:
            actions.reopen(ticket.pk, "Vẫn lộn xộn", secret=ticket.secret, actor=desk.actor("ngan"), at=at)
    ticket.refresh_from_db()
    assert ticket.state == State.APPROVED
