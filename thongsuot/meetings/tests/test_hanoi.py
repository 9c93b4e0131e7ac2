"""The acceptance: Hà Nội, 126 sites and the hub, a roll call of 126/126, a board that costs the same for 2 sites and 126."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from thongsuot.kernel.errors import NotYourDuty
from thongsuot.meetings import actions
from thongsuot.meetings.models import Conference, Site
from thongsuot.meetings.queries.board import Line, board
from thongsuot.meetings.queries.report import report
from thongsuot.meetings.rules import ATTEND, HOLD
from thongsuot.meetings.tests.make import HOUSE, MONDAY, SECOND, STARTS
from thongsuot.units import queries as units

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(ha_noi) -> Conference:
    made = actions.plan_conference(
        ha_noi.id, title="Giao ban", starts_at=STARTS, hub_phone="02438253536", actor=HOUSE, at=MONDAY
    )
    return actions.start_conference(made.pk, actor=HOUSE, at=STARTS)


def test_126_sites_answer_the_roll_call_126_of_126(meeting):
    sites = list(Site.objects.filter(conference=meeting))
    assert len(sites) == 126
    call = actions.open_roll_call(meeting.pk, actor=HOUSE, at=STARTS)
    for place, site in enumerate(sites):
        actions.beat(site.pk, actor=HOUSE, at=STARTS + SECOND)
        actions.answer_roll_call(
            call.pk, site_id=site.pk, people=10, leader="Chủ tịch", by_phone=place == 0, actor=HOUSE, at=STARTS
        )

    seen = board(meeting, at=STARTS + SECOND)
    assert len(seen.with_line(Line.CONNECTED)) == 126
    assert seen.call is not None
    assert (seen.call.answered, seen.call.people, seen.call.by_phone) == (126, 1260, 1)
    assert seen.silent_to_call == []
    assert [tile.name for tile in seen.tiles] == [
        row.name for row in units.units_under(meeting.city_id, as_of=STARTS.date()) if row.level == "commune"
    ]

    actions.end_conference(meeting.pk, actor=HOUSE, at=STARTS + 4 * SECOND)
    told = report(Conference.objects.get(pk=meeting.pk))
    assert (told.there, told.answered(0), told.people, told.with_gaps) == (126, 126, 1260, 0)


def test_agencies_of_the_city_come_when_they_are_asked(ha_noi):
    agencies = units.agencies_of(ha_noi.id, on=STARTS.date())
    made = actions.plan_conference(
        ha_noi.id, title="Giao ban", starts_at=STARTS, hub_phone="1022", agencies=True, actor=HOUSE, at=MONDAY
    )
    assert made.sites.count() == 126 + len(agencies)


def test_the_board_and_the_report_cost_the_same_for_any_number_of_sites(meeting):
    def cost(read) -> int:
        read()  # names of units are remembered
        with CaptureQueriesContext(connection) as queries:
            read()
        return len(queries)

    actions.open_roll_call(meeting.pk, actor=HOUSE, at=STARTS)
    many = cost(lambda: board(meeting, at=STARTS)), cost(lambda: report(meeting))
    Site.objects.filter(conference=meeting, pk__in=Site.objects.order_by("pk").values("pk")[2:]).update(left_out=True)
    few = cost(lambda: board(meeting, at=STARTS)), cost(lambda: report(meeting))

    assert many == few
    assert max(many) <= 6


def test_who_holds_the_duty_in_another_city_is_refused(meeting):
    elsewhere = frozenset({units.unit_by_code("79", as_of=STARTS.date()).id})
    stranger = replace(HOUSE, trusted=False, duties={HOLD: elsewhere, ATTEND: elsewhere})
    site = Site.objects.filter(conference=meeting).first()
    assert site is not None
    for order in (
        lambda: actions.end_conference(meeting.pk, actor=stranger, at=STARTS),
        lambda: actions.beat(site.pk, actor=stranger, at=STARTS),
        lambda: actions.ask_to_speak(site.pk, topic="x", actor=stranger, at=STARTS),
    ):
        with pytest.raises(NotYourDuty):
            order()
