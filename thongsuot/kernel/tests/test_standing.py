"""What stands for a module is there for who asks for it, and for nobody else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from thongsuot.kernel.models import HistorySeal
from thongsuot.kernel.tests.standing import standing

JUNE = datetime(2026, 6, 1, tzinfo=UTC)
made: list[HistorySeal] = []


def make() -> HistorySeal:
    made.append(HistorySeal.objects.create(last_event_id=1, events=0, sealed_at=JUNE, hash=b"x"))
    return made[-1]


@pytest.fixture(scope="module")
def standing_seal(request, django_db_setup, django_db_blocker):
    yield from standing(request, django_db_blocker, make)


@pytest.fixture
def seal(standing_seal, db):
    return standing_seal.own()


@pytest.mark.parametrize("_turn", [1, 2])
def test_each_test_has_its_own_copy_of_what_was_made_once(seal, _turn):
    assert list(HistorySeal.objects.values_list("pk", flat=True)) == [seal.pk] == [made[-1].pk]
    assert seal.events == 0
    seal.events = 5


def test_who_does_not_ask_for_it_does_not_meet_it(db):
    assert not HistorySeal.objects.exists()


def test_it_stands_again_for_the_next_that_asks(seal):
    assert HistorySeal.objects.get().pk == made[-1].pk == seal.pk


@pytest.mark.django_db(transaction=True)
def test_where_a_test_commits_nothing_stands_and_it_makes_its_own(standing_seal):
    assert not HistorySeal.objects.exists()

    assert HistorySeal.objects.get(pk=standing_seal.own().pk) == made[-1]
