"""A ticket's way through the day."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from thongsuot.counters import actions
from thongsuot.counters.actions import errors
from thongsuot.counters.models import Sitting, Ticket
from thongsuot.counters.queries.figures import days
from thongsuot.counters.queries.hall import ahead_of, hall
from thongsuot.counters.rules import ARRANGE, Priority
from thongsuot.counters.tests.make import DAY, MINUTE, MONDAY, a_counter, a_queue, taken
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty, TellPerson
from thongsuot.kernel.history import history_of
from thongsuot.kernel.tests.at_once import at_once
from thongsuot.people.models import Appointment

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue(office):
    return a_queue(office)


@pytest.fixture
def counter(office, queue):
    """Lan sits there."""
    made = a_counter(office, queue)
    actions.sit_down(made.pk, actor=office.actor("lan"), at=MONDAY)
    return made


@pytest.fixture
def lan(office):
    return office.actor("lan")


def test_from_the_number_to_the_end(office, queue, counter, lan):
    ticket = taken(queue, office)
    assert (ticket.code, ticket.state, ahead_of(ticket)) == ("A 001", "waiting", 0)
    assert actions.call_next(counter.pk, actor=lan, at=MONDAY + 5 * MINUTE) == ticket
    actions.call_again(counter.pk, actor=lan, at=MONDAY + 6 * MINUTE)
    actions.begin(counter.pk, actor=lan, at=MONDAY + 7 * MINUTE)
    done = actions.finish(counter.pk, actor=lan, at=MONDAY + 12 * MINUTE)

    assert (done.state, done.served_at, done.ended_at) == ("done", MONDAY + 7 * MINUTE, MONDAY + 12 * MINUTE)
    names = [row.name.split(".")[1] for row in history_of(ticket)]
    assert names == ["taken", "called", "called_again", "came", "done"]
    assert history_of(ticket)[1].facts["counter"] == 1
    (day,) = days(office.point.pk, first=MONDAY.date(), last=MONDAY.date())
    assert (day.figures.taken, day.figures.served, day.figures.mean_wait, day.figures.mean_service) == (
        1,
        1,
        7 * MINUTE,
        5 * MINUTE,
    )


def test_priority_goes_first_and_its_reason_stays_with_the_history(office, queue, counter, lan):
    first, second = taken(queue, office), taken(queue, office, at=MONDAY + MINUTE)
    old = taken(queue, office, at=MONDAY + 2 * MINUTE, priority=Priority.OLD)
    later = taken(queue, office, at=MONDAY + 3 * MINUTE, priority=Priority.PREGNANT)
    assert [ahead_of(one) for one in (old, later, first, second)] == [0, 1, 2, 3]
    called = []
    for _each in range(4):
        called.append(actions.call_next(counter.pk, actor=lan, at=MONDAY + 4 * MINUTE))
        actions.begin(counter.pk, actor=lan, at=MONDAY + 4 * MINUTE)
    assert called == [old, later, first, second]
    assert history_of(old)[0].facts["priority"] == "old"
    with pytest.raises(BadInput):
        taken(queue, office, priority="friend")


def test_the_next_call_ends_who_is_served_and_waits_for_who_was_called(office, queue, counter, lan):
    first, second = taken(queue, office), taken(queue, office, at=MONDAY + MINUTE)
    actions.call_next(counter.pk, actor=lan, at=MONDAY)
    with pytest.raises(errors.TicketAtCounter):
        actions.call_next(counter.pk, actor=lan, at=MONDAY)
    with pytest.raises(errors.NoTicket):
        actions.finish(counter.pk, actor=lan, at=MONDAY)
    actions.begin(counter.pk, actor=lan, at=MONDAY)
    assert actions.call_next(counter.pk, actor=lan, at=MONDAY + MINUTE) == second
    first.refresh_from_db()
    assert first.state == "done"
    actions.begin(counter.pk, actor=lan, at=MONDAY + MINUTE)
    assert actions.call_next(counter.pk, actor=lan, at=MONDAY + 2 * MINUTE) is None
    with pytest.raises(errors.NobodyWaits):
        actions.call_next(counter.pk, actor=lan, at=MONDAY + 2 * MINUTE)


def test_who_does_not_come_goes_to_the_end_three_times_and_can_come_back(office, queue, counter, lan):
    ticket, other = taken(queue, office), taken(queue, office, at=MONDAY + MINUTE)
    assert actions.call_next(counter.pk, actor=lan, at=MONDAY + 2 * MINUTE) == ticket
    assert actions.absent(counter.pk, actor=lan, at=MONDAY + 3 * MINUTE).state == "waiting"
    assert ahead_of(Ticket.objects.get(pk=ticket.pk)) == 1
    assert actions.call_next(counter.pk, actor=lan, at=MONDAY + 4 * MINUTE) == other
    actions.begin(counter.pk, actor=lan, at=MONDAY + 4 * MINUTE)
    for _twice in range(2):
        assert actions.call_next(counter.pk, actor=lan, at=MONDAY + 5 * MINUTE) == ticket
        left = actions.absent(counter.pk, actor=lan, at=MONDAY + 6 * MINUTE)
    assert (left.state, left.counter, left.ended_at) == ("left", None, MONDAY + 6 * MINUTE)
    back = actions.call_one(ticket.pk, counter_id=counter.pk, actor=lan, at=MONDAY + 20 * MINUTE)
    assert (back.state, back.ended_at) == ("called", None)


def test_sent_on_it_keeps_its_number_and_the_place_of_its_waiting(office, queue, counter, lan):
    other = a_queue(office, "B", "Hộ tịch")
    second = a_counter(office, other, number=2)
    ticket = taken(queue, office)
    taken(other, office, at=MONDAY + MINUTE)
    actions.call_next(counter.pk, actor=lan, at=MONDAY + 5 * MINUTE)
    actions.begin(counter.pk, actor=lan, at=MONDAY + 5 * MINUTE)
    sent = actions.send_on(counter.pk, queue_id=other.pk, actor=lan, at=MONDAY + 6 * MINUTE)
    assert (sent.code, sent.state, sent.served_at, sent.counter) == ("A 001", "waiting", None, None)
    hoa = office.actor("hoa")
    actions.sit_down(second.pk, actor=hoa, at=MONDAY)
    assert actions.call_next(second.pk, actor=hoa, at=MONDAY + 7 * MINUTE) == ticket
    with pytest.raises(errors.NoTicket):
        actions.send_on(counter.pk, queue_id=other.pk, actor=lan, at=MONDAY)


def test_a_queue_of_another_point_takes_nobody_over(office, queue, counter, lan):
    elsewhere = office.city.point(office.city.hill)
    far = actions.open_queue(elsewhere.pk, letter="A", name="Khác", fields=[], actor=office.actor("dao"), at=MONDAY)
    ticket = taken(queue, office)
    actions.call_next(counter.pk, actor=lan, at=MONDAY)
    with pytest.raises(NotFound):
        actions.send_on(counter.pk, queue_id=far.pk, actor=lan, at=MONDAY)
    foreign = taken(far, office, by="dao")
    actions.absent(counter.pk, actor=lan, at=MONDAY)
    with pytest.raises(NotFound):
        actions.call_one(foreign.pk, counter_id=counter.pk, actor=lan, at=MONDAY)
    with pytest.raises(NotYourDuty):
        taken(queue, office, by="dao")
    ticket.refresh_from_db()
    assert ticket.state == "waiting"


def test_a_cancelled_one_is_not_called_by_itself(office, queue, counter, lan):
    ticket = taken(queue, office)
    actions.cancel_ticket(ticket.pk, actor=lan, at=MONDAY)
    with pytest.raises(errors.NobodyWaits):
        actions.call_next(counter.pk, actor=lan, at=MONDAY)
    with pytest.raises(errors.NotWaiting):
        actions.cancel_ticket(ticket.pk, actor=lan, at=MONDAY)
    assert actions.call_one(ticket.pk, counter_id=counter.pk, actor=lan, at=MONDAY).state == "called"


def test_a_new_day_begins_at_one_with_an_empty_hall(office, queue, counter, lan):
    yesterday = taken(queue, office)
    actions.call_next(counter.pk, actor=lan, at=MONDAY)
    tuesday = MONDAY + DAY
    assert taken(queue, office, at=tuesday).code == "A 001"
    seen = hall(office.point.pk, on=tuesday.date())
    assert (seen.waiting, seen.counters[0].sitter_id, seen.counters[0].ticket) == (1, None, "")
    later = office.actor("lan", tuesday)
    with pytest.raises(errors.NobodySits):
        actions.call_next(counter.pk, actor=later, at=tuesday)
    actions.sit_down(counter.pk, actor=later, at=tuesday)
    with pytest.raises(errors.NotWaiting):
        actions.call_one(yesterday.pk, counter_id=counter.pk, actor=later, at=tuesday)
    (monday,) = days(office.point.pk, first=MONDAY.date(), last=MONDAY.date())
    assert (monday.figures.taken, monday.figures.unserved) == (1, 1)


def test_one_officer_one_counter(office, queue, counter, lan):
    second = a_counter(office, queue, number=2)
    hoa = office.actor("hoa")
    with pytest.raises(errors.SomebodySits):
        actions.sit_down(counter.pk, actor=hoa, at=MONDAY)
    with pytest.raises(errors.NobodySits):
        actions.call_next(counter.pk, actor=hoa, at=MONDAY)
    for _twice in range(2):
        actions.sit_down(second.pk, actor=lan, at=MONDAY + MINUTE)
    sat = Sitting.objects.order_by("pk").values_list("counter__number", "until_at")
    assert list(sat) == [(1, MONDAY + MINUTE), (2, None)]
    taken(queue, office)
    actions.call_next(second.pk, actor=lan, at=MONDAY + MINUTE)
    with pytest.raises(errors.TicketAtCounter):
        actions.sit_down(counter.pk, actor=lan, at=MONDAY + MINUTE)


def test_what_somebody_forgot_is_ended_by_who_manages_there_and_nobody_else(office, queue, counter, lan):
    taken(queue, office)
    actions.call_next(counter.pk, actor=lan, at=MONDAY)
    hoa, hong = office.actor("hoa"), office.actor("hong")
    for act in (actions.absent, actions.get_up):
        with pytest.raises(TellPerson):
            act(counter.pk, actor=hoa, at=MONDAY)
    actions.absent(counter.pk, actor=hong, at=MONDAY)
    assert actions.get_up(counter.pk, actor=hong, at=MONDAY).person_id == office.people["lan"].pk
    with pytest.raises(errors.NobodyToFree):
        actions.get_up(counter.pk, actor=hong, at=MONDAY)


def test_who_arranges_but_does_not_receive_ends_what_was_forgotten_and_calls_nobody(office, queue, counter, lan):
    Appointment.objects.filter(person=office.people["hong"]).update(duties=[ARRANGE])
    taken(queue, office)
    actions.call_next(counter.pk, actor=lan, at=MONDAY)
    hong = office.actor("hong")
    actions.absent(counter.pk, actor=hong, at=MONDAY)
    actions.get_up(counter.pk, actor=hong, at=MONDAY)
    for act in (actions.sit_down, actions.call_next):
        with pytest.raises(NotYourDuty):
            act(counter.pk, actor=hong, at=MONDAY)


def test_nobody_waits_in_a_queue_that_is_closed(office, queue, counter, lan):
    ticket = taken(queue, office)
    actions.call_next(counter.pk, actor=lan, at=MONDAY)
    with pytest.raises(errors.StillWaiting):
        actions.close_queue(queue.pk, actor=office.actor("hong"), at=MONDAY)
    actions.absent(counter.pk, actor=lan, at=MONDAY)
    actions.cancel_ticket(ticket.pk, actor=lan, at=MONDAY)
    actions.close_queue(queue.pk, actor=office.actor("hong"), at=MONDAY)
    actions.call_one(ticket.pk, counter_id=counter.pk, actor=lan, at=MONDAY)
    assert actions.absent(counter.pk, actor=lan, at=MONDAY).state == "left"


@pytest.mark.django_db(transaction=True)
def test_two_counters_that_call_at_once_get_one_each_and_numbers_have_no_gap(office):
    queue = a_queue(office)
    desks = []
    for number, who in ((1, "lan"), (2, "hoa"), (3, "hong")):
        counter = a_counter(office, queue, number=number)
        actions.sit_down(counter.pk, actor=office.actor(who), at=MONDAY)
        desks.append((counter.pk, office.actor(who)))
    takes = [lambda: actions.take_ticket(queue.pk, actor=desks[0][1], at=MONDAY) for _each in range(4)]
    assert at_once(*takes) == []
    assert sorted(Ticket.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
    calls = [lambda desk=desk: actions.call_next(desk[0], actor=desk[1], at=MONDAY) for desk in desks]
    assert at_once(*calls) == []
    called = Ticket.objects.filter(state="called")
    assert sorted(called.values_list("number", flat=True)) == [1, 2, 3]
    assert called.values("counter").distinct().count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_change_places_at_once_do_not_hold_each_other_up(office):
    """One of them may find the place still taken, and is told so; nobody waits for ever and no counter has two."""
    queue = a_queue(office)
    places = [a_counter(office, queue, number=number).pk for number in (1, 2)]
    lan, hoa = office.actor("lan"), office.actor("hoa")
    for _each in range(5):
        for counter_id, who in zip(places, (lan, hoa), strict=True):
            if not Sitting.objects.filter(person=who.person_id, until_at=None).exists():
                actions.sit_down(counter_id, actor=who, at=MONDAY)
        faults = at_once(
            lambda: actions.sit_down(places[1], actor=lan, at=MONDAY + MINUTE),
            lambda: actions.sit_down(places[0], actor=hoa, at=MONDAY + MINUTE),
        )
        assert all(isinstance(fault, errors.SomebodySits) for fault in faults), faults
        for who in (lan, hoa):
            for sitting in Sitting.objects.filter(person=who.person_id, until_at=None):
                actions.get_up(sitting.counter_id, actor=who, at=MONDAY + MINUTE)


ACT = st.sampled_from(["take", "old", "next", "begin", "absent", "finish", "send", "cancel"])
ACTS = st.lists(st.tuples(ACT, st.booleans()), max_size=40)


@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(acts=ACTS)
def test_whatever_happens_nobody_is_lost_and_a_counter_holds_one_at_most(office, acts):
    """Two counters, two queues, any acts in any order; the refused ones change nothing."""
    with transaction.atomic():
        queues = [a_queue(office), a_queue(office, "B", "Hộ tịch")]
        desks = []
        for number, who in ((1, "lan"), (2, "hoa")):
            counter = a_counter(office, *queues, number=number)
            actions.sit_down(counter.pk, actor=office.actor(who), at=MONDAY)
            desks.append((counter.pk, office.actor(who)))
        at, took = MONDAY, 0
        for act, second in acts:
            at += MINUTE
            counter_id, actor = desks[second]
            before = sorted(Ticket.objects.values_list("pk", "state", "waits_from"))
            try:
                match act:
                    case "take" | "old":
                        actions.take_ticket(queues[second].pk, priority=act if act == "old" else "", actor=actor, at=at)
                        took += 1
                    case "next":
                        actions.call_next(counter_id, actor=actor, at=at)
                    case "send":
                        actions.send_on(counter_id, queue_id=queues[not second].pk, actor=actor, at=at)
                    case "cancel":
                        one = Ticket.objects.filter(state="waiting").first()
                        actions.cancel_ticket(one.pk if one else 0, actor=actor, at=at)
                    case _:
                        {"begin": actions.begin, "absent": actions.absent, "finish": actions.finish}[act](
                            counter_id, actor=actor, at=at
                        )
            except TellPerson:
                assert sorted(Ticket.objects.values_list("pk", "state", "waits_from")) == before
        tickets = list(Ticket.objects.all())
        for letter in "AB":
            numbers = sorted(one.number for one in tickets if one.letter == letter)
            assert numbers == list(range(1, len(numbers) + 1))
        assert len(tickets) == took
        held = [one.counter_id for one in tickets if one.state in ("called", "serving")]
        assert len(held) == len(set(held))
        whole = days(office.point.pk, first=MONDAY.date(), last=MONDAY.date())
        if whole:
            (day,) = whole
            assert day.figures.taken == took
            assert day.figures.served + day.figures.cancelled + day.figures.unserved == took
        transaction.set_rollback(True)
