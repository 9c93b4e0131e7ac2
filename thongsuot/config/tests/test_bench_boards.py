"""The busiest hour at the boards, with two points and a dozen seconds: what it says is what happened."""

from __future__ import annotations

import asyncio

import pytest
from django.core.cache import cache

from thongsuot.config.bench import boards
from thongsuot.config.bench.boards import make_hall, play
from thongsuot.config.tests.replaying import make_town_to_replay
from thongsuot.counters.models import Ticket
from thongsuot.kernel import clock
from thongsuot.units import queries as units
from thongsuot.web.tests.pulse_lines import pulse_server

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def halls(settings, monkeypatch):
    settings.CITY_CODE = "98"
    cache.clear()
    monkeypatch.setattr(boards, "COMES", 0.1)
    monkeypatch.setattr(boards, "SERVED", 0.2)
    monkeypatch.setattr(boards, "SETTLES", 1.0)
    monkeypatch.setattr(boards, "OPENED", 1.0)
    monkeypatch.setattr(boards, "COUNTERS", 1)
    city = make_town_to_replay()
    points = units.points_of([place.unit_id for place in city.places], as_of=clock.today())
    yield [make_hall(points[place.unit_id][0], 2) for place in city.places]
    units.clear_caches()


def test_every_board_is_told_of_every_call_and_the_last_one_stays(halls, live_server, settings):
    with pulse_server() as port:
        settings.PULSES = f":{port}"
        found = asyncio.run(
            play(int(live_server.url.rsplit(":", 1)[1]), halls, [(0.0, 0), (0.3, 1), (0.5, 0)], boards=5, all_pages=True)
        )

    assert (found.calls, found.missed, found.wrong, found.refused, found.late) == (3, 0, 0, 0, 0), found.words()
    assert (len(found.seconds), len(found.storm)) == (3 + 2 + 3, 5)
    assert 0 < min(found.seconds) <= max(found.seconds) < 2
    assert found.lines == 5 + 2 + 2
    assert Ticket.objects.filter(state="done").count() == 2 * 2 + 3 + 2
