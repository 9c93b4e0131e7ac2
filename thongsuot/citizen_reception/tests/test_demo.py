"""The demo city has schedules of all three kinds, matters at each stage and a session to come."""

from __future__ import annotations

from collections import Counter

import pytest
from django.utils import timezone

from thongsuot.citizen_reception import actions, demo
from thongsuot.citizen_reception.models import OnlineSession, ReceptionEntry, ReceptionSlip
from thongsuot.citizen_reception.queries.schedule import all_units
from thongsuot.citizen_reception.tests.make import HOUSE
from thongsuot.people.demo import DemoInProduction, email_of, load_demo
from thongsuot.people.models import Person
from thongsuot.people.tests.make import browser_of
from thongsuot.units.loading import load_agencies
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db


def test_a_chair_of_the_demo_city_extends_its_complaint_and_who_only_receives_does_not(ha_noi):
    at = timezone.now()
    load_demo(ha_noi.id, at=at)
    actions.load_settings(actor=HOUSE, at=at)
    demo.load_demo(ha_noi.id, at=at)
    entry = ReceptionEntry.objects.get(unit=ha_noi.id)
    page, posted = f"/can-bo/tiep-dan/{entry.pk}/", {"viec": "gia-han", "reason": "Phải giám định lại"}
    receives, chairs = (browser_of(Person.objects.get(email=email_of(who, None))) for who in ("tiepdan", "lanhdao"))

    assert "gia hạn giải quyết" not in said(receives.get(page))
    assert receives.post(page, posted).status_code == 403
    assert "gia hạn giải quyết" in said(chairs.get(page))
    assert chairs.post(page, posted).status_code == 302

    after = ReceptionEntry.objects.get(pk=entry.pk)
    assert (after.extensions, after.extended_because) == (1, "Phải giám định lại")
    assert after.due_at > entry.due_at


def test_the_demo_is_made_once_and_never_in_production(ha_noi, settings):
    at = timezone.now()
    load_agencies("01", at=at)
    load_demo(ha_noi.id, at=at)
    actions.load_settings(actor=HOUSE, at=at)
    assert demo.load_demo(ha_noi.id, at=at) == 16
    assert demo.load_demo(ha_noi.id, at=at) == 0

    assert Counter(ReceptionEntry.objects.values_list("state", flat=True)) == {"closed": 6, "accepted": 4, "received": 6}
    assert ReceptionSlip.objects.count() == 10
    assert OnlineSession.objects.filter(state="planned").count() == 3
    rows = all_units(ha_noi.id, today=timezone.localdate(at))
    states = Counter(row.state for row in rows if row.unit.level == "commune")
    assert set(states) == {"none", "few", "enough"}
    assert sum(states.values()) == 126
    assert {row.state for row in rows if row.unit.level == "agency"} == {"none", "enough"}
    settings.PRODUCTION = True
    with pytest.raises(DemoInProduction):
        demo.load_demo(ha_noi.id, at=at)
