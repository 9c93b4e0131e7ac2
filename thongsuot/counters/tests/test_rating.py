"""Satisfaction: once for each ticket, by nobody in particular, seen by officers as sums alone."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
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
    later = MONDAY + 7 * DAY
    for count in range(SHOWN_FROM):
        ticket = served(office, queue, counter)
        clock.now = later
        assert f"Tuần đó không đủ 5 lượt đánh giá (có {count})" in said(figures(office, {}))
        clock.now = MONDAY + 2 * MINUTE
        level = 5 if count else 1
        given = actions.rate_at(device.device.pk, ticket.pk, level=level, actor=ANYONE, at=MONDAY + MINUTE)
        actions.give_reasons(given.pk, reasons=["attitude"], actor=ANYONE, at=MONDAY + MINUTE)

    found = ratings.satisfaction(office.point.pk, week=MONDAY.date())

    assert (found.rated, found.served, found.satisfied_percent) == (5, 5, 80)
    assert found.levels == {5: 4, 4: 0, 3: 0, 2: 0, 1: 1}
    assert found.reasons["attitude"] == 5
    clock.now = later
    assert "Hài lòng hoặc rất hài lòng 80 %" in said(figures(office, {}))
    assert Ticket.objects.filter(served_by=office.people["lan"]).count() == SHOWN_FROM


@pytest.mark.parametrize(
    "asked", [{}, {"tu": "06/10/2025", "den": "08/10/2025"}, {"tuan": "2025-10-06"}, {"tuan": "2025-10-08"}]
)
def test_the_officer_who_served_cannot_work_out_one_rating_from_sums(office, queue, counter, device, clock, asked):
    """Not of today, of no days they choose, of no week before it is over: what one more person says moves nothing they see."""
    for _each in range(SHOWN_FROM):
        ticket = served(office, queue, counter)
        actions.rate_at(device.device.pk, ticket.pk, level=5, actor=ANYONE, at=MONDAY + MINUTE)
    wednesday = MONDAY + 2 * DAY
    actions.sit_down(counter.pk, actor=office.actor("lan"), at=wednesday)
    for level in (1, 4):
        ticket = served(office, queue, counter, at=wednesday)
        clock.now = wednesday + 2 * MINUTE
        before = satisfied(office, asked)
        actions.rate_at(device.device.pk, ticket.pk, level=level, actor=ANYONE, at=wednesday + 2 * MINUTE)
        assert satisfied(office, asked) == before
    assert "tuần 29/09/2025 đến 05/10/2025" in before
    clock.now = MONDAY + 6 * DAY  # Sunday
    assert satisfied(office, asked) == before
    clock.now = MONDAY + 7 * DAY
    over = satisfied(office)
    assert "tuần 06/10/2025 đến 12/10/2025" in over
    assert "Hài lòng hoặc rất hài lòng 86 % Lượt đánh giá 7" in over
    clock.now += 7 * DAY
    days = {"tu": "01/10/2025", "den": "20/10/2025"}
    other = figures(office, days).content.decode()
    assert "?tu=01%2F10%2F2025&amp;den=20%2F10%2F2025&amp;tuan=2025-10-06" in other
    assert "tuần 13/10/2025 đến 19/10/2025" in other
    assert "tuần 06/10/2025 đến 12/10/2025" in satisfied(office, {**days, "tuan": "2025-10-06"})


def figures(office, asked):
    page = browser_of(office.people["lan"]).get(url("figures", office.point.pk), asked)
    assert page.status_code == 200
    return page


def satisfied(office, asked=None) -> str:
    """What the page says of satisfaction to who serves there."""
    return said(figures(office, asked)).split("Hài lòng, ")[1].split("không theo từng lượt, từng cán bộ")[0]


def test_a_rating_is_of_its_own_day_so_that_a_week_that_is_over_stays_as_it_is(office, queue, counter, device):
    late = MONDAY + 16 * 60 * MINUTE - 2 * MINUTE  # two minutes before midnight
    ticket = served(office, queue, counter, at=late)
    with pytest.raises(errors.CannotRate):
        actions.rate_at(device.device.pk, ticket.pk, level=1, actor=ANYONE, at=late + 2 * MINUTE)


def test_the_machine_looks_at_the_tickets_of_today_alone(office, queue, counter, device, machine, clock):
    ticket = served(office, queue, counter)
    clock.now = MONDAY + MINUTE
    with CaptureQueriesContext(connection) as asked:
        assert "Số A 001" in said(machine.get(url("rating")))
    (query,) = [row["sql"] for row in asked if 'FROM "counters_ticket"' in row["sql"]]
    assert "\"day\" = '2025-10-06'" in query
    assert f'"point_id" = {ticket.point_id}' in query


def test_what_the_machine_does_is_told_as_done_at_the_machine(office, queue, counter, machine, clock):
    ticket = served(office, queue, counter)
    clock.now = MONDAY + MINUTE
    machine.post(url("rating"), {"so": ticket.pk, "muc": "2"})
    assert Event.objects.get(name="counters.rated").via == "rating"


def test_on_the_telephone_too_one_may_say_why(office, queue, counter, client, clock):
    ticket = served(office, queue, counter)
    page, clock.now = url("follow", ticket.secret), MONDAY + 60 * MINUTE
    assert client.post(page, {"viec": "vi-sao", "ly-do": ["fees"]}).status_code == 404  # not rated so far
    asked = client.post(page, {"muc": "2"}, follow=True)
    assert "Điều gì làm ông bà, anh chị thấy như vậy? (không bắt buộc)" in said(asked)

    assert client.post(page, {"viec": "vi-sao", "ly-do": ["money"]}).status_code == 422
    thanked = client.post(page, {"viec": "vi-sao", "ly-do": ["fees", "waiting"]}, follow=True)

    assert "Cảm ơn bạn đã nêu lý do" in said(thanked)
    assert "Điều gì làm" not in said(thanked)
    assert TicketRating.objects.get().reasons == ["fees", "waiting"]
    other = served(office, queue, counter, at=clock.now)
    clock.now += 2 * MINUTE
    client.post(url("follow", other.secret), {"muc": "5"})
    clock.now += REASONS_WITHIN + MINUTE
    assert "Điều gì làm" not in said(client.get(url("follow", other.secret)))
