"""The demo city has a conference that is over, with a report, and one to come."""

from __future__ import annotations

import pytest
from django.utils import timezone

from thongsuot.meetings import demo
from thongsuot.meetings.models import Conference
from thongsuot.meetings.queries.report import report
from thongsuot.people.demo import DemoInProduction, load_demo

pytestmark = pytest.mark.django_db


def test_the_demo_is_made_once_and_never_in_production(ha_noi, settings):
    at = timezone.now()
    load_demo(ha_noi.id, at=at)
    assert demo.load_demo(ha_noi.id, at=at) == 2
    assert demo.load_demo(ha_noi.id, at=at) == 0

    over, to_come = Conference.objects.order_by("starts_at")
    assert (over.state, to_come.state) == ("ended", "planned")
    assert to_come.sites.count() == 126
    told = report(over)
    assert (told.there, told.answered(0), told.tested) == (126, 126, 126)
    gaps = sorted(round(row.away.total_seconds()) for row in told.rows if row.gaps)
    assert gaps[-1] > 40 * 60, "one was gone until the end"
    assert gaps[:2] == [180, 300]
    settings.PRODUCTION = True
    with pytest.raises(DemoInProduction):
        demo.load_demo(ha_noi.id, at=at)
