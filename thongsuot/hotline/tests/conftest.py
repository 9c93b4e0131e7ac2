from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from thongsuot.hotline import exchange
from thongsuot.hotline.stand_in import NearExchange, StandIn
from thongsuot.hotline.tests.make import MONDAY, Office, make_office
from thongsuot.kernel.tests.clocks import Clock
from thongsuot.people.tests.make import browser_of
from thongsuot.units.tests.offices import office_fixtures


def _played() -> Office:
    with override_settings(EXCHANGE="stand-in", CITY_CODE="98"):
        return make_office()


nothing_remembered, standing_office, made_office = office_fixtures(_played)


@pytest.fixture(autouse=True)
def played(settings) -> None:
    settings.EXCHANGE, settings.CITY_CODE = "stand-in", "98"


@pytest.fixture
def office(played: None, made_office: Office) -> Office:
    return made_office


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock(MONDAY)
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@pytest.fixture
def browser(office: Office, clock: Clock) -> Callable[[str], Client]:
    """Of one of the office, by name."""
    return lambda name: browser_of(office.people[name])


@pytest.fixture
def core(monkeypatch, clock) -> StandIn:
    """The stand-in's exchange, in memory, by the clock of the test."""
    core = StandIn(clock=clock)
    near = NearExchange(core)
    monkeypatch.setattr(exchange, "chosen", lambda: near)
    monkeypatch.setattr("thongsuot.hotline.stand_in.in_this_process", lambda: near)
    monkeypatch.setattr("thongsuot.hotline.views.stand_in.in_this_process", lambda: near)
    return core


@pytest.fixture
def lan(office):
    return office.actor("lan")


@pytest.fixture
def hoa(office):
    return office.actor("hoa")
