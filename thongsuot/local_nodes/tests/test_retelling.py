"""What a hall did alone becomes what happened: at random, twice, in pieces, from somebody who lies."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db.models import Count
from django.utils.dateparse import parse_datetime

from thongsuot.counters import actions as counters
from thongsuot.counters.models import Counter, Queue, Service, Sitting, Ticket, TicketRating
from thongsuot.counters.queries.load import officers
from thongsuot.counters.tests.make import MINUTE, MONDAY, Office, a_counter, a_queue, make_office, taken
from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.history import history_of
from thongsuot.local_nodes import actions
from thongsuot.local_nodes.actions import errors
from thongsuot.local_nodes.models import LocalNode, Spell
from thongsuot.local_nodes.tests.worlds import MACHINE, Told, hall_alone

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
CUT = MONDAY + 10 * MINUTE
BACK = CUT + 60 * MINUTE


@pytest.fixture
def office() -> Office:
    made = make_office()
    queues = [a_queue(made), a_queue(made, "B", "Hộ tịch")]
    for number in (1, 2, 3):
        a_counter(made, *queues, number=number)
    return made


@pytest.fixture
def node(office: Office) -> LocalNode:
    _node, code = actions.set_up_node(
        office.point.pk, name="Máy ở kho", address="http://192.168.1.10:8000", actor=office.actor("hong"), at=MONDAY
    )
    return actions.join_node(code, actor=MACHINE, at=MONDAY).node


def live(office: Office, chance: random.Random, *, steps: int, since, names=("lan", "hoa", "hong")) -> None:
    """A hall as it is, also with presses of the wrong button."""
    at = since
    places = list(Counter.objects.order_by("number"))
    for _step in range(steps):
        at += chance.randint(1, 40) * SECOND
        who, counter = office.actor(chance.choice(names), at), chance.choice(places)
        ticket = Ticket.objects.order_by("?").first() if chance.random() < 0.1 else None
        with suppress(TellPerson):
            match chance.randint(0, 13):
                case 0 | 1 | 2:
                    counters.take_ticket(chance.choice(list(Queue.objects.all())).pk, actor=who, at=at)
                case 3:
                    counters.sit_down(counter.pk, actor=who, at=at)
                case 4 | 5:
                    sitting = Sitting.objects.filter(until_at=None, counter=counter).first()
                    if sitting:
                        counters.call_next(counter.pk, actor=who, at=at)
                case 6:
                    counters.begin(counter.pk, actor=who, at=at)
                case 7:
                    counters.finish(counter.pk, actor=who, at=at)
                case 8:
                    counters.absent(counter.pk, actor=who, at=at)
                case 9:
                    counters.take_break(counter.pk, reason="rest", actor=who, at=at)
                case 10:
                    counters.end_break(counter.pk, actor=who, at=at)
                case 11:
                    counters.send_on(counter.pk, queue_id=chance.choice(list(Queue.objects.all())).pk, actor=who, at=at)
                case 12:
                    counters.send_to(counter.pk, to_counter_id=chance.choice(places).pk, reason="fee", actor=who, at=at)
                case _:
                    ticket = ticket or Ticket.objects.filter(state="done").order_by("?").first()
                    if ticket and ticket.state == "done" and chance.random() < 0.7:
                        counters.come_back(ticket.pk, reason="paper", actor=who, at=at)
                    elif ticket and ticket.state == "done":
                        counters.rate_ticket(ticket.secret, level=5, actor=who, at=at)
                    elif ticket:
                        counters.cancel_ticket(ticket.pk, actor=who, at=at)


def tell(node: LocalNode, told: Told, *, ends: bool = True) -> Spell:
    return actions.retell(node.pk, told.lines, told.rows, began_at=CUT, ends=ends, actor=MACHINE, at=BACK)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_both_did_the_hall_counts_and_no_number_is_lost_or_twice(office: Office, node: LocalNode, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    live(office, chance, steps=40, since=MONDAY)
    with hall_alone(node, at=CUT) as told:
        live(office, chance, steps=80, since=CUT)
    before = {one.code for one in Ticket.objects.all()}
    live(office, chance, steps=15, since=CUT, names=("hong",))  # somebody with another line
    here = set(Ticket.objects.values_list("letter", "number"))
    own = set(Service.objects.values_list("ticket", "from_at", "until_at", "person"))
    assert told.lines

    spell = tell(node, told)
    after = {one.code: (one.state, one.counter_id) for one in Ticket.objects.all()}
    assert {code: after[code] for code in told.tickets} == told.tickets
    assert {f"{letter} {number:03}" for letter, number in here} | before | set(told.tickets) == set(after)
    assert all(int(code.split()[1]) >= node.first_number for code in told.tickets if code not in before)
    assert not Ticket.objects.values("point", "day", "letter", "number").annotate(n=Count("pk")).filter(n__gt=1).exists()
    there = set(Service.objects.values_list("ticket", "from_at", "until_at", "person"))
    assert there == own | {
        (row["ticket_id"], parse_datetime(row["from_at"]), parse_datetime(row["until_at"]), row["person_id"])
        for row in told.rows.services
    }
    assert spell.lines == len(told.lines)
    assert spell.ended_at == BACK
    told_of = {(line.subject_id, line.name, line.at) for line in told.lines if line.subject == "counters.ticket"}
    for ticket in Ticket.objects.filter(pk__in={pk for pk, *_ in told_of}):
        assert {(ticket.pk, one.name, one.at) for one in history_of(ticket)} >= {x for x in told_of if x[0] == ticket.pk}

    tell(node, told)  # once more: nothing happens
    assert {one.code: (one.state, one.counter_id) for one in Ticket.objects.all()} == after
    assert Spell.objects.get().lines == len(told.lines)
    assert set(Service.objects.values_list("ticket", "from_at", "until_at", "person")) == there
    live(office, chance, steps=30, since=BACK)  # and the city goes on


def test_in_pieces_a_lost_piece_is_noticed_and_a_repeated_one_is_not_taken_twice(office: Office, node: LocalNode) -> None:
    with hall_alone(node, at=CUT) as told:
        live(office, random.Random(5), steps=60, since=CUT)  # noqa: S311 - no secret
    half = len(told.lines) // 2
    first, second = told.lines[:half], told.lines[half:]
    with pytest.raises(errors.LinesMissing):
        actions.retell(node.pk, second, told.rows, began_at=CUT, ends=False, actor=MACHINE, at=BACK)
    for lines, ends in ((first, False), (first, False), (second, True)):
        spell = actions.retell(node.pk, lines, told.rows, began_at=CUT, ends=ends, actor=MACHINE, at=BACK)
    assert (spell.lines, spell.ended_at) == (len(told.lines), BACK)


def test_whom_a_node_passed_on_was_served_by_two_in_the_city_as_well(office: Office, node: LocalNode) -> None:
    queue, counter = Queue.objects.get(letter="A"), Counter.objects.get(number=1)
    lan = office.actor("lan")
    ticket = taken(queue, office, at=MONDAY)
    counters.sit_down(counter.pk, actor=lan, at=MONDAY)
    counters.sit_down(Counter.objects.get(number=2).pk, actor=office.actor("hoa"), at=MONDAY)
    with hall_alone(node, at=CUT) as told:
        counters.call_next(counter.pk, actor=lan, at=CUT)
        counters.begin(counter.pk, actor=lan, at=CUT)
        second = Counter.objects.get(number=2).pk
        counters.send_to(counter.pk, to_counter_id=second, reason="fee", actor=lan, at=CUT + 7 * MINUTE)
    tell(node, told)
    (row,) = Service.objects.all()
    assert (row.ticket, row.person_id, row.until_at - row.from_at) == (ticket, lan.person_id, 7 * MINUTE)
    assert [(one.name, one.mean) for one in officers(office.point.pk, first=MONDAY.date(), last=MONDAY.date())] == [
        ("Trần Thị Lan", 7 * MINUTE)
    ]


def test_a_number_that_the_city_called_meanwhile_waits_again_where_the_hall_had_another(
    office: Office, node: LocalNode
) -> None:
    queue, counter = Queue.objects.get(letter="A"), Counter.objects.get(number=1)
    late = taken(queue, office, at=MONDAY)
    lan = office.actor("lan")
    counters.sit_down(counter.pk, actor=lan, at=MONDAY)
    with hall_alone(node, at=CUT) as told:
        counters.cancel_ticket(late.pk, actor=lan, at=CUT + MINUTE)
        counters.take_ticket(queue.pk, actor=lan, at=CUT + MINUTE)
        counters.call_next(counter.pk, actor=lan, at=CUT + 2 * MINUTE)
    other = taken(queue, office, at=CUT + MINUTE)
    counters.call_one(other.pk, counter_id=counter.pk, actor=lan, at=CUT + 3 * MINUTE)
    counters.cancel_ticket(late.pk, actor=lan, at=CUT + 3 * MINUTE)
    tell(node, told)
    other.refresh_from_db()
    assert (other.state, other.counter) == ("waiting", None)
    assert Ticket.objects.get(counter=counter, state="called").code == "A 501"
    assert [one.name for one in history_of(other)][-1] == "local_nodes.put_back"


@pytest.mark.parametrize(
    "lie",
    [
        lambda rows, lines, other: rows.tickets[0].update(point_id=other),
        lambda rows, lines, other: rows.tickets[0].update(number=7),
        lambda rows, lines, other: rows.tickets[0].update(id=12345),
        lambda rows, lines, other: rows.tickets[0].update(counter_id=999_999),
        lambda rows, lines, other: rows.tickets[0].update(device_id=999_999),
        lambda rows, lines, other: rows.tickets[0].update(served_by_id=999_999),
        lambda rows, lines, other: setattr(lines[0], "name", "people.account_opened"),
        lambda rows, lines, other: setattr(lines[0], "subject", "people.person"),
        lambda rows, lines, other: setattr(lines[0], "actor_id", 999_999),
        lambda rows, lines, other: rows.sittings.append({"id": 1, "counter_id": 999_999, "person_id": 1, "until_at": None}),
        lambda rows, lines, other: rows.ratings.append({"id": 1, "ticket_id": 4}),
        lambda rows, lines, other: rows.services.append(
            {"ticket_id": 4, "queue_id": Queue.objects.first().pk, "counter_id": Counter.objects.first().pk, "person_id": None}
        ),
        lambda rows, lines, other: rows.services.append(
            {"ticket_id": rows.tickets[0]["id"], "queue_id": 999_999, "counter_id": 999_999, "person_id": None}
        ),
        lambda rows, lines, other: rows.breaks.append({"id": 1, "sitting_id": 4}),
    ],
)
def test_a_machine_that_lies_changes_nothing(office: Office, node: LocalNode, lie) -> None:
    with hall_alone(node, at=CUT) as told:
        taken(Queue.objects.get(letter="A"), office, at=CUT + MINUTE)
    lie(told.rows, told.lines, office.city.point(office.city.hill).pk)
    with pytest.raises(errors.LinesNotOfHall):
        tell(node, told)
    assert (Ticket.objects.count(), Spell.objects.count(), TicketRating.objects.count()) == (0, 0, 0)


def test_a_node_hands_over_only_when_it_has_told_everything(office: Office, node: LocalNode) -> None:
    with hall_alone(node, at=CUT):
        taken(Queue.objects.get(letter="A"), office, at=CUT + MINUTE)
        assert not actions.follow(state=[], digest="", actor=MACHINE, at=BACK)
