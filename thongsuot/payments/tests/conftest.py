from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import timezone

from thongsuot.kernel.tests.clocks import Clock
from thongsuot.payments import debts, gateway
from thongsuot.payments.stand_in import Bank, NearGateway
from thongsuot.payments.tests.make import MONDAY, STALL, Office, make_office
from thongsuot.units.tests.offices import office_fixtures

nothing_remembered, standing_office, made_office = office_fixtures(make_office)


@pytest.fixture
def office(made_office: Office) -> Iterator[Office]:
    STALL.unit_id, STALL.closed = made_office.city.river.pk, set()
    debts.register(STALL)
    yield made_office
    debts.forget(STALL.subject)


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock(MONDAY)
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@pytest.fixture
def bank(monkeypatch, clock) -> Bank:
    """The stand-in's bank, in memory, by the clock of the test."""
    bank = Bank(clock=clock)
    monkeypatch.setattr(gateway, "chosen", lambda: NearGateway(bank))
    return bank
