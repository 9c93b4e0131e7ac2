"""A counter that pauses calls nobody and counts for nobody's wait; a number sent to one counter is called there first."""

from __future__ import annotations

import pytest
from django.urls import reverse

from thongsuot.counters import actions
from thongsuot.counters.actions import errors
from thongsuot.counters.models import CounterBreak, Ticket
from thongsuot.counters.queries.hall import ahead_of, hall
from thongsuot.counters.queries.waits import expected_waits
from thongsuot.counters.tests.make import MINUTE, MONDAY, a_counter, a_queue, taken
from thongsuot.kernel.errors import BadInput, NotFound
from thongsuot.kernel.history import history_of
from thongsuot.kernel.tests.at_once import at_once
from thongsuot.people.tests.make import browser_of
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"counters:{name}", args=args)


@pytest.fixture
def queue(office):
    return a_queue(office)


@pytest.fixture
def desks(office, queue):
    """Lan sits at counter 1, Hoa at counter 2, both of one queue."""
    made = [a_counter(office, queue, number=number) for number in (1, 2)]
    for counter, who in zip(made, ("lan", "hoa"), strict=True):
        actions.sit_down(counter.pk, actor=office.actor(who), at=MONDAY)
    return made


def test_a_counter_on_a_break_calls_nobody_until_it_is_opened_again(office, queue, desks, lan, client, clock):
    counter, ticket = desks[0], taken(queue, office)
    actions.take_break(counter.pk, reason="rest", actor=lan, at=MONDAY)

    for act in (actions.call_next, lambda *args, **said: actions.call_one(ticket.pk, counter_id=counter.pk, **said)):
        with pytest.raises(errors.OnBreak):
            act(counter.pk, actor=lan, at=MONDAY)
    with pytest.raises(errors.OnBreak):
        actions.take_break(counter.pk, reason="rest", actor=lan, at=MONDAY)
    assert "Quầy 1 tạm nghỉ" in said(client.get(url("board", office.point.pk)))

    actions.end_break(counter.pk, actor=lan, at=MONDAY + 10 * MINUTE)
    with pytest.raises(errors.NotOnBreak):
        actions.end_break(counter.pk, actor=lan, at=MONDAY + 10 * MINUTE)
    assert actions.call_next(counter.pk, actor=lan, at=MONDAY + 10 * MINUTE) == ticket
    rows = [(row.name, row.facts.get("reason")) for row in history_of(counter)[-2:]]
    assert rows == [("counters.break_begun", "rest"), ("counters.break_ended", "rest")]
    assert "tạm nghỉ" not in said(client.get(url("board", office.point.pk)))


def test_a_break_is_of_who_sits_there_with_nobody_before_them_and_a_reason(office, queue, desks, lan, hoa):
    counter = desks[0]
    with pytest.raises(BadInput):
        actions.take_break(counter.pk, reason="x", actor=lan, at=MONDAY)
    with pytest.raises(errors.NobodySits):
        actions.take_break(counter.pk, reason="rest", actor=hoa, at=MONDAY)
    taken(queue, office)
    actions.call_next(counter.pk, actor=lan, at=MONDAY)
    with pytest.raises(errors.TicketAtCounter):
        actions.take_break(counter.pk, reason="rest", actor=lan, at=MONDAY)
    assert not CounterBreak.objects.exists()


def test_an_estimate_does_not_count_a_counter_on_a_break(office, queue, desks, lan):
    for _each in range(5):
        taken(queue, office)
        actions.call_next(desks[0].pk, actor=lan, at=MONDAY)
        actions.begin(desks[0].pk, actor=lan, at=MONDAY)
        actions.finish(desks[0].pk, actor=lan, at=MONDAY + 10 * MINUTE)
    for _each in range(4):
        taken(queue, office)
    point, day = office.point.pk, MONDAY.date()
    assert expected_waits(point, at=MONDAY)[queue.pk].mean == 20 * MINUTE
    actions.take_break(desks[0].pk, reason="meal", actor=lan, at=MONDAY)
    assert expected_waits(point, at=MONDAY)[queue.pk].mean == 40 * MINUTE
    assert hall(point, on=day).queues[0].counters == 1


def test_who_leaves_on_a_break_ends_it(office, queue, desks, lan):
    actions.take_break(desks[0].pk, reason="rest", actor=lan, at=MONDAY)
    actions.get_up(desks[0].pk, actor=lan, at=MONDAY + MINUTE)
    assert CounterBreak.objects.get().until_at == MONDAY + MINUTE
    actions.sit_down(desks[0].pk, actor=lan, at=MONDAY + MINUTE)
    with pytest.raises(errors.NobodyWaits):
        actions.call_next(desks[0].pk, actor=lan, at=MONDAY + MINUTE)


def sent(office, queue, desks, lan, *, at=MONDAY) -> Ticket:
    ticket = taken(queue, office, at=at)
    actions.call_one(ticket.pk, counter_id=desks[0].pk, actor=lan, at=at)
    actions.begin(desks[0].pk, actor=lan, at=at)
    return actions.send_to(desks[0].pk, to_counter_id=desks[1].pk, reason="expert", actor=lan, at=at)


def test_sent_to_a_counter_a_number_is_called_there_first_and_by_no_other(office, queue, desks, lan, hoa):
    old = taken(queue, office, priority="old")
    ticket = sent(office, queue, desks, lan, at=MONDAY + MINUTE)
    assert (ticket.state, ticket.served_at, ahead_of(ticket), ahead_of(old)) == ("waiting", None, 0, 0)
    facts = history_of(ticket)[-1].facts
    assert (facts["counter"], facts["to_counter"], facts["reason"]) == (1, 2, "expert")

    assert actions.call_next(desks[0].pk, actor=lan, at=MONDAY + 2 * MINUTE) == old
    actions.begin(desks[0].pk, actor=lan, at=MONDAY + 2 * MINUTE)
    assert actions.call_next(desks[0].pk, actor=lan, at=MONDAY + 3 * MINUTE) is None
    assert actions.call_next(desks[1].pk, actor=hoa, at=MONDAY + 3 * MINUTE) == ticket
    # Called in vain it is one of the queue again.
    actions.absent(desks[1].pk, actor=hoa, at=MONDAY + 4 * MINUTE)
    assert actions.call_next(desks[0].pk, actor=lan, at=MONDAY + 4 * MINUTE) == ticket


def test_a_number_kept_for_a_counter_that_is_left_goes_back_to_its_queue(office, queue, desks, lan, hoa):
    ticket = sent(office, queue, desks, lan)
    actions.get_up(desks[1].pk, actor=hoa, at=MONDAY + MINUTE)
    assert history_of(ticket)[-1].name == "counters.released"
    assert actions.call_next(desks[0].pk, actor=lan, at=MONDAY + MINUTE) == ticket


def test_nobody_is_sent_where_nobody_sits_nor_to_another_point_nor_without_a_reason(office, queue, desks, lan, hoa):
    far = actions.open_queue(
        office.city.point(office.city.hill).pk, letter="A", name="x", fields=[], actor=office.actor("dao"), at=MONDAY
    )
    elsewhere = actions.open_counter(far.point_id, number=9, name="", queues=[far.pk], actor=office.actor("dao"), at=MONDAY)
    taken(queue, office)
    actions.call_next(desks[0].pk, actor=lan, at=MONDAY)

    def send(to, reason="expert"):
        return actions.send_to(desks[0].pk, to_counter_id=to, reason=reason, actor=lan, at=MONDAY)

    for wrong in (elsewhere.pk, desks[0].pk, 10**12):
        with pytest.raises(NotFound):
            send(wrong)
    with pytest.raises(BadInput):
        send(desks[1].pk, " ")
    actions.get_up(desks[1].pk, actor=hoa, at=MONDAY)
    with pytest.raises(errors.NobodyThere):
        send(desks[1].pk)
    assert Ticket.objects.get().state == "called"


@pytest.mark.django_db(transaction=True)
def test_two_counters_that_send_to_each_other_at_once_both_do(office):
    queue = a_queue(office)
    desks = [a_counter(office, queue, number=number) for number in (1, 2)]
    actors = [office.actor("lan"), office.actor("hoa")]
    for counter, actor in zip(desks, actors, strict=True):
        actions.sit_down(counter.pk, actor=actor, at=MONDAY)
        taken(queue, office)
        actions.call_next(counter.pk, actor=actor, at=MONDAY)

    def send(place):
        to = desks[1 - place].pk
        return lambda: actions.send_to(desks[place].pk, to_counter_id=to, reason="other", actor=actors[place], at=MONDAY)

    assert at_once(send(0), send(1)) == []
    kept = Ticket.objects.order_by("number").values_list("reserved_for__number", flat=True)
    assert sorted(kept) == [1, 2]


def test_a_break_and_a_transfer_on_the_page(office, queue, desks, clock):
    page, counter = browser_of(office.people["lan"]), desks[0].pk

    def press(what, **more):
        return page.post(url("desk", counter), {"viec": what, **more}, follow=True)

    assert press("nghi", reason="").status_code == 422
    assert "Quầy đang tạm nghỉ: Nghỉ giải lao" in said(press("nghi", reason="rest"))
    assert "Nghỉ giải lao, từ" in said(page.get(url("hall", office.point.pk)))
    assert "Đã mở lại quầy" in said(press("mo-lai"))
    taken(queue, office)
    press("tiep")
    press("den")
    assert press("chuyen-quay", counter="", reason="").status_code == 422
    assert "Đã chuyển số A 001 đến quầy khác" in said(press("chuyen-quay", counter=desks[1].pk, reason="expert"))
    theirs = browser_of(office.people["hoa"]).get(url("desk", desks[1].pk))
    assert "Chuyển đến quầy này" in said(theirs)
