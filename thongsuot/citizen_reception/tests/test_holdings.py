"""A unit ends: matters still open and sessions to come go to who keeps its things; its book stays and is read there."""

from __future__ import annotations

from datetime import date

import pytest

from thongsuot.citizen_reception import actions
from thongsuot.citizen_reception.holdings import OpenEntries, PlannedSessions
from thongsuot.citizen_reception.models import OnlineSession
from thongsuot.citizen_reception.queries import access
from thongsuot.citizen_reception.queries import register as queries
from thongsuot.citizen_reception.tests.make import HOUSE, MONDAY, STARTS, a_session, came
from thongsuot.kernel.command import command
from thongsuot.kernel.history import history_of
from thongsuot.units.models import Decision, Succession, Unit
from thongsuot.units.moves import HOLDINGS, Move, Moved
from thongsuot.units.queries import clear_caches

pytestmark = pytest.mark.django_db


@command
def move(holding, moves):
    was = holding.move(moves, changeover_id=1, actor=HOUSE, at=MONDAY)
    return [Moved(id=one.id, from_unit_id=one.from_unit_id, to_unit_id=one.to_unit_id, was=was[one.id]) for one in moves]


@command
def put_back(holding, moved):
    return holding.put_back(moved, changeover_id=1, actor=HOUSE, at=MONDAY)


@pytest.mark.parametrize("key", [OpenEntries.key, PlannedSessions.key])
def test_what_is_open_goes_to_the_successor_and_back(office, key):
    row = came(office) if key == OpenEntries.key else a_session(office)
    holding = HOLDINGS[key]
    assert holding.count([office.river]) == {office.river: 1}
    assert "Lò" not in holding.held(office.river, after=0, limit=9, clued=False)[0].label

    moved = move(holding, [Move(id=row.pk, from_unit_id=office.river, to_unit_id=office.hill)])

    assert holding.whereabouts([row.pk]) == {row.pk: office.hill}
    assert put_back(holding, moved) == {row.pk}
    assert holding.whereabouts([row.pk]) == {row.pk: office.river}
    assert [event.name.rpartition("_")[2] for event in history_of(row)][-2:] == ["moved", "back"]


def test_the_number_stays_in_the_old_book_and_what_the_successor_finished_does_not_come_back(office):
    entry, holding = came(office), HOLDINGS[OpenEntries.key]
    moved = move(holding, [Move(id=entry.pk, from_unit_id=office.river, to_unit_id=office.hill)])

    dao = office.actor("dao")
    actions.handle(entry.pk, way="guided", words="Đến Tòa án.", body="Tòa án", actor=dao, at=MONDAY)

    entry.refresh_from_db()
    assert (entry.book_unit_id, entry.unit_id, str(entry)) == (office.river, office.hill, "1/2026")
    assert entry.slips.get().series_unit == office.hill
    assert holding.put_back(moved, changeover_id=1, actor=HOUSE, at=MONDAY) == set()


@pytest.mark.parametrize(
    ("state", "signed", "is_held"),
    [("running", False, True), ("ended", False, True), ("ended", True, False), ("cancelled", False, False)],
)
def test_a_session_moves_until_its_minutes_are_signed(office, state, signed, is_held):
    session, holding = a_session(office), HOLDINGS[PlannedSessions.key]
    OnlineSession.objects.filter(pk=session.pk).update(
        state=state, ended_at=None if state == "running" else STARTS, minutes_signed_at=STARTS if signed else None
    )
    assert holding.count([office.river]) == ({office.river: 1} if is_held else {})
    if state == "running":
        move(holding, [Move(id=session.pk, from_unit_id=office.river, to_unit_id=office.hill)])
        assert actions.end_session(session.pk, actor=office.actor("dao"), at=STARTS).state == "ended"


def test_what_is_closed_stays_and_its_keeper_reads_the_book(office):
    entry = came(office)
    actions.handle(entry.pk, way="guided", words="Đến Tòa án.", body="Tòa án", actor=office.actor("viet"), at=MONDAY)
    assert HOLDINGS[OpenEntries.key].count([office.river]) == {}

    Unit.objects.filter(pk=office.river).update(valid_to=date(2026, 8, 1))
    Succession.objects.create(
        old_unit_id=office.river,
        new_unit_id=office.hill,
        extent="whole",
        keeps_records=True,
        decision=Decision.objects.latest("pk"),
    )
    clear_caches()

    dao, day = office.actor("dao"), MONDAY.date()
    assert access.entry_for(entry.pk, actor=dao, on=day) == entry
    assert list(queries.entries(dao, queries.Asked(), now=MONDAY, on=day)) == [entry]
    assert actions.open_visitor(entry.pk, reason="Trả lời người dân", actor=dao, at=MONDAY).name
