"""Whose address was confirmed late learns how it stands, not that it was received; their days count from then."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import timezone

from thongsuot.feedback import actions, reactions
from thongsuot.feedback.actions import errors
from thongsuot.feedback.models import Reporter
from thongsuot.feedback.queries import following
from thongsuot.feedback.tests.make import ANYONE, DAY, MONDAY, SENDER
from thongsuot.feedback.tests.telling import delivering
from thongsuot.kernel import clock as kernel_clock
from thongsuot.kernel.events import Happened
from thongsuot.kernel.models import Event
from thongsuot.kernel.text import instant
from thongsuot.notices.models import Notice

OTHER = replace(SENDER, name="Lục Thị Hai", phone="0912000111", email="hai@vidu.vn")
LATER = MONDAY + 20 * DAY  # fifteen days are over


def doubted(ticket):
    Reporter.objects.filter(ticket=ticket).update(unverified=True, phone="")  # they wrote a letter
    return ticket


def received(desk):
    return doubted(desk.report(category="trat-tu"))


def routed(desk):
    return doubted(desk.report())


def answered(desk):
    return desk.answered(ticket=actions.accept(routed(desk).pk, actor=desk.actor("toan"), at=MONDAY))


def withheld(desk):
    return actions.withhold(answered(desk).pk, "private", actor=desk.actor("ngan"), at=MONDAY)


def closed(desk):
    ticket = withheld(desk)
    return actions.close(ticket.pk, actor=desk.actor("ngan"), at=MONDAY + 16 * DAY)


def refused(desk):
    return actions.refuse(received(desk).pk, "unclear", words="Chưa rõ ở đâu.", actor=desk.actor("ngan"), at=MONDAY)


def handed_over(desk):
    ngan, ticket = desk.actor("ngan"), received(desk)
    return actions.hand_over(ticket.pk, "complaint", to_unit_id=desk.river, actor=ngan, at=MONDAY)


def merged(desk):
    child, parent = doubted(desk.report(sender=OTHER)), desk.report()
    actions.merge(parent.pk, [child.pk], actor=desk.actor("ngan"), at=MONDAY)
    child.refresh_from_db()
    return child


def merged_and_answered(desk):
    child = merged(desk)
    actions.accept(child.parent_id, actor=desk.actor("toan"), at=MONDAY)
    child.parent.refresh_from_db()
    desk.answered(ticket=child.parent)
    return child


def confirm(desk, ticket, monkeypatch, at=LATER):
    """Their letters, of that event's reaction alone."""
    monkeypatch.setattr(kernel_clock, "now", lambda: at)
    known = set(Notice.objects.values_list("pk", flat=True))
    actions.confirm_sender(ticket.pk, actor=desk.actor("ngan"), at=at)
    event = Event.objects.get(name="feedback.sender_confirmed")
    for _ in range(2):
        reactions.tell_confirmed(
            Happened(id=event.pk, name=event.name, subject=event.subject, subject_id=event.subject_id, facts=event.facts)
        )
    return list(Notice.objects.exclude(pk__in=known).order_by("pk"))


@pytest.mark.parametrize(
    ("stands", "keys"),
    [
        (received, ["feedback_received"]),
        (routed, ["feedback_routed"]),
        (answered, ["feedback_answered"]),
        (withheld, ["feedback_answered", "feedback_withheld"]),
        (closed, ["feedback_answered", "feedback_withheld"]),
        (refused, ["feedback_refused"]),
        (handed_over, ["feedback_handed_over"]),
        (merged, ["feedback_merged"]),
        (merged_and_answered, ["feedback_merged", "feedback_answered"]),
    ],
)
def test_the_letter_says_how_it_stands_and_comes_once(desk, settings, monkeypatch, stands, keys):
    deliver = delivering(settings, monkeypatch)
    ticket = stands(desk)
    name = ticket.reporter.name
    before = deliver()
    assert name not in [to for _key, to in before]

    letters = confirm(desk, ticket, monkeypatch)

    assert [(one.key, one.to_name) for one in letters] == [(key, name) for key in keys]
    told = deliver(LATER)
    assert [told.count((key, name)) for key in keys] == [1] * len(keys), "whatever the worker does again"


def test_the_days_to_open_it_again_count_from_when_its_sender_could_learn_the_answer(desk, settings, monkeypatch):
    settings.PUBLIC_URL = "https://vidu.vn"
    ticket = closed(desk)
    until = LATER + 15 * DAY
    assert following.followed(ticket, now=LATER).reopen is None

    (letter, _withheld) = confirm(desk, ticket, monkeypatch)

    assert instant(until) in letter.body
    ticket.reporter.refresh_from_db()
    monkeypatch.setattr(timezone, "now", lambda: LATER)
    assert following.followed(ticket, now=LATER).reopen == (until, 2)
    with pytest.raises(errors.CannotReopen):
        actions.reopen(ticket.pk, "Vẫn còn hố", secret=ticket.secret, actor=ANYONE, at=until + DAY)
    assert actions.reopen(ticket.pk, "Vẫn còn hố", secret=ticket.secret, actor=ANYONE, at=until).round == 2


def test_who_hangs_on_an_answered_one_has_days_of_their_own(desk, settings, monkeypatch):
    settings.PUBLIC_URL = "https://vidu.vn"
    child = merged_and_answered(desk)
    confirm(desk, child, monkeypatch)
    with pytest.raises(errors.CannotReopen):
        actions.reopen(child.parent_id, "Vẫn còn", secret=child.parent.secret, actor=ANYONE, at=LATER)
    assert actions.reopen(child.pk, "Vẫn còn", secret=child.secret, actor=ANYONE, at=LATER + DAY).pk == child.parent_id
