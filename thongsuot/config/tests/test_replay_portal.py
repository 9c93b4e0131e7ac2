"""The national portal beside a replay: cut off in the busiest hour, everything told in the end, and a judge that can say no."""

from __future__ import annotations

import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest

from thongsuot.config.replay import portal
from thongsuot.config.replay.portal import Cut, PortalBeside, busiest_hour
from thongsuot.config.tests.replaying import Plan, make_town_to_replay
from thongsuot.dossiers.tests.make import MONDAY, make_town, receive
from thongsuot.kernel import clock
from thongsuot.national_portal.http_portal import over_http
from thongsuot.national_portal.stand_in import StandIn, data_file
from thongsuot.national_portal.stand_in.server import Server
from thongsuot.national_portal.tasks import sync


class Beside:
    """The stand-in's server, the time, and a worker that runs at once what is asked of it."""

    def __init__(self, folder):
        self.now = MONDAY
        self.stand_in = StandIn(data_file(), clock=lambda: self.now)
        self.server = Server(self.stand_in)
        self.folder, self.port = folder, self.server.server_address[1]

    def beside(self, cut):
        return PortalBeside(self.folder, self.port, cut)

    def turn(self, played, *, minutes):
        played._asked = 0.0
        self.tell(self.now + timedelta(minutes=minutes))
        played.turn(self.now)

    def tell(self, at):
        self.now = at


@pytest.fixture
def beside(db, settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    made = Beside(tmp_path)
    settings.PORTAL = made.server.address
    over_http.cache_clear()
    monkeypatch.setattr(portal, "sync", SimpleNamespace(configure=lambda: SimpleNamespace(defer=sync)))
    monkeypatch.setattr(clock, "now", lambda: made.now)
    monkeypatch.setattr(portal.time, "sleep", lambda seconds: None)
    thread = threading.Thread(target=made.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()
    over_http.cache_clear()


def test_an_hour_out_of_reach_is_seen_and_nothing_is_lost(beside):
    town = make_town()
    cut = Cut(MONDAY + timedelta(minutes=10), MONDAY + timedelta(minutes=70))
    played = beside.beside(cut)
    played.announce()
    before = receive(town, at=MONDAY)
    beside.turn(played, minutes=1)
    assert beside.stand_in.status_of(before.code) == 2
    beside.turn(played, minutes=10)
    during = receive(town, at=beside.now)

    beside.turn(played, minutes=20)
    assert beside.stand_in.status_of(during.code) is None
    assert not played.check().holds, "it is not told yet"
    played.cut.ends = beside.now  # the play has come to the end of the hour; the stand-in has not
    beside.turn(played, minutes=5)
    assert played.cut.waiting == 1
    assert played.cut.turned_away > 0

    taken_up = beside.beside(Cut(cut.begins, cut.ends))
    assert (taken_up.cut.waiting, taken_up.cut.turned_away) == (1, played.cut.turned_away)
    taken_up.drain(MONDAY + timedelta(minutes=71), beside.tell, lambda text: None)
    found = taken_up.check()
    assert found.holds, found
    assert "2 dossiers" in found.said
    beside.stand_in._base.execute("DELETE FROM arrival WHERE code = ? AND service = 'progress'", [during.code])
    assert not taken_up.check().holds


def test_the_busiest_hour_is_that_of_the_counters(db):
    plan = Plan(make_town_to_replay(), 200)

    cut = busiest_hour(plan.arrivals, 60)

    def came(hour):
        return sum(hour <= one.at < hour + timedelta(hours=1) and one.channel != 2 for one in plan.arrivals)

    assert cut.ends - cut.begins == timedelta(hours=1)
    assert all(came(cut.begins) >= came(cut.begins + timedelta(hours=away)) for away in range(-30, 30))
    assert busiest_hour(plan.arrivals, 0) is None
