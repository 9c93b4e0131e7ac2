"""A unit ends before the conference: its site goes to whom keeps its things, once, and comes back when the move is undone."""

from __future__ import annotations

import pytest

from thongsuot.kernel.command import command
from thongsuot.kernel.history import history_of
from thongsuot.meetings import actions
from thongsuot.meetings.holdings import Sites
from thongsuot.meetings.tests.make import HOUSE, MONDAY, STARTS, planned, running, site_of
from thongsuot.units.moves import HOLDINGS, Move, Moved

pytestmark = pytest.mark.django_db
holding = HOLDINGS[Sites.key]


@command
def move(moves: list[Move], *, actor, at) -> list[Moved]:
    was = holding.move(moves, changeover_id=1, actor=actor, at=at)
    return [
        Moved(id=one.id, from_unit_id=one.from_unit_id, to_unit_id=one.to_unit_id, was=was[one.id])
        for one in moves
        if one.id in was
    ]


@command
def put_back(moved: list[Moved], *, actor, at) -> set[int]:
    return holding.put_back(moved, changeover_id=1, actor=actor, at=at)


def test_only_sites_of_conferences_to_come_are_held(office):
    river = office.city.river.pk
    made = planned(office)
    running(office, title="Đang họp")
    assert holding.count([river]) == {river: 1}
    assert [thing.label for thing in holding.held(river, after=0, limit=9, clued=False)] == [made.title]
    actions.leave_out_site(site_of(made, river).pk, actor=office.actor("an"), at=MONDAY)
    assert holding.count([river]) == {}


def test_a_site_goes_to_the_successor_and_back(office):
    made, river, hill = planned(office), office.city.river.pk, office.city.hill.pk
    site = site_of(made, river)
    site_of(made, hill).delete()  # the successor was not asked

    moved = move([Move(id=site.pk, from_unit_id=river, to_unit_id=hill)], actor=HOUSE, at=MONDAY)

    site.refresh_from_db()
    assert (site.unit_id, site.left_out) == (hill, False)
    assert holding.whereabouts([site.pk]) == {site.pk: hill}
    assert put_back(moved, actor=HOUSE, at=MONDAY) == {site.pk}
    site.refresh_from_db()
    assert (site.unit_id, site.left_out) == (river, False)
    assert [event.name for event in history_of(site)] == ["meetings.site_moved", "meetings.site_moved_back"]


def test_a_successor_that_is_asked_already_gets_no_second_site(office):
    made, river, hill = planned(office), office.city.river.pk, office.city.hill.pk
    site = site_of(made, river)

    moved = move([Move(id=site.pk, from_unit_id=river, to_unit_id=hill)], actor=HOUSE, at=MONDAY)

    assert made.sites.filter(left_out=False).count() == 1
    assert put_back(moved, actor=HOUSE, at=MONDAY) == {site.pk}
    assert made.sites.filter(left_out=False).count() == 2


def test_what_has_started_stays_where_it_is(office):
    made, river, hill = planned(office), office.city.river.pk, office.city.hill.pk
    site = site_of(made, river)
    actions.start_conference(made.pk, actor=office.actor("an"), at=STARTS)

    assert holding.move([Move(id=site.pk, from_unit_id=river, to_unit_id=hill)], changeover_id=1, actor=HOUSE, at=STARTS) == {}
    site.refresh_from_db()
    assert site.unit_id == river
