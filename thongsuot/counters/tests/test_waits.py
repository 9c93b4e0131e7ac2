"""How long people are told to wait: until the first counter is free, then for those before them; measured against a queue."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.counters import actions
from thongsuot.counters.queries.waits import expected_waits
from thongsuot.counters.rules import expected_wait, remaining
from thongsuot.counters.tests.make import MINUTE, MONDAY, a_counter, a_queue, taken

LENGTHS = st.timedeltas(timedelta(seconds=1), timedelta(hours=1))
SERVICE = st.lists(LENGTHS, min_size=5, max_size=30)
HELD = st.lists(st.lists(LENGTHS, min_size=1, max_size=4), min_size=1, max_size=3)


@pytest.mark.django_db
def test_nobody_waits_but_the_only_counter_is_busy(office):
    queue = a_queue(office)
    counter, lan = a_counter(office, queue), office.actor("lan")
    actions.sit_down(counter.pk, actor=lan, at=MONDAY)
    for place in range(6):
        at = MONDAY + place * 10 * MINUTE
        taken(queue, office, at=at)
        actions.call_next(counter.pk, actor=lan, at=at)
        if place == 5:
            break
        actions.begin(counter.pk, actor=lan, at=at)
        actions.finish(counter.pk, actor=lan, at=at + 6 * MINUTE)
    at = MONDAY + 50 * MINUTE

    def told(at):
        return expected_waits(office.point.pk, at=at)[queue.pk].mean

    assert told(at) == 6 * MINUTE  # called, and yet to be served
    actions.begin(counter.pk, actor=lan, at=at)
    assert (told(at), told(at + 4 * MINUTE)) == (6 * MINUTE, 2 * MINUTE)
    assert told(at + 7 * MINUTE) == 6 * MINUTE  # longer than any before: nothing is known of it
    taken(queue, office, at=at)
    assert told(at + 4 * MINUTE) == 8 * MINUTE
    actions.finish(counter.pk, actor=lan, at=at + 6 * MINUTE)
    assert told(at + 6 * MINUTE) == 6 * MINUTE


@given(st.integers(0, 20), SERVICE, st.integers(1, 5), HELD)
def test_a_busy_counter_never_shortens_and_a_free_one_is_as_before(ahead, service, counters, held):
    free, busy = (expected_wait(ahead, service, counters=counters, held=one) for one in ((), held))
    assert free == expected_wait(ahead, service, counters=counters, held=[*held, ()])
    assert free.mean <= busy.mean
    assert free.error <= busy.error + timedelta(microseconds=2)
    assert expected_wait(ahead, service, counters=counters, held=[*held, service]).mean <= busy.mean + timedelta(microseconds=2)


@given(SERVICE, HELD)
def test_the_first_free_counter_is_the_mean_of_the_least_over_all_that_may_come(service, held):
    wait = expected_wait(0, service, counters=1, held=held)
    least = [min(one).total_seconds() for one in product(*held)]
    mean = sum(least) / len(least)
    spread = (sum((one - mean) ** 2 for one in least) / len(least)) ** 0.5
    assert wait.mean.total_seconds() == pytest.approx(mean, abs=0.001)
    assert wait.error.total_seconds() == pytest.approx(spread, abs=0.05)


@given(SERVICE, LENGTHS)
def test_what_remains_is_never_nothing_and_never_longer_than_the_longest(service, since):
    rest = remaining(service, since=since)
    assert rest
    assert all(timedelta() < one <= max(service) for one in rest)


@pytest.mark.parametrize("counters", [1, 2, 3])
def test_in_a_queue_that_is_played_through_the_estimate_comes_closer_than_one_that_forgets_who_is_served(counters):
    """People come at random to counters of which four fifths of the time is used; services spread as widely as in a hall."""
    dice = random.Random(counters)  # noqa: S311 - a play, no secret
    now, free, latest, gone, ahead_ends = 0.0, [0.0] * counters, [], [], []
    told = []
    for _person in range(4000):
        now += dice.expovariate(0.8 * counters / 6)
        begins_at = [one for one in ahead_ends if one > now]
        held = [remaining(latest, since=timedelta(minutes=now - since)) for since, ends in gone if since <= now < ends]
        place = min(range(counters), key=lambda one: free[one])
        begins = max(now, free[place])
        lasts = dice.lognormvariate(1.6, 0.6)
        free[place] = begins + lasts
        ahead_ends = [*begins_at, begins]
        gone = [one for one in gone if one[1] > now] + [(begins, begins + lasts)]
        if len(latest) == 30:
            busy = held if len(held) == counters else [*held, ()]
            ahead = len(begins_at)
            with_held = expected_wait(ahead, latest, counters=counters, held=busy)
            without = expected_wait(ahead, latest, counters=counters)
            told.append((begins - now, with_held.mean / MINUTE, without.mean / MINUTE))
        latest = [*latest, timedelta(minutes=lasts)][-30:]
    off, off_before = (sum(abs(row[0] - row[place]) for row in told) / len(told) for place in (1, 2))
    bias, bias_before = (sum(row[place] - row[0] for row in told) / len(told) for place in (1, 2))

    assert off < off_before
    assert abs(bias) < abs(bias_before) / 2
