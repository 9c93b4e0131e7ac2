"""Satisfaction: once for each ticket, by nobody in particular, seen by officers as sums alone."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from thongsuot.counters import actions
from thongsuot.counters.actions import errors
from thongsuot.counters.models import Ticket, TicketRating
from thongsuot.counters.queries import ratings
from thongsuot.counters.rules import RATED_WITHIN, REASONS_WITHIN
from thongsuot.counters.satisfaction import SHOWN_FROM
from thongsuot.counters.tests.make import DAY, MINUTE, MONDAY, a_counter, a_queue
from thongsuot.kernel.actor import ANYONE
from thongsuot.kernel.errors import BadInput, NotFound
from thongsuot.kernel.models import Event
from thongsuot.people.tests.make import browser_of
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"counters:{name}", args=args)


@pytest.fixture
def queue(office):
    return a_queue(office)


@pytest.fixture
def counter(office, queue):
    counter = a_counter(office, queue, number=2)
    actions.sit_down(counter.pk, actor=office.actor("lan"), at=MONDAY)
    return counter


@pytest.fixture
def device(office, counter):
    return actions.set_up_device(
        office.point.pk, kind="rating", name="Máy quầy 2", counter_id=counter.pk, actor=office.actor("hong"), at=MONDAY
    )


@pytest.fixture
def machine(device, clock) -> Client:
    client = Client()
    assert client.post(url("join"), {"code": device.code}).url == url("rating")
    return client


def served(office, queue, counter, *, at=MONDAY):
    lan = office.actor("lan", at)
    ticket = actions.take_ticket(queue.pk, actor=lan, at=at)
    actions.call_next(counter.pk, actor=lan, at=at)
    actions.begin(counter.pk, actor=lan, at=at)
    actions.finish(counter.pk, actor=lan, at=at + MINUTE)
    ticket.refresh_from_db()
    return ticket


def test_whoever_was_served_is_asked_at_the_counter_and_may_say_why(office, queue, counter, machine, clock):
    assert "Xin chào" in said(machine.get(url("rating")))
    ticket = served(office, queue, counter)
    clock.now = MONDAY + MINUTE
    assert "Số A 001: ông bà, anh chị có hài lòng không?" in said(machine.get(url("rating")))

    why = machine.post(url("rating"), {"so": ticket.pk, "muc": "2"}, follow=True)
    assert "Cảm ơn" in said(why)
    given = TicketRating.objects.get()
    assert machine.post(url("rating_reasons", given.pk), {"viec": "gui", "ly-do": ["waiting", "fees"]}).url == url("rating")

    given.refresh_from_db()
    assert (given.ticket, given.level, given.reasons) == (ticket, 2, ["fees", "waiting"])
    assert "Xin chào" in said(machine.get(url("rating")))
    assert machine.post(url("rating"), {"so": ticket.pk, "muc": "5"}).status_code == 409


def test_neither_history_nor_ticket_says_which_level_was_given(office, queue, counter, machine, clock):
    ticket = served(office, queue, counter)
    clock.now = MONDAY + MINUTE
    machine.post(url("rating"), {"so": ticket.pk, "muc": "1"})

    event = Event.objects.get(name="counters.rated")
    assert (event.facts, event.actor_id, event.actor_name) == ({}, None, "Máy quầy 2")
    page = said(browser_of(office.people["lan"]).get(url("ticket", ticket.pk)))
    assert "Lượt phục vụ đã được đánh giá" in page
    assert "hài lòng" not in page


def test_who_comes_next_does_not_rate_for_who_went(office, queue, counter, device, machine, clock):
    ticket = served(office, queue, counter)
    clock.now = MONDAY + MINUTE + RATED_WITHIN + MINUTE
    assert "Xin chào" in said(machine.get(url("rating")))
    assert machine.post(url("rating"), {"so": ticket.pk, "muc": "5"}).status_code == 409

    later = served(office, queue, counter, at=clock.now)
    lan = office.actor("lan")
    actions.take_ticket(queue.pk, actor=lan, at=clock.now)
    actions.call_next(counter.pk, actor=lan, at=clock.now + MINUTE)
    actions.begin(counter.pk, actor=lan, at=clock.now + MINUTE)
    clock.now += MINUTE

    assert "Xin chào" in said(machine.get(url("rating")))  # somebody else stands there now
    assert TicketRating.objects.filter(ticket=later).count() == 0


@pytest.mark.parametrize("level", ["0", "6", "x", "", "9" * 30])
def test_a_level_that_there_is_not_is_refused(office, queue, counter, machine, clock, level):
    ticket = served(office, queue, counter)
    clock.now = MONDAY + MINUTE

    assert machine.post(url("rating"), {"so": ticket.pk, "muc": level}).status_code == 422
    assert not TicketRating.objects.exists()


def test_tickets_of_others_are_not_rated_there(office, queue, counter, machine, device, clock):
    other = a_counter(office, queue, number=5)
    actions.get_up(counter.pk, actor=office.actor("lan"), at=MONDAY)
    actions.sit_down(other.pk, actor=office.actor("lan"), at=MONDAY)
    ticket = served(office, queue, other)
    clock.now = MONDAY + MINUTE

    assert machine.post(url("rating"), {"so": ticket.pk, "muc": "5"}).status_code == 404
    assert machine.post(url("rating"), {}).status_code == 404
    assert Client().post(url("rating"), {"so": ticket.pk, "muc": "5"}).url == url("join")
    kiosk = actions.set_up_device(office.point.pk, kind="kiosk", name="Máy", actor=office.actor("hong"), at=MONDAY)
    with pytest.raises(errors.NotJoined):
        actions.rate_at(kiosk.device.pk, ticket.pk, level=5, actor=ANYONE, at=clock.now)
    with pytest.raises(BadInput):
        actions.set_up_device(office.point.pk, kind="rating", name="Máy khác", actor=office.actor("hong"), at=MONDAY)


def test_reasons_are_asked_for_a_moment_only(office, queue, counter, machine, device, clock):
    ticket = served(office, queue, counter)
    given = actions.rate_at(device.device.pk, ticket.pk, level=4, actor=ANYONE, at=MONDAY + MINUTE)
    clock.now = MONDAY + MINUTE
    assert machine.post(url("rating_reasons", given.pk), {"viec": "gui", "ly-do": ["money"]}).status_code == 422
    assert machine.post(url("rating_reasons", given.pk), {"viec": "bo-qua", "ly-do": ["waiting"]}).status_code == 302
    given.refresh_from_db()
    assert given.reasons == []
    assert machine.get(url("rating_reasons", given.pk + 1)).status_code == 404
    with pytest.raises(errors.CannotRate):
        actions.give_reasons(given.pk, reasons=["waiting"], actor=ANYONE, at=MONDAY + 2 * MINUTE + REASONS_WITHIN)
    with pytest.raises(NotFound):
        actions.give_reasons(given.pk + 1, reasons=["waiting"], actor=ANYONE, at=MONDAY)


def test_the_holder_may_rate_on_the_telephone_the_same_day(office, queue, counter, client, clock):
    ticket = actions.take_ticket(queue.pk, actor=office.actor("lan"), at=MONDAY)
    with pytest.raises(errors.CannotRate):
        actions.rate_ticket(ticket.secret, level=5, actor=ANYONE, at=MONDAY)
    actions.cancel_ticket(ticket.pk, actor=office.actor("lan"), at=MONDAY)
    ticket = served(office, queue, counter)
    page = url("follow", ticket.secret)
    clock.now = MONDAY + 60 * MINUTE
    assert "Bạn có hài lòng không?" in said(client.get(page))

    assert "Cảm ơn bạn đã đánh giá" in said(client.post(page, {"muc": "4"}, follow=True))

    assert TicketRating.objects.get().level == 4
    assert "Bạn có hài lòng không?" not in said(client.get(page))
    assert client.post(page, {"muc": "1"}).status_code == 409
    other = served(office, queue, counter)
    with pytest.raises(errors.CannotRate):
        actions.rate_ticket(other.secret, level=5, actor=ANYONE, at=MONDAY + DAY)


def test_figures_are_shown_when_enough_have_rated_and_name_nobody(office, queue, counter, device, clock):
    hong = browser_of(office.people["hong"])
    clock.now = MONDAY + 2 * MINUTE
    for count in range(SHOWN_FROM):
        ticket = served(office, queue, counter)
        assert "Chưa đủ 5 lượt đánh giá" in said(hong.get(url("figures", office.point.pk)))
        level = 5 if count else 1
        given = actions.rate_at(device.device.pk, ticket.pk, level=level, actor=ANYONE, at=MONDAY + MINUTE)
        actions.give_reasons(given.pk, reasons=["attitude"], actor=ANYONE, at=MONDAY + MINUTE)

    found = ratings.satisfaction(office.point.pk, first=MONDAY.date(), last=MONDAY.date())

    assert (found.rated, found.served, found.satisfied_percent) == (5, 5, 80)
    assert found.levels == {5: 4, 4: 0, 3: 0, 2: 0, 1: 1}
    assert found.reasons["attitude"] == 5
    assert "80" in said(hong.get(url("figures", office.point.pk)))
    assert Ticket.objects.filter(served_by=office.people["lan"]).count() == SHOWN_FROM
