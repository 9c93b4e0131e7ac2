"""The calls of a demo city: a fortnight, nearly 1,800, that nobody real has made."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from thongsuot.hotline import actions, demo
from thongsuot.hotline.models import Call, CallBack, CallerNumber, CallScript
from thongsuot.hotline.queries import calls_per_day
from thongsuot.hotline.queries.figures import in_all
from thongsuot.hotline.tests.make import DAY, MONDAY
from thongsuot.people.demo import DemoInProduction
from thongsuot.people.demo import load_demo as load_people

LATER = MONDAY + 28 * DAY


def test_a_fortnight_of_calls_once(office, clock):
    city = office.city.city.pk
    clock.now = LATER
    load_people(city, at=LATER)
    actions.close_line(office.line.pk, actor=office.actor("an"), at=MONDAY)
    assert demo.load_demo(city, at=LATER) == 0  # a city that has lines of its own keeps them
    office.line.delete()

    came = demo.load_demo(city, at=LATER)

    day = timezone.localdate(LATER)
    days = calls_per_day(city, day - timedelta(days=14), day - timedelta(days=1))
    assert sum(count for _day, count in days) == came == Call.objects.count()
    assert 1_700 < came < 1_850
    assert min(count for _day, count in days) > 60
    assert demo.load_demo(city, at=LATER) == 0
    seen = in_all(city, day - timedelta(days=14), day, now=LATER)
    assert seen.answered_percent is not None
    assert 88 < seen.answered_percent < 97
    assert seen.late > 0
    assert seen.outcomes[0] == Call.objects.filter(ticket__channel="hotline").count() > 30
    assert not Call.objects.filter(ended_at__lt=F("came_at")).exists()
    assert CallBack.objects.filter(ended_at=None).exists()
    assert CallScript.objects.count() == 3
    assert all(number.startswith("09000") for number in CallerNumber.objects.values_list("number", flat=True))


def test_never_in_production(office, settings):
    settings.PRODUCTION = True
    with pytest.raises(DemoInProduction):
        demo.load_demo(office.city.city.pk, at=LATER)
