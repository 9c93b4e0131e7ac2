"""The demo city has schedules of all three kinds, matters at each stage and a session to come."""

from __future__ import annotations

from collections import Counter

import pytest
from django.utils import timezone

from thongsuot.citizen_reception import actions, demo
from thongsuot.citizen_reception.models import OnlineSession, ReceptionEntry, ReceptionSlip
from thongsuot.citizen_reception.queries.schedule import all_units
from thongsuot.citizen_reception.tests.make import HOUSE
from thongsuot.people.demo import DemoInProduction, load_demo
from thongsuot.units.loading import load_agencies

pytestmark = pytest.mark.django_db


def test_the_demo_is_made_once_and_never_in_production(ha_noi, settings):
    at = timezone.now()
    load_agencies("01", at=at)
    load_demo(ha_noi.id, at=at)
    actions.load_settings(actor=HOUSE, at=at)
    assert demo.load_demo(ha_noi.id, at=at) == 15
    assert demo.load_demo(ha_noi.id, at=at) == 0

    assert Counter(ReceptionEntry.objects.values_list("state", flat=True)) == {"closed": 6, "accepted": 3, "received": 6}
    assert ReceptionSlip.objects.count() == 9
    assert OnlineSession.objects.filter(state="planned").count() == 3
    rows = all_units(ha_noi.id, today=timezone.localdate(at))
    states = Counter(row.state for row in rows if row.unit.level == "commune")
    assert set(states) == {"none", "few", "enough"}
    assert sum(states.values()) == 126
    assert {row.state for row in rows if row.unit.level == "agency"} == {"none", "enough"}
    settings.PRODUCTION = True
    with pytest.raises(DemoInProduction):
        demo.load_demo(ha_noi.id, at=at)
