"""Lines: when one counts as lost on the board, and what is kept of a gap."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from thongsuot.kernel.errors import NotFound, NotYourDuty
from thongsuot.kernel.models import Event
from thongsuot.meetings import actions
from thongsuot.meetings.models import Conference, Drop, Site
from thongsuot.meetings.queries.board import Line, board
from thongsuot.meetings.queries.report import report
from thongsuot.meetings.tests.make import SECOND, STARTS, make_office, planned, running, site_of

pytestmark = pytest.mark.django_db
TICK = timedelta(milliseconds=1)


@pytest.fixture
def held(office):
    """(office, conference, site of phường Sông): Mai's page beats from the start."""
    made = running(office)
    site = site_of(made, office.city.river.pk)
    beat(office, site, STARTS)
    return office, made, site


def beat(office, site: Site, at, who: str = "mai") -> bool:
    return actions.beat(site.pk, actor=office.actor(who, at), at=at)


def line(made: Conference, site: Site, at) -> Line:
    return next(tile.line for tile in board(made, at=at).tiles if tile.id == site.pk)


def gaps(site: Site) -> list[tuple[float, float]]:
    """In seconds from the start."""
    found = Drop.objects.filter(site=site).order_by("from_at").values_list("from_at", "until_at")
    return [((since - STARTS).total_seconds(), (until - STARTS).total_seconds()) for since, until in found]


def test_the_board_calls_a_line_lost_after_more_than_six_seconds(held):
    _office, made, site = held
    assert line(made, site, STARTS + 6 * SECOND) is Line.CONNECTED
    assert line(made, site, STARTS + 6 * SECOND + TICK) is Line.LOST


def test_who_was_never_there_is_not_lost_but_absent(held):
    office, made, _site = held
    assert line(made, site_of(made, office.city.hill.pk), STARTS + timedelta(minutes=5)) is Line.ABSENT


def test_who_was_connected_in_time_and_is_gone_at_the_start_is_lost(office):
    made = planned(office)
    river, hill = (site_of(made, unit.pk) for unit in (office.city.river, office.city.hill))
    beat(office, river, STARTS - timedelta(minutes=59))
    beat(office, hill, STARTS - timedelta(days=1), "dao")
    made = actions.start_conference(made.pk, actor=office.actor("an"), at=STARTS)

    assert line(made, river, STARTS) is Line.LOST
    assert line(made, hill, STARTS) is Line.ABSENT


def test_a_gap_is_kept_once_with_its_times_when_the_site_returns(held):
    office, _made, site = held
    for second in (3, 6, 12, 50, 53):  # 12: six seconds later, still there; 50: back
        assert beat(office, site, STARTS + second * SECOND)

    assert gaps(site) == [(12, 50)]


def test_a_gap_of_exactly_six_seconds_is_none_and_a_little_more_is_one(held):
    office, _made, site = held
    beat(office, site, STARTS + 6 * SECOND)
    assert gaps(site) == []
    beat(office, site, STARTS + 12 * SECOND + TICK)
    assert gaps(site) == [(6, 12.001)]


def test_who_comes_late_was_away_from_the_start(office):
    made = planned(office)
    site = site_of(made, office.city.river.pk)
    beat(office, site, STARTS - timedelta(days=1))
    actions.start_conference(made.pk, actor=office.actor("an"), at=STARTS)

    beat(office, site, STARTS + 90 * SECOND)

    assert gaps(site) == [(0, 90)]


def test_before_the_start_no_gap_is_kept(office):
    made = planned(office)
    site = site_of(made, office.city.river.pk)
    for hours in (3, 2, 1):
        assert beat(office, site, STARTS - timedelta(hours=hours))
    assert gaps(site) == []


def test_who_is_away_at_the_end_was_away_until_then(held):
    office, made, site = held
    beat(office, site, STARTS + 3 * SECOND)

    actions.end_conference(made.pk, actor=office.actor("an"), at=STARTS + 60 * SECOND)

    assert gaps(site) == [(3, 60)]
    assert gaps(site_of(made, office.city.hill.pk)) == [(0, 60)]
    assert not beat(office, site, STARTS + 70 * SECOND), "nobody listens after the end"
    assert gaps(site) == [(3, 60)]
    rows = {row.site.pk: row for row in report(Conference.objects.get(pk=made.pk)).rows}
    assert rows[site.pk].away == 57 * SECOND
    assert [row.was_there for row in rows.values()].count(True) == 1


def test_who_is_there_at_the_end_was_not_away(held):
    office, made, site = held
    actions.end_conference(made.pk, actor=office.actor("an"), at=STARTS + 6 * SECOND)
    assert gaps(site) == []


def test_a_late_beat_does_not_turn_time_back(held):
    office, _made, site = held
    beat(office, site, STARTS + 5 * SECOND)
    beat(office, site, STARTS + 2 * SECOND)
    site.refresh_from_db()
    assert site.seen_at == STARTS + 5 * SECOND


def test_a_beat_is_one_update_and_no_event(held, django_assert_num_queries):
    office, _made, site = held
    actor, before = office.actor("mai", STARTS), Event.objects.count()

    with django_assert_num_queries(2):  # whose it is, and the beat
        actions.beat(site.pk, actor=actor, at=STARTS + 3 * SECOND)

    assert Event.objects.count() == before


@pytest.mark.parametrize("who", ["dao", "khach", "an"])
def test_nobody_beats_for_a_site_of_another_unit(held, who):
    office, _made, site = held
    with pytest.raises(NotYourDuty):
        beat(office, site, STARTS + SECOND, who)
    with pytest.raises(NotFound):
        actions.beat(0, actor=office.actor(who), at=STARTS)
    site.refresh_from_db()
    assert site.seen_at == STARTS


def test_a_site_left_out_is_not_heard(office):
    made = planned(office)
    site = site_of(made, office.city.river.pk)
    actions.leave_out_site(site.pk, actor=office.actor("an"), at=STARTS - timedelta(days=1))
    assert not beat(office, site, STARTS)


@pytest.mark.django_db(transaction=True)
def test_two_pages_of_a_site_that_come_back_at_once_keep_one_gap(settings):
    settings.CITY_CODE = "98"
    office = make_office()
    made = running(office)
    site = site_of(made, office.city.river.pk)
    beat(office, site, STARTS)
    actor, together = office.actor("mai", STARTS), Barrier(4)

    def come_back() -> None:
        together.wait()
        actions.beat(site.pk, actor=actor, at=STARTS + 30 * SECOND)
        connection.close()

    threads = [Thread(target=come_back) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert gaps(site) == [(0, 30)]
