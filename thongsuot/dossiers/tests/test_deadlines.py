"""Near its deadline: however often a dossier was put off, its warning keeps every shift, and whoever holds it is told again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from thongsuot.dossiers import actions
from thongsuot.dossiers.holdings.open_dossiers import Pending
from thongsuot.dossiers.models import Dossier, MovedDue
from thongsuot.dossiers.tests.make import FIVE_DAYS, HOUSE, MONDAY, Town, make_town, receive
from thongsuot.dossiers.tests.test_recomputing import FRIDAY_OFF, TUESDAY, again, at, change
from thongsuot.units.moves import Move, Moved

WEDNESDAY = TUESDAY + timedelta(days=1)
NEAR = at(10, 12)


@pytest.fixture(scope="module")
def begins_with():
    return lambda: make_town(limit=FIVE_DAYS, extension_days=5)


def halt(town: Town, dossier: Dossier, since, until) -> Dossier:
    actions.request_payment(dossier.pk, reason="phí", actor=town.actor("lan"), at=since)
    return actions.confirm_payment(dossier.pk, actor=town.actor("lan"), at=until)


def longer(town: Town, dossier: Dossier, when) -> Dossier:
    return actions.extend(dossier.pk, days=2, reason="Bản chính 200 trang", actor=town.actor("viet", when), at=when)


def moved(town: Town, dossier: Dossier, when, *, days: int = 2) -> list[Moved]:
    """To the ward on the hill, by a decision that keeps promises so many working days later."""
    move = Move(id=dossier.pk, from_unit_id=town.river, to_unit_id=town.hill, due_days=days)
    was = Pending().move([move], changeover_id=1, actor=HOUSE, at=when)
    return [Moved(id=dossier.pk, from_unit_id=town.river, to_unit_id=town.hill, was=was[dossier.pk])]


def test_two_pauses_put_the_warning_off_like_one_of_the_same_days(town):
    once = halt(town, receive(town), MONDAY, WEDNESDAY)
    twice = halt(town, receive(town), MONDAY, TUESDAY)
    twice = halt(town, twice, TUESDAY, WEDNESDAY)

    assert (twice.due_at, twice.warn_at) == (once.due_at, once.warn_at)


def test_a_pause_and_days_given_by_a_leader_or_by_a_decision_are_both_kept(town):
    extended, handed = (halt(town, receive(town), MONDAY, TUESDAY) for _ in range(2))
    longer(town, extended, TUESDAY)
    moved(town, handed, TUESDAY)
    plain = halt(town, receive(town), MONDAY, at(9, 9))

    assert plain.due_at == again(extended).due_at == again(handed).due_at == at(16)
    assert plain.warn_at == again(extended).warn_at == again(handed).warn_at


def test_near_again_after_a_pause_is_told_again(town):
    dossier = receive(town)
    actions.warn_of_deadline(dossier.pk, actor=HOUSE, at=at(9, 15))

    assert halt(town, dossier, at(9, 15), at(10, 9)).warned_at is None  # the day of resumption is day 0: a day was won


def test_near_again_after_a_move_is_told_again(town):
    dossier = receive(town)
    actions.warn_of_deadline(dossier.pk, actor=HOUSE, at=NEAR)

    moved(town, dossier, NEAR, days=5)

    assert again(dossier).warned_at is None


def test_a_date_moved_by_a_decision_moves_with_the_calendar_and_comes_back_with_it(town):
    dossier = receive(town)
    done = moved(town, dossier, TUESDAY)

    change(town, add=(FRIDAY_OFF,))

    assert (again(dossier).due_at, again(dossier).extended_days) == (at(16), 2)
    assert [row.outcome for row in MovedDue.objects.all()] == ["later"]
    Pending().put_back(done, changeover_id=1, actor=HOUSE, at=TUESDAY)
    assert (again(dossier).extended_days, again(dossier).extended_at) == (0, None)
