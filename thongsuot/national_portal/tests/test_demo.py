"""The demo of the sync: it rests while dossiers are made, then most are told and a few refused; again: nothing."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from thongsuot.dossiers.tests.make import MONDAY, forward_to, receive
from thongsuot.national_portal import demo
from thongsuot.national_portal.collecting import collect
from thongsuot.national_portal.models import Lane, UnitAccess
from thongsuot.national_portal.sending import send_due


@pytest.fixture
def played(wire, settings, monkeypatch):
    settings.PORTAL = "stand-in"
    monkeypatch.setattr(demo, "demo_units", lambda city_id, at: [SimpleNamespace(id=wire.town.river)])
    monkeypatch.setattr(demo, "in_this_process", lambda: wire.portal)
    monkeypatch.setattr(demo, "chosen", lambda: wire.portal)
    return wire


def test_most_are_told_and_a_few_refused_with_a_reason(played):
    city = played.town.city.city.pk
    demo.rest(city, at=MONDAY)
    for number in range(6):
        forward_to(played.town, receive(played.town), "tham-dinh" if number % 2 else "tiep-nhan", at=MONDAY)
    collect(at=MONDAY)
    assert send_due(played.portal, clock=played.clock).accepted == 0, "the worker waits for the demo"

    demo.tell(city, at=MONDAY)
    demo.tell(city, at=MONDAY)
    demo.rest(city, at=MONDAY)

    assert Lane.objects.filter(state="idle").count() == 3
    assert set(Lane.objects.filter(state="held").values_list("error_code", flat=True)) == {"17", "23"}
    assert not UnitAccess.objects.filter(off_since__isnull=False).exists()
    assert played.stand_in.mischief.refuses == {}


def test_without_the_stand_in_nothing_rests(played, settings):
    settings.PORTAL = ""

    demo.rest(played.town.city.city.pk, at=MONDAY)
    demo.tell(played.town.city.city.pk, at=MONDAY)

    assert not UnitAccess.objects.exists()
