"""A unit ends: its agents and helpers go to who keeps its things, and come back when the move is undone."""

from __future__ import annotations

from datetime import date

import pytest

from thongsuot.assistance import actions
from thongsuot.assistance.holdings import Agents, Helpers
from thongsuot.dossiers.tests.make import HOUSE, MONDAY
from thongsuot.kernel.command import command
from thongsuot.kernel.history import history_of
from thongsuot.units.models import Unit
from thongsuot.units.moves import HOLDINGS, Move, Moved

pytestmark = pytest.mark.django_db


@command
def move(holding, moves, *, actor, at):
    was = holding.move(moves, changeover_id=1, actor=actor, at=at)
    return [Moved(id=one.id, from_unit_id=one.from_unit_id, to_unit_id=one.to_unit_id, was=was[one.id]) for one in moves]


@command
def put_back(holding, moved, *, actor, at):
    return holding.put_back(moved, changeover_id=1, actor=actor, at=at)


@pytest.mark.parametrize("key", [Agents.key, Helpers.key])
def test_it_goes_to_the_successor_and_back_and_its_log_stays(aid, key):
    holding, row = HOLDINGS[key], aid.agent if key == Agents.key else aid.helper
    filed, river, hill = aid.filed(aid.opened()), aid.town.river, aid.town.hill
    assert holding.count([river]) == {river: 1}

    moved = move(holding, [Move(id=row.pk, from_unit_id=river, to_unit_id=hill)], actor=HOUSE, at=MONDAY)

    row.refresh_from_db()
    filed.refresh_from_db()
    assert (row.unit_id, filed.unit_id) == (hill, river)
    assert put_back(holding, moved, actor=HOUSE, at=MONDAY) == {row.pk}
    row.refresh_from_db()
    assert row.unit_id == river
    assert [event.name for event in history_of(row)][-2:] == ["assistance.moved", "assistance.moved_back"]


@pytest.mark.parametrize("key", [Agents.key, Helpers.key])
def test_what_outlasts_the_unit_goes_though_its_own_end_is_written(aid, key):
    holding, row = HOLDINGS[key], aid.agent if key == Agents.key else aid.helper
    river, hill = aid.town.city.river, aid.town.hill
    actions.end_agent(aid.agent.pk, on=date(2026, 1, 1), actor=HOUSE, at=MONDAY)
    for last_day, held in ((date(2026, 1, 1), 0), (date(2025, 12, 1), 1)):
        Unit.objects.filter(pk=river.pk).update(valid_to=last_day)
        assert holding.count([river.pk]).get(river.pk, 0) == held

    moved = move(holding, [Move(id=row.pk, from_unit_id=river.pk, to_unit_id=hill)], actor=HOUSE, at=MONDAY)

    assert holding.whereabouts([row.pk]) == {row.pk: hill}
    assert put_back(holding, moved, actor=HOUSE, at=MONDAY) == {row.pk}


def test_what_has_ended_stays(aid):
    actions.end_agent(aid.agent.pk, on=MONDAY.date(), actor=HOUSE, at=MONDAY)

    assert HOLDINGS[Agents.key].count([aid.town.river]) == {}
    assert HOLDINGS[Helpers.key].count([aid.town.river]) == {}
